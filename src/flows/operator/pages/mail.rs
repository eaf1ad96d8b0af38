//! The log of mails.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::{frame, may, tabs};
use crate::flows::operator::actions;
use crate::flows::operator::store::{self, MailLine};
use crate::kit::{Level, Text};
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::dialog::Dialog;
use crate::web::form::Form;
use crate::web::frames::{FormPage, ObjectPage, Section};
use crate::web::layout::Crumb;
use crate::web::list::{Col, Linked, List};
use crate::web::parts::{Facts, Head};
use crate::web::state::State;
use crate::web::status::Status;
use crate::web::table::Narrow;
use crate::web::{Answer, Ctx, Error, Posted, explain};

type Line = Linked<MailLine>;

fn status(line: &MailLine) -> Status {
    match (line.status.as_str(), line.job_status.as_deref()) {
        ("sent", _) => Status::good("Sent"),
        ("failed", _) | (_, Some("dead")) => Status::bad("Failed"),
        (_, Some("cancelled")) => Status::ended("Cancelled"),
        _ if line.error.is_some() => Status::caution("Tried again later"),
        _ => Status::scheduled("Waiting"),
    }
}

/// What kind of mail: its subject, with dots for what is put into it.
fn kind(subject: &str) -> Text {
    let names = subject.split('{').skip(1).filter_map(|rest| rest.split(['}', ':', '|']).next());
    names.fold(Text::kept(subject), |text, name| text.arg(name.to_owned(), "…"))
}

/// Every mail of the last three months.
pub async fn mails(ctx: Ctx) -> Result<HttpResponse, Error> {
    let here = ctx.url("/operator/mail");
    let list = List::new("Mail", here.clone(), &store::MAILS, move |tx, actor, ids| {
        Ok(Linked::all(&here, store::mail_lines(tx, actor, ids)?, |line| line.id.as_str()))
    })
    .column(Col::link("recipient", "To", |l: &Line| (&l.row.recipient, &l.href)).at(Narrow::Left1))
    .column(
        Col::new("subject", "Kind of mail", |l: &Line| Cell::text(kind(&l.row.subject)), |l| l.row.subject.clone())
            .at(Narrow::Left2)
            .grows(),
    )
    .column(
        Col::new("status", "Status", |l: &Line| Cell::status(status(&l.row)), |l| l.row.status.clone())
            .at(Narrow::Right1),
    )
    .column(
        Col::new(
            "error",
            "Error",
            |l: &Line| Cell::data(l.row.error.clone().unwrap_or_default()),
            |l| l.row.error.clone().unwrap_or_default(),
        )
        .at(Narrow::Left3),
    )
    .column(Col::moment("created", "Written", |l: &Line| Some(l.row.created_at)).sorted("created").at(Narrow::Right2))
    .column(Col::moment("sent", "Sent", |l: &Line| l.row.sent_at))
    .column(Col::exported("id", "Id", |l: &Line| l.row.id.clone()))
    .column(Col::exported("account", "Account", |l: &Line| l.row.account.clone().unwrap_or_default()))
    .filter("status", "Status", &[("waiting", "Waiting"), ("sent", "Sent"), ("failed", "Failed")])
    .filter_exact("account.id", "Account")
    .filter_days("created", "Written")
    .search("Address")
    .empty(State::nothing_yet("mail", "No mail yet", "Invitations and links to set a password are sent by mail."));
    let head = Head::new("Mail").lede("To whom, about what, with which result. The words of mails are not kept here.");
    ctx.list_page(list, frame(&ctx, "Mail"), head, Some(tabs(&ctx, "/mail"))).await
}

fn again_form(ctx: &Ctx, id: &str) -> Form {
    ctx.form(ctx.url(&format!("/operator/mail/{id}/again")), "Send again").hidden("confirmed", "yes")
}

const AGAIN: &str =
    "The same mail goes to the same address once more. A link in it that was used or is too old stays so.";

/// One mail.
pub async fn mail(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let line = ctx.read(move |tx, actor| store::mail_line(tx, actor, &id)).await?;
    let mut head = Head::new(kind(&line.subject)).meta(Cell::copy(&line.id)).meta(status(&line));
    let mut dialogs = vec![];
    if may(&ctx, Level::Act) {
        head = head.action(match line.job_status.as_deref() {
            None => Button::not_now("Send again", "What stood in it is no longer kept."),
            Some("ready" | "running") => Button::not_now("Send again", "It is still being sent."),
            Some(_) => {
                dialogs.push(Dialog::new("again", "Send this mail again?", again_form(&ctx, &line.id)).text(AGAIN));
                let page = ctx.url(&format!("/operator/mail/{}/again", line.id));
                Button::dialog("Send again", "again", page)
            }
        });
    }
    let wrong = Section::new("Last error");
    let wrong = match &line.error {
        Some(error) => wrong.words(Text::data(error)),
        None => wrong.words("None."),
    };
    let job = match line.job_status {
        Some(_) => Cell::id(line.job).to(ctx.url(&format!("/operator/jobs/{}", line.job))),
        None => Cell::text("No longer kept").muted(),
    };
    let account =
        Cell::maybe(line.account.as_ref(), |id| Cell::id(id).to(ctx.url(&format!("/operator/accounts/{id}"))));
    let facts = Facts::new()
        .fact("To", Cell::data(&line.recipient).wrap())
        .fact("Written", Cell::time_long(line.created_at))
        .fact("Sent", Cell::maybe(line.sent_at, Cell::time_long))
        .fact("Tries", Cell::number(line.tries))
        .fact("Account", account)
        .fact("Job", job);
    let page = ctx
        .page(kind(&line.subject))
        .crumb(Crumb::link("Operator", ctx.url("/operator")))
        .crumb(Crumb::link("Mail", ctx.url("/operator/mail")))
        .crumb(Crumb::here(Text::data(&line.id)));
    ctx.render(&ObjectPage {
        page,
        head,
        turn: None,
        notices: vec![],
        tabs: None,
        sections: vec![wrong],
        about: Text::new("About this mail"),
        facts,
        dialogs,
    })
}

async fn again_page(
    ctx: &Ctx,
    status: StatusCode,
    id: &str,
    wrong: Option<(Error, &Posted)>,
) -> Result<HttpResponse, Error> {
    let wanted = id.to_owned();
    let line = ctx.read(move |tx, actor| store::mail_line(tx, actor, &wanted)).await?;
    let mut form = again_form(ctx, id).cancel(ctx.url(&format!("/operator/mail/{id}")));
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    let page = ctx
        .page("Send this mail again?")
        .crumb(Crumb::link("Mail", ctx.url("/operator/mail")))
        .crumb(Crumb::here(Text::data(&line.id)));
    let mut shown = FormPage::new(page, form);
    shown.head = shown.head.lede(AGAIN);
    ctx.render_as(status, &shown)
}

/// Asks whether a mail is to be sent again, where the dialog cannot.
pub async fn again(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    again_page(&ctx, StatusCode::OK, &path.1, None).await
}

/// Sends a mail again.
pub async fn do_again(ctx: Ctx, path: web::Path<(String, String)>, posted: Posted) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let (back, mail) = (ctx.url("/operator/mail"), id.clone());
    let again = async |code, error| again_page(&ctx, code, &id, Some((error, &posted))).await;
    ctx.act_or(&posted, again, move |tx, actor| {
        actions::send_again(tx, actor, &mail)?;
        Ok(Answer::go(&back).flash(Text::new("The mail is sent again.")))
    })
    .await
}
