//! Reading subscriptions.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Integer, Nullable, Text as SqlText};

use super::refs::{COLUMNS, JOINS, Refs};
use super::{ASSET, places};
use crate::db::schema::{asset, asset_param};
use crate::db::{self, MultiBackend, Result, Tx};
use crate::flows::orders::model::{AssetState, AssetStatus, RequestKind, RequestStatus, TemplateRef};
use crate::kit::column::{Doc, JsonDoc};
use crate::kit::{
    AccountId, Actor, AssetId, ConnectionId, Events, HubId, MarketplaceId, ProductId, Refusal, Side, Time,
};

/// A subscription with everything around it, for one reader. The companies of its chain are loaded by the customers flow.
#[derive(Debug, Clone, QueryableByName)]
pub struct AssetView {
    /// The id.
    #[diesel(sql_type = SqlText)]
    pub id: AssetId,
    /// Where it stands.
    #[diesel(sql_type = SqlText)]
    pub status: AssetStatus,
    /// On which side the reader stands.
    #[diesel(sql_type = SqlText)]
    pub side: Side,
    /// How far up the chain it stands there.
    #[diesel(sql_type = Integer)]
    pub position: i32,
    /// The product's version it was ordered of.
    #[diesel(sql_type = Nullable<Integer>)]
    pub version: Option<i32>,
    /// What it mentions.
    #[diesel(embed)]
    pub refs: Refs,
    /// The number in the ordering system.
    #[diesel(sql_type = Nullable<SqlText>)]
    pub external_id: Option<String>,
    /// The UUID there.
    #[diesel(sql_type = Nullable<SqlText>)]
    pub external_uid: Option<String>,
    /// Who uses it.
    #[diesel(sql_type = SqlText)]
    pub customer_id: String,
    /// Their reseller.
    #[diesel(sql_type = Nullable<SqlText>)]
    pub tier1_id: Option<String>,
    /// The reseller above it.
    #[diesel(sql_type = Nullable<SqlText>)]
    pub tier2_id: Option<String>,
    #[diesel(sql_type = Nullable<SqlText>)]
    open_request_id: Option<String>,
    #[diesel(sql_type = Nullable<SqlText>)]
    open_id: Option<String>,
    #[diesel(sql_type = Nullable<SqlText>)]
    open_kind: Option<RequestKind>,
    #[diesel(sql_type = Nullable<SqlText>)]
    open_status: Option<RequestStatus>,
    #[diesel(sql_type = Nullable<SqlText>)]
    open_template: Option<String>,
    #[diesel(sql_type = Nullable<SqlText>)]
    open_template_name: Option<String>,
    /// Items and parameters.
    #[diesel(sql_type = JsonDoc)]
    pub doc: Doc<AssetState>,
    /// When what happened.
    #[diesel(sql_type = JsonDoc)]
    pub events: Doc<Events>,
    /// Grows with each change.
    #[diesel(sql_type = BigInt)]
    pub revision: i64,
    /// When it was made.
    #[diesel(sql_type = BigInt)]
    pub created_at: Time,
    /// When it was changed last.
    #[diesel(sql_type = BigInt)]
    pub updated_at: Time,
}

/// The open request of a subscription.
#[derive(Debug, Clone)]
pub struct PendingRef {
    /// The id.
    pub id: String,
    /// What it asks for.
    pub kind: RequestKind,
    /// Where it stands.
    pub status: RequestStatus,
    /// Its template.
    pub template: Option<TemplateRef>,
}

impl AssetView {
    /// The open request, if there is one that the reader may know of.
    pub fn pending(&self) -> Option<PendingRef> {
        let template = self
            .open_template
            .clone()
            .map(|id| TemplateRef { id, name: self.open_template_name.clone().unwrap_or_default() });
        Some(PendingRef { id: self.open_id.clone()?, kind: self.open_kind?, status: self.open_status?, template })
    }

    /// Whether a request is open, be it one that the reader may not know of.
    pub fn has_open_request(&self) -> bool {
        self.open_request_id.is_some()
    }

    /// The ids of the companies of its chain.
    pub fn tier_ids(&self) -> impl Iterator<Item = &str> {
        [Some(&self.customer_id), self.tier1_id.as_ref(), self.tier2_id.as_ref()]
            .into_iter()
            .flatten()
            .map(String::as_str)
    }
}

const OWN: &str = "o.id, o.status, p.side, p.position, o.version, o.external_id, o.external_uid, o.customer_id, o.tier1_id, o.tier2_id, \
    o.open_request_id, q.id as open_id, q.kind as open_kind, q.status as open_status, q.template_id as open_template, qt.name as open_template_name, \
    o.doc, o.events, o.revision, o.created_at, o.updated_at";

