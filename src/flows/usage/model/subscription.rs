//! Which subscription a row means, among those that its value found.

use super::row::{Code, Fault};
use super::sheet::Field;
use crate::kit::{Environment, Text, Time};

/// What a subscription must belong to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// The file's contract.
    pub contract: String,
    /// The file's environment.
    pub environment: Environment,
}

/// A subscription of the product that a value found, in any contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Its id.
    pub id: String,
    /// Where it stands: `active`, `suspended`, …
    pub status: String,
    /// Its contract.
    pub contract: String,
    /// Its environment.
    pub environment: Environment,
    /// Whether there is a reseller next to the customer, and one above it.
    pub tiers: [bool; 2],
    /// When it ended, if it has.
    pub ended: Option<Time>,
    /// The value of the parameter that is marked for reconciliation.
    pub recon: Option<String>,
}

impl Candidate {
    /// Whether usage that starts at a moment can be of this subscription.
    fn takes(&self, start: Option<Time>) -> bool {
        match self.status.as_str() {
            "active" | "suspended" | "terminating" => true,
            // Usage from before the end is often reported after it.
            "terminated" => self.ended.zip(start).is_none_or(|(ended, start)| start < ended),
            _ => false,
        }
    }
}

/// The one subscription that is meant, or what is wrong.
pub fn choose<'a>(
    found: &'a [Candidate],
    scope: &Scope,
    value: &str,
    start: Option<Time>,
) -> Result<&'a Candidate, Fault> {
    let fault = |code, text: Text| Fault::new(code, Field::AssetValue.as_str(), value, text);
    let inside: Vec<&Candidate> =
        found.iter().filter(|c| c.contract == scope.contract && c.environment == scope.environment).collect();
    let usable: Vec<&&Candidate> = inside.iter().filter(|c| c.takes(start)).collect();
    match (usable.as_slice(), inside.first(), found.first()) {
        ([one], ..) => Ok(one),
        ([], None, None) => Err(fault(Code::NoSubscription, Text::new("No subscription of this product has this value. Check it."))),
        ([], None, Some(other)) if other.environment != scope.environment => Err(fault(
            Code::WrongSubscription,
            Text::new("Subscription {id} is for {theirs:word}, this file for {ours:word}. Report it in a file for {theirs:word}.")
                .arg("id", &other.id)
                .arg("theirs", other.environment)
                .arg("ours", scope.environment),
        )),
        ([], None, Some(other)) => Err(fault(
            Code::WrongSubscription,
            Text::new("Subscription {id} belongs to contract {theirs}, this file to {ours}. Report it in a file of its contract.")
                .arg("id", &other.id)
                .arg("theirs", &other.contract)
                .arg("ours", &scope.contract),
        )),
        ([], Some(ended), _) if ended.status == "terminated" => Err(fault(
            Code::WrongSubscription,
            Text::new("Subscription {id} ended before this row starts. Correct the dates, or leave the row out.").arg("id", &ended.id),
        )),
        ([], Some(early), _) => Err(fault(
            Code::WrongSubscription,
            Text::new("Subscription {id} is {status:word}; usage can be reported once it is active.").arg("id", &early.id).arg("status", &early.status),
        )),
        (several, ..) => {
            let ids: Vec<&str> = several.iter().take(5).map(|c| c.id.as_str()).collect();
            Err(fault(
                Code::ManySubscriptions,
                Text::new("{count} subscriptions have this value ({ids}). Use asset.id to name one.").arg("count", several.len()).arg("ids", ids.join(", ")),
            ))
        }
    }
}

/// Refuses an amount for a reseller that the subscription does not have. 0 is the customer.
pub fn tier_exists(subscription: &Candidate, tier: i32) -> Result<(), Fault> {
    let there = match tier {
        1 => subscription.tiers[0],
        2 => subscription.tiers[1],
        _ => true,
    };
    if there {
        return Ok(());
    }
    let text = Text::new("Subscription {id} has no reseller of tier {tier}. Use a tier that it has.")
        .arg("id", &subscription.id)
        .arg("tier", tier);
    Err(Fault::new(Code::NoTier, Field::Tier.as_str(), tier, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(id: &str, status: &str, contract: &str) -> Candidate {
        Candidate {
            id: id.into(),
            status: status.into(),
            contract: contract.into(),
            environment: Environment::Production,
            tiers: [true, false],
            ended: (status == "terminated").then(|| Time::parse("2026-05-12").unwrap()),
            recon: None,
        }
    }

    #[test]
    fn exactly_one_is_meant() {
        let scope = Scope { contract: "CRD-1".into(), environment: Environment::Production };
        let may = |day: &str| Time::parse(day);
        let code = |found: &[Candidate], day: &str| {
            choose(found, &scope, "x", may(day)).map(|c| c.id.clone()).map_err(|f| f.code)
        };
        let a = candidate("AS-1", "active", "CRD-1");
        let other = candidate("AS-2", "active", "CRD-2");
        let ended = candidate("AS-3", "terminated", "CRD-1");
        let early = candidate("AS-4", "processing", "CRD-1");
        let test = Candidate { environment: Environment::Test, ..a.clone() };
        for (found, day, want) in [
            (vec![a.clone()], "2026-05-01", Ok("AS-1")),
            (vec![other.clone(), a.clone()], "2026-05-01", Ok("AS-1")),
            (vec![ended.clone(), a.clone()], "2026-06-01", Ok("AS-1")),
            (vec![ended.clone()], "2026-05-11", Ok("AS-3")),
            (vec![], "2026-05-01", Err(Code::NoSubscription)),
            (vec![other], "2026-05-01", Err(Code::WrongSubscription)),
            (vec![test], "2026-05-01", Err(Code::WrongSubscription)),
            (vec![ended.clone()], "2026-05-12", Err(Code::WrongSubscription)),
            (vec![early], "2026-05-01", Err(Code::WrongSubscription)),
            (vec![a.clone(), candidate("AS-5", "suspended", "CRD-1")], "2026-05-01", Err(Code::ManySubscriptions)),
        ] {
            assert_eq!(code(&found, day).as_deref(), want.as_ref().map(|s| *s), "{found:?}");
        }
    }

    #[test]
    fn tiers_must_be_there() {
        let c = candidate("AS-1", "active", "CRD-1");
        assert!(tier_exists(&c, 0).is_ok() && tier_exists(&c, 1).is_ok());
        assert_eq!(tier_exists(&c, 2).unwrap_err().code, Code::NoTier);
    }
}
