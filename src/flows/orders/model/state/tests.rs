//! Tests of `state.rs`.

use super::*;
use RequestStatus::{Approved, Draft, Failed, Inquiring, Pending, Revoked, Revoking, Scheduled, TiersSetup};

const ALL: Abilities = Abilities {
    draft: true,
    inquire: true,
    schedule: true,
    edit_ordering: true,
    edit_fulfillment: true,
    offline: Offline::No,
    supported: true,
};

/// Every way that exists; all others are refused.
const WAYS: &[(RequestStatus, Verb, By, RequestStatus)] = &[
    (Draft, Verb::Submit { missing: false }, By::Buyer, Pending),
    (Draft, Verb::Submit { missing: true }, By::Buyer, Inquiring),
    (Draft, Verb::Submit { missing: false }, By::System, Pending),
    (Draft, Verb::Submit { missing: true }, By::System, Inquiring),
    (Draft, Verb::Discard, By::Buyer, Draft),
    (Draft, Verb::Discard, By::System, Draft),
    (Pending, Verb::Inquire, By::Vendor, Inquiring),
    (Pending, Verb::Inquire, By::System, Inquiring),
    (Pending, Verb::Approve, By::Vendor, Approved),
    (Pending, Verb::Approve, By::System, Approved),
    (Pending, Verb::Fail, By::Vendor, Failed),
    (Pending, Verb::Fail, By::System, Failed),
    (Pending, Verb::Schedule, By::Vendor, Scheduled),
    (Pending, Verb::Schedule, By::System, Scheduled),
    (Inquiring, Verb::Pend, By::Vendor, Pending),
    (Inquiring, Verb::Pend, By::Buyer, Pending),
    (Inquiring, Verb::Pend, By::Customer, Pending),
    (Inquiring, Verb::Pend, By::System, Pending),
    (Inquiring, Verb::Fail, By::Vendor, Failed),
    (Inquiring, Verb::Fail, By::System, Failed),
    (TiersSetup, Verb::Fail, By::System, Failed),
    (Scheduled, Verb::Pend, By::Vendor, Pending),
    (Scheduled, Verb::Pend, By::System, Pending),
    (Scheduled, Verb::Wake, By::System, Pending),
    (Scheduled, Verb::Revoke, By::Buyer, Revoking),
    (Scheduled, Verb::Revoke, By::System, Revoking),
    (Revoking, Verb::Confirm, By::Vendor, Revoked),
    (Revoking, Verb::Confirm, By::System, Revoked),
];

pub(crate) const VERBS: &[Verb] = &[
    Verb::Submit { missing: false },
    Verb::Submit { missing: true },
    Verb::Inquire,
    Verb::Pend,
    Verb::Approve,
    Verb::Fail,
    Verb::Schedule,
    Verb::Wake,
    Verb::Revoke,
    Verb::Confirm,
    Verb::Discard,
];

#[test]
fn only_these_ways_exist() {
    for &status in RequestStatus::ALL {
        for &verb in VERBS {
            for by in [By::Vendor, By::Buyer, By::Customer, By::System] {
                let way = WAYS.iter().find(|w| (w.0, w.1, w.2) == (status, verb, by)).map(|w| w.3);
                let got = next(RequestKind::Purchase, status, verb, by, &ALL).ok();
                assert_eq!(got, way, "{status} {verb:?} {by:?}");
            }
        }
    }
}

#[test]
fn refusals_say_what_would_be_right() {
    let no = |status, verb, by| next(RequestKind::Purchase, status, verb, by, &ALL).unwrap_err();
    assert_eq!(
        no(Inquiring, Verb::Approve, By::Vendor).to_string(),
        "The request is Inquiring; only one that is pending can be approved."
    );
    assert_eq!(
        no(Approved, Verb::Fail, By::Vendor).to_string(),
        "The request is Approved for good and cannot be failed. Make a new request."
    );
    assert_eq!(no(Pending, Verb::Approve, By::Buyer).status(), 403);
    let narrow = Abilities { inquire: false, schedule: false, ..ALL };
    assert_eq!(next(RequestKind::Cancel, Pending, Verb::Inquire, By::Vendor, &narrow).unwrap_err().status(), 400);
    assert_eq!(next(RequestKind::Cancel, Pending, Verb::Schedule, By::Vendor, &narrow).unwrap_err().status(), 400);
}

#[test]
fn the_buyer_cancels_alone_only_where_the_product_lets_them() {
    let alone = Abilities { offline: Offline::Allowed, ..ALL };
    assert_eq!(next(RequestKind::Cancel, Pending, Verb::Approve, By::Buyer, &alone).unwrap(), Approved);
    assert!(next(RequestKind::Cancel, Pending, Verb::Approve, By::Customer, &alone).is_err());
}

#[test]
fn requests_fit_the_state_of_their_subscription() {
    use AssetStatus::{Active, Processing, Suspended, Terminated, Terminating};
    let made = |kind, now| asset_at_creation(kind, Some(now), false).ok();
    for kind in [RequestKind::Change, RequestKind::Suspend, RequestKind::Adjustment] {
        for &now in AssetStatus::ALL {
            assert_eq!(made(kind, now), (now == Active).then_some(Active), "{kind} {now}");
        }
    }
    for &now in AssetStatus::ALL {
        assert_eq!(made(RequestKind::Resume, now), (now == Suspended).then_some(Suspended));
        assert_eq!(made(RequestKind::Cancel, now), matches!(now, Active | Suspended).then_some(Terminating));
        assert_eq!(made(RequestKind::Purchase, now), None);
    }
    assert_eq!(asset_at_creation(RequestKind::Purchase, None, false), Ok(Processing));
    assert!(asset_at_creation(RequestKind::Cancel, None, false).is_err());
    let text = asset_at_creation(RequestKind::Change, Some(Suspended), false).unwrap_err().to_string();
    assert!(text.contains("is not allowed in the asset state suspended"), "{text}");
    assert_eq!(asset_after(RequestKind::Cancel, Terminating, Suspended, Failed), Suspended);
    assert_eq!(asset_after(RequestKind::Cancel, Terminating, Active, Approved), Terminated);
    assert_eq!(asset_after(RequestKind::Change, Active, Active, Failed), Active);
    assert_eq!(asset_after(RequestKind::Purchase, Processing, Processing, Failed), Terminated);
    assert_eq!(asset_after(RequestKind::Suspend, Active, Active, Approved), Suspended);
    assert_eq!(asset_after(RequestKind::Resume, Suspended, Suspended, Failed), Suspended);
}
