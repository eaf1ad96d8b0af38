//! Activating an invited company by a program: the route of the platform's own scripts.

use actix_web::HttpResponse;

use super::super::actions::{self, Scripted};
use super::wire;
use crate::flows::accounts;
use crate::kit::{Problems, Refusal, Secret, Text};
use crate::rest::{Caller, Error};

/// `POST /accounts?code=…`
pub async fn activate_account(caller: Caller) -> Result<HttpResponse, Error> {
    let fields = caller.fields()?;
    let mut p = Problems::default();
    let in_query = url::form_urlencoded::parse(caller.query().as_bytes())
        .find(|(name, _)| name == "code")
        .map(|(_, value)| value.into_owned());
    let code = in_query.or_else(|| fields.text("code", &mut p)).filter(|c| !c.is_empty());
    let words = Scripted {
        account: fields.text("id", &mut p).unwrap_or_default(),
        contract: fields.text("contract_id", &mut p).unwrap_or_default(),
        name: fields.text("name", &mut p).unwrap_or_default(),
        users: fields
            .list("users", 200, &mut p)
            .unwrap_or_default()
            .iter()
            .map(|user| user.text("id", &mut p).unwrap_or_default())
            .collect(),
    };
    p.done()?;
    let Some(code) = code else {
        let text = Text::new(
            "An account is made by a contract: create one with POST /agreements/AGREEMENT/contracts and send its code here.",
        );
        return Err(Refusal::field("code", text).into());
    };
    caller
        .act(201, move |tx, actor| {
            let id = actions::accept_by_program(tx, actor, &Secret::presented(&code), &words)?;
            let company = accounts::actions::company_names(tx, &[&id])?.pop();
            let (id, name, role, status) = company.ok_or_else(|| Refusal::not_found("account", &id))?;
            let kind = role.wire_type().to_owned();
            Ok(wire::ActivatedAccount { id: id.into(), name, kind, role, status })
        })
        .await
}
