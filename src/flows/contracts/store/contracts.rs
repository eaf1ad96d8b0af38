//! Rows of contracts.

use diesel::dsl::{exists, sql};
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};

use super::super::model::{
    AgreementRef, By, Contract, ContractKind, ContractStatus, FormKind, FormRef, GoodTerms, Grants, IssuerOnly,
    MarketplaceRef, Proposal, Purpose, Verb,
};
use crate::db::schema::{agreement, contract, contract_version, party};
use crate::db::{Result, Tx, insert_with_fresh_id};
use crate::kit::column::Doc;
use crate::kit::{
    AccountId, Actor, AgreementId, ContractId, Events, MarketplaceId, NamedRef, Refusal, Secret, Time, fold,
};

#[derive(Queryable)]
pub(super) struct Row {
    id: ContractId,
    kind: ContractKind,
    status: ContractStatus,
    name: String,
    agreement_id: AgreementId,
    agreement_title: String,
    active_version: Option<i32>,
    parent_id: Option<String>,
    parent_title: Option<String>,
    auto_accept: bool,
    form: Option<String>,
    version: Option<i32>,
    version_created: Option<Time>,
    marketplace_id: Option<MarketplaceId>,
    marketplace_name: Option<String>,
    marketplace_icon: Option<String>,
    issuer_id: AccountId,
    issuer_name: String,
    owner_id: AccountId,
    owner_name: String,
    creator_id: AccountId,
    creator_name: String,
    environment: Purpose,
    message: String,
    note: String,
    termination_note: String,
    nonce: Option<String>,
    email: Option<String>,
    permissions: Doc<Option<Grants>>,
    activated_at: Option<Time>,
    enrolled_at: Option<Time>,
    expire_at: Option<Time>,
    signee: Option<Doc<NamedRef>>,
    events: Doc<Events>,
    revision: i64,
    reminded_at: Option<Time>,
    proposal: (Option<Verb>, Option<String>, Option<Doc<NamedRef>>, Option<Time>),
}

/// The columns of [`Row`], of a contract joined with its agreement.
macro_rules! columns {
    () => {
        (
            contract::id,
            contract::kind,
            contract::status,
            contract::name,
            contract::agreement_id,
            agreement::title,
            agreement::active_version,
            agreement::parent_id,
            sql::<Nullable<Text>>("(select p.title from agreement p where p.id = agreement.parent_id)"),
            agreement::auto_accept,
            sql::<Nullable<Text>>($crate::flows::contracts::store::forms::ENROLL_FORM),
            contract::version,
            contract::version_created,
            contract::marketplace_id,
            sql::<Nullable<Text>>("(select m.name from marketplace m where m.id = contract.marketplace_id)"),
            sql::<Nullable<Text>>("(select m.icon from marketplace m where m.id = contract.marketplace_id)"),
            contract::issuer_id,
            sql::<Text>("(select a.name from account a where a.id = contract.issuer_id)"),
            contract::owner_id,
            sql::<Text>("(select a.name from account a where a.id = contract.owner_id)"),
            contract::creator_id,
            sql::<Text>("(select a.name from account a where a.id = contract.creator_id)"),
            contract::environment,
            contract::message,
            contract::note,
            contract::termination_note,
            contract::activation_nonce,
            contract::activation_email,
            contract::permissions,
            contract::activated_at,
            contract::enrolled_at,
            contract::expire_at,
            contract::signee,
            contract::events,
            contract::revision,
            contract::reminded_at,
            (contract::proposed_verb, contract::proposed_note, contract::proposed_by, contract::proposed_at),
        )
    };
}
pub(super) use columns;

