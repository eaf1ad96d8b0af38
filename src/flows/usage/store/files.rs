//! Usage files and what they mention.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Nullable, Text as SqlText};

use super::names::Offer;
use crate::db::schema::usage_file;
use crate::db::{MultiBackend, Result, Tx, insert_with_fresh_id, party};
use crate::flows::products::model::UsageSchema;
use crate::flows::usage::model::{Figures, FileStatus, Period, SubStatus, Verdicts};
use crate::kit::column::{Doc, ExactDecimal, JsonDoc};
use crate::kit::{
    AccountId, Actor, Amount, ContractId, Environment, Events, MarketplaceId, NamedRef, ProductId, Refusal, Side, Text,
    Time, UsageFileId, fold,
};

/// Somebody asked to submit a file while its rows were still checked.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Wish {
    /// Who asked.
    pub by: Option<NamedRef>,
}

/// A usage file.
#[derive(Debug, Clone, PartialEq)]
pub struct File {
    /// Its id.
    pub id: UsageFileId,
    /// Its name.
    pub name: String,
    /// The vendor's own number.
    pub external_id: Option<String>,
    /// What the distributor reads with it.
    pub description: String,
    /// What only the vendor reads.
    pub note: String,
    /// Where it stands.
    pub status: FileStatus,
    /// What goes on after it was accepted.
    pub sub_status: Option<SubStatus>,
    /// Whether it counts.
    pub environment: Environment,
    /// What its rows carry.
    pub schema: UsageSchema,
    /// In what money.
    pub currency: Option<String>,
    /// The time it speaks of.
    pub period: Option<Period>,
    /// Usage of which product.
    pub product: ProductId,
    /// Under which contract.
    pub contract: ContractId,
    /// On which marketplace.
    pub marketplace: MarketplaceId,
    /// Who reports.
    pub vendor: AccountId,
    /// Who bills.
    pub provider: AccountId,
    /// What the distributor said when accepting.
    pub acceptance_note: String,
    /// What the distributor said when rejecting.
    pub rejection_note: String,
    /// Why the whole file could not be taken.
    pub error_detail: Option<Text>,
    /// A submission to be made once the rows are checked.
    pub submit_wish: Option<Wish>,
    /// The number of the current upload; 0 before the first.
    pub generation: i32,
    /// The number of the upload whose rows are shown; 0 if none are.
    pub visible: i32,
    /// How many rows.
    pub figures: Figures,
    /// What was said of single ones while it is pending.
    pub verdicts: Verdicts,
    /// How many subscriptions they name.
    pub subscriptions: i64,
    /// The sum of the amounts of good rows.
    pub amount_total: Amount,
    /// When what happened.
    pub events: Events,
    /// Counts changes.
    pub revision: i64,
    /// When it was made.
    pub created_at: Time,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlText)]
    id: UsageFileId,
    #[diesel(sql_type = SqlText)]
    name: String,
    #[diesel(sql_type = Nullable<SqlText>)]
    external_id: Option<String>,
    #[diesel(sql_type = SqlText)]
    description: String,
    #[diesel(sql_type = SqlText)]
    note: String,
    #[diesel(sql_type = SqlText)]
    status: FileStatus,
    #[diesel(sql_type = Nullable<SqlText>)]
    sub_status: Option<SubStatus>,
    #[diesel(sql_type = SqlText)]
    environment: Environment,
    #[diesel(sql_type = SqlText)]
    schema_kind: UsageSchema,
    #[diesel(sql_type = Nullable<SqlText>)]
    currency: Option<String>,
    #[diesel(sql_type = Nullable<BigInt>)]
    period_from: Option<Time>,
    #[diesel(sql_type = Nullable<BigInt>)]
    period_end: Option<Time>,
    #[diesel(sql_type = SqlText)]
    product_id: ProductId,
    #[diesel(sql_type = SqlText)]
    contract_id: ContractId,
    #[diesel(sql_type = SqlText)]
    marketplace_id: MarketplaceId,
    #[diesel(sql_type = SqlText)]
    vendor_id: AccountId,
    #[diesel(sql_type = SqlText)]
    provider_id: AccountId,
    #[diesel(sql_type = SqlText)]
    acceptance_note: String,
    #[diesel(sql_type = SqlText)]
    rejection_note: String,
    #[diesel(sql_type = Nullable<JsonDoc>)]
    error_detail: Option<Doc<Text>>,
    #[diesel(sql_type = Nullable<JsonDoc>)]
    submit_wish: Option<Doc<Wish>>,
    #[diesel(sql_type = Integer)]
    generation: i32,
    #[diesel(sql_type = Integer)]
    visible: i32,
    #[diesel(sql_type = BigInt)]
    uploaded: i64,
    #[diesel(sql_type = BigInt)]
    valid: i64,
    #[diesel(sql_type = BigInt)]
    invalid: i64,
    #[diesel(sql_type = BigInt)]
    closed: i64,
    #[diesel(sql_type = BigInt)]
    billed: i64,
    #[diesel(sql_type = BigInt)]
    approved: i64,
    #[diesel(sql_type = BigInt)]
    refused: i64,
    #[diesel(sql_type = BigInt)]
    subscriptions: i64,
    #[diesel(sql_type = ExactDecimal)]
    amount_total: Amount,
    #[diesel(sql_type = JsonDoc)]
    events: Doc<Events>,
    #[diesel(sql_type = BigInt)]
    revision: i64,
    #[diesel(sql_type = BigInt)]
    created_at: Time,
}

