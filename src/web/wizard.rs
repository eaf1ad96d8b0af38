//! Wizards whose answers travel in the address: each step is a page of its own that can be gone back to, reloaded and sent
//! to a colleague, and nothing is kept or changed until the last step posts everything at once.
//!
//! ```ignore
//! let wizard = Wizard::new(&ctx, ctx.url("/marketplaces/new"), &["General", "Hubs", "Check your answers"], typed);
//! let step = wizard.step();
//! let form = if step == 3 { wizard.last(&ctx, "Create") } else { wizard.form(step, fields) };
//! ```

use super::button::Button;
use super::ctx::Ctx;
use super::form::{Field, Form};
use super::posted::Posted;
use super::steps::{Step, Steps};
use crate::kit::{Refusal, Text};

/// Name of the field that says which step is asked for.
const STEP: &str = "step";

/// A wizard and what was answered so far.
pub struct Wizard {
    path: String,
    labels: &'static [&'static str],
    typed: Posted,
}

impl Wizard {
    /// A wizard at `path` with these steps, the last of which checks the answers.
    pub fn new(path: String, labels: &'static [&'static str], typed: Posted) -> Self {
        Self { path, labels, typed }
    }

    /// What was answered so far.
    pub fn typed(&self) -> &Posted {
        &self.typed
    }

    /// Which step is asked for, from 1.
    pub fn step(&self) -> usize {
        self.typed.get(STEP).parse().unwrap_or(1).clamp(1, self.labels.len())
    }

    /// The number of the last step.
    pub fn last_step(&self) -> usize {
        self.labels.len()
    }

    fn answers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.typed.pairs().filter(|(name, _)| *name != STEP && *name != super::form::IDEMPOTENCY_KEY)
    }

    /// The address of a step with everything answered so far.
    pub fn href(&self, step: usize) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair(STEP, &step.to_string());
        query.extend_pairs(self.answers());
        format!("{}?{}", self.path, query.finish())
    }

    /// The steps, of which `current` is shown.
    pub fn steps(&self, current: usize) -> Steps {
        let step = |(n, label): (usize, &&'static str)| Step::new(*label).to(self.href(n + 1));
        Steps::new(current, self.labels.iter().enumerate().map(step).collect())
    }

    /// The form of a step: its fields, filled with what was answered, and the other answers hidden.
    pub fn form(&self, step: usize, fields: Vec<Field>) -> Form {
        let mut form = Form::get(&self.path, "Continue").hidden(STEP, step + 1);
        for (name, value) in self.answers() {
            if fields.iter().all(|f| f.name != name) {
                form = form.hidden(name, value);
            }
        }
        for field in fields {
            form = form.field(field);
        }
        // On the first visit the fields keep what they suggest.
        if form.fields.iter().any(|f| self.typed.checked(&f.name)) {
            form.fill_pairs(&self.answers().collect::<Vec<_>>());
        }
        if step > 1 { form.button(Button::link("Back", self.href(step - 1))) } else { form }
    }

    /// The form of the last step, which posts everything.
    pub fn last(&self, ctx: &Ctx, submit: impl Into<Text>) -> Form {
        let mut form = ctx.form(&self.path, submit);
        for (name, value) in self.answers() {
            form = form.hidden(name, value);
        }
        form.button(Button::link("Back", self.href(self.labels.len() - 1)))
    }

    /// The first step before `before` that something of the refusal belongs to; `step_of` knows the step of a field.
    pub fn wrong_step(&self, refusal: &Refusal, before: usize, step_of: impl Fn(&str) -> usize) -> Option<usize> {
        refusal.problems.iter().map(|p| step_of(&p.field)).filter(|step| *step < before).min()
    }
}

/// Says in a step's form what a refusal has about that step.
pub fn tell_step(form: &mut Form, refusal: &Refusal, step: usize, step_of: impl Fn(&str) -> usize) {
    let here = refusal.problems.iter().filter(|p| step_of(&p.field) == step);
    form.errors(&here.map(|p| (p.field.as_str(), p.text.clone())).collect::<Vec<_>>());
}