impl Row {
    /// As the reader sees it: what is the issuer's alone is left out for everyone else.
    pub(super) fn seen_by(self, reader: By) -> Contract {
        let private = IssuerOnly { note: self.note, email: self.email, nonce: self.nonce };
        let account = |id: AccountId, name: String| NamedRef { id: id.into(), name };
        let proposal = match self.proposal {
            (Some(verb), note, Some(by), Some(at)) if reader == By::Issuer => {
                Some(Proposal { verb, note: note.unwrap_or_default(), by: by.0, at })
            }
            _ => None,
        };
        Contract {
            id: self.id,
            kind: self.kind,
            status: self.status,
            name: self.name,
            agreement: AgreementRef {
                id: self.agreement_id,
                title: self.agreement_title,
                active_version: self.active_version,
                parent: self.parent_id.map(|id| NamedRef { id, name: self.parent_title.unwrap_or_default() }),
                auto_accept: self.auto_accept,
                form: self.form.and_then(|text| FormRef::packed(FormKind::Enroll, &text)),
            },
            version: self.version,
            version_created: self.version_created,
            marketplace: self.marketplace_id.map(|id| MarketplaceRef {
                id,
                name: self.marketplace_name.unwrap_or_default(),
                icon: self.marketplace_icon,
            }),
            issuer: account(self.issuer_id, self.issuer_name),
            owner: account(self.owner_id, self.owner_name),
            creator: account(self.creator_id, self.creator_name),
            purpose: self.environment,
            message: self.message,
            termination_note: self.termination_note,
            private: (reader != By::Owner).then_some(private),
            grants: self.permissions.0,
            activated_at: self.activated_at,
            enrolled_at: self.enrolled_at,
            expire_at: self.expire_at,
            signee: self.signee.map(|s| s.0),
            events: self.events.0,
            reminded_at: self.reminded_at,
            proposal,
            revision: self.revision,
            reader,
        }
    }
}

/// The contracts of these ids that the actor may see, in no order.
pub fn contracts(tx: &mut Tx<'_>, actor: &Actor, ids: &[String]) -> Result<Vec<Contract>> {
    let reader = actor.account()?;
    let system = matches!(actor, Actor::System { .. });
    let mine = party::table
        .filter(party::account_id.eq(reader.as_str()))
        .filter(party::kind.eq("contract"))
        .filter(party::object_id.eq(contract::id));
    let rows: Vec<Row> = contract::table
        .inner_join(agreement::table)
        .filter(contract::id.eq_any(ids))
        .filter(exists(mine))
        .select(columns!())
        .load(tx.conn())?;
    let by = |row: &Row| match () {
        () if system => By::System,
        () if row.issuer_id == *reader => By::Issuer,
        () => By::Owner,
    };
    Ok(rows
        .into_iter()
        .map(|row| {
            let by = by(&row);
            row.seen_by(by)
        })
        .collect())
}

