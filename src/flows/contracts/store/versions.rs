//! Rows of agreement versions.

use std::collections::HashMap;

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text as SqlText};

use super::super::model::{Agreement, DocumentType, GoodDocument, Paper, Version};
use crate::db::schema::agreement_version;
use crate::db::{Result, Tx};
use crate::kit::column::Doc;
use crate::kit::{Actor, AgreementId, NamedRef, Refusal, Time};

type Row = (String, i32, bool, DocumentType, Option<String>, Option<Doc<NamedRef>>, Time, i64, bool);

fn version_of((_, version, active, document_type, link, author, created_at, contracts, signed): Row) -> Version {
    Version { version, active, document_type, link, author: author.map(|a| a.0), created_at, contracts, signed }
}

/// Whether it is its agreement's active version.
const ACTIVE: &str = "exists (select 1 from agreement g where g.id = agreement_version.agreement_id and g.active_version = agreement_version.version)";
/// How many contracts are under it.
const CONTRACTS: &str = "(select count(*) from contract c where c.agreement_id = agreement_version.agreement_id and c.version = agreement_version.version)";
/// Whether any contract was ever signed under it.
const SIGNED: &str = "exists (select 1 from contract_version s join contract c on c.id = s.contract_id \
     where c.agreement_id = agreement_version.agreement_id and s.version = agreement_version.version)";

macro_rules! columns {
    () => {
        (
            agreement_version::agreement_id,
            agreement_version::version,
            sql::<Bool>(ACTIVE),
            agreement_version::document_type,
            agreement_version::link,
            agreement_version::author,
            agreement_version::created_at,
            sql::<BigInt>(CONTRACTS),
            sql::<Bool>(SIGNED),
        )
    };
}

/// For each of these agreements, which have been shown to the actor: the active version, or the newest if none is active.
pub(super) fn shown_versions(tx: &mut Tx<'_>, ids: &[&str]) -> Result<HashMap<String, Version>> {
    let rows: Vec<Row> = agreement_version::table
        .filter(agreement_version::agreement_id.eq_any(ids.iter().copied()))
        .filter(sql::<Bool>(
            "agreement_version.version = (select coalesce(g.active_version, (select max(n.version) from agreement_version n \
             where n.agreement_id = g.id)) from agreement g where g.id = agreement_version.agreement_id)",
        ))
        .select(columns!())
        .load(tx.conn())?;
    Ok(rows.into_iter().map(|r| (r.0.clone(), version_of(r))).collect())
}

/// The versions of an agreement that the actor may see, newest first.
pub fn versions(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<(Agreement, Vec<Version>)> {
    let agreement = super::agreement(tx, actor, id)?;
    let rows: Vec<Row> = agreement_version::table
        .filter(agreement_version::agreement_id.eq(agreement.id.as_str()))
        .order(agreement_version::version.desc())
        .select(columns!())
        .load(tx.conn())?;
    Ok((agreement, rows.into_iter().map(version_of).collect()))
}

/// One version of an agreement that the actor may see.
pub fn version(tx: &mut Tx<'_>, actor: &Actor, id: &str, number: i32) -> Result<(Agreement, Version)> {
    let agreement = super::agreement(tx, actor, id)?;
    let row: Option<Row> = agreement_version::table
        .find((agreement.id.as_str(), number))
        .select(columns!())
        .first(tx.conn())
        .optional()?;
    let row = row.ok_or_else(|| Refusal::no_version(number, id))?;
    Ok((agreement, version_of(row)))
}

type PaperRow = (Option<String>, Option<String>, Option<i64>, Option<String>);

fn paper_of((key, name, size, sha256): PaperRow) -> Option<Paper> {
    Some(Paper { key: key?, name: name?, size: u64::try_from(size?).ok()?, sha256: sha256? })
}

macro_rules! paper_columns {
    () => {
        (
            agreement_version::file_key,
            agreement_version::file_name,
            agreement_version::file_size,
            agreement_version::file_sha256,
        )
    };
}

/// The keys of the uploaded documents of an agreement that the actor's company issued, or of one version of it.
pub fn paper_keys(tx: &mut Tx<'_>, actor: &Actor, id: &AgreementId, number: Option<i32>) -> Result<Vec<String>> {
    let own = sql::<Bool>(
        "exists (select 1 from agreement g where g.id = agreement_version.agreement_id and g.account_id = ",
    )
    .bind::<SqlText, _>(actor.account()?.as_str())
    .sql(")");
    let keys: Vec<(i32, Option<String>)> = agreement_version::table
        .filter(agreement_version::agreement_id.eq(id.as_str()))
        .filter(own)
        .select((agreement_version::version, agreement_version::file_key))
        .load(tx.conn())?;
    let wanted = |version: i32| number.is_none_or(|number| number == version);
    Ok(keys.into_iter().filter(|(version, _)| wanted(*version)).filter_map(|(_, key)| key).collect())
}

/// The text of a version, for an action that has shown the agreement or the contract to its reader.
pub fn document(tx: &mut Tx<'_>, id: &AgreementId, number: i32) -> Result<Option<GoodDocument>> {
    type Row = (DocumentType, Option<String>, Option<String>, PaperRow);
    let row: Option<Row> = agreement_version::table
        .find((id.as_str(), number))
        .select((agreement_version::document_type, agreement_version::link, agreement_version::text, paper_columns!()))
        .first(tx.conn())
        .optional()?;
    let good = |(document_type, link, text, paper)| GoodDocument { document_type, link, text, file: paper_of(paper) };
    Ok(row.map(good))
}

/// The newest version of an agreement, which has been shown to its reader, before another one.
pub fn version_before(tx: &mut Tx<'_>, id: &AgreementId, number: i32) -> Result<Option<i32>> {
    Ok(agreement_version::table
        .filter(agreement_version::agreement_id.eq(id.as_str()))
        .filter(agreement_version::version.lt(number))
        .order(agreement_version::version.desc())
        .select(agreement_version::version)
        .first(tx.conn())
        .optional()?)
}

/// Writes a new version.
pub fn insert_version(
    tx: &mut Tx<'_>,
    id: &AgreementId,
    number: i32,
    document: &GoodDocument,
    author: Option<NamedRef>,
) -> Result<()> {
    let at = tx.at();
    let row = (
        agreement_version::agreement_id.eq(id.as_str()),
        agreement_version::version.eq(number),
        agreement_version::document_type.eq(document.document_type),
        agreement_version::link.eq(&document.link),
        agreement_version::text.eq(&document.text),
        agreement_version::file_key.eq(document.file.as_ref().map(|f| &f.key)),
        agreement_version::file_name.eq(document.file.as_ref().map(|f| &f.name)),
        agreement_version::file_size.eq(document.file.as_ref().and_then(|f| i64::try_from(f.size).ok())),
        agreement_version::file_sha256.eq(document.file.as_ref().map(|f| &f.sha256)),
        agreement_version::author.eq(author.map(Doc)),
        agreement_version::created_at.eq(at),
    );
    diesel::insert_into(agreement_version::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// Takes a version away.
pub fn delete_version(tx: &mut Tx<'_>, id: &AgreementId, number: i32) -> Result<()> {
    diesel::delete(agreement_version::table.find((id.as_str(), number))).execute(tx.conn())?;
    Ok(())
}
