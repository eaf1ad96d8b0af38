//! Rules about listings, the requests that change them, and connections. Pure.

use crate::kit::{
    AccountId, ConnectionId, ContractId, Environment, Events, HubId, ListingId, ListingRequestId, NamedRef, ProductId,
    Refusal, Role, Side, Text,
};

crate::word_enum! {
    /// Whether a product is on a marketplace.
    pub enum ListingStatus { Unlisted = "unlisted", Listed = "listed" }
}

crate::word_enum! {
    /// What a listing request asks for.
    pub enum RequestKind { New = "new", Update = "update", Remove = "remove" }
}

impl RequestKind {
    /// What people read.
    pub fn title(self) -> &'static str {
        match self {
            Self::New => "New",
            Self::Update => "Update",
            Self::Remove => "Remove",
        }
    }
}

crate::word_enum! {
    /// Where a listing request stands.
    pub enum RequestState {
        /// The vendor prepares it.
        Draft = "draft",
        /// The marketplace's owner looks at it.
        Reviewing = "reviewing",
        /// The marketplace's owner prepares the sale.
        Deploying = "deploying",
        /// Done.
        Completed = "completed",
        /// Given up or rejected.
        Canceled = "canceled",
    }
}

impl RequestState {
    /// Whether nothing can happen to it any more.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Completed | Self::Canceled)
    }

    /// The side that must act now: the vendor, or the marketplace's owner.
    pub fn turn(self, provider: Side) -> Option<Side> {
        match self {
            Self::Draft => Some(Side::Vendor),
            Self::Reviewing | Self::Deploying => Some(provider),
            Self::Completed | Self::Canceled => None,
        }
    }
}

crate::word_enum! {
    /// What is done to a listing request.
    pub enum Verb {
        Submit = "submit", Refine = "refine", Deploy = "deploy", Complete = "complete", Cancel = "cancel",
        Assign = "assign", Unassign = "unassign"
    }
}

impl Verb {
    /// What people read on the button.
    pub fn title(self) -> &'static str {
        match self {
            Self::Submit => "Send for review",
            Self::Refine => "Send back to the vendor",
            Self::Deploy => "Mark as deploying",
            Self::Complete => "Mark as completed",
            Self::Cancel => "Cancel the request",
            Self::Assign => "Assign to me",
            Self::Unassign => "Give back",
        }
    }
}

/// Where a request stands after a verb of the vendor (true) or the marketplace's owner (false).
pub fn next(state: RequestState, verb: Verb, vendor: bool) -> Result<RequestState, Refusal> {
    use RequestState::{Canceled, Completed, Deploying, Draft, Reviewing};
    match (state, verb, vendor) {
        (Draft, Verb::Submit, true) => Ok(Reviewing),
        (Draft, Verb::Cancel, true) | (Reviewing | Deploying, Verb::Cancel, false) => Ok(Canceled),
        (Reviewing, Verb::Refine, false) => Ok(Draft),
        (Reviewing, Verb::Deploy, false) => Ok(Deploying),
        (Deploying, Verb::Complete, false) => Ok(Completed),
        (Reviewing | Deploying, Verb::Assign | Verb::Unassign, false) => Ok(state),
        _ => Err(refused(state, verb, vendor)),
    }
}

/// Why a verb is not possible now, for this side.
fn refused(state: RequestState, verb: Verb, vendor: bool) -> Refusal {
    if state.is_final() {
        let text = Text::new("This request is {state:word}; nothing can be done to it any more. Make a new one.");
        return Refusal::state(text.arg("state", state));
    }
    match (verb, vendor) {
        (Verb::Submit, false) => Refusal::forbidden(Text::new("Only the vendor sends a request for review.")),
        (Verb::Cancel, true) => Refusal::state(
            Text::new("The request is {state:word}: only the marketplace's owner can cancel it now.")
                .arg("state", state),
        ),
        (Verb::Refine | Verb::Deploy | Verb::Complete | Verb::Assign | Verb::Unassign, true) => {
            Refusal::forbidden(Text::new("Only the marketplace's owner can do this."))
        }
        _ => Refusal::state(
            Text::new("A request that is {state:word} cannot be changed by {verb:word}. {remedy:word}")
                .arg("state", state)
                .arg("verb", verb)
                .arg("remedy", remedy(state)),
        ),
    }
}

fn remedy(state: RequestState) -> &'static str {
    match state {
        RequestState::Draft => "The vendor must send it for review first.",
        RequestState::Reviewing => "It must be deploying before it is completed.",
        RequestState::Deploying => "Complete it or cancel it.",
        RequestState::Completed | RequestState::Canceled => "Make a new one.",
    }
}

