//! Where a contract stands and how it moves.

use crate::kit::{Refusal, Role, Side, Text};

crate::word_enum! {
    /// What an agreement and its contracts are about.
    pub enum ContractKind {
        /// A vendor may use the vendor portal.
        Program = "program",
        /// A vendor may list products on a marketplace.
        Distribution = "distribution",
        /// A reseller may use the reseller portal.
        Service = "service",
        /// A reseller may resell a product on a marketplace of its own.
        Syndication = "syndication",
        /// Another distributor may deal with the vendor directly.
        Referral = "referral",
    }
}

impl ContractKind {
    /// Prefix of an agreement's id.
    pub fn agreement_prefix(self) -> &'static str {
        match self {
            Self::Program => "AGP",
            Self::Distribution => "AGD",
            Self::Service => "AGS",
            Self::Syndication => "AGU",
            Self::Referral => "AGR",
        }
    }

    /// Prefix of a contract's id.
    pub fn contract_prefix(self) -> &'static str {
        match self {
            Self::Program => "CRP",
            Self::Distribution => "CRD",
            Self::Service => "CRS",
            Self::Syndication => "CRU",
            Self::Referral => "CRR",
        }
    }

    /// Whether the issuer offers it and the partner decides; otherwise the partner asks and the issuer decides.
    pub fn is_offered(self) -> bool {
        matches!(self, Self::Program | Self::Service)
    }

    /// What the company becomes that such an offer creates.
    pub fn partner_role(self) -> Role {
        match self {
            Self::Program | Self::Distribution | Self::Referral => Role::Vendor,
            Self::Service | Self::Syndication => Role::Reseller,
        }
    }

    /// On which side the partner stands.
    pub fn partner_side(self) -> Side {
        self.partner_role().side()
    }

    /// Whether a company of this role can be the partner. A distributor may be another distributor's reseller.
    pub fn is_for(self, role: Role) -> bool {
        role == self.partner_role() || (self == Self::Service && role == Role::Distributor)
    }

    fn decider(self) -> By {
        match self {
            Self::Program | Self::Service | Self::Referral => By::Owner,
            Self::Distribution | Self::Syndication => By::Issuer,
        }
    }
}

crate::word_enum! {
    /// Where a contract stands.
    pub enum ContractStatus {
        /// Saved, not sent.
        New = "new",
        /// The partner fills a form.
        Enrolling = "enrolling",
        /// Somebody has to decide.
        Pending = "pending",
        /// In force.
        Active = "active",
        /// Declined; final.
        Rejected = "rejected",
        /// Ended; final.
        Terminated = "terminated",
    }
}

impl ContractStatus {
    /// Whether it can still become or is active. A partner has at most one such contract under an agreement.
    pub fn is_live(self) -> bool {
        !matches!(self, Self::Rejected | Self::Terminated)
    }

    /// What a distribution contract becomes when the program contract above it ends; nothing if it has ended itself.
    pub fn after_program(self) -> Option<Self> {
        match self {
            Self::New | Self::Enrolling | Self::Pending => Some(Self::Rejected),
            Self::Active => Some(Self::Terminated),
            Self::Rejected | Self::Terminated => None,
        }
    }
}

/// Who acts on a contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The distributor that issued the agreement.
    Issuer,
    /// The partner, or who holds the link of an offer.
    Owner,
    /// The system: auto accept, expiry, the end of a program contract.
    System,
}

crate::word_enum! {
    /// What can be done with a contract.
    pub enum Verb {
        /// Send the enrolment.
        Enroll = "enroll",
        /// Accept, approve, or accept a newer version.
        Sign = "sign",
        /// Decline.
        Reject = "reject",
        /// Send the enrolment back.
        Refine = "refine",
        /// End.
        Terminate = "terminate",
        /// Withdraw the offer.
        Delete = "delete",
    }
}

impl Verb {
    fn word(self) -> &'static str {
        match self {
            Self::Enroll => "enrol",
            Self::Sign => "sign",
            Self::Reject => "reject",
            Self::Refine => "send back",
            Self::Terminate => "terminate",
            Self::Delete => "delete",
        }
    }
}

/// What a contract's moves depend on besides its status.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Circumstances {
    /// The agreement has an enrolment form.
    pub form: bool,
    /// The agreement's active version is newer than the contract's.
    pub newer: bool,
}

/// What a move leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Another status.
    To(ContractStatus),
    /// The same status under the agreement's active version.
    Renewed,
    /// It is deleted.
    Gone,
}

