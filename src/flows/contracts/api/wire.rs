//! What the API answers about agreements and contracts.

use serde::Serialize;
use utoipa::ToSchema;

pub use super::wire_forms::*;

use super::super::links::Links;
use super::super::model::{self, ContractKind, ContractStatus, DocumentType, Purpose};
use crate::flows::accounts::model::AccountStatus;
use crate::kit::{Events, NamedRef, Role, Time};

/// A marketplace, in short.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = ContractMarketplace)]
pub struct Marketplace {
    /// `MP-12345`
    pub id: String,
    /// Its name.
    pub name: String,
    /// Path of its picture.
    pub icon: Option<String>,
}

impl From<model::MarketplaceRef> for Marketplace {
    fn from(m: model::MarketplaceRef) -> Self {
        Self { id: m.id.into(), name: m.name, icon: m.icon }
    }
}

/// How much an agreement has.
#[derive(Debug, Serialize, ToSchema)]
pub struct AgreementStats {
    /// Contracts made under it.
    pub contracts: i64,
    /// Versions.
    pub versions: i64,
}

/// An agreement with its active version, or its newest if none is active.
#[derive(Debug, Serialize, ToSchema)]
pub struct Agreement {
    /// `AGP-123-456-789`
    pub id: String,
    /// What is agreed on under it.
    #[serde(rename = "type")]
    pub kind: ContractKind,
    /// Its title.
    pub title: String,
    /// The same.
    pub name: String,
    /// What it is about.
    pub description: String,
    /// When it was created and changed.
    pub events: Events,
    /// When it was created.
    pub created: Option<Time>,
    /// When it was changed.
    pub updated: Option<Time>,
    /// The distributor.
    pub owner: NamedRef,
    /// How much it has.
    pub stats: AgreementStats,
    /// Where the version's text is.
    pub document_type: DocumentType,
    /// The program agreement of a distribution agreement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<NamedRef>,
    /// The marketplace of a distribution agreement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub marketplace: Option<Marketplace>,
    /// Whether enrolments are accepted by themselves.
    pub auto_accept: bool,
    /// The forms of a distribution agreement.
    pub forms: AgreementForms,
    /// Who made the version.
    pub author: Option<NamedRef>,
    /// The version's number.
    pub version: Option<i32>,
    /// Whether the version is active.
    pub active: bool,
    /// The link of the version's text.
    pub link: Option<String>,
    /// When the version was made.
    pub version_created: Option<Time>,
    /// How many contracts are under the version.
    pub version_contracts: i64,
}

/// What others see of a document's type: a text that is written here is, to clients, a file that was uploaded.
fn document_type(kind: DocumentType) -> DocumentType {
    if kind == DocumentType::Text { DocumentType::Uploaded } else { kind }
}

impl From<model::Agreement> for Agreement {
    fn from(a: model::Agreement) -> Self {
        let shown = a.shown;
        let version = shown.as_ref();
        Self {
            id: a.id.into(),
            kind: a.kind,
            name: a.title.clone(),
            title: a.title,
            description: a.description,
            created: a.events.at("created"),
            updated: a.events.at("updated"),
            events: a.events,
            owner: a.owner,
            stats: AgreementStats { contracts: a.contracts, versions: a.versions },
            document_type: document_type(version.map_or(DocumentType::None, |v| v.document_type)),
            parent: a.parent,
            marketplace: a.marketplace.map(Marketplace::from),
            auto_accept: a.auto_accept,
            forms: a.forms.into(),
            author: version.and_then(|v| v.author.clone()),
            version: version.map(|v| v.version),
            active: version.is_some_and(|v| v.active),
            link: version.and_then(|v| v.link.clone()),
            version_created: version.map(|v| v.created_at),
            version_contracts: version.map_or(0, |v| v.contracts),
        }
    }
}

/// A version of an agreement.
#[derive(Debug, Serialize, ToSchema)]
pub struct AgreementVersion {
    /// The agreement.
    pub agreement: NamedRef,
    /// Who made it.
    pub author: Option<NamedRef>,
    /// 1, 2, 3, …
    pub version: i32,
    /// Whether new contracts are made under it.
    pub active: bool,
    /// Where its text is.
    pub document_type: DocumentType,
    /// The link of its text.
    pub link: Option<String>,
    /// When it was made.
    pub version_created: Time,
    /// How many contracts are under it.
    pub version_contracts: i64,
}

impl AgreementVersion {
    /// A version of this agreement.
    pub fn of(agreement: &model::Agreement, v: model::Version) -> Self {
        Self {
            agreement: NamedRef { id: agreement.id.to_string(), name: agreement.title.clone() },
            author: v.author,
            version: v.version,
            active: v.active,
            document_type: document_type(v.document_type),
            link: v.link,
            version_created: v.created_at,
            version_contracts: v.contracts,
        }
    }
}

/// What opens a contract, and what its partner is told. Code, link and address are the issuer's alone, while it is pending.
#[derive(Debug, Serialize, ToSchema)]
pub struct Activation {
    /// The secret of the link.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The link.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// What the partner is told.
    pub message: String,
    /// A note for the issuer's colleagues.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where the invitation was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// When it became active.
    pub date: Option<Time>,
}