/// What a completed request makes of its listing.
pub fn completed(kind: RequestKind) -> ListingStatus {
    match kind {
        RequestKind::New | RequestKind::Update => ListingStatus::Listed,
        RequestKind::Remove => ListingStatus::Unlisted,
    }
}

/// Whether something may be asked for, given where the listing stands.
pub fn may_ask(kind: RequestKind, listing: ListingStatus) -> Result<(), Refusal> {
    match (kind, listing) {
        (RequestKind::New, ListingStatus::Unlisted)
        | (RequestKind::Update | RequestKind::Remove, ListingStatus::Listed) => Ok(()),
        (RequestKind::New, ListingStatus::Listed) => Err(Refusal::state(Text::new(
            "The product is on this marketplace already. Ask for an update or a removal instead.",
        ))),
        (RequestKind::Update | RequestKind::Remove, ListingStatus::Unlisted) => Err(Refusal::state(Text::new(
            "The product is not on this marketplace, so there is nothing to change. Ask for a new listing instead.",
        ))),
    }
}

/// The product of a listing, in the version that is or would be on the marketplace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its id.
    pub id: ProductId,
    /// Its name.
    pub name: String,
    /// Path of its picture.
    pub icon: String,
    /// Where it stands.
    pub status: String,
    /// The version; none if it was never listed.
    pub version: Option<i32>,
}

/// A contract under which a product is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Under {
    /// Its id.
    pub id: ContractId,
    /// Its name.
    pub name: String,
}

/// A request as its listing mentions it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// Its id.
    pub id: ListingRequestId,
    /// What it asks for.
    pub kind: RequestKind,
    /// Where it stands.
    pub state: RequestState,
}

/// A product on a marketplace, or on the way there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// Its id.
    pub id: ListingId,
    /// Whether it is on the marketplace.
    pub status: ListingStatus,
    /// The product.
    pub product: Listed,
    /// The contract.
    pub contract: Under,
    /// The marketplace.
    pub marketplace: NamedRef,
    /// The marketplace's picture.
    pub marketplace_icon: Option<String>,
    /// The vendor.
    pub vendor: NamedRef,
    /// The marketplace's owner.
    pub provider: NamedRef,
    /// What the owner is.
    pub provider_role: Role,
    /// The request that is open.
    pub pending: Option<Pending>,
    /// The newest public version of the product: newer than the listed one, there is something to update to.
    pub newest: Option<i32>,
    /// When what happened.
    pub events: Events,
    /// Counts its changes.
    pub revision: i64,
}

impl Listing {
    /// Whether the reader is the vendor.
    pub fn is_vendor(&self, account: &AccountId) -> bool {
        self.vendor.id == account.as_str()
    }

    /// Whether a newer version could be listed.
    pub fn is_upgradable(&self) -> bool {
        self.status == ListingStatus::Listed && self.newest > self.product.version
    }
}

/// A request to change a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Its id.
    pub id: ListingRequestId,
    /// What it asks for.
    pub kind: RequestKind,
    /// Where it stands.
    pub state: RequestState,
    /// The listing.
    pub listing: Listing,
    /// The version of the product that it is about.
    pub version: i32,
    /// What the vendor says.
    pub note: String,
    /// Who looks after it.
    pub assignee: Option<NamedRef>,
    /// Who made it.
    pub creator: Option<NamedRef>,
    /// When what happened.
    pub events: Events,
    /// Counts its changes.
    pub revision: i64,
}

/// Greatest length of a request's note.
pub const MAX_NOTE: usize = 2_000;

crate::word_enum! {
    /// Where a connection stands.
    pub enum ConnectionStatus {
        Pending = "pending", Approved = "approved", Rejected = "rejected", Revoked = "revoked", Active = "active"
    }
}

crate::word_enum! {
    /// Which versions of the product a connection gets.
    pub enum VersionType { Public = "public", Staging = "staging" }
}

/// A product connected with a commerce system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// Its id.
    pub id: ConnectionId,
    /// The product.
    pub product: ProductId,
    /// The commerce system.
    pub hub: NamedRef,
    /// The commerce system's own id and what it is.
    pub instance: (String, String),
    /// The vendor.
    pub vendor: NamedRef,
    /// The hub's owner.
    pub provider: NamedRef,
    /// What it is for.
    pub environment: Environment,
    /// Where it stands.
    pub status: ConnectionStatus,
    /// Which versions it gets.
    pub version_type: VersionType,
    /// What its maker says.
    pub note: String,
    /// When what happened.
    pub events: Events,
}

