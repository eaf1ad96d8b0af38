//! What time does to API tokens. Whether a key works is always asked of the clock; here it is written what lists show, and
//! told to the company before a token ends.

use crate::db::{self, Db, Result, Tx};
use crate::flows::accounts::model::TokenStatus;
use crate::flows::accounts::store::{self, TokenRow};
use crate::jobs::mail::{self, Link, Mail};
use crate::journal::{self, Entry};
use crate::kit::{AccountId, Actor, Email, Seat, Text, TokenId};

/// Whether time has changed a token of the actor's company that is not written yet.
pub fn any_turned(tx: &mut Tx<'_>, actor: &Actor) -> Result<bool> {
    Ok(!store::turned(tx, actor)?.is_empty())
}

/// Brings the tokens of the actor's company up to this moment: before they are listed, if [`any_turned`] says so.
pub fn settle_tokens(db: &Db, actor: &Actor) -> Result<()> {
    let Seat { account, name, role, .. } = actor.company()?.clone();
    db.write(|tx| settle(tx, &Actor::system(account.clone(), name.clone(), role)))
}

/// The same for every company: at most `limit` of them, those after one; gives the last one.
pub fn settle_companies(db: &Db, after: &str, limit: i64) -> Result<Option<AccountId>> {
    let due = db.read(|tx| store::companies_with_turned(tx, after, limit))?;
    for id in &due {
        db.write(|tx| match super::company_names(tx, &[id])?.pop() {
            Some((id, name, role, _)) => settle(tx, &Actor::system(id, name, role)),
            None => Ok(()),
        })?;
    }
    Ok(due.into_iter().next_back())
}

fn settle(tx: &mut Tx<'_>, system: &Actor) -> Result<()> {
    // One at a time for a company, so that each turn is noted once.
    db::lock(tx, "account", system.account()?.as_str())?;
    for id in store::turned(tx, system)? {
        db::lock(tx, "token", &id)?;
        if let Some(row) = store::tokens(tx, system, &[id])?.pop() {
            turn(tx, system, &row)?;
        }
    }
    Ok(())
}

fn turn(tx: &mut Tx<'_>, system: &Actor, row: &TokenRow) -> Result<()> {
    store::set_keys(tx, &row.id, &row.keys, None, None)?;
    match row.status {
        TokenStatus::Expired => {
            let text = Text::new("Token {name} expired").arg("name", &row.name);
            journal::record(tx, system, Entry::new("token", &row.id, "token.expired", text))?;
        }
        TokenStatus::Expiring => tell(tx, system, row)?,
        _ => {}
    }
    Ok(())
}

/// Tells the company's administrators that a token ends soon, once for each end.
fn tell(tx: &mut Tx<'_>, system: &Actor, row: &TokenRow) -> Result<()> {
    let (seat, TokenRow { id, name, .. }) = (system.company()?.clone(), row);
    let Some(end) = row.keys.end() else { return Ok(()) };
    if !store::told_of_end(tx, id, end)? {
        return Ok(());
    }
    let stops = Text::new(
        "The API token {name} of {account} stops working on {when:day}. From then on programs that use it are refused.",
    );
    let told = Told {
        key: format!("token-end:{id}:{}", end.0),
        token: id,
        subject: Text::new("The token {name} ends on {when:day}").arg("name", name).moment("when", end),
        paragraphs: vec![
            stops.arg("name", name).arg("account", &seat.name).moment("when", end),
            Text::new("Renew it in time: the new key and the old one then work side by side until that day."),
        ],
    };
    tell_managers(tx, system, told)
}

/// What a company is told about one of its tokens.
pub(super) struct Told<'a> {
    /// The same for each time that it happens, and for no other: a mail goes out once.
    pub key: String,
    /// The token.
    pub token: &'a TokenId,
    /// The mail's subject.
    pub subject: Text,
    /// What it says.
    pub paragraphs: Vec<Text>,
}

/// Tells the people who manage a company, for which the system acts, about one of its tokens.
pub(super) fn tell_managers(tx: &mut Tx<'_>, system: &Actor, told: Told<'_>) -> Result<()> {
    let account = system.account()?.clone();
    let managers = store::managers(tx, system)?;
    for (user, to_name, address) in store::at_work(tx, system, &managers)? {
        let Some(address) = Email::parse(&address) else { continue };
        let mail = Mail {
            to_name,
            to: String::new(),
            subject: told.subject.clone(),
            paragraphs: told.paragraphs.clone(),
            link: Some((Text::new("Look at the token:"), Link::Path(path(&account, told.token)))),
            locale: None,
        };
        mail::send(tx, &format!("{}:{user}", told.key), Some(&account), &address, mail)?;
    }
    Ok(())
}

fn path(account: &AccountId, token: &TokenId) -> String {
    format!("/{account}/tokens/{token}")
}
