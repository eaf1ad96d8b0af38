//! What keeps a company from closing its account.

use crate::flows::contracts::model::ContractStatus;
use crate::flows::listings::model::RequestState;
use crate::flows::orders::model::{AssetStatus, RequestStatus};
use crate::flows::usage::model::FileStatus;
use crate::kit::Text;

/// How many objects of a kind, as in the party rows, are in a status.
pub type Counted = (String, String, i64);

/// Whether something still goes on with an object of a kind in a status.
fn goes_on(kind: &str, status: &str) -> bool {
    match kind {
        "contract" => ContractStatus::parse(status).is_some_and(ContractStatus::is_live),
        "listing_request" => RequestState::parse(status)
            .is_some_and(|s| matches!(s, RequestState::Draft | RequestState::Reviewing | RequestState::Deploying)),
        "asset" => AssetStatus::parse(status)
            .is_some_and(|s| matches!(s, AssetStatus::Active | AssetStatus::Suspended | AssetStatus::Terminating)),
        "request" => RequestStatus::parse(status).is_some_and(|s| !s.is_final()),
        "usage_file" => FileStatus::parse(status) == Some(FileStatus::Pending),
        _ => false,
    }
}

/// The sentences for each kind, in the order in which things are brought to an end.
fn sentence(kind: &str) -> Option<Text> {
    Some(match kind {
        "request" => Text::new(
            "{count|One request is|{count} requests are} open: decide {count|it|them}, or take {count|it|them} back.",
        ),
        "usage_file" => {
            Text::new("{count|One usage file waits|{count} usage files wait} for a decision: see to {count|it|them}.")
        }
        "asset" => Text::new(
            "{count|One subscription is|{count} subscriptions are} in use: cancel {count|it|them}, or let others do so.",
        ),
        "listing_request" => Text::new(
            "{count|One listing request is|{count} listing requests are} open: bring {count|it|them} to an end.",
        ),
        "contract" => Text::new(
            "{count|One contract is|{count} contracts are} in force or {count|waits|wait} for an answer: {count|it has|they have} to end first.",
        ),
        _ => return None,
    })
}

/// What is still going on, in sentences.
pub fn in_the_way(counted: &[Counted]) -> Vec<Text> {
    ["request", "usage_file", "asset", "listing_request", "contract"]
        .into_iter()
        .filter_map(|kind| {
            let number: i64 =
                counted.iter().filter(|(k, status, _)| k == kind && goes_on(k, status)).map(|(.., n)| n).sum();
            sentence(kind).filter(|_| number > 0).map(|text| text.arg("count", number))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_goes_on_is_in_the_way() {
        let counted = |list: &[(&str, &str, i64)]| {
            list.iter().map(|(k, s, n)| ((*k).to_owned(), (*s).to_owned(), *n)).collect::<Vec<Counted>>()
        };
        let over = [
            ("contract", "terminated", 3),
            ("contract", "rejected", 1),
            ("request", "approved", 9),
            ("request", "failed", 9),
            ("asset", "terminated", 9),
            ("usage_file", "accepted", 9),
            ("listing_request", "completed", 9),
            ("product", "published", 9),
        ];
        assert!(in_the_way(&counted(&over)).is_empty());
        let open = [
            ("contract", "active", 1),
            ("contract", "pending", 1),
            ("request", "pending", 1),
            ("usage_file", "pending", 1),
            ("asset", "suspended", 1),
            ("listing_request", "draft", 1),
        ];
        let said = in_the_way(&counted(&open));
        assert_eq!(said.len(), 5);
        assert_eq!(said.iter().filter_map(|t| t.value("count")).collect::<Vec<_>>(), ["1", "1", "1", "1", "2"]);
    }
}
