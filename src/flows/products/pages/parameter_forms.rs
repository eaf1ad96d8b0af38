//! The form that makes and changes a parameter.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::super::actions;
use super::super::model::{
    Choice as Chosen, Constraints, Dependency, Parameter, ParameterDraft, ParameterKind, ParameterRef, Phase, Preset,
    Product, Scope, Shared,
};
use super::general::{switch, wide};
use super::{form_page, here};
use crate::kit::{Problems, Text};
use crate::web::button::Button;
use crate::web::form::{Choice, Field, Form};
use crate::web::{Answer, Ctx, Error, Posted, explain};

/// Choices as lines: `value | label`, with a star before the one that is chosen at first.
fn lines_of(choices: &[Chosen]) -> String {
    let line = |c: &Chosen| {
        let star = if c.default { "*" } else { "" };
        if c.label == c.value { format!("{star}{}", c.value) } else { format!("{star}{} | {}", c.value, c.label) }
    };
    choices.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn choices_of(lines: &str) -> Vec<Chosen> {
    let choice = |line: &str| {
        let (default, line) = line.strip_prefix('*').map_or((false, line), |rest| (true, rest));
        let (value, label) = line.split_once('|').unwrap_or((line, ""));
        Chosen { value: value.trim().to_owned(), label: label.trim().to_owned(), default }
    };
    lines.lines().map(str::trim).filter(|l| !l.is_empty()).map(choice).collect()
}

fn fields(form: Form, draft: &ParameterDraft, others: &[Parameter], product: &Product, fixed: bool) -> Form {
    let c = &draft.constraints;
    let lock = |field: Field| if fixed { field.locked("This stays as it was made.") } else { field };
    let kinds =
        ParameterKind::ALL.iter().map(|k| Choice::new(k.as_str(), k.title()).selected(*k == draft.kind)).collect();
    let level = product.capabilities.tiers.configs.as_ref().map_or(0, |t| t.level);
    let scopes = draft
        .phase
        .scopes()
        .iter()
        .map(|s| {
            let choice = Choice::new(s.as_str(), s.title()).selected(*s == draft.scope);
            if s.level() > level {
                choice.not_now("The reseller authorization is off in the product's settings.")
            } else {
                choice
            }
        })
        .collect();
    let preset = match &draft.preset {
        Some(Preset::Text(text)) => text.clone(),
        Some(Preset::Country { country }) => country.clone(),
        None => String::new(),
    };
    let number = |n: Option<u32>| n.map(|n| n.to_string()).unwrap_or_default();
    let mut form = form
        .hidden("phase", draft.phase)
        .field(lock(Field::select("type", "Type", kinds)))
        .field(lock(Field::select("scope", "Scope", scopes)))
        .field(
            Field::text("name", "Id")
                .hint("Letters, digits, _ and -. Templates and programs use it.")
                .value(&draft.name),
        )
        .field(wide(Field::text("title", "Title")).hint("What people read beside the field.").value(&draft.title))
        .field(Field::area("description", "Description").rows(2).optional().value(&draft.description))
        .field(wide(Field::text("hint", "Hint")).optional().value(&draft.hint))
        .field(
            Field::text("placeholder", "Placeholder")
                .hint("Shown in the field while it is empty.")
                .optional()
                .value(&draft.placeholder),
        )
        .field(
            Field::text("default", "Value at first")
                .hint("For address and phone: a country's code such as DE.")
                .optional()
                .value(preset),
        );
    let mut rules = vec![
        switch("required", "Required", c.required),
        switch("hidden", "Hidden from customers", c.hidden),
        switch("unique", "Unique among the subscriptions of the product", c.unique),
    ];
    if draft.phase == Phase::Fulfillment {
        rules.push(switch(
            "reconciliation",
            "Reconciliation id: usage files find subscriptions by it",
            c.reconciliation == Some(true),
        ));
    }
    form = form
        .field(Field::checks("rules", "Rules", rules))
        .field(Field::number("min_length", "Least length").optional().value(number(c.min_length)))
        .field(Field::number("max_length", "Greatest length").optional().value(number(c.max_length)))
        .field(
            Field::area("choices", "Choices")
                .hint("For drop-down, choice, check boxes and subdomain. One on each line: value | label. A * before the one chosen at first.")
                .rows(5)
                .optional()
                .value(lines_of(&c.choices)),
        );
    form = form
        .field(
            Field::number("level", "Level of the heading")
                .hint("For headings: 1 to 6.")
                .optional()
                .value(number(c.level.map(u32::from))),
        )
        .field(
            Field::area("display_content", "Text of the explanation")
                .hint("For explanations. Markdown, at most 8,000 characters.")
                .rows(3)
                .optional()
                .value(c.display_content.as_deref().unwrap_or_default()),
        );
    if draft.phase == Phase::Configuration {
        let all = [
            (None, "", "No"),
            (Some(Shared::View), "view", "They see it"),
            (Some(Shared::Edit), "edit", "They change it"),
        ];
        let choices =
            all.into_iter().map(|(v, word, label)| Choice::new(word, label).selected(c.shared == v)).collect();
        form = form.field(Field::select("shared", "Shared with partners", choices).optional());
    }
    let possible: Vec<&Parameter> =
        others.iter().filter(|p| p.phase == Phase::Ordering && p.scope == draft.scope).collect();
    if draft.phase == Phase::Ordering && !possible.is_empty() {
        let now = c.dependency.as_ref();
        let mut choices = vec![Choice::new("", "None")];
        choices.extend(possible.iter().map(|p| {
            let label = Text::data(format!("{} ({})", p.title, p.name));
            Choice::new(p.id.as_str(), label).selected(now.is_some_and(|d| d.parameter.id == p.id.as_str()))
        }));
        let flag = |of: fn(&Dependency) -> Option<bool>| now.and_then(of) == Some(true);
        let flags = vec![
            switch("required", "Required", flag(|d| d.required)),
            switch("hidden", "Hidden", flag(|d| d.hidden)),
            switch("readonly", "Read-only", flag(|d| d.readonly)),
        ];
        form = form
            .field(Field::select("depends_on", "Depends on", choices).optional())
            .field(
                Field::area("depends_values", "While it has one of these values")
                    .hint("One on each line.")
                    .rows(3)
                    .optional()
                    .value(now.map(|d| d.values.join("\n")).unwrap_or_default()),
            )
            .field(Field::checks("depends_flags", "Then this parameter is", flags));
    }
    form
}

fn blank(phase: Phase) -> ParameterDraft {
    ParameterDraft {
        name: String::new(),
        title: String::new(),
        description: String::new(),
        phase,
        scope: phase.scopes().first().copied().unwrap_or(Scope::Asset),
        kind: ParameterKind::Text,
        hint: String::new(),
        placeholder: String::new(),
        constraints: Constraints::default(),
        preset: None,
    }
}

fn apply(posted: &Posted, draft: &mut ParameterDraft, problems: &mut Problems) {
    let text = |name: &str| posted.get(name).to_owned();
    let checked = |name: &str, value: &str| posted.all(name).iter().any(|v| v == value);
    if let Some(kind) = ParameterKind::parse(posted.get("type")) {
        draft.kind = kind;
    }
    if let Some(scope) = Scope::parse(posted.get("scope")) {
        draft.scope = scope;
    }
    (draft.name, draft.title, draft.description) = (text("name"), text("title"), text("description"));
    (draft.hint, draft.placeholder) = (text("hint"), text("placeholder"));
    let preset = text("default");
    draft.preset = match draft.kind {
        _ if preset.trim().is_empty() => None,
        ParameterKind::Address | ParameterKind::Phone => Some(Preset::Country { country: preset.trim().to_owned() }),
        _ => Some(Preset::Text(preset)),
    };
    let c = &mut draft.constraints;
    c.required = checked("rules", "required");
    c.hidden = checked("rules", "hidden");
    c.unique = checked("rules", "unique");
    c.reconciliation = checked("rules", "reconciliation").then_some(true);
    for (name, slot) in [("min_length", &mut c.min_length), ("max_length", &mut c.max_length)] {
        let typed = posted.get(name).trim();
        *slot = typed.parse().ok();
        problems.check(typed.is_empty() || slot.is_some(), name, || {
            Text::new("{typed} is not a length. Use a whole number, or leave it empty.").arg("typed", typed)
        });
    }
    c.choices = choices_of(posted.get("choices"));
    let level = posted.get("level").trim();
    c.level = level.parse().ok();
    problems.check(level.is_empty() || c.level.is_some(), "level", || {
        Text::new("{typed} is not a level. Use a number from 1 to 6, or leave it empty.").arg("typed", level)
    });
    c.display_content = Some(posted.get("display_content").to_owned()).filter(|t| !t.trim().is_empty());
    c.shared = Shared::parse(posted.get("shared"));
    let on = posted.get("depends_on");
    c.dependency = (!on.is_empty()).then(|| Dependency {
        parameter: ParameterRef { id: on.to_owned(), name: String::new() },
        values: posted
            .get("depends_values")
            .lines()
            .map(str::trim)
            .filter(|v| !v.is_empty())
            .map(str::to_owned)
            .collect(),
        required: checked("depends_flags", "required").then_some(true),
        hidden: checked("depends_flags", "hidden").then_some(true),
        readonly: checked("depends_flags", "readonly").then_some(true),
    });
}

/// Puts what is wrong with constraints to the fields that ask for them.
fn renamed(error: Error) -> Error {
    match error.cause {
        crate::web::error::Cause::Refused(mut refusal) => {
            for problem in &mut refusal.problems {
                let field = match problem.field.as_str() {
                    "constraints.dependency" => "depends_on",
                    "constraints.reconciliation" => "rules",
                    "default.country" => "default",
                    other => other.strip_prefix("constraints.").unwrap_or(other),
                };
                problem.field = field.to_owned();
            }
            refusal.into()
        }
        cause => cause.into(),
    }
}

async fn page_of(
    ctx: &Ctx,
    code: StatusCode,
    (id, parameter): (&str, Option<&str>),
    phase: Phase,
    wrong: Option<(Error, &Posted)>,
) -> Result<HttpResponse, Error> {
    let (asked, wanted) = (id.to_owned(), parameter.map(str::to_owned));
    let (product, found, others) = ctx
        .read(move |tx, actor| {
            actions::may_change(tx, actor, &asked)?;
            let mut others = actions::parameters(tx, actor, &asked)?;
            let found = match &wanted {
                Some(id) => Some(actions::parameter(tx, actor, &asked, id)?),
                None => None,
            };
            others.retain(|p| found.as_ref().is_none_or(|f| f.id != p.id));
            Ok((actions::product(tx, actor, &asked)?, found, others))
        })
        .await?;
    let base = format!("{}/parameters", here(ctx, &product));
    let (action, submit, title) = match &found {
        Some(p) => (format!("{base}/{}", p.id), "Save", "Edit parameter"),
        None => {
            let title = match phase {
                Phase::Ordering => "Create ordering parameter",
                Phase::Fulfillment => "Create fulfillment parameter",
                Phase::Configuration => "Create configuration parameter",
            };
            (format!("{base}/new"), "Create parameter", title)
        }
    };
    let draft = found.as_ref().map_or_else(|| blank(phase), ParameterDraft::of);
    let mut form = fields(ctx.form(&action, submit), &draft, &others, &product, found.is_some()).cancel(base);
    if found.is_some() {
        form = form.button(Button::submit_as("Delete", "verb", "delete").danger());
    }
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, renamed(error))?;
    }
    form_page(ctx, code, &product, title, form)
}

