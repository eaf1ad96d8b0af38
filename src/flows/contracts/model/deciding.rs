//! Deciding on many contracts at once: what the distributor can choose, and for which contracts.

use super::{By, Contract, ContractStatus, Verb};
use crate::kit::{Level, Refusal, Text};

/// Most contracts that are decided on at once: those of the longest page of their list.
pub const MAX_DECIDED: usize = 100;

crate::word_enum! {
    /// What a distributor decides on contracts that it issued.
    pub enum Decision {
        /// Enrolments come into force.
        Approve = "approve",
        /// Enrolments are turned down.
        Reject = "reject",
        /// Contracts in force end.
        Terminate = "terminate",
    }
}

impl Decision {
    /// What is done to each contract.
    pub fn verb(self) -> Verb {
        match self {
            Self::Approve => Verb::Sign,
            Self::Reject => Verb::Reject,
            Self::Terminate => Verb::Terminate,
        }
    }

    /// Where a contract stands after it.
    pub fn outcome(self) -> ContractStatus {
        match self {
            Self::Approve => ContractStatus::Active,
            Self::Reject => ContractStatus::Rejected,
            Self::Terminate => ContractStatus::Terminated,
        }
    }

    /// What it takes.
    pub fn level(self) -> Level {
        if self == Self::Terminate { Level::Manage } else { Level::Act }
    }

    /// Whether a reason can be given.
    pub fn has_reason(self) -> bool {
        self != Self::Approve
    }

    /// Refuses unless this can be decided on a contract now. What another company issued is not decided on so: whoever
    /// accepts an agreement reads it first.
    pub fn may(self, contract: &Contract) -> Result<(), Refusal> {
        if contract.reader != By::Issuer {
            let text = Text::new("This contract was issued by {issuer}. Open it to answer.");
            return Err(Refusal::forbidden(text.arg("issuer", &contract.issuer.name)));
        }
        if contract.status == self.outcome() {
            let text = Text::new("This contract is {status:word} already. Nothing was changed.");
            return Err(Refusal::conflict(text.arg("status", contract.status)));
        }
        contract.next(self.verb()).map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flows::contracts::model::{Circumstances, ContractKind, Next, next};

    #[test]
    fn every_decision_leads_where_it_says() {
        for (decision, from) in [
            (Decision::Approve, ContractStatus::Pending),
            (Decision::Reject, ContractStatus::Pending),
            (Decision::Terminate, ContractStatus::Active),
        ] {
            let to = next(ContractKind::Distribution, from, decision.verb(), By::Issuer, Circumstances::default());
            assert_eq!(to, Ok(Next::To(decision.outcome())), "{decision}");
        }
    }
}
