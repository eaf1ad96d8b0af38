//! Walks over the states of a subscription and its requests: whatever people try, in whatever order, nothing forbidden is
//! reached.

use proptest::prelude::*;

use super::{Abilities, AssetStatus, By, RequestKind, RequestStatus, Verb, asset_after, asset_at_creation, next};
use crate::flows::products::model::Offline;

/// A subscription with its requests, as the actions keep them.
#[derive(Default)]
struct Life {
    asset: Option<AssetStatus>,
    open: Option<(RequestKind, RequestStatus, AssetStatus)>,
    purchases: u32,
    cancelled: u32,
}

#[derive(Debug, Clone)]
enum Step {
    Make(RequestKind, bool),
    Do(Verb, By),
}

fn abilities() -> Abilities {
    Abilities {
        draft: true,
        inquire: true,
        schedule: true,
        edit_ordering: true,
        edit_fulfillment: true,
        offline: Offline::No,
        supported: true,
    }
}

impl Life {
    /// Does a step if it is allowed.
    fn take(&mut self, step: &Step) {
        match step {
            Step::Make(kind, draft) => {
                let draft = *draft && matches!(kind, RequestKind::Purchase | RequestKind::Change);
                if self.open.is_some() || matches!(kind, RequestKind::Renew | RequestKind::Transfer) {
                    return;
                }
                let Ok(after) = asset_at_creation(*kind, self.asset, draft) else { return };
                let before = self.asset.unwrap_or(after);
                let status = if draft { RequestStatus::Draft } else { RequestStatus::Pending };
                self.purchases += u32::from(*kind == RequestKind::Purchase);
                self.asset = Some(after);
                self.open = Some((*kind, status, before));
            }
            Step::Do(verb, by) => {
                let (Some((kind, status, before)), Some(asset)) = (self.open, self.asset) else { return };
                let Ok(to) = next(kind, status, *verb, *by, &abilities()) else { return };
                if *verb == Verb::Discard {
                    self.open = None;
                    if kind == RequestKind::Purchase {
                        self.asset = None;
                        self.purchases -= 1;
                    }
                    return;
                }
                self.asset = Some(asset_after(kind, asset, before, to));
                self.cancelled += u32::from(kind == RequestKind::Cancel && to == RequestStatus::Approved);
                self.open = (!to.is_final()).then_some((kind, to, before));
            }
        }
    }

    /// What must always hold.
    fn check(&self, was: Option<AssetStatus>) {
        let open = self.open.map(|(kind, status, _)| (kind, status));
        match self.asset {
            None => assert!(open.is_none()),
            Some(AssetStatus::Draft) => assert_eq!(open, Some((RequestKind::Purchase, RequestStatus::Draft))),
            Some(AssetStatus::Processing) => {
                assert!(matches!(open, Some((RequestKind::Purchase, s)) if s != RequestStatus::Draft))
            }
            Some(AssetStatus::Terminating) => assert!(matches!(open, Some((RequestKind::Cancel, _)))),
            Some(AssetStatus::Terminated) => assert!(open.is_none()),
            Some(AssetStatus::Active | AssetStatus::Suspended) => {
                assert!(!matches!(open, Some((RequestKind::Purchase, _))))
            }
        }
        assert!(self.purchases <= 1);
        assert!(self.cancelled <= 1);
        if was == Some(AssetStatus::Terminated) {
            assert_eq!(self.asset, was, "terminated is for good");
        }
    }
}

fn verbs() -> impl Strategy<Value = Verb> {
    prop::sample::select(vec![
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
    ])
}

fn steps() -> impl Strategy<Value = Step> {
    let who = prop::sample::select(vec![By::Vendor, By::Buyer, By::Customer, By::System]);
    prop_oneof![
        (prop::sample::select(RequestKind::ALL.to_vec()), any::<bool>())
            .prop_map(|(kind, draft)| Step::Make(kind, draft)),
        (verbs(), who).prop_map(|(verb, by)| Step::Do(verb, by)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    #[test]
    fn no_path_leads_to_a_forbidden_state(path in prop::collection::vec(steps(), 1..120)) {
        let mut life = Life::default();
        for step in &path {
            let was = life.asset;
            life.take(step);
            life.check(was);
        }
    }
}

#[test]
fn the_states_can_all_be_reached() {
    use RequestKind::{Cancel, Purchase, Resume, Suspend};
    let mut life = Life::default();
    let path = [
        (Step::Make(Purchase, true), AssetStatus::Draft),
        (Step::Do(Verb::Submit { missing: true }, By::Buyer), AssetStatus::Processing),
        (Step::Do(Verb::Pend, By::Customer), AssetStatus::Processing),
        (Step::Do(Verb::Approve, By::Vendor), AssetStatus::Active),
        (Step::Make(Suspend, false), AssetStatus::Active),
        (Step::Do(Verb::Approve, By::Vendor), AssetStatus::Suspended),
        (Step::Make(Cancel, false), AssetStatus::Terminating),
        (Step::Do(Verb::Fail, By::Vendor), AssetStatus::Suspended),
        (Step::Make(Resume, false), AssetStatus::Suspended),
        (Step::Do(Verb::Approve, By::Vendor), AssetStatus::Active),
        (Step::Make(Cancel, false), AssetStatus::Terminating),
        (Step::Do(Verb::Approve, By::Vendor), AssetStatus::Terminated),
    ];
    for (step, after) in path {
        life.take(&step);
        assert_eq!(life.asset, Some(after), "{step:?}");
    }
}
