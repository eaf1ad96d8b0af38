//! The forms of what people do with a request.

use super::super::actions::{self, RequestShown};
use super::super::model::{self, Param};
use super::beside;
use super::parameters::lone_fields as fields;
use super::request_deed::Deed;
use super::request_verbs::{filled_on_approval, is_on_form, mark_name};
use crate::flows::products::model::{Scope, Template, TemplateKind};
use crate::kit::{Side, Text};
use crate::web::form::{Choice, Field, Form, Line, Width};
use crate::web::{Ctx, Posted};

/// The field with the template whose text the customer reads.
const TEMPLATE: &str = "template_id";
/// The field with a text for this customer alone.
const OWN_TEXT: &str = "activation_tile";

/// The form of a deed. `parameter` is the one that is to be marked.
pub(super) fn form(ctx: &Ctx, shown: &RequestShown, deed: Deed, here: &str, parameter: &str) -> Form {
    let view = &shown.view;
    let submit = if deed == Deed::Edit { "Save" } else { deed.label(view.side) };
    let form = ctx.form(format!("{here}/{}", deed.word()), submit).revision(view.revision);
    match deed {
        Deed::Approve => approve(form, shown),
        Deed::Inquire => inquire(form, shown),
        Deed::Pend if view.side == Side::Vendor => form,
        Deed::Pend => params(form, shown, |p| p.is_ordering() && p.takes_value()),
        Deed::Fail | Deed::Revoke => form.field(reason()),
        Deed::Schedule => form.field(
            Field::line(Line::DateTime, "planned_date", "Planned for")
                .hint("Day and time in UTC.")
                .width(Width::Medium),
        ),
        Deed::Assign => form.field(assignee(shown)),
        Deed::Edit => {
            let form = params(form, shown, |p| is_on_form(view, p));
            match view.side {
                Side::Vendor => form.field(
                    Field::area("note", "Note")
                        .hint("Everybody reads it. At most 2,000 characters.")
                        .optional()
                        .value(&view.note),
                ),
                _ => form,
            }
        }
        Deed::Mark => mark(form, shown, parameter),
        Deed::Confirm | Deed::Submit | Deed::Discard => form,
    }
}

fn reason() -> Field {
    Field::area("reason", "Reason").hint("Everybody reads it. At most 2,000 characters.")
}

/// Fields for parameters: those that are wrong or missing first.
fn params(form: Form, shown: &RequestShown, wanted: impl Fn(&Param) -> bool) -> Form {
    let all = &shown.view.snapshot.0.params;
    let urgent = |p: &&Param| p.error.is_some() || (p.answer.is_empty() && p.flags(all).required);
    let (first, rest): (Vec<&Param>, Vec<&Param>) = all.iter().filter(|p| wanted(p)).partition(urgent);
    first.into_iter().chain(rest).flat_map(|p| fields(p, all)).fold(form, Form::field)
}

/// The templates of a kind that a subscription's request may be answered with.
fn templates(shown: &RequestShown, kind: TemplateKind) -> Vec<&Template> {
    let fits = |t: &&Template| {
        t.scope == Scope::Asset && (t.kind == Some(kind) || (kind == TemplateKind::Fulfillment && t.kind.is_none()))
    };
    shown.definition.templates.iter().filter(fits).collect()
}

/// The template that is taken if nobody chooses another one.
fn suggested(shown: &RequestShown, deed: Deed) -> Option<&Template> {
    match deed {
        Deed::Inquire => {
            let (known, kept) = (templates(shown, TemplateKind::Inquire), shown.view.refs.template_id.as_ref());
            known.iter().find(|t| Some(&t.id) == kept).or(known.first()).copied()
        }
        _ => actions::suggested_template(&shown.view, &shown.definition),
    }
}

