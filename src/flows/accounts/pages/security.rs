//! The page on which people see and change how they sign in. Each way has a section of its own.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web;

use super::factors::{self, Wanted};
use super::profile::{Place, frame};
use crate::flows::accounts::{actions, model};
use crate::journal;
use crate::kit::{Problems, Text};
use crate::web::form::{Field, Form};
use crate::web::frames::Section;
use crate::web::timeline::Timeline;
use crate::web::{Answer, Ctx, Error, Posted, explain, moments, signing};

/// As many of the latest events are shown.
const SHOWN: i64 = 50;

/// How one signs in, and what happened around it.
pub async fn security(ctx: Ctx, wanted: web::Query<Wanted>) -> Result<HttpResponse, Error> {
    let form = password_form(&ctx);
    security_page(&ctx, StatusCode::OK, &wanted, form).await
}

async fn security_page(ctx: &Ctx, status: StatusCode, wanted: &Wanted, form: Form) -> Result<HttpResponse, Error> {
    let (wrong, user) = (form.is_wrong(), ctx.signed_in()?.id.clone());
    let moments = ctx.read(move |tx, _| journal::of_oneself(tx, &user, SHOWN)).await?;
    let password = Section::new("Password").note("All your other sessions end with a change.").part(form);
    // Everything here was done by the person, or by somebody who pretended to be.
    let events = moments.into_iter().map(|m| moments::event(m, |_, _| None).unsigned()).collect();
    let happened = Section::new("What happened").note("Only you see this.").part(Timeline::new(events));
    let (notices, mut sections) = factors::sections(ctx, wanted).await?;
    sections.extend([password, happened]);
    let mut shown = frame(ctx, Place::Security, sections)?;
    shown.notices = notices;
    shown.page.wrong = wrong;
    ctx.render_as(status, &shown)
}

fn password_form(ctx: &Ctx) -> Form {
    ctx.form("/profile/password", "Change password")
        .field(Field::password("old", "Present password").autocomplete("current-password"))
        .field(Field::password("password", "New password").hint(model::PASSWORD_HINT).autocomplete("new-password"))
        .field(Field::password("again", "The new one once more").autocomplete("new-password"))
}

/// Changes the password of whoever knows the present one.
pub async fn do_password(ctx: Ctx, posted: Posted) -> Result<HttpResponse, Error> {
    match change(&ctx, &posted).await {
        Ok(answer) => {
            // The password alone is not all that somebody with a second factor shows, so it opens nothing more.
            signing::confirm(&ctx, model::Proof::Password, ctx.ways())?;
            ctx.go(answer)
        }
        Err(error) => {
            let mut form = password_form(&ctx);
            explain(&mut form, &posted, error)?;
            security_page(&ctx, StatusCode::UNPROCESSABLE_ENTITY, &Wanted::default(), form).await
        }
    }
}

async fn change(ctx: &Ctx, posted: &Posted) -> Result<Answer, Error> {
    let (old, new) = (posted.get("old").to_owned(), posted.get("password").to_owned());
    let user = ctx.signed_in()?.id.clone();
    let context = {
        let user = user.clone();
        ctx.read(move |tx, _| actions::password_context(tx, &user)).await?
    };
    let context: Vec<&str> = context.iter().map(String::as_str).collect();
    let mut problems = Problems::default();
    model::check_password(&mut problems, "password", &new, &context);
    problems.check(new == posted.get("again"), "again", || Text::new("This is not the same password. Type it again."));
    problems.done()?;
    let (services, handle) = (ctx.services().clone(), signing::handle(ctx));
    web::block(move || {
        let door = actions::Door { deployment: &services.secret };
        actions::change_password(&services.db, &user, &handle, &old, &new, &door)
    })
    .await??;
    ctx.services().wake_workers();
    let told = Text::new("Your password was changed. All your other sessions have ended.");
    Ok(Answer::go(Place::Security.path()).flash(told))
}
