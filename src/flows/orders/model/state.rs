//! The states of requests and subscriptions, and what leads from one to the other.

use crate::flows::products::model::{Capabilities, Offline};
use crate::kit::{Refusal, Side, Text};

crate::word_enum! {
    /// What a request asks for.
    pub enum RequestKind {
        Purchase = "purchase", Change = "change", Suspend = "suspend", Resume = "resume", Cancel = "cancel",
        Adjustment = "adjustment", Renew = "renew", Transfer = "transfer"
    }
}

impl RequestKind {
    /// What people read.
    pub fn title(self) -> &'static str {
        match self {
            Self::Purchase => "Purchase",
            Self::Change => "Change",
            Self::Suspend => "Suspend",
            Self::Resume => "Resume",
            Self::Cancel => "Cancel",
            Self::Adjustment => "Adjustment",
            Self::Renew => "Renew",
            Self::Transfer => "Transfer",
        }
    }
}

crate::word_enum! {
    /// Where a request stands.
    pub enum RequestStatus {
        /// Being prepared by the buyer.
        Draft = "draft",
        /// Waits until the resellers are set up.
        TiersSetup = "tiers_setup",
        /// Waits for the vendor.
        Pending = "pending",
        /// Waits for the customer, who has to give or correct something.
        Inquiring = "inquiring",
        /// Waits for its day.
        Scheduled = "scheduled",
        /// The buyer wants it back; waits for the vendor.
        Revoking = "revoking",
        /// Taken back, for good.
        Revoked = "revoked",
        /// Done, for good.
        Approved = "approved",
        /// Rejected, for good.
        Failed = "failed",
    }
}

impl RequestStatus {
    /// Whether nothing can happen to it any more.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Revoked | Self::Approved | Self::Failed)
    }

    /// What people read.
    pub fn title(self) -> &'static str {
        match self {
            Self::Draft => "Draft",
            Self::TiersSetup => "Tiers setup",
            Self::Pending => "Pending",
            Self::Inquiring => "Inquiring",
            Self::Scheduled => "Scheduled",
            Self::Revoking => "Revoking",
            Self::Revoked => "Revoked",
            Self::Approved => "Approved",
            Self::Failed => "Failed",
        }
    }
}

crate::word_enum! {
    /// Where a subscription stands.
    pub enum AssetStatus {
        /// Exists only with its draft purchase.
        Draft = "draft",
        /// Its purchase is open.
        Processing = "processing",
        /// In use.
        Active = "active",
        /// Switched off for a while.
        Suspended = "suspended",
        /// A cancellation is open.
        Terminating = "terminating",
        /// Over, for good.
        Terminated = "terminated",
    }
}

impl AssetStatus {
    /// What people read.
    pub fn title(self) -> &'static str {
        match self {
            Self::Draft => "Draft",
            Self::Processing => "Processing",
            Self::Active => "Active",
            Self::Suspended => "Suspended",
            Self::Terminating => "Terminating",
            Self::Terminated => "Terminated",
        }
    }
}

/// Who acts on a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The company whose product it is.
    Vendor,
    /// The distributor or a reseller.
    Buyer,
    /// The customer, through the form whose link was sent.
    Customer,
    /// The platform itself.
    System,
}

impl By {
    /// The part that an account on a side plays.
    pub fn side(side: Side) -> Self {
        match side {
            Side::Vendor => Self::Vendor,
            Side::Distributor | Side::Reseller => Self::Buyer,
            Side::Customer => Self::Customer,
        }
    }
}

/// What may be done to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// Send a draft; `missing` says that a required ordering parameter has no value.
    Submit {
        /// Something is missing.
        missing: bool,
    },
    /// Ask the customer back.
    Inquire,
    /// Give it to the vendor again.
    Pend,
    /// Carry it out.
    Approve,
    /// Reject it.
    Fail,
    /// Put it off to a day.
    Schedule,
    /// Its day has come.
    Wake,
    /// Want it back.
    Revoke,
    /// Let it be taken back.
    Confirm,
    /// Throw a draft away.
    Discard,
}

impl Verb {
    /// The verb in a sentence: "cannot be {…}".
    fn participle(self) -> &'static str {
        match self {
            Self::Submit { .. } => "submitted",
            Self::Inquire => "asked back",
            Self::Pend => "set to pending",
            Self::Approve => "approved",
            Self::Fail => "failed",
            Self::Schedule => "scheduled",
            Self::Wake => "taken up",
            Self::Revoke => "revoked",
            Self::Confirm => "confirmed as revoked",
            Self::Discard => "discarded",
        }
    }

    /// The states from which it leads on.
    fn from(self) -> &'static [RequestStatus] {
        use RequestStatus::{Draft, Inquiring, Pending, Revoking, Scheduled, TiersSetup};
        match self {
            Self::Submit { .. } | Self::Discard => &[Draft],
            Self::Inquire | Self::Approve | Self::Schedule => &[Pending],
            Self::Pend => &[Inquiring, Scheduled],
            Self::Fail => &[Pending, Inquiring, TiersSetup],
            Self::Wake | Self::Revoke => &[Scheduled],
            Self::Confirm => &[Revoking],
        }
    }
}

