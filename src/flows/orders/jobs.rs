//! What goes on by itself: the mail that asks a customer back, and requests whose day has come.

use serde_json::json;

use super::actions;
use super::store;
use crate::db::{Result, Tx};
use crate::jobs::mail::{self, Link, Mail};
use crate::jobs::{self, Failed, NewJob, Work};
use crate::kit::{AccountId, Actor, Email, RequestId, Role, Text, Time};

/// The kind of job that takes up a scheduled request.
pub const WAKE: &str = "orders.wake";

/// Lets the customer's technical contact know that something is missing or wrong, with the link of the form.
pub fn notify_inquiry(tx: &mut Tx<'_>, id: &RequestId) -> Result<()> {
    let Some(around) = store::around(tx, id)? else { return Ok(()) };
    let vendor = Actor::system(around.vendor_id, around.vendor_name, Role::Vendor);
    let request = store::load_request(tx, &vendor, id.as_str(), false)?;
    let contact = &request.snapshot.0.tiers.customer.contact_info.contact;
    // An address that nobody can be reached at does not stop the vendor from asking: the distributor sees the request too.
    let (Some(nonce), Some(to)) = (request.form_nonce.clone(), Email::parse(&contact.email)) else { return Ok(()) };
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
            Text::new(
                "Open the form, complete what it shows, and send it. You need no account; the link works until the form was sent.",
            ),
        ],
        link: Some((
            Text::new("Open the form:"),
            Link::Derived {
                path: actions::form_path(id),
                purpose: actions::FORM_PURPOSE.to_owned(),
                object: id.to_string(),
                nonce: nonce.clone(),
            },
        )),
        locale: None,
    };
    // Each inquiry has a nonce of its own, and so a mail of its own.
    mail::send(tx, &format!("orders.inquiry:{id}:{nonce}"), Some(&request.refs.provider_id), &to, mail)
}

/// Takes up a scheduled request when its day has come.
pub fn wake_at(tx: &mut Tx<'_>, id: &RequestId, planned: Time) -> Result<()> {
    let job = NewJob {
        run_at: Some(planned),
        object: Some(id.as_str()),
        ..NewJob::new(WAKE, json!({ "request": id.as_str() }))
    };
    jobs::enqueue(tx, job)?;
    Ok(())
}

fn request_of(work: &Work) -> std::result::Result<RequestId, Failed> {
    let text = work.text("request")?;
    RequestId::parse(text).ok_or_else(|| Failed::ForGood(format!("{text} is not the id of a request")))
}

/// Tells the story of the subscriptions under a contract that has ended; a job that takes over goes on behind the last.
pub fn tell_ended(work: &Work) -> std::result::Result<(), Failed> {
    let (contract, account) = (work.text("contract")?, work.text("account")?);
    let account = AccountId::parse(account).ok_or_else(|| Failed::ForGood(format!("{account} is no account")))?;
    let system = Actor::system(account, work.text("name")?.to_owned(), Role::Distributor);
    let mut last = work.cursor().and_then(|c| c.get("last")?.as_str()).unwrap_or_default().to_owned();
    let mut done = work.cursor().and_then(|c| c.get("done")?.as_i64()).unwrap_or(0);
    loop {
        let step = work.services().db.write(|tx| {
            let step = actions::tell_ended(tx, &system, contract, &last)?;
            let noted = step.as_ref().unwrap_or(&last);
            work.checkpoint(tx, json!({ "last": noted, "done": done + 1 }), done + 1, None)?;
            Ok(step)
        })?;
        match step {
            Some(told) => (last, done) = (told, done + 1),
            None => return Ok(()),
        }
    }
}

/// Takes up a scheduled request.
pub fn wake(work: &Work) -> std::result::Result<(), Failed> {
    let id = request_of(work)?;
    work.services().db.write(|tx| actions::wake(tx, &id))?;
    Ok(())
}