/// A contract that the actor may see.
pub fn contract(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<Contract> {
    contracts(tx, actor, &[id.to_owned()])?.pop().ok_or_else(|| Refusal::not_found("contract", id).into())
}

/// The ids of the newest contracts under an agreement that the actor may see.
pub fn newest_under(tx: &mut Tx<'_>, actor: &Actor, agreement: &AgreementId, limit: i64) -> Result<Vec<String>> {
    let mine = party::table
        .filter(party::account_id.eq(actor.account()?.as_str()))
        .filter(party::kind.eq("contract"))
        .filter(party::object_id.eq(contract::id));
    Ok(contract::table
        .filter(contract::agreement_id.eq(agreement))
        .filter(exists(mine))
        .order((contract::created_at.desc(), contract::id))
        .limit(limit)
        .select(contract::id)
        .load(tx.conn())?)
}

/// The contracts of the actor's own company, as partner, under these agreements, newest first.
pub fn own_under(
    tx: &mut Tx<'_>,
    actor: &Actor,
    agreements: &[AgreementId],
) -> Result<Vec<(AgreementId, ContractId, ContractStatus)>> {
    Ok(contract::table
        .filter(contract::owner_id.eq(actor.account()?))
        .filter(contract::agreement_id.eq_any(agreements))
        .order((contract::created_at.desc(), contract::id))
        .select((contract::agreement_id, contract::id, contract::status))
        .load(tx.conn())?)
}

/// A contract's versions that were signed, newest first: number, who signed, when. For an action that has shown it.
pub fn signed_versions(tx: &mut Tx<'_>, id: &ContractId) -> Result<Vec<(i32, Option<NamedRef>, Time)>> {
    let rows: Vec<(i32, Option<Doc<NamedRef>>, Time)> = contract_version::table
        .filter(contract_version::contract_id.eq(id.as_str()))
        .order(contract_version::version.desc())
        .select((contract_version::version, contract_version::signee, contract_version::created_at))
        .load(tx.conn())?;
    Ok(rows.into_iter().map(|(version, signee, at)| (version, signee.map(|s| s.0), at)).collect())
}

/// What a new contract is made of.
#[derive(Debug)]
pub struct NewContract<'a> {
    /// What it is about.
    pub kind: ContractKind,
    /// Where it stands.
    pub status: ContractStatus,
    /// The agreement and its title.
    pub agreement: (&'a AgreementId, &'a str),
    /// The agreement's version.
    pub version: i32,
    /// The marketplace of a distribution contract.
    pub marketplace: Option<&'a MarketplaceId>,
    /// The distributor.
    pub issuer: &'a AccountId,
    /// The partner.
    pub owner: &'a AccountId,
    /// Who makes it.
    pub creator: &'a AccountId,
    /// Production or test.
    pub purpose: Purpose,
    /// What the partner reads.
    pub message: &'a str,
    /// A note for the issuer's colleagues.
    pub note: &'a str,
    /// When it ends by itself.
    pub expire_at: Option<Time>,
    /// What the partner's company may do.
    pub grants: Option<Grants>,
    /// When the partner enrolled.
    pub enrolled_at: Option<Time>,
    /// When it became active.
    pub activated_at: Option<Time>,
    /// Who signed.
    pub signee: Option<NamedRef>,
    /// When it was created and signed.
    pub events: Events,
    /// The deployment's secret and a nonce, if a link is to open it; and where the link is sent.
    pub link: Option<(&'a str, String, Option<&'a str>)>,
}

/// What the secret of an activation link is derived for.
pub const LINK_PURPOSE: &str = "contract activation";

/// Writes a new contract under a fresh id.
pub fn insert_contract(tx: &mut Tx<'_>, new: &NewContract<'_>) -> Result<ContractId> {
    let at = tx.at();
    insert_with_fresh_id(tx, &[5, 5, 5], |tx, digits| {
        let id = format!("{}-{digits}", new.kind.contract_prefix());
        let name = format!("Contract of {}", new.agreement.1);
        let hash = new.link.as_ref().map(|(secret, nonce, _)| Secret::derived(secret, LINK_PURPOSE, &id, nonce).hash());
        let row = (
            contract::id.eq(id),
            contract::kind.eq(new.kind),
            contract::status.eq(new.status),
            contract::name_folded.eq(fold(&name)),
            contract::name.eq(name),
            contract::agreement_id.eq(new.agreement.0),
            contract::version.eq(Some(new.version)),
            contract::version_created.eq(Some(at)),
            contract::marketplace_id.eq(new.marketplace.map(MarketplaceId::as_str)),
            contract::issuer_id.eq(new.issuer),
            contract::owner_id.eq(new.owner),
            contract::creator_id.eq(new.creator),
            contract::environment.eq(new.purpose),
            (
                contract::note.eq(new.note),
                contract::termination_note.eq(""),
                contract::message.eq(new.message),
                contract::activation_hash.eq(hash),
                contract::activation_nonce.eq(new.link.as_ref().map(|(_, nonce, _)| nonce.clone())),
                contract::activation_email.eq(new.link.as_ref().and_then(|(_, _, email)| email.map(str::to_owned))),
                contract::activated_at.eq(new.activated_at),
                contract::enrolled_at.eq(new.enrolled_at),
                contract::expire_at.eq(new.expire_at),
                contract::permissions.eq(Doc(new.grants)),
                contract::signee.eq(new.signee.clone().map(Doc)),
            ),
            contract::events.eq(Doc(new.events.clone())),
            contract::revision.eq(1i64),
            contract::created_at.eq(at),
            contract::updated_at.eq(at),
        );
        Ok(diesel::insert_into(contract::table)
            .values(row)
            .returning(contract::id)
            .get_result::<ContractId>(tx.conn())?)
    })
}