/// Where a contract goes when somebody does something with it.
pub fn next(
    kind: ContractKind,
    status: ContractStatus,
    verb: Verb,
    by: By,
    with: Circumstances,
) -> Result<Next, Refusal> {
    use ContractStatus::{Active, Enrolling, New, Pending, Rejected, Terminated};
    let (who, from, to): (By, &[ContractStatus], Next) = match verb {
        Verb::Sign if status == Active && with.newer => (By::Owner, &[Active], Next::Renewed),
        Verb::Sign => (kind.decider(), &[Pending], Next::To(Active)),
        Verb::Reject => (kind.decider(), &[Pending], Next::To(Rejected)),
        Verb::Terminate => (By::Issuer, &[Active], Next::To(Terminated)),
        Verb::Enroll if kind == ContractKind::Distribution => (By::Owner, &[New, Enrolling], Next::To(Pending)),
        Verb::Refine if kind == ContractKind::Distribution => (By::Issuer, &[Pending], Next::To(Enrolling)),
        Verb::Delete if kind.is_offered() => (By::Issuer, &[Pending], Next::Gone),
        Verb::Enroll => {
            return Err(never(kind, "Only distribution contracts are enrolled in; this is a {kind:word} contract."));
        }
        Verb::Refine => {
            return Err(never(kind, "Only distribution contracts can be sent back; this is a {kind:word} contract."));
        }
        Verb::Delete => {
            return Err(never(
                kind,
                "A {kind:word} contract cannot be deleted. Reject it while it is pending, terminate it when it is active.",
            ));
        }
    };
    // The system stands in for the issuer, never for the partner.
    let may = by == who || (by == By::System && who == By::Issuer) || (by == By::System && verb == Verb::Enroll);
    if !may {
        return Err(Refusal::forbidden(if who == By::Owner {
            Text::new("Only the partner can {verb:word} this contract.").arg("verb", verb.word())
        } else {
            Text::new("Only the distributor that issued it can {verb:word} this contract.").arg("verb", verb.word())
        }));
    }
    // Whoever comes second is told that it is done, not that they did something wrong.
    if to == Next::To(status) && matches!(verb, Verb::Sign | Verb::Reject | Verb::Terminate) {
        let text = Text::new("This contract is {status:word} already. Nothing was changed.").arg("status", status);
        return Err(Refusal::conflict(text).with("status", status));
    }
    if !from.contains(&status) {
        let needed = Text::either(from.iter().map(|status| Text::kept(status.as_str())));
        let text = Text::new("This contract is {status:word}. To {verb:word} it, it must be {needed:text}.");
        return Err(Refusal::state(text.arg("status", status).arg("verb", verb.word()).part("needed", &needed)));
    }
    if verb == Verb::Refine && !with.form {
        let text = Text::new(
            "There is nothing to send back: the agreement has no enrolment form. Approve or reject the contract.",
        );
        return Err(Refusal::state(text));
    }
    Ok(to)
}

fn never(kind: ContractKind, sentence: &'static str) -> Refusal {
    Refusal::state(Text::new(sentence).arg("kind", kind))
}