/// A connection as other objects mention it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectionBrief {
    /// Its id.
    pub id: ConnectionId,
    /// The product.
    pub product: ProductId,
    /// The commerce system.
    pub hub: HubId,
    /// The commerce system's name.
    pub hub_name: String,
    /// The vendor.
    pub vendor: AccountId,
    /// The hub's owner.
    pub provider: AccountId,
    /// What it is for.
    pub environment: Environment,
    /// Where it stands.
    pub status: ConnectionStatus,
}

/// A listing as other objects mention it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListingBrief {
    /// Its id.
    pub id: ListingId,
    /// The contract.
    pub contract: ContractId,
    /// The version that is listed.
    pub version: i32,
}

/// Checks what a new connection is for. Preview belongs to the vendor.
pub fn environment(word: &str, version_type: VersionType) -> Result<Environment, Refusal> {
    match Environment::parse(word) {
        Some(Environment::Production) if version_type == VersionType::Staging => Err(Refusal::field(
            "product_version_type",
            Text::new("Staging versions are for test connections. Use public, or make a test connection."),
        )),
        Some(found @ (Environment::Production | Environment::Test)) => Ok(found),
        _ => Err(Refusal::field(
            "type",
            Text::new("A connection is for test or production; {word} is neither.").arg("word", word),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn requests_go_their_way() {
        use RequestState::{Canceled, Completed, Deploying, Draft, Reviewing};
        let table: &[(RequestState, Verb, bool, RequestState)] = &[
            (Draft, Verb::Submit, true, Reviewing),
            (Draft, Verb::Cancel, true, Canceled),
            (Reviewing, Verb::Refine, false, Draft),
            (Reviewing, Verb::Deploy, false, Deploying),
            (Reviewing, Verb::Cancel, false, Canceled),
            (Reviewing, Verb::Assign, false, Reviewing),
            (Reviewing, Verb::Unassign, false, Reviewing),
            (Deploying, Verb::Complete, false, Completed),
            (Deploying, Verb::Cancel, false, Canceled),
            (Deploying, Verb::Assign, false, Deploying),
            (Deploying, Verb::Unassign, false, Deploying),
        ];
        for state in RequestState::ALL {
            for verb in Verb::ALL {
                for vendor in [true, false] {
                    let wanted = table.iter().find(|(s, v, w, _)| (s, v, *w) == (state, verb, vendor)).map(|row| row.3);
                    assert_eq!(next(*state, *verb, vendor).ok(), wanted, "{state} {verb} vendor: {vendor}");
                }
            }
        }
    }

    #[test]
    fn what_may_be_asked_for() {
        use ListingStatus::{Listed, Unlisted};
        for (kind, listing, good) in [
            (RequestKind::New, Unlisted, true),
            (RequestKind::New, Listed, false),
            (RequestKind::Update, Unlisted, false),
            (RequestKind::Update, Listed, true),
            (RequestKind::Remove, Unlisted, false),
            (RequestKind::Remove, Listed, true),
        ] {
            assert_eq!(may_ask(kind, listing).is_ok(), good, "{kind} {listing}");
        }
    }

    #[test]
    fn what_connections_are_for() {
        assert_eq!(environment("test", VersionType::Staging).ok(), Some(Environment::Test));
        assert_eq!(environment("Production", VersionType::Public).ok(), Some(Environment::Production));
        assert!(environment("production", VersionType::Staging).is_err());
        assert!(environment("preview", VersionType::Public).is_err());
        assert!(environment("", VersionType::Public).is_err());
    }

    proptest! {
        /// However the two sides act: a final request stays, only an open one waits for somebody, and every request that is
        /// completed was reviewed and deployed.
        #[test]
        fn any_walk_keeps_the_rules(steps in proptest::collection::vec((0..Verb::ALL.len(), any::<bool>()), 0..40)) {
            let (mut state, mut reviewed, mut deployed) = (RequestState::Draft, false, false);
            for (verb, vendor) in steps {
                let before = state;
                match next(state, Verb::ALL[verb], vendor) {
                    Ok(after) => {
                        prop_assert!(!before.is_final());
                        state = after;
                    }
                    Err(refusal) => prop_assert!(!refusal.problems.is_empty()),
                }
                reviewed |= state == RequestState::Reviewing;
                deployed |= state == RequestState::Deploying;
                prop_assert_eq!(state.turn(Side::Distributor).is_none(), state.is_final());
            }
            prop_assert!(state != RequestState::Completed || (reviewed && deployed));
        }
    }
}
