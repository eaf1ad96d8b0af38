//! Templates: what customers read while a request waits and when it is done.

use serde::{Deserialize, Serialize};

use super::Scope;
use crate::kit::{Events, Problems, Refusal, TemplateId, Text};

crate::word_enum! {
    /// When a template is shown.
    pub enum TemplateKind {
        /// The request waits for the vendor.
        Pending = "pending",
        /// Something is asked back; may hold the address of the form.
        Inquire = "inquire",
        /// The request is done.
        Fulfillment = "fulfillment",
    }
}

impl TemplateKind {
    /// What people read.
    pub fn title(self) -> &'static str {
        match self {
            Self::Pending => "Pending",
            Self::Inquire => "Inquiring",
            Self::Fulfillment => "Fulfillment",
        }
    }
}

/// One template of a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    /// Its id.
    pub id: TemplateId,
    /// Its name.
    pub name: String,
    /// What people choose it by.
    pub title: String,
    /// Markdown with `{{ parameter }}` places.
    pub body: String,
    /// What it is about.
    pub scope: Scope,
    /// When it is shown; none for old templates of resellers.
    pub kind: Option<TemplateKind>,
    /// Place among the product's templates, in steps of 10,000.
    pub position: i32,
    /// When what happened.
    pub events: Events,
}

/// Values of a new or changed template, not yet looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateDraft {
    /// Its name.
    pub name: String,
    /// What people choose it by; the name if empty.
    pub title: String,
    /// Markdown.
    pub body: String,
    /// What it is about.
    pub scope: Scope,
    /// When it is shown.
    pub kind: Option<TemplateKind>,
}

/// Greatest length of a template's body in characters.
pub const MAX_BODY: usize = 65_536;

impl TemplateDraft {
    /// The values of a template as they are.
    pub fn of(template: &Template) -> Self {
        Self {
            name: template.name.clone(),
            title: template.title.clone(),
            body: template.body.clone(),
            scope: template.scope,
            kind: template.kind,
        }
    }

    /// Trims the texts and notes what is wrong. `now` is the template that is changed.
    #[must_use]
    pub fn checked(mut self, problems: &mut Problems, now: Option<&Template>) -> Self {
        if self.name.trim().is_empty() {
            self.name = self.title.clone();
        }
        self.name = problems.text("name", &self.name, 255);
        if self.title.trim().is_empty() {
            self.title = self.name.clone();
        }
        self.title = problems.text("title", &self.title, 255);
        self.body = problems.text("body", &self.body, MAX_BODY);
        problems.check(matches!(self.scope, Scope::Asset | Scope::Tier1 | Scope::Tier2), "scope", || {
            Text::new("A template has the scope asset, tier1 or tier2; {scope} is none of them.")
                .arg("scope", self.scope)
        });
        if let Some(now) = now {
            problems.check(self.scope == now.scope, "scope", || {
                Text::new("The scope cannot change after a template was made. Make a new template.")
            });
            problems.check(self.kind == now.kind, "type", || {
                Text::new("The type cannot change after a template was made. Make a new template.")
            });
        }
        self
    }
}

/// Whether a template may be deleted. The one that is shown while a request waits may not, and one that can be approved
/// with must stay.
pub fn may_delete(template: &Template, all: &[Template]) -> Result<(), Refusal> {
    if template.kind == Some(TemplateKind::Pending) {
        return Err(Refusal::state(Text::new(
            "The pending template cannot be deleted: it is shown while a request waits. Edit it instead.",
        )));
    }
    let fulfillment = |t: &&Template| t.scope == Scope::Asset && t.kind == Some(TemplateKind::Fulfillment);
    if all.iter().filter(fulfillment).all(|t| t.id == template.id) && fulfillment(&template) {
        return Err(Refusal::state(Text::new(
            "This is the last template to approve requests with. Make another before you delete it.",
        )));
    }
    Ok(())
}

/// The templates that a new product starts with: kind, title, body.
pub const SEED: &[(TemplateKind, &str, &str)] = &[
    (
        TemplateKind::Pending,
        "Request in progress",
        "# Your request is on its way\n\nWe are preparing your subscription. You need not do anything now; you will hear from us as soon as it is ready.\n",
    ),
    (
        TemplateKind::Inquire,
        "More information needed",
        "# We need something from you\n\nSome of what we need to prepare your subscription is missing or not right.\n\n[Open the form]({{ activation_form_url }}) and complete it.\n",
    ),
    (
        TemplateKind::Fulfillment,
        "Subscription ready",
        "# Your subscription is ready\n\nThank you. You can use it from now on.\n",
    ),
];
