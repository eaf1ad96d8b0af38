//! Rows of exports.

use diesel::prelude::*;

use super::model::{DOWNLOAD_DAYS, ExportState};
use crate::db::list::{Collection, Field, Scope};
use crate::db::schema::{account_export, file};
use crate::db::{Result, Tx, file as kept, in_order, insert_with_fresh_id};
use crate::kit::column::Doc;
use crate::kit::{AccountId, Actor, ExportId, NamedRef, Refusal, Text, Time};

/// An export.
#[derive(Debug, Clone, Queryable)]
pub struct Export {
    /// Its id.
    pub id: ExportId,
    /// Whose data.
    pub account: AccountId,
    /// Where it stands.
    pub state: ExportState,
    /// Who asked for it.
    pub asked_by: Option<Doc<NamedRef>>,
    /// When.
    pub created_at: Time,
    /// Of which moment the data is.
    pub taken_at: Option<Time>,
    /// When it was ready, or ended otherwise.
    pub ended_at: Option<Time>,
    /// Until when it can be downloaded.
    pub expires_at: Option<Time>,
    /// Objects in it.
    pub lines: Option<i64>,
    /// Files attached to it.
    pub attachments: Option<i64>,
    /// Files that were gone when they were to be copied.
    pub missing: Option<i64>,
    /// Bytes of the archive.
    pub size: Option<i64>,
    /// What the archive is kept under, while it can be downloaded.
    pub file_key: Option<String>,
    /// Why it could not be made.
    pub problem: Option<Doc<Text>>,
}

type Columns = (
    account_export::id,
    account_export::account_id,
    account_export::state,
    account_export::asked_by,
    account_export::created_at,
    account_export::taken_at,
    account_export::ended_at,
    account_export::expires_at,
    account_export::lines,
    account_export::attachments,
    account_export::missing,
    account_export::size,
    account_export::file_key,
    account_export::problem,
);
const COLUMNS: Columns = (
    account_export::id,
    account_export::account_id,
    account_export::state,
    account_export::asked_by,
    account_export::created_at,
    account_export::taken_at,
    account_export::ended_at,
    account_export::expires_at,
    account_export::lines,
    account_export::attachments,
    account_export::missing,
    account_export::size,
    account_export::file_key,
    account_export::problem,
);

/// The exports of an account.
pub const EXPORTS: Collection = Collection {
    name: "exports",
    from: "account_export x",
    id: "x.id",
    scope: Scope::Owner("x.account_id"),
    joins: &[],
    many: &[],
    fields: &[
        Field::id().searchable(),
        Field::choice("status", "x.state", ExportState::WORDS).orderable(),
        Field::time("created", "x.created_at").orderable(),
    ],
    order: &["-created"],
};

/// Exports that a list has picked, in the order of the ids.
pub fn exports(tx: &mut Tx<'_>, actor: &Actor, ids: &[String]) -> Result<Vec<Export>> {
    let own = account_export::table.filter(account_export::account_id.eq(actor.account()?));
    let rows = own.filter(account_export::id.eq_any(ids)).select(COLUMNS).load(tx.conn())?;
    Ok(in_order(ids, rows, |e: &Export| e.id.as_str()))
}

/// One export of the acting account.
pub fn export(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<Export> {
    let found = exports(tx, actor, &[id.to_owned()])?.pop();
    found.ok_or_else(|| Refusal::not_found("data export", id).into())
}

/// The export that is being made for the acting account.
pub fn at_work(tx: &mut Tx<'_>, actor: &Actor) -> Result<Option<Export>> {
    let own = account_export::table.filter(account_export::account_id.eq(actor.account()?));
    Ok(own.filter(account_export::state.eq(ExportState::Making)).select(COLUMNS).first(tx.conn()).optional()?)
}

/// How many archives are kept for the acting account.
pub fn kept_archives(tx: &mut Tx<'_>, actor: &Actor) -> Result<i64> {
    let own = account_export::table.filter(account_export::account_id.eq(actor.account()?));
    Ok(own.filter(account_export::state.eq(ExportState::Ready)).count().get_result(tx.conn())?)
}

/// Any export, whoever asks: for the job that makes it.
pub fn wanted(tx: &mut Tx<'_>, id: &str) -> Result<Option<Export>> {
    Ok(account_export::table.find(id).select(COLUMNS).first(tx.conn()).optional()?)
}

/// Notes that an export was asked for.
pub fn insert(tx: &mut Tx<'_>, account: &AccountId, asked_by: Option<&NamedRef>) -> Result<ExportId> {
    let at = tx.at();
    insert_with_fresh_id(tx, &[3, 3, 3], |tx, digits| {
        let row = (
            account_export::id.eq(format!("EXP-{digits}")),
            account_export::account_id.eq(account),
            account_export::state.eq(ExportState::Making),
            account_export::asked_by.eq(asked_by.cloned().map(Doc)),
            account_export::created_at.eq(at),
        );
        let made = diesel::insert_into(account_export::table).values(row).returning(account_export::id);
        Ok(made.get_result::<ExportId>(tx.conn())?)
    })
}

/// What came of an export.
#[derive(Debug, Clone)]
pub struct Made<'a> {
    /// Of which moment the data is.
    pub taken_at: Time,
    /// Objects in it.
    pub lines: i64,
    /// Files attached to it.
    pub attachments: i64,
    /// Files that were gone when they were to be copied.
    pub missing: i64,
    /// What the archive is kept under.
    pub key: &'a str,
    /// Its bytes.
    pub size: i64,
    /// Its SHA-256.
    pub sha256: &'a str,
}

