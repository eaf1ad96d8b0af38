//! What waits for a second person of the company, and what follows from the end of a contract.

use actix_web::{HttpResponse, web};
use askama::Template;

use super::super::actions::{self, Outcome};
use super::super::model::{Contract, Proposal, Verb};
use super::may;
use crate::kit::{Level, Text};
use crate::web::button::Button;
use crate::web::filters;
use crate::web::part::Part;
use crate::web::parts::Notice;
use crate::web::status::Tone;
use crate::web::{Answer, Ctx, Error, Posted};

/// What people read after a decision.
pub(super) fn told(done: Outcome, words: &'static str) -> &'static str {
    match done {
        Outcome::Done => words,
        Outcome::Waits => "It was noted. Somebody else of your company has to confirm it.",
    }
}

/// What somebody of the company asks a second person for.
pub(super) fn notice(ctx: &Ctx, contract: &Contract, p: &Proposal) -> Notice {
    let own = ctx.person().is_some_and(|person| person.id == *p.by.id.as_str());
    let text = match (p.verb, own) {
        (Verb::Sign, _) if p.is_by_program() => {
            Text::new("The program {who} asks to approve this contract. Two people of your company have to.")
        }
        (_, _) if p.is_by_program() => {
            Text::new("The program {who} asks to terminate this contract. Two people of your company have to.")
        }
        (Verb::Sign, true) => {
            Text::new("You asked to approve this contract. Somebody else of your company has to confirm it.")
        }
        (Verb::Sign, false) => Text::new("{who} asks to approve this contract. Approve it as well, and it is done."),
        (_, true) => {
            Text::new("You asked to terminate this contract. Somebody else of your company has to confirm it.")
        }
        (_, false) => Text::new("{who} asks to terminate this contract. Terminate it as well, and it is done."),
    };
    let mut text = text.arg("who", &p.by.name);
    if !p.note.is_empty() {
        text = text.then(&Text::new("Reason: {note}").arg("note", &p.note));
    }
    let notice = Notice::new(text).title("It takes two people").tone(Tone::Warn);
    if !may(ctx, Level::Act) {
        return notice;
    }
    let label = if own { "Take it back" } else { "Put it away" };
    let key = ctx.form("", label).hidden;
    let button = Button::post(label, ctx.url(&format!("/contracts/{}/proposal/drop", contract.id)));
    notice.action(key.into_iter().fold(button, |button, (name, value)| button.field(name, value)))
}

/// Puts away what waits for a second person.
pub async fn do_drop_proposal(
    ctx: Ctx,
    path: web::Path<(String, String)>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let back = ctx.url(&format!("/contracts/{id}"));
    ctx.act(&posted, move |tx, actor| {
        actions::drop_proposal(tx, actor, &id)?;
        Ok(Answer::go(&back).flash(Text::new("Nothing waits for a second person any more.")))
    })
    .await
}

/// What else ends, a sentence each.
#[derive(Debug, Template)]
#[template(
    ext = "html",
    source = r#"<section class="panel" aria-labelledby="follows-title"><h2 id="follows-title">{{ "What follows from it"|t }}</h2><ul class="follows">{% for s in sentences %}<li>{{ s }}</li>{% endfor %}</ul></section>"#
)]
struct Follows {
    sentences: Vec<Text>,
}

/// What else ends with a contract; nothing stands there if nothing does.
pub(super) fn what_follows(sentences: Vec<Text>) -> Option<Part> {
    (!sentences.is_empty()).then(|| Part::new(Follows { sentences }))
}
