//! Rows of offers by spreadsheet: the batches.

use diesel::prelude::*;

use super::super::model::{BATCH_DAYS, BatchState, ContractKind, RowStatus};
use crate::db::list::{Collection, Field, Scope};
use crate::db::schema::offer_batch;
use crate::db::{Result, Tx, file, in_order, insert_with_fresh_id};
use crate::kit::column::Doc;
use crate::kit::{AccountId, Actor, AgreementId, NamedRef, OfferBatchId, Refusal, Text, Time, fold};

/// The batches of an account.
pub const INVITATIONS: Collection = Collection {
    name: "invitations",
    from: "offer_batch b",
    id: "b.id",
    scope: Scope::Owner("b.account_id"),
    joins: &[],
    many: &[],
    fields: &[
        Field::id().orderable().searchable(),
        Field::text("name", "b.name").folded("b.name_folded").searchable(),
        Field::choice("status", "b.state", BatchState::WORDS).orderable(),
        Field::choice("type", "b.kind", ContractKind::WORDS),
        Field::text("agreement.id", "b.agreement_id").searchable(),
        Field::time("created", "b.created_at").orderable(),
    ],
    order: &["-created"],
};

/// The rows of one batch, given within `invitation.id`.
pub const INVITATION_ROWS: Collection = Collection {
    name: "invitation_rows",
    from: "offer_row r",
    id: "r.id",
    scope: Scope::Sql("exists (select 1 from offer_batch y where y.account_id = {account} and y.id = r.batch_id)"),
    joins: &[],
    many: &[],
    fields: &[
        Field::id(),
        Field::text("invitation.id", "r.batch_id").internal(),
        Field::int("row", "r.place").orderable(),
        Field::choice("status", "r.status", RowStatus::WORDS).orderable(),
        Field::text("partner.name", "r.partner").folded("r.partner_folded").orderable().searchable(),
        Field::text("email", "r.email").folded("r.email_folded").searchable(),
        Field::text("contract.id", "r.contract_id").nullable().searchable(),
    ],
    order: &["row"],
};

/// Who confirmed that the partners are invited: kept, so that the job can act as them.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Starter {
    /// `person` or `token`.
    pub kind: String,
    /// Which.
    pub id: String,
    /// The name they had.
    pub name: String,
}

/// How many rows of a batch are in each status.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Queryable)]
pub struct RowCounts {
    /// All of them.
    pub total: i32,
    /// Those that can be offered.
    pub ready: i32,
    /// Those with something wrong in them.
    pub wrong: i32,
    /// Those whose partner has a contract already.
    pub already: i32,
    /// Those whose contract was offered.
    pub invited: i32,
    /// Those whose offer was refused.
    pub refused: i32,
    /// Those of the ready ones, when they were checked, that have no message of their own.
    pub silent: i32,
}

/// A batch of offers.
#[derive(Debug, Clone, Queryable)]
pub struct Batch {
    /// The public id.
    pub id: OfferBatchId,
    /// The distributor.
    pub account: AccountId,
    /// Under which agreement the partners are invited.
    pub agreement: AgreementId,
    /// What it was called then.
    pub agreement_title: String,
    /// Program or service.
    pub kind: ContractKind,
    /// Where it stands.
    pub state: BatchState,
    /// What the sheet is called.
    pub name: String,
    /// What the sheet is kept under, until it is checked.
    pub file_key: Option<String>,
    /// Whether it is text with separators.
    pub csv: bool,
    /// The message for rows without one.
    pub message: String,
    /// Headings of the sheet that mean nothing here.
    pub ignored: Doc<Vec<String>>,
    /// Who uploaded it.
    pub made_by: Option<Doc<NamedRef>>,
    /// Who confirmed it.
    pub started_by: Option<Doc<Starter>>,
    /// Why it could not go on.
    pub problem: Option<Doc<Text>>,
    /// How many rows are in each status.
    pub counts: RowCounts,
    /// When it was uploaded.
    pub created_at: Time,
    /// When its rows were checked.
    pub checked_at: Option<Time>,
    /// When it was confirmed.
    pub started_at: Option<Time>,
    /// When it came to its end.
    pub ended_at: Option<Time>,
}

/// The columns of [`Batch`].
macro_rules! batch_columns {
    () => {
        (
            offer_batch::id,
            offer_batch::account_id,
            offer_batch::agreement_id,
            offer_batch::agreement_title,
            offer_batch::kind,
            offer_batch::state,
            offer_batch::name,
            offer_batch::file_key,
            offer_batch::csv,
            offer_batch::message,
            offer_batch::ignored,
            offer_batch::made_by,
            offer_batch::started_by,
            offer_batch::problem,
            (
                offer_batch::total,
                offer_batch::ready,
                offer_batch::wrong,
                offer_batch::already,
                offer_batch::invited,
                offer_batch::refused,
                offer_batch::silent,
            ),
            offer_batch::created_at,
            offer_batch::checked_at,
            offer_batch::started_at,
            offer_batch::ended_at,
        )
    };
}

/// Batches of the acting account that a list has picked, in the order of the ids.
pub fn batches(tx: &mut Tx<'_>, actor: &Actor, ids: &[String]) -> Result<Vec<Batch>> {
    let own = offer_batch::table.filter(offer_batch::account_id.eq(actor.account()?));
    let rows = own.filter(offer_batch::id.eq_any(ids)).select(batch_columns!()).load(tx.conn())?;
    Ok(in_order(ids, rows, |b: &Batch| b.id.as_str()))
}