/// Subscriptions by their ids, those of them that the actor may see, in the order of the ids: one statement.
pub fn asset_views(tx: &mut Tx<'_>, actor: &Actor, ids: &[String]) -> Result<Vec<AssetView>> {
    if ids.is_empty() {
        return Ok(vec![]);
    }
    // A draft is not there for those who may not see it: its party row decides, not the subscription's.
    let text = format!(
        "select {OWN}, {COLUMNS} from asset o join party p on p.account_id = $1 and p.kind = '{ASSET}' and p.object_id = o.id {JOINS} \
         left join party qp on qp.account_id = p.account_id and qp.kind = 'request' and qp.object_id = o.open_request_id \
         left join request q on q.id = qp.object_id left join template qt on qt.id = q.template_id where o.id in ({})",
        places(ids.len())
    );
    let mut query =
        diesel::sql_query(text).into_boxed::<MultiBackend>().bind::<SqlText, _>(actor.account()?.to_string());
    for id in ids {
        query = query.bind::<SqlText, _>(id.clone());
    }
    let rows: Vec<AssetView> = query.load(tx.conn())?;
    Ok(db::in_order(ids, rows, |row| row.id.as_str()))
}

/// One subscription that the actor may see; locked when it is to be changed.
pub fn load_asset(tx: &mut Tx<'_>, actor: &Actor, id: &str, lock: bool) -> Result<AssetView> {
    if lock {
        db::lock(tx, ASSET, id)?;
    }
    let mut found = asset_views(tx, actor, &[id.to_owned()])?;
    found.pop().ok_or_else(|| Refusal::not_found("subscription", id).into())
}

/// The subscription of a connection that has a UUID and is not over.
pub fn uid_in_use(
    tx: &mut Tx<'_>,
    _: &Actor,
    connection: &ConnectionId,
    external_uid: &str,
) -> Result<Option<AssetId>> {
    Ok(asset::table
        .filter(asset::connection_id.eq(connection))
        .filter(asset::external_uid.eq(external_uid))
        .filter(asset::status.ne("terminated"))
        .select(asset::id)
        .first(tx.conn())
        .optional()?)
}

/// Whether another subscription of a product that is not over has this value in a parameter.
pub fn unique_in_use(
    tx: &mut Tx<'_>,
    _: &Actor,
    product: &ProductId,
    name: &str,
    value: &str,
    own: Option<&AssetId>,
) -> Result<bool> {
    let start: String = value.chars().take(200).collect();
    let same = asset_param::table
        .inner_join(asset::table.on(asset::id.eq(asset_param::asset_id)))
        .filter(asset_param::product_id.eq(product))
        .filter(asset_param::name.eq(name))
        // The index holds the beginnings of values.
        .filter(diesel::dsl::sql::<Bool>("substr(asset_param.value, 1, 200) = ").bind::<SqlText, _>(start))
        .filter(asset_param::value.eq(value))
        .filter(asset::status.ne("terminated"))
        .filter(asset::id.ne(own.map_or("", AssetId::as_str)));
    Ok(diesel::select(diesel::dsl::exists(same)).get_result(tx.conn())?)
}

/// The marketplaces on which a product is listed by a distributor and that are sold through a hub.
pub fn marketplaces_for(
    tx: &mut Tx<'_>,
    _: &Actor,
    product: &ProductId,
    hub: &HubId,
    provider: &AccountId,
) -> Result<Vec<MarketplaceId>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = SqlText)]
        marketplace_id: MarketplaceId,
    }
    let rows: Vec<Row> = diesel::sql_query(
        "select distinct l.marketplace_id from listing l join marketplace_hub mh on mh.marketplace_id = l.marketplace_id \
         where l.product_id = $1 and l.provider_id = $2 and l.status = 'listed' and mh.hub_id = $3 order by l.marketplace_id",
    )
    .bind::<SqlText, _>(product.as_str())
    .bind::<SqlText, _>(provider.as_str())
    .bind::<SqlText, _>(hub.as_str())
    .load(tx.conn())?;
    Ok(rows.into_iter().map(|r| r.marketplace_id).collect())
}

/// The text that the customer of a subscription reads: that of the request approved last. The caller has made sure that
/// the actor may see the subscription.
pub fn last_activation(tx: &mut Tx<'_>, _: &Actor, id: &AssetId) -> Result<String> {
    use crate::db::schema::request;
    let text: Option<String> = request::table
        .filter(request::asset_id.eq(id))
        .filter(request::status.eq("approved"))
        .filter(request::activation_key.ne(""))
        .order(request::id.desc())
        .select(request::activation_key)
        .first(tx.conn())
        .optional()?;
    Ok(text.unwrap_or_default())
}
