//! Look-ups of contracts by what they connect, for actions and for the flows above, which have made sure that their actor
//! may know the answer.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};

use super::super::model::{By, Contract, ContractBrief, ContractKind, ContractStatus};
use super::contracts::{Row, columns};
use crate::db::schema::{agreement, contract};
use crate::db::{Result, Tx};
use crate::kit::{AccountId, AgreementId, ContractId, MarketplaceId, Secret, Time};

/// The pending contract that a link opens; nothing if it opens none.
pub fn by_secret(tx: &mut Tx<'_>, secret: &Secret) -> Result<Option<Contract>> {
    let row: Option<Row> = contract::table
        .inner_join(agreement::table)
        .filter(contract::activation_hash.eq(secret.hash()))
        .filter(contract::status.eq(ContractStatus::Pending))
        .select(columns!())
        .first(tx.conn())
        .optional()?;
    Ok(row.map(|r| r.seen_by(By::Owner)))
}

/// The statuses of contracts that can still become or are active.
pub(super) const LIVE: [ContractStatus; 4] =
    [ContractStatus::New, ContractStatus::Enrolling, ContractStatus::Pending, ContractStatus::Active];

/// A partner's contract under an agreement that is or can still become active.
pub fn live_contract(
    tx: &mut Tx<'_>,
    agreement: &AgreementId,
    owner: &AccountId,
) -> Result<Option<(ContractId, ContractStatus)>> {
    Ok(contract::table
        .filter(contract::agreement_id.eq(agreement))
        .filter(contract::owner_id.eq(owner))
        .filter(contract::status.eq_any(LIVE))
        .select((contract::id, contract::status))
        .first(tx.conn())
        .optional()?)
}

/// A partner's contracts under the distribution agreements of a program agreement that have not ended.
pub fn live_below(tx: &mut Tx<'_>, program: &AgreementId, owner: &AccountId) -> Result<Vec<ContractId>> {
    Ok(contract::table
        .inner_join(agreement::table)
        .filter(agreement::parent_id.eq(program.as_str()))
        .filter(contract::owner_id.eq(owner))
        .filter(contract::status.eq_any(LIVE))
        .order(contract::id)
        .select(contract::id)
        .load(tx.conn())?)
}

/// The partners with an active contract under an agreement, and since when.
pub fn under_contract(tx: &mut Tx<'_>, agreement: &AgreementId) -> Result<Vec<(AccountId, Option<Time>)>> {
    Ok(contract::table
        .filter(contract::agreement_id.eq(agreement))
        .filter(contract::status.eq(ContractStatus::Active))
        .order(contract::id)
        .select((contract::owner_id, contract::activated_at))
        .load(tx.conn())?)
}

/// Whether a partner made any contract under an agreement since a moment.
pub fn any_since(tx: &mut Tx<'_>, agreement: &AgreementId, owner: &AccountId, since: Time) -> Result<bool> {
    let found = contract::table
        .filter(contract::agreement_id.eq(agreement))
        .filter(contract::owner_id.eq(owner))
        .filter(contract::created_at.ge(since));
    Ok(diesel::select(diesel::dsl::exists(found)).get_result(tx.conn())?)
}

/// Whether any contract names a company as its partner.
pub fn any_of_owner(tx: &mut Tx<'_>, owner: &AccountId) -> Result<bool> {
    let found = contract::table.filter(contract::owner_id.eq(owner));
    Ok(diesel::select(diesel::dsl::exists(found)).get_result(tx.conn())?)
}

/// Whether a company has or had a contract with a distributor.
pub fn knows(tx: &mut Tx<'_>, issuer: &AccountId, owner: &AccountId) -> Result<bool> {
    let found = contract::table.filter(contract::issuer_id.eq(issuer)).filter(contract::owner_id.eq(owner));
    Ok(diesel::select(diesel::dsl::exists(found)).get_result(tx.conn())?)
}

type Brief = (ContractId, String, ContractKind, AccountId, AccountId, Option<MarketplaceId>, ContractStatus);
const BRIEF: (
    contract::id,
    contract::name,
    contract::kind,
    contract::issuer_id,
    contract::owner_id,
    contract::marketplace_id,
    contract::status,
) = (
    contract::id,
    contract::name,
    contract::kind,
    contract::issuer_id,
    contract::owner_id,
    contract::marketplace_id,
    contract::status,
);

fn brief((id, name, kind, issuer, owner, marketplace, status): Brief) -> ContractBrief {
    ContractBrief { id, name, kind, issuer, owner, marketplace, status }
}

/// What the flows above know of these contracts.
pub fn briefs(tx: &mut Tx<'_>, ids: &[ContractId]) -> Result<Vec<ContractBrief>> {
    let rows: Vec<Brief> = contract::table.filter(contract::id.eq_any(ids)).select(BRIEF).load(tx.conn())?;
    Ok(rows.into_iter().map(brief).collect())
}

/// The newest active distribution contract of a vendor for a marketplace.
pub fn active_distribution(
    tx: &mut Tx<'_>,
    vendor: &AccountId,
    marketplace: &MarketplaceId,
) -> Result<Option<ContractBrief>> {
    let row: Option<Brief> = contract::table
        .filter(contract::owner_id.eq(vendor))
        .filter(contract::kind.eq(ContractKind::Distribution))
        .filter(contract::status.eq(ContractStatus::Active))
        .filter(contract::marketplace_id.eq(marketplace.as_str()))
        .order((contract::activated_at.desc(), contract::id))
        .select(BRIEF)
        .first(tx.conn())
        .optional()?;
    Ok(row.map(brief))
}

/// Whether a reseller has an active service contract with a distributor.
pub fn active_service(tx: &mut Tx<'_>, reseller: &AccountId, distributor: &AccountId) -> Result<bool> {
    let found = contract::table
        .filter(contract::owner_id.eq(reseller))
        .filter(contract::issuer_id.eq(distributor))
        .filter(contract::kind.eq(ContractKind::Service))
        .filter(contract::status.eq(ContractStatus::Active));
    Ok(diesel::select(diesel::dsl::exists(found)).get_result(tx.conn())?)
}

/// Active contracts whose end has come, with their issuer: at most `limit`.
pub fn expired(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<(ContractId, AccountId)>> {
    let at = tx.at();
    Ok(contract::table
        .filter(contract::status.eq(ContractStatus::Active))
        .filter(contract::expire_at.le(at))
        .order(contract::id)
        .limit(limit)
        .select((contract::id, contract::issuer_id))
        .load(tx.conn())?)
}