/// Makes an export one that can be downloaded, with the row of its file, which does not count against the bytes that its
/// account may have. False if nobody waits for it any more.
pub fn set_ready(tx: &mut Tx<'_>, id: &ExportId, made: &Made<'_>) -> Result<bool> {
    let at = tx.at();
    let changed = diesel::update(account_export::table.find(id).filter(account_export::state.eq(ExportState::Making)))
        .set((
            account_export::state.eq(ExportState::Ready),
            account_export::taken_at.eq(Some(made.taken_at)),
            account_export::ended_at.eq(Some(at)),
            account_export::expires_at.eq(Some(at.plus_seconds(DOWNLOAD_DAYS * 24 * 3600))),
            account_export::lines.eq(Some(made.lines)),
            account_export::attachments.eq(Some(made.attachments)),
            account_export::missing.eq(Some(made.missing)),
            account_export::size.eq(Some(made.size)),
            account_export::file_key.eq(Some(made.key)),
        ))
        .execute(tx.conn())?;
    if changed == 0 {
        return Ok(false);
    }
    let row = (
        file::key.eq(made.key),
        file::account_id.eq(None::<String>),
        file::name.eq(format!("{id}.zip")),
        file::content_type.eq("application/zip"),
        file::size.eq(made.size),
        file::sha256.eq(made.sha256),
        file::public.eq(false),
        file::state.eq("kept"),
        file::created_at.eq(at),
    );
    diesel::insert_into(file::table).values(row).execute(tx.conn())?;
    Ok(true)
}

/// Ends an export that is being made. False if it has ended already.
pub fn set_ended(tx: &mut Tx<'_>, id: &ExportId, state: ExportState, problem: Option<Text>) -> Result<bool> {
    let at = tx.at();
    let changed = diesel::update(account_export::table.find(id).filter(account_export::state.eq(ExportState::Making)))
        .set((
            account_export::state.eq(state),
            account_export::ended_at.eq(Some(at)),
            account_export::problem.eq(problem.map(Doc)),
        ))
        .execute(tx.conn())?;
    Ok(changed == 1)
}

/// Takes the archive of a ready export away. False if it is gone already.
pub fn take_away(tx: &mut Tx<'_>, export: &Export, state: ExportState) -> Result<bool> {
    let ready = account_export::table.find(&export.id).filter(account_export::state.eq(ExportState::Ready));
    let changed = diesel::update(ready)
        .set((account_export::state.eq(state), account_export::file_key.eq(None::<String>)))
        .execute(tx.conn())?;
    if let (1, Some(key)) = (changed, &export.file_key) {
        kept::drop_kept(tx, &[key])?;
    }
    Ok(changed == 1)
}

/// Takes archives away whose time is over, at most `limit`; gives how many.
pub fn expire(tx: &mut Tx<'_>, limit: i64) -> Result<usize> {
    let over: Vec<Export> = account_export::table
        .filter(account_export::state.eq(ExportState::Ready))
        .filter(account_export::expires_at.lt(tx.at()))
        .order(account_export::expires_at)
        .limit(limit)
        .select(COLUMNS)
        .load(tx.conn())?;
    for export in &over {
        take_away(tx, export, ExportState::Expired)?;
    }
    Ok(over.len())
}

/// Forgets exports that were asked for before a moment and have no archive any more, at most `limit`.
pub fn forget(tx: &mut Tx<'_>, before: Time, limit: i64) -> Result<usize> {
    let old: Vec<String> = account_export::table
        .filter(account_export::created_at.lt(before))
        .filter(account_export::file_key.is_null())
        .order(account_export::created_at)
        .limit(limit)
        .select(account_export::id)
        .load(tx.conn())?;
    Ok(diesel::delete(account_export::table.filter(account_export::id.eq_any(&old))).execute(tx.conn())?)
}

/// A file that is kept for an account.
#[derive(Debug, Clone, Queryable)]
pub struct Picture {
    /// What it is found by.
    pub key: String,
    /// The object that it belongs to.
    pub object: String,
    /// What it is: `image/png`.
    pub content_type: String,
}

/// The pictures of the acting account, in the order of their keys, behind one key, at most `limit`.
pub fn pictures(tx: &mut Tx<'_>, actor: &Actor, after: &str, limit: i64) -> Result<Vec<Picture>> {
    Ok(file::table
        .filter(file::account_id.eq(actor.account()?))
        .filter(file::public.eq(true))
        .filter(file::state.eq("kept"))
        .filter(file::dropped_at.is_null())
        .filter(file::key.gt(after))
        .order(file::key)
        .limit(limit)
        .select((file::key, file::name, file::content_type))
        .load(tx.conn())?)
}
