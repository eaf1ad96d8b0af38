//! Keys of tokens: until when a new one works, and the page that shows it once.

use std::sync::{Arc, Mutex, PoisonError};

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::tokens::{one, parsed};
use crate::db;
use crate::flows::Tx;
use crate::flows::accounts::actions::{self, End, NewHandle, NewToken};
use crate::flows::accounts::model::token::{DAY_SECONDS, USUAL_DAYS};
use crate::flows::accounts::store::TokenRow;
use crate::kit::{Actor, Problems, Refusal, Text, Time, TokenId};
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::error::Cause;
use crate::web::form::{Choice, Field, Form};
use crate::web::frames::FormPage;
use crate::web::layout::Crumb;
use crate::web::part::Part;
use crate::web::parts::{Facts, Notice};
use crate::web::status::Tone;
use crate::web::{Answer, Ctx, Error, Posted, explain};

/// For how long a key can be wished to work, besides a day of one's own choice: what is sent, its words.
const TERMS: &[(&str, &str)] = &[
    ("30", "30 days"),
    ("90", "90 days"),
    ("365", "A year"),
    ("own", "Until a day that I choose"),
    ("none", "Without an end"),
];

/// The fields that ask until when a key works. `standing` is what it has now, where that can stay.
pub(super) fn end_fields(standing: Option<Option<Time>>) -> Vec<Field> {
    let (chosen, day) = match standing {
        None => (USUAL_DAYS.to_string(), String::new()),
        Some(None) => ("none".to_owned(), String::new()),
        Some(Some(end)) => ("own".to_owned(), end.date().to_string()),
    };
    let choice = |(value, words): &(&'static str, &'static str)| {
        let choice = Choice::new(*value, *words).selected(*value == chosen);
        match *value {
            "none" => choice.hint("Nobody is reminded to replace it. Choose an end where you can."),
            _ => choice,
        }
    };
    vec![
        Field::radios("term", "How long does the key work?", TERMS.iter().map(choice).collect())
            .hint("Two weeks before its end the account's administrators get a mail."),
        Field::date("until", "Last day")
            .hint("Only if you choose a day yourself. The key works until the end of that day in UTC.")
            .optional()
            .value(day),
    ]
}

/// The end that was chosen; none for no end.
pub(super) fn end_of(posted: &Posted, now: Time, problems: &mut Problems) -> Option<Time> {
    match posted.get("term") {
        "none" => None,
        "own" => {
            let day = Time::parse(posted.get("until")).map(|day| Time::plus_seconds(day, DAY_SECONDS - 1));
            problems.check(day.is_some(), "until", || Text::new("Choose the last day on which the key works."));
            day
        }
        days => {
            let days: Option<i64> = TERMS.iter().find(|(value, _)| *value == days).and_then(|(v, _)| v.parse().ok());
            problems.check(days.is_some(), "term", || Text::new("Choose how long the key works."));
            days.map(|days| now.plus_seconds(days * DAY_SECONDS))
        }
    }
}

/// The problems of a refusal at the fields of these forms.
pub(super) fn at_fields(error: Error) -> Error {
    match error.cause {
        Cause::Refused(refusal) => named(refusal).into(),
        other => other.into(),
    }
}

/// As [`at_fields`].
pub(super) fn named(mut refusal: Refusal) -> Refusal {
    for problem in refusal.problems.iter_mut().filter(|p| p.field == "expiration_date") {
        problem.field = "until".to_owned();
    }
    refusal
}

/// What is shown once.
pub(super) enum Made {
    /// A key.
    Key(NewToken),
    /// A handle, by which an integration fetches the key.
    Handle(NewHandle),
}

impl Made {
    fn id(&self) -> &TokenId {
        match self {
            Self::Key(made) => &made.id,
            Self::Handle(made) => &made.id,
        }
    }

    /// What a repetition of the form says.
    fn told(&self) -> Text {
        Text::new(match self {
            Self::Key(_) => "This was done already, and its key was shown then. If nobody has it, rotate the token.",
            Self::Handle(_) => {
                "This was done already, and its handle was shown then. If nobody has it, make a new one."
            }
        })
    }
}

