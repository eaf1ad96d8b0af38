//! The page on which people choose which mails they get.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use super::profile::{Place, frame};
use crate::flows::accounts::model::OptionalMail;
use crate::flows::accounts::{actions, store};
use crate::kit::Text;
use crate::web::form::{Choice, Field};
use crate::web::frames::Section;
use crate::web::{Answer, Ctx, Error, Posted};

/// Which mails one gets.
pub async fn notifications(ctx: Ctx) -> Result<HttpResponse, Error> {
    let user = ctx.signed_in()?.id.clone();
    let muted = ctx.read(move |tx, _| store::muted(tx, &user)).await?;
    let choices = OptionalMail::ALL
        .iter()
        .map(|mail| Choice::new(mail.as_str(), mail.label()).selected(!muted.contains(mail)))
        .collect();
    let form =
        ctx.form(Place::Notifications.path(), "Save").field(Field::checks("mails", "Send me a mail about", choices));
    let always = "These come in any case: links that you or an administrator ask for, and warnings when your password or \
                  your e-mail address was changed.";
    let sections = vec![Section::new("Mails").part(form), Section::new("Mails that always come").words(always)];
    ctx.render_as(StatusCode::OK, &frame(&ctx, Place::Notifications, sections)?)
}

/// Keeps the choice.
pub async fn do_notifications(ctx: Ctx, posted: Posted) -> Result<HttpResponse, Error> {
    let user = ctx.signed_in()?.id.clone();
    let wanted: Vec<OptionalMail> = posted.all("mails").iter().filter_map(|m| OptionalMail::parse(m)).collect();
    ctx.act(&posted, move |tx, _| {
        let muted: Vec<OptionalMail> = OptionalMail::ALL.iter().copied().filter(|m| !wanted.contains(m)).collect();
        actions::mute(tx, &user, &muted)?;
        Ok(Answer::go(Place::Notifications.path()).flash(Text::new("Your choice was saved.")))
    })
    .await
}
