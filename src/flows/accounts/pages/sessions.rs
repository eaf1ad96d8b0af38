//! The page on which people see where they are signed in, and end it.
//!
//! A session is the person's, not a company's: whoever works in several companies is signed in to all of them at once. So
//! the administrator of one company does not end the sessions of its members, which would sign them out of the others, and
//! would show where and with what they work there. There is no need to: what somebody may do in a company is read with
//! every request, so that removing them from it, or from a group, acts at once on every open session.
//!
//! What an administrator is told is who is signed in now, by how many sessions, and when one was used last: `signed_in`. Counted
//! are the sessions that open that account, so that a provider of another one says nothing here. With which browser and from
//! where stays the person's own business.
//!
//! The API has no sessions. A token names a company and no person, so that there is nobody whose sessions it could list
//! (`GET /users/{user}/sessions` of the field's API is answered to signed-in people only). For the same reason it has none of the
//! calls by which the field's own front end signs in (`/auth/login`, `/auth/user/check`, `/auth/password/…`): they work on a
//! browser's session, and the first of them tells which addresses are registered, which nobody learns here.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use super::profile::{Place, frame};
use crate::flows::accounts::{actions, model, store};
use crate::kit::{Refusal, Text};
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::frames::Section;
use crate::web::status::Status;
use crate::web::table::{Boxed, Column, Narrow, Row};
use crate::web::{Answer, Ctx, Error, Posted, signing};

/// As many sessions are shown at most.
const SHOWN: i64 = 100;
/// Where sessions are ended.
const END: &str = "/profile/sessions/end";

/// Where one is signed in.
pub async fn sessions(ctx: Ctx) -> Result<HttpResponse, Error> {
    let (user, handle) = (ctx.signed_in()?.id.clone(), signing::handle(&ctx));
    let longest = i64::from(ctx.services().config.session_days) * 24 * 3600;
    let rows = ctx.read(move |tx, _| store::sessions_of(tx, &user, longest, SHOWN)).await?;
    let others = rows.iter().any(|s| s.handle != handle);
    let lines = rows.into_iter().map(|s| {
        let here = s.handle == handle;
        let words = Cell::text(model::browser_words(&s.agent)).strong();
        let what = match here {
            true => Cell::status(Status::good("This one")),
            false => Cell::part(
                Button::post("End", END)
                    .field("session", &s.handle)
                    .about(Text::new("the session of {browser:text}").part("browser", &model::browser_words(&s.agent)))
                    .small(),
            ),
        };
        let cells = vec![words, Cell::data(&s.address), Cell::time(s.created_at), Cell::time(s.seen_at), what];
        Row::new(&s.handle, cells)
    });
    let columns = vec![
        Column::new("browser", "Browser").grows().at(Narrow::Left1),
        Column::new("address", "Address").at(Narrow::Left2),
        Column::new("since", "Signed in").at(Narrow::Hidden),
        Column::new("used", "Last used").at(Narrow::Right2),
        Column::new("end", "End").at(Narrow::Right1),
    ];
    let table = Boxed::new("Sessions", columns, lines.collect()).cards();
    let days = ctx.services().config.session_days;
    let note = Text::new("A session ends 12 hours after its last use, and {days|a day|{days} days} after signing in.");
    let mut section = Section::new("Sessions").note(note.arg("days", days)).part(table);
    if others {
        let all = Button::post("End all other sessions", END).field("all", "yes").danger();
        section = section.part(all);
    }
    ctx.render_as(StatusCode::OK, &frame(&ctx, Place::Sessions, vec![section])?)
}

/// Ends one of the own sessions, or all but this one.
pub async fn end_sessions(ctx: Ctx, posted: Posted) -> Result<HttpResponse, Error> {
    let (user, own) = (ctx.signed_in()?.id.clone(), signing::handle(&ctx));
    let (all, handle) = (posted.checked("all"), posted.get("session").to_owned());
    if !all && handle.is_empty() {
        return Err(Refusal::not_found("session", "").into());
    }
    if !all && handle == own {
        signing::sign_out(&ctx);
        return ctx.go(Answer::go("/sign-in"));
    }
    ctx.act(&posted, move |tx, _| {
        let told = match all {
            true => {
                actions::end_other_sessions(tx, &user, &own)?;
                "All your other sessions have ended."
            }
            false => {
                actions::end_session(tx, &user, &handle)?;
                "The session has ended."
            }
        };
        Ok(Answer::go(Place::Sessions.path()).flash(Text::new(told)))
    })
    .await
}