/// What a product allows for a kind of request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Abilities {
    /// It may start as a draft.
    pub draft: bool,
    /// The customer may be asked back.
    pub inquire: bool,
    /// It may be put off to a day.
    pub schedule: bool,
    /// The ordering parameters may be given anew.
    pub edit_ordering: bool,
    /// The fulfillment parameters may be written.
    pub edit_fulfillment: bool,
    /// Whether the vendor is asked at all.
    pub offline: Offline,
    /// The product knows this kind of request. A suspension that it does not know is made and fails at once.
    pub supported: bool,
}

/// What a product's capabilities allow for a kind of request.
pub fn abilities(kind: RequestKind, capabilities: &Capabilities) -> Abilities {
    let s = &capabilities.subscription;
    let none = Abilities {
        draft: false,
        inquire: false,
        schedule: false,
        edit_ordering: false,
        edit_fulfillment: true,
        offline: Offline::No,
        supported: true,
    };
    match kind {
        RequestKind::Purchase => Abilities {
            draft: capabilities.cart.validation,
            inquire: true,
            schedule: s.purchase.scheduling,
            edit_ordering: true,
            ..none
        },
        RequestKind::Change => Abilities {
            draft: s.change.validation,
            inquire: s.change.inquiring_validation,
            schedule: s.change.scheduling,
            edit_ordering: s.change.editable_ordering_parameters,
            edit_fulfillment: s.change.editable_fulfillment_parameters,
            ..none
        },
        RequestKind::Suspend => {
            Abilities { schedule: s.suspend.scheduling, offline: s.suspend.offline, supported: s.hold, ..none }
        }
        RequestKind::Resume => Abilities { schedule: s.resume.scheduling, supported: s.hold, ..none },
        RequestKind::Cancel => Abilities { schedule: s.cancel.scheduling, offline: s.cancel.offline, ..none },
        RequestKind::Adjustment => Abilities { edit_ordering: true, ..none },
        RequestKind::Renew | RequestKind::Transfer => Abilities { supported: false, ..none },
    }
}

/// The state that a verb leads to.
///
/// # Errors
/// 403 if this is not theirs to do, 400 if the request's state or the product does not allow it.
pub fn next(
    kind: RequestKind,
    status: RequestStatus,
    verb: Verb,
    by: By,
    abilities: &Abilities,
) -> Result<RequestStatus, Refusal> {
    use RequestStatus::{Approved, Draft, Failed, Inquiring, Pending, Revoked, Revoking, Scheduled, TiersSetup};
    if status.is_final() {
        return Err(Refusal::state(
            Text::new("The request is {status:word} for good and cannot be {verb:word}. Make a new request.")
                .arg("status", status.title())
                .arg("verb", verb.participle()),
        ));
    }
    let theirs = match verb {
        Verb::Submit { .. } | Verb::Revoke | Verb::Discard => matches!(by, By::Buyer | By::System),
        Verb::Inquire | Verb::Schedule | Verb::Fail | Verb::Confirm => matches!(by, By::Vendor | By::System),
        Verb::Approve => {
            matches!(by, By::Vendor | By::System) || (by == By::Buyer && abilities.offline == Offline::Allowed)
        }
        Verb::Pend if status == Scheduled => matches!(by, By::Vendor | By::System),
        Verb::Pend => true,
        Verb::Wake => by == By::System,
    };
    if !theirs {
        let whose = match verb {
            Verb::Submit { .. } | Verb::Revoke | Verb::Discard => "the distributor or reseller who ordered",
            _ => "the vendor",
        };
        return Err(Refusal::forbidden(
            Text::new("Only {whose:word} can do this: the request cannot be {verb:word} by you.")
                .arg("whose", whose)
                .arg("verb", verb.participle()),
        ));
    }
    let refused = |text: &'static str| Err(Refusal::state(Text::new(text).arg("kind", kind.title())));
    match (status, verb) {
        (Draft, Verb::Submit { missing: false }) | (Inquiring | Scheduled, Verb::Pend) | (Scheduled, Verb::Wake) => {
            Ok(Pending)
        }
        (Draft, Verb::Submit { missing: true }) => Ok(Inquiring),
        // A discarded draft is deleted; the state only says that it was allowed.
        (Draft, Verb::Discard) => Ok(Draft),
        (Pending, Verb::Inquire) if !abilities.inquire => refused(
            "A request of the type {kind:word} cannot be asked back for this product. Approve it, or fail it with a reason.",
        ),
        (Pending, Verb::Inquire) => Ok(Inquiring),
        (Pending, Verb::Schedule) if !abilities.schedule => refused(
            "The product does not schedule requests of the type {kind:word}. Switch scheduling on in its capabilities, or approve the request.",
        ),
        (Pending, Verb::Schedule) => Ok(Scheduled),
        (Pending, Verb::Approve) => Ok(Approved),
        (Pending | Inquiring, Verb::Fail) => Ok(Failed),
        (TiersSetup, Verb::Fail) if by == By::System => Ok(Failed),
        (Scheduled, Verb::Revoke) => Ok(Revoking),
        (Revoking, Verb::Confirm) => Ok(Revoked),
        _ => {
            let from = verb.from().iter().filter(|s| **s != TiersSetup);
            let wanted = Text::either(from.map(|s| Text::kept(s.as_str())));
            Err(Refusal::state(
                Text::new("The request is {status:word}; only one that is {wanted:text} can be {verb:word}.")
                    .arg("status", status.title())
                    .part("wanted", &wanted)
                    .arg("verb", verb.participle()),
            ))
        }
    }
}