impl From<Row> for File {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            name: row.name,
            external_id: row.external_id,
            description: row.description,
            note: row.note,
            status: row.status,
            sub_status: row.sub_status,
            environment: row.environment,
            schema: row.schema_kind,
            currency: row.currency,
            period: row.period_from.zip(row.period_end).map(|(from, end)| Period { from, end }),
            product: row.product_id,
            contract: row.contract_id,
            marketplace: row.marketplace_id,
            vendor: row.vendor_id,
            provider: row.provider_id,
            acceptance_note: row.acceptance_note,
            rejection_note: row.rejection_note,
            error_detail: row.error_detail.map(|d| d.0),
            submit_wish: row.submit_wish.map(|d| d.0),
            generation: row.generation,
            visible: row.visible,
            figures: Figures {
                uploaded: row.uploaded,
                valid: row.valid,
                invalid: row.invalid,
                closed: row.closed,
                billed: row.billed,
            },
            verdicts: Verdicts { approved: row.approved, rejected: row.refused },
            subscriptions: row.subscriptions,
            amount_total: row.amount_total,
            events: row.events.0,
            revision: row.revision,
            created_at: row.created_at,
        }
    }
}

/// Files by their ids, in no order. For callers that have found the ids where the reader may look.
pub fn brief(tx: &mut Tx<'_>, ids: &[&str]) -> Result<Vec<File>> {
    if ids.is_empty() {
        return Ok(vec![]);
    }
    let mut query =
        diesel::sql_query(format!("select * from usage_file where id in ({})", super::places(1, ids.len())))
            .into_boxed::<MultiBackend>();
    for id in ids {
        query = query.bind::<SqlText, _>(*id);
    }
    let rows: Vec<Row> = query.load(tx.conn())?;
    Ok(rows.into_iter().map(File::from).collect())
}

#[derive(QueryableByName)]
struct Standing {
    #[diesel(sql_type = SqlText)]
    status: FileStatus,
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// How many files that the actor's company may see stand where, deleted ones left out.
pub fn by_status(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<(FileStatus, i64)>> {
    let rows: Vec<Standing> = diesel::sql_query(
        "select status, cast(sum(number) as bigint) as n from tally \
         where account_id = $1 and kind = 'usage_file' and status <> 'deleted' group by status having sum(number) > 0",
    )
    .bind::<SqlText, _>(actor.account()?.as_str())
    .load(tx.conn())?;
    Ok(rows.into_iter().map(|row| (row.status, row.n)).collect())
}

/// A file, whoever asks. For jobs.
pub fn find(tx: &mut Tx<'_>, id: &str) -> Result<Option<File>> {
    Ok(brief(tx, &[id])?.pop())
}

/// A file that is about to be changed: nobody else changes it until the transaction ends. For jobs.
pub fn lock(tx: &mut Tx<'_>, id: &str) -> Result<Option<File>> {
    let wait = if tx.is_postgres() { " for update" } else { "" };
    let row: Option<Row> = diesel::sql_query(format!("select * from usage_file where id = $1{wait}"))
        .bind::<SqlText, _>(id)
        .get_result(tx.conn())
        .optional()?;
    Ok(row.map(File::from))
}

/// How a file is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// To be read.
    Reads,
    /// To be changed.
    Changes,
}

impl File {
    /// A file that the actor's company may see, and the side on which it stands.
    pub fn open(tx: &mut Tx<'_>, actor: &Actor, id: &str, who: Who) -> Result<(Self, Side)> {
        let absent = || Refusal::not_found("usage file", id);
        let side = party::side(tx, "usage_file", id, actor.account()?)?.ok_or_else(absent)?;
        let file = match who {
            Who::Reads => find(tx, id)?,
            Who::Changes => lock(tx, id)?,
        };
        Ok((file.ok_or_else(absent)?, side))
    }
}

/// A new file's values.
#[derive(Debug)]
pub struct NewFile<'a> {
    /// Its name.
    pub name: &'a str,
    /// The vendor's own number.
    pub external_id: Option<&'a str>,
    /// What the distributor reads with it.
    pub description: &'a str,
    /// What only the vendor reads.
    pub note: &'a str,
    /// What its rows carry.
    pub schema: UsageSchema,
    /// In what money.
    pub currency: Option<&'a str>,
    /// The time it speaks of.
    pub period: Option<Period>,
    /// Usage of which product.
    pub product: &'a ProductId,
    /// Under which contract, on which marketplace, between whom.
    pub offer: &'a Offer,
    /// When it was made, by whom.
    pub events: Events,
}