/// Notes that a version was signed.
pub fn insert_signed_version(tx: &mut Tx<'_>, id: &ContractId, version: i32, signee: Option<NamedRef>) -> Result<()> {
    let at = tx.at();
    let row = (
        contract_version::contract_id.eq(id.as_str()),
        contract_version::version.eq(version),
        contract_version::signee.eq(signee.map(Doc)),
        contract_version::created_at.eq(at),
    );
    diesel::insert_into(contract_version::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// What a move writes. Nothing stands for "as it was".
#[derive(Debug, AsChangeset)]
#[diesel(table_name = contract)]
pub struct Moved {
    /// Where it stands now.
    pub status: ContractStatus,
    /// When it was created, signed, ended.
    pub events: Doc<Events>,
    /// The partner, if another company accepted than the one it was made for.
    pub owner_id: Option<AccountId>,
    /// When it became active.
    pub activated_at: Option<Time>,
    /// When the partner enrolled.
    pub enrolled_at: Option<Time>,
    /// Who signed.
    pub signee: Option<Doc<NamedRef>>,
    /// The agreement's version.
    pub version: Option<i32>,
    /// When it came under that version.
    pub version_created: Option<Time>,
    /// Why it ended.
    pub termination_note: Option<String>,
}

impl Moved {
    /// To a status, and nothing else.
    pub fn to(status: ContractStatus, events: Events) -> Self {
        Self {
            status,
            events: Doc(events),
            owner_id: None,
            activated_at: None,
            enrolled_at: None,
            signee: None,
            version: None,
            version_created: None,
            termination_note: None,
        }
    }
}

/// Writes a move. Outside pending there is no link any more.
pub fn update_moved(tx: &mut Tx<'_>, id: &ContractId, moved: &Moved) -> Result<()> {
    let at = tx.at();
    let row = contract::table.find(id);
    diesel::update(row)
        .set((moved, contract::revision.eq(contract::revision + 1), contract::updated_at.eq(at)))
        .execute(tx.conn())?;
    set_proposal(tx, id, None)?;
    if moved.status != ContractStatus::Pending {
        diesel::update(contract::table.find(id))
            .set((contract::activation_hash.eq(None::<String>), contract::activation_nonce.eq(None::<String>)))
            .execute(tx.conn())?;
    }
    Ok(())
}

/// Keeps what somebody asks a second person for, or puts it away.
pub fn set_proposal(tx: &mut Tx<'_>, id: &ContractId, proposal: Option<&Proposal>) -> Result<()> {
    diesel::update(contract::table.find(id))
        .set((
            contract::proposed_verb.eq(proposal.map(|p| p.verb)),
            contract::proposed_note.eq(proposal.map(|p| p.note.clone())),
            contract::proposed_by.eq(proposal.map(|p| Doc(p.by.clone()))),
            contract::proposed_at.eq(proposal.map(|p| p.at)),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Writes new terms.
pub fn update_terms(tx: &mut Tx<'_>, id: &ContractId, terms: &GoodTerms, events: &Events) -> Result<()> {
    let at = tx.at();
    diesel::update(contract::table.find(id))
        .set((
            contract::environment.eq(terms.purpose),
            contract::message.eq(&terms.message),
            contract::note.eq(&terms.note),
            contract::expire_at.eq(terms.expire_at),
            contract::termination_note.eq(&terms.termination_note),
            contract::events.eq(Doc(events.clone())),
            contract::revision.eq(contract::revision + 1),
            contract::updated_at.eq(at),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Notes where the link was sent last.
pub fn update_email(tx: &mut Tx<'_>, id: &ContractId, email: &str) -> Result<()> {
    diesel::update(contract::table.find(id)).set(contract::activation_email.eq(Some(email))).execute(tx.conn())?;
    Ok(())
}

/// Takes a contract away.
pub fn delete_contract(tx: &mut Tx<'_>, id: &ContractId) -> Result<()> {
    diesel::delete(contract::table.find(id)).execute(tx.conn())?;
    Ok(())
}
