//! The contracts under agreements, for the pages of the agreements.

use super::super::model::{Contract, ContractStatus};
use super::super::store;
use crate::db::{self, Result, Tx};
use crate::kit::{Actor, AgreementId, Level, Module};

/// The newest contracts under an agreement that the actor may see, at most ten.
pub fn contracts_under(tx: &mut Tx<'_>, actor: &Actor, agreement: &AgreementId) -> Result<Vec<Contract>> {
    actor.need(Module::Partners, Level::Read)?;
    let ids = store::newest_under(tx, actor, agreement, 10)?;
    Ok(db::in_order(&ids, store::contracts(tx, actor, &ids)?, |c| c.id.as_str()))
}

/// The newest contract of the actor's own company under each of these agreements: its id and status.
pub fn own_contracts(
    tx: &mut Tx<'_>,
    actor: &Actor,
    agreements: &[AgreementId],
) -> Result<Vec<(AgreementId, (String, ContractStatus))>> {
    let mut newest: Vec<(AgreementId, (String, ContractStatus))> = vec![];
    for (agreement, id, status) in store::own_under(tx, actor, agreements)? {
        if newest.iter().all(|(known, _)| *known != agreement) {
            newest.push((agreement, (id.into(), status)));
        }
    }
    Ok(newest)
}