/// The side that must act while a request is in a state. For a draft it is the side that made it.
pub fn turn(status: RequestStatus, maker: Side) -> Option<Side> {
    match status {
        RequestStatus::Draft => Some(maker),
        RequestStatus::TiersSetup | RequestStatus::Pending | RequestStatus::Revoking => Some(Side::Vendor),
        RequestStatus::Inquiring => Some(Side::Distributor),
        RequestStatus::Scheduled | RequestStatus::Revoked | RequestStatus::Approved | RequestStatus::Failed => None,
    }
}

/// The state of the subscription once a request was made for it. `now` is none for a purchase.
///
/// # Errors
/// 400 if such a request does not fit the subscription's state.
pub fn asset_at_creation(kind: RequestKind, now: Option<AssetStatus>, draft: bool) -> Result<AssetStatus, Refusal> {
    use AssetStatus::{Active, Suspended};
    let allowed: &[AssetStatus] = match kind {
        RequestKind::Purchase => {
            return match now {
                None if draft => Ok(AssetStatus::Draft),
                None => Ok(AssetStatus::Processing),
                Some(_) => Err(Refusal::field(
                    "type",
                    Text::new("A purchase makes a new subscription. Leave `asset.id` out, or send another type."),
                )),
            };
        }
        RequestKind::Change
        | RequestKind::Suspend
        | RequestKind::Adjustment
        | RequestKind::Renew
        | RequestKind::Transfer => &[Active],
        RequestKind::Resume => &[Suspended],
        RequestKind::Cancel => &[Active, Suspended],
    };
    match now {
        Some(now) if allowed.contains(&now) && kind == RequestKind::Cancel => Ok(AssetStatus::Terminating),
        Some(now) if allowed.contains(&now) => Ok(now),
        Some(now) => {
            let wanted = Text::either(allowed.iter().map(|s| Text::kept(s.as_str())));
            Err(Refusal::state(
                Text::new("Request type {kind:word} is not allowed in the asset state {status:word}: the subscription must be {wanted:text}.")
                    .arg("kind", kind)
                    .arg("status", now)
                    .part("wanted", &wanted),
            ))
        }
        None => Err(Refusal::field(
            "asset.id",
            Text::new("This field is required: name the subscription that the request is for."),
        )),
    }
}

/// The state of the subscription after its request came into a state. `before` is the state it had when the request was
/// made; a cancellation that fails gives it back.
pub fn asset_after(kind: RequestKind, now: AssetStatus, before: AssetStatus, request: RequestStatus) -> AssetStatus {
    use RequestKind::{Cancel, Purchase, Resume, Suspend};
    match (kind, request) {
        (Purchase, RequestStatus::Draft) => AssetStatus::Draft,
        (Purchase, RequestStatus::Approved) | (Resume, RequestStatus::Approved) => AssetStatus::Active,
        (Purchase, RequestStatus::Failed | RequestStatus::Revoked) | (Cancel, RequestStatus::Approved) => {
            AssetStatus::Terminated
        }
        (Purchase, _) => AssetStatus::Processing,
        (Suspend, RequestStatus::Approved) => AssetStatus::Suspended,
        (Cancel, RequestStatus::Failed | RequestStatus::Revoked) => before,
        (Cancel, _) => AssetStatus::Terminating,
        _ => now,
    }
}

#[cfg(test)]
mod tests;
