//! Where an order goes: the connection, and the marketplace that is sold through its hub.

use actix_web::{HttpResponse, web};

use super::super::super::actions::{Outlet, Sheet};
use super::super::super::model::Step;
use super::{BACK, GO, LEAVE, at, keep, open, render, state, step_form};
use crate::kit::Text;
use crate::web::form::{Choice, Field};
use crate::web::part::Part;
use crate::web::parts::Head;
use crate::web::{Ctx, Error, Posted, explain};

fn value(outlet: &Outlet) -> String {
    format!("{} {}", outlet.connection_id, outlet.marketplace_id)
}

async fn page(ctx: &Ctx, sheet: &Sheet, wrong: Option<(Error, &Posted)>) -> Result<HttpResponse, Error> {
    let chosen = sheet.outlet().map(value).unwrap_or_default();
    let only = sheet.outlets.len() == 1;
    let choice = |o: &Outlet| {
        let hint = Text::new("{environment:word} · through {hub} of {provider} · {id}")
            .arg("environment", o.environment.title())
            .arg("hub", &o.hub_name)
            .arg("provider", &o.provider_name)
            .arg("id", &o.connection_id);
        Choice::new(value(o), Text::data(&o.marketplace_name)).hint(hint).selected(only || value(o) == chosen)
    };
    let field = Field::radios("place", "Marketplace and connection", sheet.outlets.iter().map(choice).collect())
        .hint("A test order is worked on like any other and costs nothing.");
    let mut form = step_form(sheet, at(ctx, &sheet.written.id, "connection"), true).field(field);
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    let head = Head::new("Where is it ordered?");
    render(ctx, sheet, Step::Connection, head, state(&form), vec![Part::new(form)])
}

/// Where an order goes.
pub async fn order_connection(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    match open(&ctx, &path.1, Step::Connection).await? {
        Ok(sheet) => page(&ctx, &sheet, None).await,
        Err(elsewhere) => Ok(elsewhere),
    }
}

/// Keeps where an order goes.
pub async fn do_order_connection(
    ctx: Ctx,
    path: web::Path<(String, String)>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let sheet = match open(&ctx, &id, Step::Connection).await? {
        Ok(sheet) => sheet,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let chosen = sheet.outlets.iter().find(|o| value(o) == posted.get("place")).cloned();
    if chosen.is_none() && !matches!(posted.get(GO), BACK | LEAVE) {
        let wrong = Ctx::wrong("place", Text::new("Choose where the product is ordered."));
        return page(&ctx, &sheet, Some((wrong, &posted))).await;
    }
    let before = sheet.outlet().map(|o| o.provider_id.clone());
    keep(&ctx, &posted, &id, at(&ctx, &id, "product"), move |draft| {
        let Some(outlet) = &chosen else { return };
        draft.take_place(&outlet.connection_id, &outlet.marketplace_id);
        // Customers stand in the directory of one distributor.
        if before.as_ref().is_some_and(|b| *b != outlet.provider_id) {
            draft.customer = None;
            draft.reseller = None;
        }
    })
    .await
}