/// Writes a new file under a fresh id.
pub fn insert(tx: &mut Tx<'_>, new: &NewFile<'_>) -> Result<UsageFileId> {
    let at = tx.at();
    let month = at.date().strftime("%Y-%m").to_string();
    insert_with_fresh_id(tx, &[4, 4], |tx, digits| {
        let texts = (
            usage_file::id.eq(format!("UF-{month}-{digits}")),
            usage_file::name.eq(new.name),
            usage_file::name_folded.eq(fold(new.name)),
            usage_file::external_id.eq(new.external_id),
            usage_file::description.eq(new.description),
            usage_file::note.eq(new.note),
            usage_file::acceptance_note.eq(""),
            usage_file::rejection_note.eq(""),
        );
        let place = (
            usage_file::status.eq(FileStatus::Draft),
            usage_file::environment.eq(Environment::Production),
            usage_file::schema_kind.eq(new.schema.as_str().to_ascii_lowercase()),
            usage_file::currency.eq(new.currency),
            usage_file::period_from.eq(new.period.map(|p| p.from)),
            usage_file::period_end.eq(new.period.map(|p| p.end)),
            usage_file::product_id.eq(new.product),
            usage_file::contract_id.eq(&new.offer.contract),
            usage_file::marketplace_id.eq(&new.offer.marketplace),
            usage_file::vendor_id.eq(&new.offer.vendor),
            usage_file::provider_id.eq(&new.offer.provider),
        );
        let numbers = (
            usage_file::generation.eq(0),
            usage_file::visible.eq(0),
            usage_file::uploaded.eq(0i64),
            usage_file::valid.eq(0i64),
            usage_file::invalid.eq(0i64),
            usage_file::closed.eq(0i64),
            usage_file::billed.eq(0i64),
            usage_file::subscriptions.eq(0i64),
            usage_file::amount_total.eq(Amount::ZERO),
            usage_file::events.eq(Doc(new.events.clone())),
            usage_file::revision.eq(1i64),
            usage_file::created_at.eq(at),
            usage_file::updated_at.eq(at),
        );
        Ok(diesel::insert_into(usage_file::table)
            .values((texts, place, numbers))
            .returning(usage_file::id)
            .get_result(tx.conn())?)
    })
}

/// Writes what of a file can change; its revision goes up.
pub fn save(tx: &mut Tx<'_>, file: &mut File) -> Result<()> {
    let at = tx.at();
    file.revision += 1;
    let texts = (
        usage_file::name.eq(&file.name),
        usage_file::name_folded.eq(fold(&file.name)),
        usage_file::external_id.eq(&file.external_id),
        usage_file::description.eq(&file.description),
        usage_file::note.eq(&file.note),
        usage_file::status.eq(file.status),
        usage_file::sub_status.eq(file.sub_status),
        usage_file::currency.eq(&file.currency),
        usage_file::period_from.eq(file.period.map(|p| p.from)),
        usage_file::period_end.eq(file.period.map(|p| p.end)),
        usage_file::acceptance_note.eq(&file.acceptance_note),
        usage_file::rejection_note.eq(&file.rejection_note),
        usage_file::error_detail.eq(file.error_detail.clone().map(Doc)),
        usage_file::submit_wish.eq(file.submit_wish.clone().map(Doc)),
    );
    let numbers = (
        usage_file::generation.eq(file.generation),
        usage_file::visible.eq(file.visible),
        usage_file::uploaded.eq(file.figures.uploaded),
        usage_file::valid.eq(file.figures.valid),
        usage_file::invalid.eq(file.figures.invalid),
        usage_file::closed.eq(file.figures.closed),
        usage_file::billed.eq(file.figures.billed),
        usage_file::approved.eq(file.verdicts.approved),
        usage_file::refused.eq(file.verdicts.rejected),
        usage_file::subscriptions.eq(file.subscriptions),
        usage_file::amount_total.eq(file.amount_total),
        usage_file::events.eq(Doc(file.events.clone())),
        usage_file::revision.eq(file.revision),
        usage_file::updated_at.eq(at),
    );
    diesel::update(usage_file::table.find(&file.id)).set((texts, numbers)).execute(tx.conn())?;
    Ok(())
}

/// Writes a file that came into a new status, and tells its parties.
pub fn move_to(tx: &mut Tx<'_>, file: &mut File, status: FileStatus) -> Result<()> {
    file.status = status;
    save(tx, file)?;
    party::moved(tx, "usage_file", file.id.as_str(), status.as_str(), status.turn())
}
