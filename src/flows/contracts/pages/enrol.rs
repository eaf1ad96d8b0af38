//! The page on which a vendor enrols in a distribution agreement.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::super::actions;
use super::super::model::{CONSENT, Consent, ContractStatus};
use super::{accepted, document, paper_path};
use crate::kit::Text;
use crate::web::cell::Cell;
use crate::web::form::Field;
use crate::web::frames::FormPage;
use crate::web::layout::Crumb;
use crate::web::part::Part;
use crate::web::parts::{Facts, Head};
use crate::web::{Answer, Ctx, Error, Posted, explain};

async fn page(ctx: &Ctx, status: StatusCode, id: &str, wrong: Option<(Error, &Posted)>) -> Result<HttpResponse, Error> {
    let asked = id.to_owned();
    let (agreement, found) = ctx
        .read(move |tx, actor| {
            let agreement = actions::agreement(tx, actor, &asked)?;
            let found = actions::active_document(tx, &agreement)?;
            Ok((agreement, found))
        })
        .await?;
    let here = ctx.url(&format!("/agreements/{}", agreement.id));
    let paper = paper_path(ctx, agreement.id.as_str(), agreement.active_version);
    let mut form =
        ctx.form(format!("{here}/enrol"), "Enrol").field(Field::check("accept", "Agreement", CONSENT)).cancel(&here);
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    let page = ctx
        .page("Enrol")
        .crumb(Crumb::link("Agreements", ctx.url("/agreements")))
        .crumb(Crumb::link(Text::data(&agreement.title), here))
        .crumb(Crumb::here("Enrol"));
    let lede = match &agreement.forms.enroll {
        Some(form) => Text::new(
            "You fill the form {form} next; {owner} then approves or rejects your contract. Once it is active, you can list products on the marketplace.",
        )
        .arg("form", &form.name),
        None => Text::new(
            "{owner} then approves or rejects your contract. Once it is active, you can list products on the marketplace.",
        ),
    };
    let head = Head::new(Text::new("Enrol in {title}").arg("title", &agreement.title))
        .lede(lede.arg("owner", &agreement.owner.name));
    let facts = Facts::new()
        .fact("Distributor", Cell::data(&agreement.owner.name))
        .fact("Marketplace", Cell::maybe(agreement.marketplace.as_ref(), |m| Cell::data(&m.name)))
        .fact("Version", Cell::maybe(agreement.active_version, Cell::number))
        .in_rows();
    let mut shown = FormPage::new(page, form);
    shown.head = head;
    shown.parts = vec![Part::new(facts), document(found.as_ref(), &paper)];
    ctx.render_as(status, &shown)
}

/// Shows the agreement and asks whether it is accepted.
pub async fn enrol(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    page(&ctx, StatusCode::OK, &path.1, None).await
}

/// Enrols.
pub async fn do_enrol(ctx: Ctx, path: web::Path<(String, String)>, posted: Posted) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let (base, agreement) = (ctx.url("/contracts"), id.clone());
    let consent = Consent::read(ctx.confirmed().map(|c| c.proof));
    let done = match accepted(posted.checked("accept")) {
        Ok(()) => {
            ctx.act(&posted, move |tx, actor| {
                let contract = actions::enrol(tx, actor, &agreement, &consent)?;
                let here = format!("{base}/{contract}");
                Ok(match actions::contract(tx, actor, contract.as_str())?.status {
                    ContractStatus::Enrolling => Answer::go(format!("{here}/enrolment"))
                        .flash(Text::new("You accepted the agreement. Now fill its form.")),
                    _ => Answer::go(here).flash(Text::new("You enrolled. The distributor decides now.")),
                })
            })
            .await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(response) => Ok(response),
        Err(error) => page(&ctx, StatusCode::UNPROCESSABLE_ENTITY, &id, Some((error, &posted))).await,
    }
}