/// Makes a key or a handle once per form and shows it. It is in this answer and nowhere else; a repetition of the form is led to the
/// token, which says so.
pub(super) async fn make(
    ctx: &Ctx,
    posted: &Posted,
    title: &'static str,
    work: impl Fn(&mut Tx<'_>, &Actor) -> db::Result<Made> + Send + 'static,
) -> Result<HttpResponse, Error> {
    let made: Arc<Mutex<Option<Made>>> = Arc::default();
    let (kept, tokens) = (made.clone(), ctx.url("/tokens"));
    let answer = ctx
        .answer(posted, move |tx, actor| {
            let made = work(tx, actor)?;
            let answer = Answer::go(format!("{tokens}/{}", made.id())).flash(made.told()).about(made.id().as_str());
            *kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(made);
            Ok(answer)
        })
        .await?;
    let made = made.lock().unwrap_or_else(PoisonError::into_inner).take();
    match made {
        Some(made) => show(ctx, title, &made),
        None => ctx.go(answer),
    }
}

fn show(ctx: &Ctx, title: &'static str, made: &Made) -> Result<HttpResponse, Error> {
    let here = ctx.url(&format!("/tokens/{}", made.id()));
    let form = Form::get(&here, "I have copied it");
    let page = ctx
        .page(title)
        .crumb(Crumb::link("Integrations", ctx.url("/tokens")))
        .crumb(Crumb::link(Text::data(made.id().as_str()), here))
        .crumb(Crumb::here(title));
    let mut shown = FormPage::new(page, form);
    let (notice, facts) = match made {
        Made::Key(token) => {
            let key = Cell::copy(token.key()).sub(Cell::text("A program sends it in the header Authorization."));
            (Text::new("Copy the key now: it is kept nowhere and not shown again."), Facts::new().fact("Key", key))
        }
        Made::Handle(made) => {
            let notice =
                "Copy the handle now: it is kept nowhere and not shown again. Whoever has it can fetch the key, once.";
            let use_it = "The integration sends it to POST /auth/tokens of the API, with a token of its own.";
            let handle = Cell::copy(made.handle.reveal()).sub(Cell::text(use_it).wrap());
            let facts = Facts::new().fact("Handle", handle).fact("Works until", Cell::time_long(made.until));
            (Text::new(notice), facts)
        }
    };
    shown.notices.push(Notice::new(notice).tone(Tone::Warn));
    shown.parts.push(Part::new(facts));
    ctx.render(&shown)
}

/// What is done to a token to get a new key.
#[derive(Debug, Clone, Copy)]
struct Way {
    word: &'static str,
    title: &'static str,
    lede: &'static str,
    done: &'static str,
}

const RENEW: Way = Way {
    word: "renew",
    title: "Renew",
    lede: "You get a second key. The one in use works beside it until its end, so that no program stops while you change over.",
    done: "The new key",
};

const ROTATE: Way = Way {
    word: "rotate",
    title: "Rotate",
    lede: "You get a new key, and older ones are refused at once: for a key that is lost or that somebody may have seen.",
    done: "The new key",
};

/// Why a token cannot be renewed now.
fn not_renewable(token: &TokenRow, now: Time) -> Option<Text> {
    use crate::flows::accounts::model::token::Key;
    if !token.keys.works(Key::First, now) {
        return Some(Text::new("It has no key that works now. Rotate it instead."));
    }
    let endless = token.keys.expires_at.is_none();
    endless.then(|| Text::new("Its key has no end, so it would never be replaced. Give it an end first, or rotate it."))
}

async fn key_page(
    ctx: &Ctx,
    status: StatusCode,
    (id, way): (&str, Way),
    wrong: Option<(Error, &Posted)>,
) -> Result<HttpResponse, Error> {
    let token = one(ctx, &parsed(id)?).await?;
    let here = ctx.url(&format!("/tokens/{}", token.id));
    let mut form = ctx.form(format!("{here}/{}", way.word), way.title).revision(token.revision);
    for field in end_fields(None) {
        form = form.field(field);
    }
    let hindered = not_renewable(&token, ctx.services().clock.now()).filter(|_| way.word == RENEW.word);
    if let Some(reason) = hindered {
        form = form.not_now(reason).button(Button::link("Rotate…", format!("{here}/rotate")));
        form = form.button(Button::link("Edit", format!("{here}/edit")));
    }
    let mut form = form.cancel(&here);
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, at_fields(error))?;
    }
    let page = ctx
        .page(Text::new("{verb:word}: {token}").arg("verb", way.title).arg("token", &token.name))
        .crumb(Crumb::link("Integrations", ctx.url("/tokens")))
        .crumb(Crumb::link(Text::data(&token.name), here))
        .crumb(Crumb::here(way.title));
    let mut shown = FormPage::new(page, form);
    shown.head = shown.head.lede(way.lede);
    ctx.render_as(status, &shown)
}

async fn do_key(ctx: Ctx, id: &str, way: Way, posted: Posted) -> Result<HttpResponse, Error> {
    let (token, revision) = (parsed(id)?, posted.revision());
    let mut problems = Problems::default();
    let end = end_of(&posted, ctx.services().clock.now(), &mut problems);
    let done = match problems.done() {
        Err(refusal) => Err(refusal.into()),
        Ok(()) => {
            make(&ctx, &posted, way.done, move |tx, actor| match way.word {
                "renew" => actions::renew_token(tx, actor, &token, revision, End::At(end)).map(Made::Key),
                _ => actions::rotate_token(tx, actor, &token, revision, End::At(end)).map(Made::Key),
            })
            .await
        }
    };
    match done {
        Ok(response) => Ok(response),
        Err(error) => key_page(&ctx, StatusCode::UNPROCESSABLE_ENTITY, (id, way), Some((error, &posted))).await,
    }
}

/// Asks until when a second key is to work.
pub async fn renew_token(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    key_page(&ctx, StatusCode::OK, (&path.1, RENEW), None).await
}

/// Makes a second key and shows it.
pub async fn do_renew_token(
    ctx: Ctx,
    path: web::Path<(String, String)>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    do_key(ctx, &path.1, RENEW, posted).await
}

/// Asks until when a new key is to work.
pub async fn rotate_token(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    key_page(&ctx, StatusCode::OK, (&path.1, ROTATE), None).await
}

/// Makes a new key in place of older ones and shows it.
pub async fn do_rotate_token(
    ctx: Ctx,
    path: web::Path<(String, String)>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    do_key(ctx, &path.1, ROTATE, posted).await
}
