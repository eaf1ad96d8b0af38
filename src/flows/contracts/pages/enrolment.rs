//! The page on which a vendor fills the form of its enrolment.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::super::actions::{self, Enrolment};
use super::super::model::{Answers, CONSENT, Consent, ContractStatus};
use super::contracts::beside;
use super::questions::{at_fields, fields};
use super::{accepted, answers, document, paper_path};
use crate::kit::Text;
use crate::web::button::Button;
use crate::web::form::{Field, Form};
use crate::web::frames::FormPage;
use crate::web::layout::Crumb;
use crate::web::parts::{Head, Notice};
use crate::web::{Answer, Ctx, Error, Posted, explain};

/// The name of the button that keeps answers without sending them.
const LATER: &str = "later";

fn filled(ctx: &Ctx, shown: &Enrolment, here: &str) -> Form {
    let mut form = ctx.form(format!("{here}/enrolment"), "Send enrolment");
    if let Some((_, schema)) = &shown.form {
        form = form.revision(shown.answers.as_ref().map_or(0, |a| a.revision));
        let data = Answers::to_continue(shown.answers.as_ref(), schema);
        form = fields(schema).into_iter().fold(form, Form::field);
        let pairs = schema.filled(&data);
        if !pairs.is_empty() {
            form.fill_pairs(&pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect::<Vec<_>>());
        }
        form = form.button(Button::submit_as("Save for later", LATER, "yes"));
    }
    if shown.contract.is_unread() {
        form = form.field(Field::check("accept", "Agreement", CONSENT));
    }
    form.cancel(here)
}

async fn page(ctx: &Ctx, status: StatusCode, id: &str, wrong: Option<(Error, &Posted)>) -> Result<HttpResponse, Error> {
    let asked = id.to_owned();
    let shown = ctx.read(move |tx, actor| actions::enrolment(tx, actor, &asked)).await?;
    let contract = &shown.contract;
    let here = ctx.url(&format!("/contracts/{}", contract.id));
    let mut form = filled(ctx, &shown, &here);
    if let Some((error, posted)) = wrong {
        let error = match &shown.form {
            Some((_, schema)) => at_fields(error, schema),
            None => error,
        };
        explain(&mut form, posted, error)?;
    }
    let page = ctx
        .page("Enrolment")
        .crumb(Crumb::link("Contracts", ctx.url("/contracts")))
        .crumb(Crumb::link(Text::data(contract.id.as_str()), here))
        .crumb(Crumb::here("Enrolment"));
    let lede = if contract.is_accepted_by_itself() {
        Text::new("The contract is active as soon as you have sent this.")
    } else {
        Text::new("{issuer} reads it, and approves or rejects your contract, or asks you for more.")
    };
    let mut made = FormPage::new(page, form);
    made.head = Head::new(Text::new("Enrol in {title}").arg("title", &contract.agreement.title))
        .lede(lede.arg("issuer", &contract.issuer.name));
    made.notices.extend(answers::notice(contract, shown.answers.as_ref()));
    if let Some((form, schema)) = &shown.form {
        let sent = shown.answers.as_ref().filter(|a| a.data.is_some() && a.form.version != form.version);
        if let Some(sent) = sent {
            let text = Text::new(
                "The form has changed since you sent it: it is version {newer} now, and was version {version}. Your answers that still fit stand in it.",
            );
            made.notices.push(Notice::new(text.arg("newer", form.version).arg("version", sent.form.version)));
        }
        if !schema.about.is_empty() {
            made.notices.push(Notice::new(Text::data(&schema.about)));
        }
    }
    if contract.is_unread() {
        let paper = paper_path(ctx, contract.agreement.id.as_str(), contract.version);
        made.parts.push(document(shown.document.as_ref(), &paper));
    }
    ctx.render_as(status, &made.beside(beside(contract)))
}

/// Shows the form, with what was answered so far.
pub async fn enrolment(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    page(&ctx, StatusCode::OK, &path.1, None).await
}

/// Keeps what was typed, or sends it.
pub async fn do_enrolment(ctx: Ctx, path: web::Path<(String, String)>, posted: Posted) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    match done(&ctx, &id, &posted).await {
        Ok(response) => Ok(response),
        Err(error) => page(&ctx, StatusCode::UNPROCESSABLE_ENTITY, &id, Some((error, &posted))).await,
    }
}

async fn done(ctx: &Ctx, id: &str, posted: &Posted) -> Result<HttpResponse, Error> {
    let (back, revision, typed) = (ctx.url(&format!("/contracts/{id}")), posted.revision(), posted.clone());
    let asked = id.to_owned();
    if posted.checked(LATER) {
        return ctx
            .act(posted, move |tx, actor| {
                let get = |name: &str| typed.all(name).to_vec();
                actions::keep_answers(tx, actor, &asked, revision, false, |schema| schema.typed(get))?;
                let text = Text::new("Your answers are kept. Send them when they are complete.");
                Ok(Answer::go(&back).flash(text))
            })
            .await;
    }
    let wanted = id.to_owned();
    let contract = ctx.read(move |tx, actor| actions::contract(tx, actor, &wanted)).await?;
    if contract.is_unread() {
        accepted(posted.checked("accept"))?;
    }
    let consent = Consent::read(ctx.confirmed().map(|c| c.proof));
    ctx.act(posted, move |tx, actor| {
        let get = |name: &str| typed.all(name).to_vec();
        actions::fill_and_send(tx, actor, &asked, revision, &consent, |schema| schema.typed(get))?;
        let text = match actions::contract(tx, actor, &asked)?.status {
            ContractStatus::Active => "The contract is active.",
            _ => "The enrolment was sent. The distributor decides now.",
        };
        Ok(Answer::go(&back).flash(Text::new(text)))
    })
    .await
}