/// A contract.
#[derive(Debug, Serialize, ToSchema)]
pub struct Contract {
    /// `CRD-12345-12345-12345`
    pub id: String,
    /// “Contract of …”
    pub name: String,
    /// What was agreed on.
    #[serde(rename = "type")]
    pub kind: ContractKind,
    /// Where it stands.
    pub status: ContractStatus,
    /// The agreement's version in force for it.
    pub version: Option<i32>,
    /// When it came under that version.
    pub version_created: Option<Time>,
    /// Whether that is the agreement's active version.
    pub latest: bool,
    /// What it was signed under.
    pub agreement: NamedRef,
    /// The marketplace of a distribution contract.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub marketplace: Option<Marketplace>,
    /// The distributor.
    pub issuer: NamedRef,
    /// The partner.
    pub owner: NamedRef,
    /// Who made it.
    pub creator: NamedRef,
    /// The partner of an offered contract.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partner: Option<NamedRef>,
    /// Who signed last.
    pub signee: Option<NamedRef>,
    /// What opens it.
    pub activation: Activation,
    /// A note for the issuer's colleagues.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Why it ended.
    pub termination_note: Option<String>,
    /// `production` or `test`; called so on the wire.
    #[serde(rename = "kind")]
    pub purpose: Purpose,
    /// When it ends by itself.
    pub expire_at: Option<Time>,
    /// When the partner enrolled.
    pub enrolled: Option<Time>,
    /// What somebody of the issuer's asks a second person for; the issuer's alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proposal: Option<Proposal>,
    /// When it was created, signed, ended.
    pub events: Events,
}

/// What somebody asks a second person of the same company to confirm.
#[derive(Debug, Serialize, ToSchema)]
pub struct Proposal {
    /// `sign` or `terminate`.
    pub verb: String,
    /// Why.
    pub note: Option<String>,
    /// Who asks.
    pub by: NamedRef,
    /// Since when.
    pub at: Time,
}

impl Links {
    /// A contract as the API answers it.
    pub fn wire(&self, c: model::Contract) -> Contract {
        let some = |text: String| Some(text).filter(|t| !t.is_empty());
        let (code, latest) = (self.code(&c), c.is_latest());
        let link = self.link(&c);
        let (note, email) = c.private.map_or((None, None), |p| (Some(p.note), p.email));
        Contract {
            id: c.id.into(),
            name: c.name,
            kind: c.kind,
            status: c.status,
            version: c.version,
            version_created: c.version_created,
            latest,
            agreement: NamedRef { id: c.agreement.id.into(), name: c.agreement.title },
            marketplace: c.marketplace.map(Marketplace::from),
            partner: c.kind.is_offered().then(|| c.owner.clone()),
            issuer: c.issuer,
            owner: c.owner,
            creator: c.creator,
            signee: c.signee,
            activation: Activation { code, link, message: c.message, note: note.clone(), email, date: c.activated_at },
            note,
            termination_note: some(c.termination_note),
            purpose: c.purpose,
            expire_at: c.expire_at,
            enrolled: c.enrolled_at,
            proposal: c.proposal.map(|p| Proposal {
                verb: p.verb.to_string(),
                note: Some(p.note).filter(|n| !n.is_empty()),
                by: p.by,
                at: p.at,
            }),
            events: c.events,
        }
    }
}

/// A version of an agreement that was signed by a contract's partner.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContractVersion {
    /// The contract.
    pub contract: NamedRef,
    /// The agreement's version.
    pub version: i32,
    /// Who signed it.
    pub signee: Option<NamedRef>,
    /// When.
    pub version_created: Time,
}

impl ContractVersion {
    /// The signed versions of this contract.
    pub fn all(contract: &model::Contract, versions: Vec<(i32, Option<NamedRef>, Time)>) -> Vec<Self> {
        let named = NamedRef { id: contract.id.to_string(), name: contract.name.clone() };
        let one =
            |(version, signee, version_created)| Self { contract: named.clone(), version, signee, version_created };
        versions.into_iter().map(one).collect()
    }
}

/// A contract, as a partner under an agreement mentions it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PartnerContract {
    /// `CRP-12345-12345-12345`
    pub id: String,
    /// Where it stands.
    pub status: ContractStatus,
    /// The agreement's version.
    pub version: Option<i32>,
}

/// A company with a contract under an agreement.
#[derive(Debug, Serialize, ToSchema)]
pub struct PartnerUnder {
    /// `VA-123-456`
    pub id: String,
    /// Its name.
    pub name: String,
    /// What the company is.
    pub role: Role,
    /// The agreement.
    pub agreement: NamedRef,
    /// The contract.
    pub contract: PartnerContract,
    /// When the contract was created and signed.
    pub events: Events,
}

impl From<model::Contract> for PartnerUnder {
    fn from(c: model::Contract) -> Self {
        Self {
            id: c.owner.id,
            name: c.owner.name,
            role: c.kind.partner_role(),
            agreement: NamedRef { id: c.agreement.id.into(), name: c.agreement.title },
            contract: PartnerContract { id: c.id.into(), status: c.status, version: c.version },
            events: c.events,
        }
    }
}

/// An account that was activated.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActivatedAccount {
    /// `VA-123-456`
    pub id: String,
    /// Its name.
    pub name: String,
    /// `vendor` or `provider`.
    #[serde(rename = "type")]
    pub kind: String,
    /// `vendor`, `distributor`, `reseller`.
    pub role: Role,
    /// Where it stands.
    pub status: AccountStatus,
}
