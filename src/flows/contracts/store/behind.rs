//! Contracts in force under an older version of their agreement than the active one.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::super::model::ContractStatus;
use crate::db::schema::{contract, party};
use crate::db::{Result, Tx};
use crate::kit::{AgreementId, ContractId};

/// Contracts that are in force under an older version than the active one.
const BEHIND: &str = "contract.version < (select g.active_version from agreement g where g.id = contract.agreement_id)";

/// Those of one agreement, by id, after one of them. For the job that tells their partners.
pub fn behind(tx: &mut Tx<'_>, agreement: &str, after: &str, limit: i64) -> Result<Vec<ContractId>> {
    Ok(contract::table
        .filter(contract::agreement_id.eq(agreement))
        .filter(contract::status.eq(ContractStatus::Active))
        .filter(contract::id.gt(after.to_owned()))
        .filter(sql::<Bool>(BEHIND))
        .order(contract::id)
        .limit(limit)
        .select(contract::id)
        .load(tx.conn())?)
}

/// How many there are of an agreement that was shown to its issuer.
pub fn count_behind(tx: &mut Tx<'_>, agreement: &AgreementId) -> Result<i64> {
    Ok(contract::table
        .filter(contract::agreement_id.eq(agreement))
        .filter(contract::status.eq(ContractStatus::Active))
        .filter(sql::<Bool>(BEHIND))
        .count()
        .get_result(tx.conn())?)
}

/// Makes it the partners' turn where a newer version waits for them, and nobody's where none does, after the active version
/// of an agreement changed.
pub fn set_turns(tx: &mut Tx<'_>, id: &AgreementId) -> Result<()> {
    let at = tx.at();
    let wants = "(party.side <> 'distributor' and exists (select 1 from contract c join agreement g on g.id = c.agreement_id \
         where c.id = party.object_id and c.version < g.active_version))";
    let ids = contract::table
        .filter(contract::agreement_id.eq(id))
        .filter(contract::status.eq(ContractStatus::Active))
        .select(contract::id);
    let concerned = party::table.filter(party::kind.eq("contract")).filter(party::object_id.eq_any(ids));
    let turned = concerned.filter(sql::<Bool>(&format!("party.turn <> {wants}")));
    diesel::update(turned).set((party::turn.eq(sql::<Bool>(wants)), party::since.eq(at))).execute(tx.conn())?;
    Ok(())
}

/// Notes that the partner of a contract was reminded now.
pub fn set_reminded(tx: &mut Tx<'_>, id: &ContractId) -> Result<()> {
    let at = tx.at();
    diesel::update(contract::table.find(id)).set(contract::reminded_at.eq(Some(at))).execute(tx.conn())?;
    Ok(())
}
