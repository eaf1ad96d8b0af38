//! Rows of orders that are being written, and what can be ordered at all.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text as SqlText};

use crate::db::schema::order_draft;
use crate::db::{self, Result, Tx, insert_with_fresh_id};
use crate::flows::orders::model::Draft;
use crate::kit::column::{Doc, JsonDoc};
use crate::kit::{AccountId, Actor, Environment, NamedRef, Refusal, Role, Time, fold};

/// An order that is being written.
#[derive(Debug, Clone, QueryableByName)]
pub struct Written {
    /// Its id, `OD-…`.
    #[diesel(sql_type = SqlText)]
    pub id: String,
    /// The answers so far.
    #[diesel(sql_type = JsonDoc)]
    pub doc: Doc<Draft>,
    /// The request that it became.
    #[diesel(sql_type = Nullable<SqlText>)]
    pub request_id: Option<String>,
    /// When it was changed last.
    #[diesel(sql_type = BigInt)]
    pub updated_at: Time,
}

const COLUMNS: &str = "d.id, d.doc, d.request_id, d.updated_at";

/// Keeps a new one under a fresh id.
pub fn insert_draft(tx: &mut Tx<'_>, actor: &Actor, draft: &Draft) -> Result<String> {
    let account = actor.account()?.clone();
    let at = tx.at();
    insert_with_fresh_id(tx, &[4, 4, 4], |tx, digits| {
        let row = (
            order_draft::id.eq(format!("OD-{digits}")),
            order_draft::account_id.eq(account.as_str()),
            order_draft::product_id.eq(&draft.product),
            order_draft::doc.eq(Doc(draft.clone())),
            order_draft::revision.eq(1i64),
            order_draft::created_at.eq(at),
            order_draft::updated_at.eq(at),
        );
        Ok(diesel::insert_into(order_draft::table)
            .values(row)
            .returning(order_draft::id)
            .get_result::<String>(tx.conn())?)
    })
}

/// One of the actor's company; locked when it is to be changed.
pub fn load_draft(tx: &mut Tx<'_>, actor: &Actor, id: &str, lock: bool) -> Result<Written> {
    if lock {
        db::lock(tx, "order_draft", id)?;
    }
    let found: Option<Written> =
        diesel::sql_query(format!("select {COLUMNS} from order_draft d where d.id = $1 and d.account_id = $2"))
            .bind::<SqlText, _>(id)
            .bind::<SqlText, _>(actor.account()?.as_str())
            .get_result(tx.conn())
            .optional()?;
    found.ok_or_else(|| Refusal::not_found("order", id).into())
}

