//! A contract as one of its parties sees it.

use crate::kit::{AccountId, AgreementId, ContractId, Events, MarketplaceId, NamedRef, Refusal, Text, Time, TokenId};

use super::{By, Circumstances, ContractKind, ContractStatus, FormRef, Grants, MarketplaceRef, Next, Verb, next};

crate::word_enum! {
    /// What a contract is for; `kind` on the wire.
    pub enum Purpose { Production = "production", Test = "test" }
}

/// The agreement of a contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgreementRef {
    /// The public id.
    pub id: AgreementId,
    /// Its title.
    pub title: String,
    /// The number of its active version.
    pub active_version: Option<i32>,
    /// The program agreement of a distribution agreement.
    pub parent: Option<NamedRef>,
    /// Whether it accepts enrolments by itself.
    pub auto_accept: bool,
    /// What a vendor fills to enrol.
    pub form: Option<FormRef>,
}

/// What only the issuer may know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuerOnly {
    /// A note for colleagues.
    pub note: String,
    /// Where the invitation was sent.
    pub email: Option<String>,
    /// What the link is made from; none once it is dead.
    pub nonce: Option<String>,
}

/// What somebody of the issuer's asks a second person of the same company to confirm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// What is to be done.
    pub verb: Verb,
    /// Why; may be empty.
    pub note: String,
    /// Who asks.
    pub by: NamedRef,
    /// Since when.
    pub at: Time,
}

impl Proposal {
    /// Whether a program asks. That makes no first person: whoever holds its token could confirm what they asked for themselves.
    pub fn is_by_program(&self) -> bool {
        TokenId::parse(&self.by.id).is_some()
    }
}

/// A contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Contract {
    /// The public id.
    pub id: ContractId,
    /// What it is about.
    pub kind: ContractKind,
    /// Where it stands.
    pub status: ContractStatus,
    /// “Contract of …”
    pub name: String,
    /// What it was signed under.
    pub agreement: AgreementRef,
    /// The agreement's version in force for it.
    pub version: Option<i32>,
    /// When it came under that version.
    pub version_created: Option<Time>,
    /// The marketplace of a distribution contract.
    pub marketplace: Option<MarketplaceRef>,
    /// The distributor.
    pub issuer: NamedRef,
    /// The partner.
    pub owner: NamedRef,
    /// Who made it.
    pub creator: NamedRef,
    /// Production or test.
    pub purpose: Purpose,
    /// What the issuer tells the partner.
    pub message: String,
    /// Why it ended.
    pub termination_note: String,
    /// What only the issuer may know; none for everyone else.
    pub private: Option<IssuerOnly>,
    /// What the partner's company may do once it is active.
    pub grants: Option<Grants>,
    /// When it became active.
    pub activated_at: Option<Time>,
    /// When the partner enrolled.
    pub enrolled_at: Option<Time>,
    /// When it ends by itself, or its link dies.
    pub expire_at: Option<Time>,
    /// Who signed last.
    pub signee: Option<NamedRef>,
    /// When its partner was last reminded of a newer version.
    pub reminded_at: Option<Time>,
    /// What somebody of the issuer's asks a second person for; none for everyone else.
    pub proposal: Option<Proposal>,
    /// When it was created, signed, ended.
    pub events: Events,
    /// Counts the changes.
    pub revision: i64,
    /// Who looks.
    pub reader: By,
}

impl Contract {
    /// Whether it is under the agreement's active version, or that has none.
    pub fn is_latest(&self) -> bool {
        self.agreement.active_version.is_none_or(|v| self.version == Some(v))
    }

    /// The version whose text its partner is to read before signing: the one that it would come under.
    pub fn version_to_read(&self) -> Option<i32> {
        if self.status == ContractStatus::Active { self.agreement.active_version } else { self.version }
    }

    /// The active version of its agreement, if it is in force under an older one.
    pub fn newer(&self) -> Option<i32> {
        let newer = self.agreement.active_version.filter(|_| self.circumstances().newer);
        newer.filter(|_| self.status == ContractStatus::Active)
    }

    /// What its moves depend on.
    pub fn circumstances(&self) -> Circumstances {
        let newer = self.agreement.active_version.is_some_and(|active| self.version.is_none_or(|v| v < active));
        Circumstances { form: self.agreement.form.is_some(), newer }
    }

    /// Where it goes when its reader does this.
    pub fn next(&self, verb: Verb) -> Result<Next, Refusal> {
        next(self.kind, self.status, verb, self.reader, self.circumstances())
    }

    /// Whether it was made without the partner, which therefore has not read and accepted the agreement yet.
    pub fn is_unread(&self) -> bool {
        self.status == ContractStatus::Enrolling && self.events.at("countersigned").is_none()
    }

    /// Whether it becomes active once its form is sent: the agreement accepts by itself, and has made it. A vendor that
    /// enrols once more, after the distributor ended its contract, is not taken in again without the distributor.
    pub fn is_accepted_by_itself(&self) -> bool {
        self.agreement.auto_accept && self.creator.id == self.issuer.id
    }

    /// The company on the other side of its reader.
    pub fn partner(&self) -> &NamedRef {
        if self.reader == By::Owner { &self.issuer } else { &self.owner }
    }

    /// Whether a link to it still opens.
    pub fn link_lives(&self, now: Time) -> bool {
        self.status == ContractStatus::Pending && self.expire_at.is_none_or(|e| now < e)
    }
}

/// What a dead link says, whatever the reason.
pub fn dead_link() -> Refusal {
    let mut refusal = Refusal::not_found("invitation", "");
    refusal.problems[0].text = Text::new(
        "This link cannot be used. It may have been used already, withdrawn, or be too old. Ask the company that sent it for a new one.",
    );
    refusal
}

/// What flows above know of a contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContractBrief {
    /// The public id.
    pub id: ContractId,
    /// “Contract of …”
    pub name: String,
    /// What it is about.
    pub kind: ContractKind,
    /// The distributor.
    pub issuer: AccountId,
    /// The partner.
    pub owner: AccountId,
    /// The marketplace of a distribution contract.
    pub marketplace: Option<MarketplaceId>,
    /// Where it stands.
    pub status: ContractStatus,
}