/// The text that a form of approval or of a question leads to: what was typed for this customer alone, or a template's.
pub(super) fn chosen_text(shown: &RequestShown, deed: Deed, typed: Option<&Posted>) -> Option<String> {
    let kind = if deed == Deed::Inquire { TemplateKind::Inquire } else { TemplateKind::Fulfillment };
    let known = templates(shown, kind);
    let own = typed.map(|t| t.get(OWN_TEXT).trim()).filter(|own| !own.is_empty());
    let chosen = typed.map(|t| t.get(TEMPLATE)).and_then(|id| known.iter().find(|t| t.id == *id).copied());
    own.map(str::to_owned).or_else(|| chosen.or_else(|| suggested(shown, deed)).map(|t| t.body.clone()))
}

/// Which template is taken, and a text for this customer alone.
fn with_text(form: Form, known: &[&Template], chosen: Option<&Template>, own: &'static str) -> Form {
    let form = if known.is_empty() {
        form
    } else {
        let choices = known
            .iter()
            .map(|t| Choice::new(t.id.as_str(), Text::data(if t.title.is_empty() { &t.name } else { &t.title })));
        let stays = chosen.is_none().then(|| Choice::new("", "As it is"));
        let field = Field::select(TEMPLATE, "Template", stays.into_iter().chain(choices).collect());
        form.field(match chosen {
            Some(chosen) => field.value(&chosen.id),
            None => field.optional(),
        })
    };
    let hint = "Markdown. It takes the template's place for this customer; the name of a parameter in double braces \
                stands for its value.";
    let form = form.field(Field::area(OWN_TEXT, own).optional().rows(5).hint(hint));
    form.preview(beside::PREVIEW, "Show what the customer will read")
}

fn approve(form: Form, shown: &RequestShown) -> Form {
    let view = &shown.view;
    let form = if model::abilities(view.kind, &shown.definition.capabilities).edit_fulfillment {
        params(form, shown, |p| filled_on_approval(view, p))
    } else {
        form
    };
    let known = templates(shown, TemplateKind::Fulfillment);
    let form = if beside::writes_on_approval(view) {
        with_text(form, &known, suggested(shown, Deed::Approve), "A text of its own")
    } else {
        form
    };
    form.field(
        Field::date("effective_date", "Effective from")
            .hint("At the beginning of this day in UTC. Empty: at once.")
            .optional(),
    )
}

fn inquire(form: Form, shown: &RequestShown) -> Form {
    let all = &shown.view.snapshot.0.params;
    let asked = all.iter().filter(|p| p.is_ordering() && p.takes_value());
    let form = asked.fold(form, |form, param| {
        let label = Text::new("What is wrong with {name}").arg("name", param.title());
        // A password stands nowhere it was not asked for.
        let now = param.plain_for_all();
        let hint = if now.is_empty() {
            Text::new("It is empty. Leave the field empty if that is right.")
        } else {
            Text::new("It says {value}. Leave the field empty if that is right.").arg("value", now)
        };
        form.field(
            Field::text(mark_name(param), label)
                .hint(hint)
                .width(Width::Full)
                .optional()
                .value(param.error_in_english()),
        )
    });
    let known = templates(shown, TemplateKind::Inquire);
    with_text(form, &known, suggested(shown, Deed::Inquire), "A question of its own")
}

fn mark(form: Form, shown: &RequestShown, parameter: &str) -> Form {
    let found = shown.view.snapshot.0.params.iter().find(|p| p.name() == parameter && p.is_ordering());
    let Some(param) = found else {
        return form.not_now(Text::new("There is no such parameter any more."));
    };
    let label = Text::new("What is wrong with {name}").arg("name", param.title());
    let hint =
        Text::new("It says {value}. At most 512 characters; everybody reads them.").arg("value", param.plain_for_all());
    form.hidden("parameter", param.name())
        .field(Field::text("value_error", label).hint(hint).width(Width::Full).value(param.error_in_english()))
}

fn assignee(shown: &RequestShown) -> Field {
    let mut people = vec![Choice::new("", "Nobody")];
    people.extend(shown.agents.iter().map(|a| Choice::new(&a.id, Text::data(&a.name))));
    let now = shown.view.assignee.as_ref().map(|a| a.0.id.clone()).unwrap_or_default();
    Field::select("id", "Who processes it", people).optional().value(now)
}