/// The side that must act next.
pub fn turn(kind: ContractKind, status: ContractStatus) -> Option<Side> {
    match status {
        ContractStatus::New | ContractStatus::Enrolling => Some(kind.partner_side()),
        ContractStatus::Pending if kind.decider() == By::Issuer => Some(Side::Distributor),
        ContractStatus::Pending => Some(kind.partner_side()),
        ContractStatus::Active | ContractStatus::Rejected | ContractStatus::Terminated => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    use By::{Issuer, Owner, System};
    use ContractKind::{Distribution, Program, Referral, Service, Syndication};
    use ContractStatus::{Active, Enrolling, New, Pending, Rejected, Terminated};

    const PLAIN: Circumstances = Circumstances { form: false, newer: false };
    const FORM: Circumstances = Circumstances { form: true, newer: false };
    const NEWER: Circumstances = Circumstances { form: false, newer: true };

    /// Every move there is; whatever is not here is refused.
    fn allowed() -> Vec<(ContractKind, ContractStatus, Verb, By, Circumstances, Next)> {
        let mut rows = vec![];
        for kind in [Program, Service] {
            rows.push((kind, Pending, Verb::Sign, Owner, PLAIN, Next::To(Active)));
            rows.push((kind, Pending, Verb::Reject, Owner, PLAIN, Next::To(Rejected)));
            rows.push((kind, Pending, Verb::Delete, Issuer, PLAIN, Next::Gone));
            rows.push((kind, Pending, Verb::Delete, System, PLAIN, Next::Gone));
        }
        rows.push((Referral, Pending, Verb::Sign, Owner, PLAIN, Next::To(Active)));
        rows.push((Referral, Pending, Verb::Reject, Owner, PLAIN, Next::To(Rejected)));
        for kind in [Distribution, Syndication] {
            for by in [Issuer, System] {
                rows.push((kind, Pending, Verb::Sign, by, PLAIN, Next::To(Active)));
                rows.push((kind, Pending, Verb::Reject, by, PLAIN, Next::To(Rejected)));
            }
        }
        for by in [Owner, System] {
            rows.push((Distribution, New, Verb::Enroll, by, PLAIN, Next::To(Pending)));
            rows.push((Distribution, Enrolling, Verb::Enroll, by, PLAIN, Next::To(Pending)));
        }
        for by in [Issuer, System] {
            rows.push((Distribution, Pending, Verb::Refine, by, FORM, Next::To(Enrolling)));
        }
        for kind in ContractKind::ALL {
            rows.push((*kind, Active, Verb::Terminate, Issuer, PLAIN, Next::To(Terminated)));
            rows.push((*kind, Active, Verb::Terminate, System, PLAIN, Next::To(Terminated)));
            rows.push((*kind, Active, Verb::Sign, Owner, NEWER, Next::Renewed));
        }
        rows
    }

    #[test]
    fn every_move_is_in_the_table() {
        let table = allowed();
        for kind in ContractKind::ALL {
            for status in ContractStatus::ALL {
                for verb in Verb::ALL.iter().copied() {
                    for by in [Issuer, Owner, System] {
                        for with in [PLAIN, FORM, NEWER] {
                            let row = table.iter().find(|r| {
                                // A circumstance matters only where the table asks for it.
                                (r.0, r.1, r.2, r.3) == (*kind, *status, verb, by) && (r.4 == with || r.4 == PLAIN)
                            });
                            let got = next(*kind, *status, verb, by, with);
                            assert_eq!(
                                got.as_ref().ok(),
                                row.map(|r| &r.5),
                                "{kind} {status} {verb:?} {by:?} {with:?}: {got:?}"
                            );
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn the_wrong_company_is_forbidden_and_the_wrong_state_is_told() {
        let code = |r: Result<Next, Refusal>| r.unwrap_err().status();
        assert_eq!(code(next(Distribution, Pending, Verb::Sign, Owner, PLAIN)), 403);
        assert_eq!(code(next(Program, Pending, Verb::Sign, Issuer, PLAIN)), 403);
        assert_eq!(code(next(Distribution, Enrolling, Verb::Enroll, Issuer, PLAIN)), 403);
        assert_eq!(code(next(Program, Active, Verb::Delete, Issuer, PLAIN)), 400);
        assert_eq!(code(next(Distribution, Pending, Verb::Refine, Issuer, PLAIN)), 400);
        let text = next(Program, Rejected, Verb::Sign, Owner, PLAIN).unwrap_err().to_string();
        assert_eq!(text, "This contract is rejected. To sign it, it must be pending.");
        let twice = next(Program, Active, Verb::Sign, Owner, PLAIN).unwrap_err();
        assert_eq!(
            (twice.status(), twice.to_string().as_str()),
            (409, "This contract is active already. Nothing was changed.")
        );
        let text = next(Program, Pending, Verb::Refine, Issuer, FORM).unwrap_err().to_string();
        assert_eq!(text, "Only distribution contracts can be sent back; this is a program contract.");
    }

    fn verb() -> impl Strategy<Value = (Verb, By, bool, bool)> {
        (
            proptest::sample::select(Verb::ALL.to_vec()),
            proptest::sample::select(vec![Issuer, Owner, System]),
            any::<bool>(),
            any::<bool>(),
        )
    }

    proptest! {
        /// However people press buttons: an ended contract stays ended, an active one only ends, and every decision was the
        /// decider's.
        #[test]
        fn walks_keep_the_promises(
            kind in proptest::sample::select(ContractKind::ALL.to_vec()),
            steps in proptest::collection::vec(verb(), 0..40),
        ) {
            let mut status = if kind == Distribution { Enrolling } else { Pending };
            let mut gone = false;
            for (verb, by, form, newer) in steps {
                let before = status;
                match next(kind, status, verb, by, Circumstances { form, newer }) {
                    Ok(Next::To(after)) => {
                        prop_assert!(before.is_live());
                        prop_assert!(before != Active || after == Terminated);
                        prop_assert!(after != Active || by == kind.decider() || by == System);
                        prop_assert!(turn(kind, after).is_some() == matches!(after, New | Enrolling | Pending));
                        status = after;
                    }
                    Ok(Next::Renewed) => prop_assert!(before == Active && newer && by == Owner),
                    Ok(Next::Gone) => { prop_assert!(before == Pending && kind.is_offered()); gone = true; break; }
                    Err(refusal) => prop_assert!(matches!(refusal.status(), 400 | 403 | 409)),
                }
            }
            prop_assert!(!gone || status == Pending);
            prop_assert_eq!(status.after_program().is_some(), status.is_live());
        }
    }
}
