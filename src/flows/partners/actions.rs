//! What companies look up about their partners.

use super::model::{Between, Brief, Partner};
use super::store;
pub use super::store::PARTNERS;
use crate::db::{Result, Tx};
use crate::flows::accounts;
use crate::journal::{self, Moment};
use crate::kit::{Actor, Level, Module, Refusal};

/// Contracts and listings of which a partner's page tells what happened.
const TOLD: i64 = 200;

/// The partners of a list's page, in its order: three statements.
pub fn partners(tx: &mut Tx<'_>, actor: &Actor, ids: &[String]) -> Result<Vec<Partner>> {
    actor.need(Module::Partners, Level::Read)?;
    let mut stats = store::stats(tx, actor, ids)?;
    let mut contacts = accounts::actions::contacts(tx, ids)?;
    let with = |company: accounts::model::Company| Partner {
        stats: stats.remove(company.id.as_str()).unwrap_or_default(),
        contacts: contacts.remove(&company.id).unwrap_or_default(),
        company,
    };
    Ok(accounts::actions::profiles(tx, ids)?.into_iter().map(with).collect())
}

/// A partner of the actor's company, and what lies between both: four statements.
pub fn partner(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<(Partner, Between)> {
    let found = store::between(tx, actor, id, TOLD)?;
    let partner = partners(tx, actor, &[id.to_owned()])?.pop();
    partner.zip(found).ok_or_else(|| Refusal::not_found("partner", id).into())
}

/// A partner in short: one statement.
pub fn brief(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<Brief> {
    actor.need(Module::Partners, Level::Read)?;
    store::brief(tx, actor, id)?.ok_or_else(|| Refusal::not_found("partner", id).into())
}

/// What happened between both companies lately, as the actor may read it: one statement.
pub fn history(tx: &mut Tx<'_>, actor: &Actor, between: &Between) -> Result<Vec<Moment>> {
    let ids: Vec<&str> = between.objects.iter().map(String::as_str).collect();
    journal::of_objects(tx, &["contract", "listing"], &ids, actor.account()?, between.side, 50)
}
