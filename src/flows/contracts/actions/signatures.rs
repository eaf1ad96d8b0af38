//! Signatures: kept with what was signed, and judged later by anybody who has their code.

use super::super::model::{
    Act, Consent, Contract, Evidence, GoodDocument, Paper, Signature, Signed, Standing, parse_code, unknown_code,
};
use super::super::store;
use crate::db::{Result, Tx};
use crate::flows::accounts::actions as accounts;
use crate::journal::Change;
use crate::kit::{Actor, Level, Module, NamedRef, Refusal, Secret, Time, digest};

/// What seals of signatures are made for.
const SEAL: &str = "signature";

/// Keeps that the actor signed a version for a contract, whose partner may be another company than it says. Gives what the
/// journal says of it: the SHA-256 of what was signed, which the journal's own chain then covers too.
pub(super) fn keep(
    tx: &mut Tx<'_>,
    actor: &Actor,
    (contract, partner): (&Contract, &NamedRef),
    (act, version): (Act, i32),
    consent: &Consent,
) -> Result<Option<Change>> {
    // What the system does by itself, nobody has signed.
    let Some(signed) = what_is_signed(tx, contract, version)?.filter(|_| actor.by().is_some()) else { return Ok(None) };
    let email = match actor.user() {
        Some(user) => accounts::person(tx, user)?.map(|p| p.email),
        None => None,
    };
    let (address, agent) = tx.origin().map(|o| (o.address.clone(), o.agent.clone())).unwrap_or_default();
    let new = Signature {
        id: Secret::nonce(),
        contract: contract.id.clone(),
        agreement: contract.agreement.id.clone(),
        title: contract.agreement.title.clone(),
        version,
        act,
        issuer: contract.issuer.clone(),
        partner: partner.clone(),
        signer: actor.by(),
        email,
        address,
        agent,
        proof: consent.proof.filter(|_| actor.user().is_some()),
        document_type: signed.document_type,
        sha256: signed.sha256,
        words: signed.words,
        consent: consent.words.clone(),
        at: tx.at(),
    };
    let seal = tx.seal(SEAL, &new.id, &new.sealed_words())?;
    store::insert_signature(tx, &new, &seal)?;
    Ok(Change::of("SHA-256 of what was signed", "", &new.sha256))
}

fn what_is_signed(tx: &mut Tx<'_>, contract: &Contract, version: i32) -> Result<Option<Signed>> {
    let Some(document) = store::document(tx, &contract.agreement.id, version)? else { return Ok(None) };
    let description = store::description(tx, &contract.agreement.id)?;
    Ok(Some(Signed::of(&document, &description, digest)))
}

/// A contract that the actor may see, with its signatures, newest first.
pub fn signatures(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<(Contract, Vec<Signature>)> {
    let contract = super::contract(tx, actor, id)?;
    let all = store::signatures(tx, &contract.id)?;
    Ok((contract, all))
}

/// One signature of a contract that the actor may see.
pub fn signature(tx: &mut Tx<'_>, actor: &Actor, id: &str, code: &str) -> Result<Signature> {
    actor.need(Module::Partners, Level::Read)?;
    let (_, all) = signatures(tx, actor, id)?;
    let wanted = parse_code(code);
    all.into_iter().find(|s| Some(&s.id) == wanted.as_ref()).ok_or_else(|| Refusal::not_found("signature", code).into())
}

/// A signature, judged.
#[derive(Debug, Clone)]
pub struct Judged {
    /// The signature.
    pub signature: Signature,
    /// Whether it stands, as far as the database tells.
    pub standing: Standing,
    /// The document that was signed, if it is a file: its bytes are to be looked at, too.
    pub paper: Option<Paper>,
    /// When that was found.
    pub at: Time,
}

/// Judges the signature that a code stands for. Anybody may: who has the code has its certificate.
pub fn judge(tx: &mut Tx<'_>, code: &str) -> Result<Judged> {
    let id = parse_code(code).ok_or_else(unknown_code)?;
    let (signature, seal, status) = store::signature_by_code(tx, &id)?.ok_or_else(unknown_code)?;
    let own = tx.seal(SEAL, &signature.id, &signature.sealed_words())?;
    let document = store::document(tx, &signature.agreement, signature.version)?;
    let now = document.as_ref().map(|d| sha256_now(d, &signature));
    let evidence = Evidence {
        sealed: own == seal,
        document: now.as_deref(),
        newest: store::newest_signature(tx, &signature)?,
        status,
    };
    let standing = signature.standing(evidence);
    Ok(Judged { standing, paper: document.and_then(|d| d.file), at: tx.at(), signature })
}

/// The SHA-256 of what is kept now. A description may have been changed since, so what counts is the one that was signed.
fn sha256_now(document: &GoodDocument, signature: &Signature) -> String {
    Signed::of(document, signature.words.as_deref().unwrap_or_default(), digest).sha256
}
