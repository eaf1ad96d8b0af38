//! What a contract's page shows of its enrolment form.

use super::super::model::{Answers, By, Contract, ContractStatus};
use super::may;
use crate::kit::schema::Schema;
use crate::kit::{Level, Text};
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::form::Field;
use crate::web::frames::Section;
use crate::web::parts::{Facts, Notice};
use crate::web::{Ctx, Error};

/// Whether the reader is the vendor whose form is to be filled.
fn to_fill(ctx: &Ctx, contract: &Contract) -> bool {
    contract.status == ContractStatus::Enrolling && contract.reader == By::Owner && may(ctx, Level::Act)
}

/// The way to the form, for the vendor that has to fill it.
pub(super) fn button(ctx: &Ctx, contract: &Contract) -> Option<Button> {
    let label = if contract.agreement.form.is_some() { "Fill the form" } else { "Send enrolment" };
    to_fill(ctx, contract)
        .then(|| Button::link(label, ctx.url(&format!("/contracts/{}/enrolment", contract.id))).primary())
}

/// Why the enrolment was sent back, as long as it was not sent again.
pub(super) fn notice(contract: &Contract, answers: Option<&Answers>) -> Option<Notice> {
    let note = answers.map(|a| a.note.as_str()).filter(|note| !note.is_empty())?;
    (contract.status == ContractStatus::Enrolling)
        .then(|| Notice::new(Text::data(note)).title("The enrolment was sent back to be completed"))
}

/// The answers, for those who may see them.
pub(super) fn section(ctx: &Ctx, contract: &Contract, answers: Option<&Answers>) -> Option<Section> {
    let found = answers.and_then(|a| a.shown().map(|(data, version)| (a, data, version)));
    let Some((answers, data, version)) = found else {
        let form = contract.agreement.form.as_ref().filter(|_| contract.status == ContractStatus::Enrolling)?;
        let words = Text::new("The form {form} was not filled yet.").arg("form", &form.name);
        return Some(Section::new("Enrolment form").words(words));
    };
    let about = Text::new("{form}, version {version}").arg("form", &answers.form.name).arg("version", version);
    let mut section = Section::new("Enrolment form").note(about);
    if answers.draft.is_some() {
        section = section.words("This was not sent yet: only your company sees it.");
    }
    let href = ctx.url(&format!("/forms/{}/versions/{version}", answers.form.id));
    section = section.link("See the form", href);
    let Ok(schema) = Schema::read(&answers.schema) else { return Some(section) };
    let facts = schema.said(data).into_iter().fold(Facts::new(), |facts, said| {
        let cell = match &said.answer {
            Some(answer) => Cell::text(answer.clone()).wrap(),
            None => Cell::text("Not answered").faint(),
        };
        facts.fact(Text::data(said.question()), cell)
    });
    Some(section.part(facts.in_rows()))
}

/// The field of what is missing in an enrolment.
pub(super) fn note_field() -> Field {
    Field::area("note", "What is missing")
        .hint("The vendor reads it above the form, and it stays in the timeline. At most 500 characters.")
        .rows(4)
}

/// Refuses to send an enrolment back without a word.
pub(super) fn note_given(note: &str) -> Result<(), Error> {
    if note.trim().is_empty() {
        return Err(Ctx::wrong("note", Text::new("Say what is missing, so that the vendor knows what to do.")));
    }
    Ok(())
}
