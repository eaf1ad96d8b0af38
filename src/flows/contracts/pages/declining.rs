//! Declining an offer by its link.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::super::actions::{self, ACTIVATION_PATH};
use super::super::model::{Contract, ContractKind};
use super::activation::{WithSecret, dead, is_taken, load, taken};
use crate::kit::{Secret, Text};
use crate::web::form::{Field, Form};
use crate::web::public::Card;
use crate::web::{Answer, Ctx, Error, Posted, explain};

fn decline_form(ctx: &Ctx, secret: &str) -> Form {
    ctx.form(format!("{ACTIVATION_PATH}/decline"), "Decline")
        .hidden("secret", secret)
        .field(
            Field::text("note", "Reason")
                .hint("The company that invited you reads it. At most 100 characters.")
                .optional(),
        )
        .cancel(format!("{ACTIVATION_PATH}?secret={secret}"))
}

fn decline_card(ctx: &Ctx, contract: &Contract, form: Form) -> Card {
    let what = match contract.kind {
        ContractKind::Service => {
            Text::new("{issuer} invited {partner} as a reseller. Declining is final; they can invite you again.")
        }
        _ => Text::new("{issuer} invited {partner} as a vendor. Declining is final; they can invite you again."),
    };
    let what = what.arg("issuer", &contract.issuer.name).arg("partner", &contract.owner.name);
    Card::new(ctx.page("Decline the invitation")).text(what).form(form)
}

/// Asks whether the offer is really declined.
pub async fn decline(ctx: Ctx, query: web::Query<WithSecret>) -> Result<HttpResponse, Error> {
    let secret = query.into_inner().secret.unwrap_or_default();
    match load(&ctx, &secret).await {
        Ok(invitation) if is_taken(&invitation) => taken(&ctx, &invitation.contract),
        Ok(invitation) => ctx.render(&decline_card(&ctx, &invitation.contract, decline_form(&ctx, &secret))),
        Err(error) => dead(&ctx, error),
    }
}

/// Declines.
pub async fn do_decline(ctx: Ctx, posted: Posted) -> Result<HttpResponse, Error> {
    let (secret, note) = (Secret::presented(posted.get("secret")), posted.get("note").to_owned());
    let done = ctx
        .answer(&posted, move |tx, _| {
            actions::decline(tx, &secret, &note)?;
            Ok(Answer::empty())
        })
        .await;
    match done {
        Ok(_) => {
            let card = Card::new(ctx.page("You declined"))
                .text("The company that invited you is told. You can close this page.");
            ctx.render(&card)
        }
        Err(error) => match load(&ctx, posted.get("secret")).await {
            Err(gone) => dead(&ctx, gone),
            Ok(invitation) => {
                let mut form = decline_form(&ctx, posted.get("secret"));
                explain(&mut form, &posted, error)?;
                ctx.render_as(StatusCode::UNPROCESSABLE_ENTITY, &decline_card(&ctx, &invitation.contract, form))
            }
        },
    }
}
