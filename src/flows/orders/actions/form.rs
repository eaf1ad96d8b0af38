//! The customer's form: what somebody without an account sees and sends, with a link as the only key.

use subtle::ConstantTimeEq;

use super::decide;
use crate::db::{Result, Tx};
use crate::flows::orders::model::{By, Param, ParamEdit, RequestStatus, place_value};
use crate::flows::orders::store::{self, RequestView};
use crate::flows::products::model::plain;
use crate::kit::{Actor, Refusal, RequestId, Role, Secret, Text};

/// What the secret of a form's link is for.
pub const FORM_PURPOSE: &str = "order-form";

/// The path of a request's form, to be followed by its secret.
pub fn form_path(id: &RequestId) -> String {
    format!("/orders/form?request={id}&secret=")
}

/// What the customer sees: the product, the vendor's words, and the parameters that are missing or wrong.
#[derive(Debug, Clone)]
pub struct Form {
    /// The request.
    pub id: RequestId,
    /// The product's name.
    pub product: String,
    /// Path of its picture.
    pub icon: String,
    /// Who asks.
    pub vendor: String,
    /// The customer's name.
    pub customer: String,
    /// The vendor's words, as Markdown.
    pub message: String,
    /// The parameters to be looked at, with what is wrong.
    pub params: Vec<Param>,
    /// Grows with each change.
    pub revision: i64,
}

fn dead() -> crate::db::Error {
    Refusal::not_found("form", "behind this link").into()
}

/// The request behind a link, as the system sees it in the distributor's name.
fn behind(tx: &mut Tx<'_>, deployment: &str, id: &str, secret: &str) -> Result<(RequestId, Actor)> {
    let id = RequestId::parse(id).ok_or_else(dead)?;
    let around = store::around(tx, &id)?.ok_or_else(dead)?;
    let nonce = around.form_nonce.ok_or_else(dead)?;
    let right = Secret::derived(deployment, FORM_PURPOSE, id.as_str(), &nonce);
    let fits: bool = right.reveal().as_bytes().ct_eq(secret.as_bytes()).into();
    if fits {
        Ok((id, Actor::system(around.provider_id, around.provider_name, Role::Distributor)))
    } else {
        Err(dead())
    }
}

/// The parameters that a customer has to look at. With nothing marked or missing: all that they may change.
fn asked(request: &RequestView) -> Vec<Param> {
    let all = &request.snapshot.0.params;
    let open = |p: &&Param| p.is_ordering() && p.takes_value() && !p.flags(all).hidden;
    let wrong = |p: &&Param| p.error.is_some() || (p.answer.is_empty() && p.flags(all).required);
    let found: Vec<Param> = all.iter().filter(open).filter(wrong).cloned().collect();
    if found.is_empty() { all.iter().filter(open).cloned().collect() } else { found }
}

/// The form behind a link. `link` is the link itself, for the vendor's text.
pub fn form(tx: &mut Tx<'_>, deployment: &str, id: &str, secret: &str, link: &str) -> Result<Form> {
    let (id, actor) = behind(tx, deployment, id, secret)?;
    let request = store::load_request(tx, &actor, id.as_str(), false)?;
    if request.status != RequestStatus::Inquiring {
        return Err(dead());
    }
    let params = asked(&request);
    let product = request.refs.product();
    let message = plain(&request.message, |name| place_value(&request.snapshot.0.params, name, Some(link)));
    Ok(Form {
        product: product.name,
        icon: product.icon,
        vendor: request.refs.vendor_name.clone(),
        customer: request.snapshot.0.tiers.customer.name.clone(),
        message,
        params,
        revision: request.revision,
        id,
    })
}

/// Takes the customer's answers and gives the request back to the vendor. The link ends with it.
///
/// # Errors
/// What is wrong with the answers; a link that is over is "not found".
pub fn answer_form(tx: &mut Tx<'_>, deployment: &str, id: &str, secret: &str, edits: &[ParamEdit]) -> Result<()> {
    let (id, system) = behind(tx, deployment, id, secret)?;
    let open = decide::open(tx, &system, id.as_str(), None)?;
    if open.request.status != RequestStatus::Inquiring {
        return Err(dead());
    }
    let asked: Vec<String> = asked(&open.request).iter().map(|p| p.name().to_owned()).collect();
    if let Some(other) = edits.iter().find(|e| !asked.contains(&e.name)) {
        let text = Text::new("{name} is not part of this form. Reload it and send it again.").arg("name", &other.name);
        return Err(Refusal::field(&other.path, text).into());
    }
    let guest = Actor::Guest { object: id.to_string() };
    decide::give_back(tx, &guest, open, By::Customer, edits)
}
