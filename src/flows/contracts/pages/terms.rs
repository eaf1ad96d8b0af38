//! The page that changes a contract's terms.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::super::actions;
use super::super::model::{By, Contract, Purpose, Terms};
use super::purpose_word;
use crate::kit::{Refusal, Text};
use crate::web::form::{Choice, Field};
use crate::web::frames::FormPage;
use crate::web::layout::Crumb;
use crate::web::{Answer, Ctx, Error, Posted, explain};

async fn edit_page(
    ctx: &Ctx,
    code: StatusCode,
    id: &str,
    wrong: Option<(Error, &Posted)>,
) -> Result<HttpResponse, Error> {
    let asked = id.to_owned();
    let contract = ctx.read(move |tx, actor| actions::contract(tx, actor, &asked)).await?;
    if contract.reader != By::Issuer {
        return Err(Refusal::forbidden(Text::new(
            "Only the distributor that issued it can change a contract's terms.",
        ))
        .into());
    }
    let here = ctx.url(&format!("/contracts/{}", contract.id));
    let terms = actions::terms_of(&contract);
    let kinds = [Purpose::Production, Purpose::Test]
        .into_iter()
        .map(|p| Choice::new(p.as_str(), purpose_word(p)).selected(p == contract.purpose))
        .collect();
    let message = Field::area("activation.message", "Message to the partner")
        .hint("At most 200 characters.")
        .rows(3)
        .value(&terms.message);
    let message = if contract.kind.is_offered() { message } else { message.optional() };
    let mut form = ctx
        .form(format!("{here}/edit"), "Save")
        .revision(contract.revision)
        .field(message)
        .field(
            Field::text("note", "Internal note")
                .hint("Only your company sees it. At most 100 characters.")
                .optional()
                .value(&terms.note),
        )
        .field(Field::radios("kind", "Kind", kinds))
        .field(
            Field::date("expire_at", "Ends on")
                .hint("At the beginning of this day in UTC. Empty: it does not end by itself.")
                .optional()
                .value(day(&contract)),
        )
        .field(
            Field::text("termination_note", "Reason of its end")
                .hint("At most 100 characters.")
                .optional()
                .value(&terms.termination_note),
        )
        .cancel(&here);
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    let page = ctx
        .page("Edit terms")
        .crumb(Crumb::link("Contracts", ctx.url("/contracts")))
        .crumb(Crumb::link(Text::data(contract.id.as_str()), here))
        .crumb(Crumb::here("Edit terms"));
    ctx.render_as(code, &FormPage::new(page, form).beside(super::contracts::beside(&contract)))
}

/// The day on which a contract ends, as a date field has it.
fn day(contract: &Contract) -> String {
    contract.expire_at.map(|t| t.date().to_string()).unwrap_or_default()
}

/// The form that changes a contract's terms.
pub async fn edit_contract(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    edit_page(&ctx, StatusCode::OK, &path.1, None).await
}

/// Changes a contract's terms.
pub async fn do_edit_contract(
    ctx: Ctx,
    path: web::Path<(String, String)>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let (revision, back, asked) = (posted.revision(), ctx.url(&format!("/contracts/{id}")), id.clone());
    let typed = posted.clone();
    let again = async |code, error| edit_page(&ctx, code, &id, Some((error, &posted))).await;
    ctx.act_or(&posted, again, move |tx, actor| {
        actions::edit_terms(tx, actor, &asked, revision, |old| {
            // A day that was not touched keeps the hour that a program may have set.
            let same = typed.get("expire_at") == day(old);
            Ok(Terms {
                purpose: typed.get("kind").to_owned(),
                message: typed.get("activation.message").to_owned(),
                note: typed.get("note").to_owned(),
                expire_at: if same { actions::terms_of(old).expire_at } else { typed.get("expire_at").to_owned() },
                termination_note: typed.get("termination_note").to_owned(),
            })
        })?;
        Ok(Answer::go(&back).flash(Text::new("The terms were saved.")))
    })
    .await
}