/// One batch of the acting account.
pub fn batch(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<Batch> {
    batches(tx, actor, &[id.to_owned()])?.pop().ok_or_else(|| Refusal::not_found("list of invitations", id).into())
}

/// How many batches of the acting account are not at their end.
pub fn open_batches(tx: &mut Tx<'_>, actor: &Actor) -> Result<i64> {
    let open: Vec<BatchState> = BatchState::ALL.iter().copied().filter(|s| s.is_open()).collect();
    let own = offer_batch::table.filter(offer_batch::account_id.eq(actor.account()?));
    Ok(own.filter(offer_batch::state.eq_any(open)).count().get_result(tx.conn())?)
}

/// Any batch, whoever asks: for the jobs that check it and invite.
pub fn wanted_batch(tx: &mut Tx<'_>, id: &str) -> Result<Option<Batch>> {
    Ok(offer_batch::table.find(id).select(batch_columns!()).first(tx.conn()).optional()?)
}

/// What a new batch is made of.
#[derive(Debug)]
pub struct NewBatch<'a> {
    /// The distributor.
    pub account: &'a AccountId,
    /// Under which agreement the partners are invited, and its title.
    pub agreement: (&'a AgreementId, &'a str),
    /// Program or service.
    pub kind: ContractKind,
    /// What the sheet is called.
    pub name: &'a str,
    /// What the sheet is kept under.
    pub file_key: &'a str,
    /// Whether it is text with separators.
    pub csv: bool,
    /// Headings that mean nothing here.
    pub ignored: &'a [String],
    /// Who uploads it.
    pub made_by: Option<NamedRef>,
}

/// Writes a new batch under a fresh id.
pub fn insert_batch(tx: &mut Tx<'_>, new: &NewBatch<'_>) -> Result<OfferBatchId> {
    let at = tx.at();
    insert_with_fresh_id(tx, &[3, 3, 3], |tx, digits| {
        let row = (
            offer_batch::id.eq(format!("INV-{digits}")),
            offer_batch::account_id.eq(new.account),
            offer_batch::agreement_id.eq(new.agreement.0),
            offer_batch::agreement_title.eq(new.agreement.1),
            offer_batch::kind.eq(new.kind),
            offer_batch::state.eq(BatchState::Checking),
            offer_batch::name.eq(new.name),
            offer_batch::name_folded.eq(fold(new.name)),
            offer_batch::file_key.eq(Some(new.file_key)),
            offer_batch::csv.eq(new.csv),
            offer_batch::message.eq(""),
            offer_batch::ignored.eq(Doc(new.ignored.to_vec())),
            offer_batch::made_by.eq(new.made_by.clone().map(Doc)),
            (
                offer_batch::total.eq(0),
                offer_batch::ready.eq(0),
                offer_batch::wrong.eq(0),
                offer_batch::already.eq(0),
                offer_batch::invited.eq(0),
                offer_batch::refused.eq(0),
                offer_batch::silent.eq(0),
            ),
            offer_batch::created_at.eq(at),
        );
        Ok(diesel::insert_into(offer_batch::table)
            .values(row)
            .returning(offer_batch::id)
            .get_result::<OfferBatchId>(tx.conn())?)
    })
}

/// Notes that the rows of a batch are checked, and that its sheet is not needed any more.
pub fn set_checked(tx: &mut Tx<'_>, id: &OfferBatchId) -> Result<()> {
    let at = tx.at();
    diesel::update(offer_batch::table.find(id))
        .set((
            offer_batch::state.eq(BatchState::Ready),
            offer_batch::checked_at.eq(Some(at)),
            offer_batch::file_key.eq(None::<String>),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Notes that somebody confirmed a batch, and the message for rows without one.
pub fn set_started(tx: &mut Tx<'_>, id: &OfferBatchId, by: &Starter, message: &str) -> Result<()> {
    let at = tx.at();
    diesel::update(offer_batch::table.find(id))
        .set((
            offer_batch::state.eq(BatchState::Inviting),
            offer_batch::started_at.eq(Some(at)),
            offer_batch::started_by.eq(Some(Doc(by.clone()))),
            offer_batch::message.eq(message),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Notes that a batch has come to its end, and why if it could not go on.
pub fn set_batch_ended(tx: &mut Tx<'_>, id: &OfferBatchId, state: BatchState, problem: Option<Text>) -> Result<()> {
    let at = tx.at();
    diesel::update(offer_batch::table.find(id))
        .set((
            offer_batch::state.eq(state),
            offer_batch::ended_at.eq(Some(at)),
            offer_batch::problem.eq(problem.map(Doc)),
            offer_batch::file_key.eq(None::<String>),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Forgets batches, with their rows, that were uploaded and confirmed long ago, at most `limit`. Those that still wait for
/// somebody are forgotten too: what was checked then need not be so any more.
pub fn forget_batches(tx: &mut Tx<'_>, limit: i64) -> Result<usize> {
    let before = tx.at().plus_seconds(-BATCH_DAYS * 24 * 3600);
    let old: Vec<(String, Option<String>)> = offer_batch::table
        .filter(offer_batch::created_at.lt(before))
        .filter(offer_batch::started_at.is_null().or(offer_batch::started_at.lt(before)))
        .order(offer_batch::created_at)
        .limit(limit)
        .select((offer_batch::id, offer_batch::file_key))
        .load(tx.conn())?;
    let (ids, keys): (Vec<String>, Vec<Option<String>>) = old.into_iter().unzip();
    file::drop_kept(tx, &keys.iter().flatten().map(String::as_str).collect::<Vec<_>>())?;
    Ok(diesel::delete(offer_batch::table.filter(offer_batch::id.eq_any(&ids))).execute(tx.conn())?)
}
