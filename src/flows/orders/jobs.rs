//! What goes on by itself: the mail that asks a customer back, and requests whose day has come.

use serde_json::json;

use super::actions;
use super::model::RequestStatus;
use super::store;
use crate::db::{Error, Result, Tx};
use crate::jobs::mail::{self, Mail};
use crate::jobs::{self, Failed, NewJob, Work};
use crate::kit::{Actor, Email, RequestId, Role, Text, Time};

/// The kind of job that writes to a customer who is asked back.
pub const INQUIRY: &str = "orders.inquiry";
/// The kind of job that takes up a scheduled request.
pub const WAKE: &str = "orders.wake";

/// Lets the customer's technical contact know that something is missing or wrong. The mail carries the link of the form,
/// which is made outside of the action: it needs the deployment's secret.
pub fn notify_inquiry(tx: &mut Tx<'_>, _: &Actor, id: &RequestId) -> Result<()> {
    let job = NewJob { object: Some(id.as_str()), ..NewJob::new(INQUIRY, json!({ "request": id.as_str() })) };
    jobs::enqueue(tx, job)?;
    Ok(())
}

/// Takes up a scheduled request when its day has come.
pub fn wake_at(tx: &mut Tx<'_>, id: &RequestId, planned: Time) -> Result<()> {
    let job = NewJob { run_at: Some(planned), object: Some(id.as_str()), ..NewJob::new(WAKE, json!({ "request": id.as_str() })) };
    jobs::enqueue(tx, job)?;
    Ok(())
}

fn request_of(work: &Work) -> std::result::Result<RequestId, Failed> {
    let text = work.text("request")?;
    RequestId::parse(text).ok_or_else(|| Failed::ForGood(format!("{text} is not the id of a request")))
}

/// Writes the mail that asks a customer back.
pub fn inquiry(work: &Work) -> std::result::Result<(), Failed> {
    let id = request_of(work)?;
    let services = work.services();
    services.db.write(|tx| {
        let Some(around) = store::around(tx, &id)? else { return Ok(()) };
        let vendor = Actor::system(around.vendor_id, around.vendor_name, Role::Vendor);
        let request = store::load_request(tx, &vendor, id.as_str(), false)?;
        let Some(secret) = actions::form_secret(&request, &services.secret).filter(|_| request.status == RequestStatus::Inquiring) else {
            return Ok(());
        };
        let contact = &request.snapshot.0.tiers.customer.contact_info.contact;
        let Some(to) = Email::parse(&contact.email) else { return Ok(()) };
        let path = format!("/orders/form?request={}&secret={}", request.id, secret.reveal());
        let link = services.public_url.join(&path).map_err(|e| Error::Outside(format!("{path}: {e}")))?;
        let product = request.refs.product().name;
        let mail = Mail {
            to_name: format!("{} {}", contact.first_name, contact.last_name).trim().to_owned(),
            to: to.as_str().to_owned(),
            subject: Text::new("{product}: something is missing in your order").arg("product", &product),
            paragraphs: vec![
                Text::new("{vendor} needs something from you before {product} can be set up for {customer}.")
                    .arg("vendor", &request.refs.vendor_name)
                    .arg("product", &product)
                    .arg("customer", &request.snapshot.0.tiers.customer.name),
                Text::new("Open the form, complete what it shows, and send it. You need no account; the link works until the form was sent."),
            ],
            link: Some((Text::new("Open the form:"), link.to_string())),
            locale: None,
        };
        // A new inquiry has a new nonce, and so a mail of its own.
        mail::send(tx, &format!("orders.inquiry:{}", secret.hash()), Some(&request.refs.provider_id), &to, mail)
    })?;
    Ok(())
}

/// Takes up a scheduled request.
pub fn wake(work: &Work) -> std::result::Result<(), Failed> {
    let id = request_of(work)?;
    work.services().db.write(|tx| actions::wake(tx, &id))?;
    Ok(())
}