/// Keeps the answers, or the request that the order became.
pub fn save_draft(tx: &mut Tx<'_>, id: &str, draft: &Draft, request: Option<&str>) -> Result<()> {
    let at = tx.at();
    diesel::update(order_draft::table.find(id))
        .set((
            order_draft::product_id.eq(&draft.product),
            order_draft::doc.eq(Doc(draft.clone())),
            order_draft::request_id.eq(request),
            order_draft::revision.eq(order_draft::revision + 1),
            order_draft::updated_at.eq(at),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Throws one away.
pub fn forget_draft(tx: &mut Tx<'_>, id: &str) -> Result<()> {
    diesel::delete(order_draft::table.find(id)).execute(tx.conn())?;
    Ok(())
}

/// Throws away what the actor's company has not touched since a moment.
pub fn forget_drafts(tx: &mut Tx<'_>, actor: &Actor, before: Time) -> Result<()> {
    diesel::delete(
        order_draft::table
            .filter(order_draft::account_id.eq(actor.account()?.as_str()))
            .filter(order_draft::updated_at.lt(before)),
    )
    .execute(tx.conn())?;
    Ok(())
}

/// Throws away what no company has touched since a moment, at most `limit`; gives how many.
pub fn forget_untouched_drafts(tx: &mut Tx<'_>, before: Time, limit: i64) -> Result<usize> {
    let old: Vec<String> = order_draft::table
        .filter(order_draft::updated_at.lt(before))
        .select(order_draft::id)
        .limit(limit)
        .load(tx.conn())?;
    Ok(diesel::delete(order_draft::table.filter(order_draft::id.eq_any(&old))).execute(tx.conn())?)
}

/// Those of the actor's company that are not placed, the one touched last first.
pub fn open_drafts(tx: &mut Tx<'_>, actor: &Actor, limit: i64) -> Result<Vec<Written>> {
    Ok(diesel::sql_query(format!(
        "select {COLUMNS} from order_draft d where d.account_id = $1 and d.request_id is null order by d.updated_at desc limit $2"
    ))
    .bind::<SqlText, _>(actor.account()?.as_str())
    .bind::<BigInt, _>(limit)
    .load(tx.conn())?)
}

/// A product that the actor's company can order.
#[derive(Debug, Clone, QueryableByName)]
pub struct Offered {
    /// Its id.
    #[diesel(sql_type = SqlText)]
    pub id: String,
    /// Its name.
    #[diesel(sql_type = SqlText)]
    pub name: String,
    /// Its vendor's name.
    #[diesel(sql_type = SqlText)]
    pub vendor_name: String,
}

/// Where a product can be ordered: a connection, and a marketplace sold through its hub.
#[derive(Debug, Clone, QueryableByName)]
pub struct Outlet {
    /// The connection.
    #[diesel(sql_type = SqlText)]
    pub connection_id: String,
    /// What the connection is for.
    #[diesel(sql_type = SqlText)]
    pub environment: Environment,
    /// The hub's name.
    #[diesel(sql_type = SqlText)]
    pub hub_name: String,
    /// The marketplace.
    #[diesel(sql_type = SqlText)]
    pub marketplace_id: String,
    /// Its name.
    #[diesel(sql_type = SqlText)]
    pub marketplace_name: String,
    /// The distributor.
    #[diesel(sql_type = SqlText)]
    pub provider_id: AccountId,
    /// The distributor's name.
    #[diesel(sql_type = SqlText)]
    pub provider_name: String,
    /// The vendor's name.
    #[diesel(sql_type = SqlText)]
    pub vendor_name: String,
}

/// What has to be true of a connection `cn`, a marketplace `m` and a product `pr` for an order of the company `$1`.
fn orderable(role: Role) -> String {
    let own = match role {
        Role::Reseller => {
            "cn.provider_id in (select s.issuer_id from contract s where s.kind = 'service' and s.owner_id = $1 and s.status = 'active')"
        }
        _ => "cn.provider_id = $1",
    };
    // As with orders by the API: a test needs no listing, only the contract.
    format!(
        "from connection cn join product pr on pr.id = cn.product_id join account va on va.id = cn.vendor_id \
         join account pa on pa.id = cn.provider_id join hub h on h.id = cn.hub_id join marketplace_hub mh on mh.hub_id = cn.hub_id \
         join marketplace m on m.id = mh.marketplace_id \
         where {own} and cn.status = 'active' and pr.status not in ('draft', 'endofsale') and (exists (select 1 from listing l \
         join contract c on c.id = l.contract_id where l.product_id = pr.id and l.marketplace_id = m.id and l.status = 'listed' \
         and c.status = 'active' and c.issuer_id = cn.provider_id) or (cn.environment = 'test' and exists (select 1 from contract c \
         where c.kind = 'distribution' and c.status = 'active' and c.owner_id = cn.vendor_id and c.issuer_id = cn.provider_id \
         and c.marketplace_id = m.id)))"
    )
}

/// The products that the actor's company can order, by name; `words` narrows them by name or id.
pub fn offered(tx: &mut Tx<'_>, actor: &Actor, words: &str, limit: i64) -> Result<Vec<Offered>> {
    let seat = actor.company()?;
    let text = format!(
        "select distinct pr.id, pr.name, va.name as vendor_name, pr.name_folded {} \
         and (pr.name_folded like $2 escape '!' or pr.id = $3) order by pr.name_folded, pr.id limit $4",
        orderable(seat.role)
    );
    Ok(diesel::sql_query(text)
        .bind::<SqlText, _>(seat.account.as_str())
        .bind::<SqlText, _>(like(words))
        .bind::<SqlText, _>(words.trim())
        .bind::<BigInt, _>(limit)
        .load(tx.conn())?)
}

/// Where the actor's company can order a product.
pub fn outlets(tx: &mut Tx<'_>, actor: &Actor, product: &str, limit: i64) -> Result<Vec<Outlet>> {
    let seat = actor.company()?;
    let text = format!(
        "select cn.id as connection_id, cn.environment, h.name as hub_name, m.id as marketplace_id, m.name as marketplace_name, \
         cn.provider_id, pa.name as provider_name, va.name as vendor_name {} and pr.id = $2 \
         order by cn.environment, m.name_folded, h.name_folded, cn.id limit $3",
        orderable(seat.role)
    );
    Ok(diesel::sql_query(text)
        .bind::<SqlText, _>(seat.account.as_str())
        .bind::<SqlText, _>(product)
        .bind::<BigInt, _>(limit)
        .load(tx.conn())?)
}

/// The companies with an active service contract with the actor's company, by name.
pub fn service_partners(tx: &mut Tx<'_>, actor: &Actor, limit: i64) -> Result<Vec<NamedRef>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = SqlText)]
        id: String,
        #[diesel(sql_type = SqlText)]
        name: String,
    }
    let rows: Vec<Row> = diesel::sql_query(
        "select a.id, a.name from contract c join account a on a.id = c.owner_id \
         where c.kind = 'service' and c.status = 'active' and c.issuer_id = $1 order by c.name_folded, a.id limit $2",
    )
    .bind::<SqlText, _>(actor.account()?.as_str())
    .bind::<BigInt, _>(limit)
    .load(tx.conn())?;
    Ok(rows.into_iter().map(|r| NamedRef { id: r.id, name: r.name }).collect())
}

/// A pattern that finds these words anywhere.
fn like(words: &str) -> String {
    let plain = fold(words.trim()).replace('!', "!!").replace('%', "!%").replace('_', "!_");
    format!("%{plain}%")
}