/// The form that makes a parameter.
pub async fn new_parameter(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let asked = Posted::of_query(ctx.query());
    let phase = Phase::parse(asked.get("phase")).unwrap_or(Phase::Ordering);
    page_of(&ctx, StatusCode::OK, (&path.1, None), phase, None).await
}

/// Makes a parameter.
pub async fn do_new_parameter(
    ctx: Ctx,
    path: web::Path<(String, String)>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let phase = Phase::parse(posted.get("phase")).unwrap_or(Phase::Ordering);
    let (product, back, typed) = (id.clone(), ctx.url(&format!("/products/{id}/parameters")), posted.clone());
    let again = async |code, error| page_of(&ctx, code, (&id, None), phase, Some((error, &posted))).await;
    ctx.act_or(&posted, again, move |tx, actor| {
        actions::may_change(tx, actor, &product)?;
        let mut draft = blank(phase);
        let mut problems = Problems::default();
        apply(&typed, &mut draft, &mut problems);
        problems.done()?;
        actions::create_parameter(tx, actor, &product, &draft)?;
        Ok(Answer::go(&back).flash(Text::new("{title} was added.").arg("title", draft.title.trim())))
    })
    .await
}

/// The form of a parameter.
pub async fn parameter(ctx: Ctx, path: web::Path<(String, String, String)>) -> Result<HttpResponse, Error> {
    page_of(&ctx, StatusCode::OK, (&path.1, Some(&path.2)), Phase::Ordering, None).await
}

/// Saves or deletes a parameter.
pub async fn do_parameter(
    ctx: Ctx,
    path: web::Path<(String, String, String)>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    let (_, id, parameter) = path.into_inner();
    let (product, wanted, typed) = (id.clone(), parameter.clone(), posted.clone());
    let back = ctx.url(&format!("/products/{id}/parameters"));
    let done = ctx
        .act(&posted, move |tx, actor| {
            if typed.get("verb") == "delete" {
                actions::delete_parameter(tx, actor, &product, &wanted)?;
                return Ok(Answer::go(&back).flash(Text::new("The parameter was deleted.")));
            }
            actions::edit_parameter(tx, actor, &product, &wanted, |draft, problems| apply(&typed, draft, problems))?;
            Ok(Answer::go(&back).flash(Text::new("The parameter was saved.")))
        })
        .await;
    match done {
        Ok(response) => Ok(response),
        Err(error) => {
            let code = StatusCode::UNPROCESSABLE_ENTITY;
            page_of(&ctx, code, (&id, Some(&parameter)), Phase::Ordering, Some((error, &posted))).await
        }
    }
}
