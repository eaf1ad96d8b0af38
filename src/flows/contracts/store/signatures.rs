//! Rows of signatures. They are written once and never changed.

use diesel::prelude::*;

use super::super::model::{Act, ContractStatus, DocumentType, Signature};
use crate::db::schema::{agreement, contract, signature};
use crate::db::{Result, Tx};
use crate::flows::accounts::model::Proof;
use crate::kit::column::Doc;
use crate::kit::{AgreementId, ContractId, NamedRef, Text, Time};

#[derive(Queryable, Selectable)]
#[diesel(table_name = signature)]
struct Row {
    id: String,
    contract_id: ContractId,
    agreement_id: AgreementId,
    version: i32,
    act: Act,
    title: String,
    issuer: Doc<NamedRef>,
    partner: Doc<NamedRef>,
    signer: Option<Doc<NamedRef>>,
    email: Option<String>,
    address: String,
    agent: String,
    proof: Option<Proof>,
    document_type: DocumentType,
    sha256: String,
    words: Option<String>,
    consent: Doc<Text>,
    seal: String,
    created_at: Time,
}

impl Row {
    fn read(self) -> (Signature, String) {
        let signature = Signature {
            id: self.id,
            contract: self.contract_id,
            agreement: self.agreement_id,
            title: self.title,
            version: self.version,
            act: self.act,
            issuer: self.issuer.0,
            partner: self.partner.0,
            signer: self.signer.map(|s| s.0),
            email: self.email,
            address: self.address,
            agent: self.agent,
            proof: self.proof,
            document_type: self.document_type,
            sha256: self.sha256,
            words: self.words,
            consent: self.consent.0,
            at: self.created_at,
        };
        (signature, self.seal)
    }
}

/// Keeps a signature with its seal.
pub fn insert_signature(tx: &mut Tx<'_>, new: &Signature, seal: &str) -> Result<()> {
    let row = (
        signature::id.eq(&new.id),
        signature::contract_id.eq(new.contract.as_str()),
        signature::agreement_id.eq(new.agreement.as_str()),
        signature::version.eq(new.version),
        signature::act.eq(new.act),
        signature::title.eq(&new.title),
        signature::issuer.eq(Doc(new.issuer.clone())),
        signature::partner.eq(Doc(new.partner.clone())),
        signature::signer.eq(new.signer.clone().map(Doc)),
        signature::email.eq(&new.email),
        signature::address.eq(&new.address),
        (
            signature::agent.eq(&new.agent),
            signature::proof.eq(new.proof),
            signature::document_type.eq(new.document_type),
            signature::sha256.eq(&new.sha256),
            signature::words.eq(&new.words),
            signature::consent.eq(Doc(new.consent.clone())),
            signature::seal.eq(seal),
            signature::created_at.eq(new.at),
        ),
    );
    diesel::insert_into(signature::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// The signatures of a contract, newest first. For an action that has shown the contract to its reader.
pub fn signatures(tx: &mut Tx<'_>, id: &ContractId) -> Result<Vec<Signature>> {
    let rows: Vec<Row> = signature::table
        .filter(signature::contract_id.eq(id.as_str()))
        .order((signature::created_at.desc(), signature::id))
        .select(Row::as_select())
        .load(tx.conn())?;
    Ok(rows.into_iter().map(|row| row.read().0).collect())
}

/// The signature of a code, whoever asks: who has the code has its certificate. With its seal and where its contract stands.
pub fn signature_by_code(tx: &mut Tx<'_>, id: &str) -> Result<Option<(Signature, String, ContractStatus)>> {
    let row: Option<Row> = signature::table.find(id).select(Row::as_select()).first(tx.conn()).optional()?;
    let Some((signature, seal)) = row.map(Row::read) else { return Ok(None) };
    let status = contract::table.find(&signature.contract).select(contract::status).first(tx.conn())?;
    Ok(Some((signature, seal, status)))
}

/// Version and moment of the newest signature of the same company under the same contract.
pub fn newest_signature(tx: &mut Tx<'_>, of: &Signature) -> Result<(i32, Time)> {
    let rows: Vec<(Act, i32, Time)> = signature::table
        .filter(signature::contract_id.eq(of.contract.as_str()))
        .order((signature::created_at.desc(), signature::id))
        .select((signature::act, signature::version, signature::created_at))
        .load(tx.conn())?;
    let same = rows.into_iter().find(|(act, ..)| act.is_partners() == of.act.is_partners());
    Ok(same.map_or((of.version, of.at), |(_, version, at)| (version, at)))
}

/// The description of an agreement, for an action that has shown the contract to whoever signs it.
pub fn description(tx: &mut Tx<'_>, id: &AgreementId) -> Result<String> {
    Ok(agreement::table.find(id).select(agreement::description).first(tx.conn())?)
}
