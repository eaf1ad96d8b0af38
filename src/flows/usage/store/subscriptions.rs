//! Looking up the subscriptions that rows name, for many rows at once.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable, Text as SqlText};

use super::places;
use crate::db::schema::asset_item;
use crate::db::{MultiBackend, Result, Tx};
use crate::flows::usage::model::{Candidate, Criteria, Scope};
use crate::kit::column::{Doc, JsonDoc};
use crate::kit::{Amount, Environment, Events, ProductId};

/// Subscriptions that one value finds; more are not looked at. Those that fit best come first.
const MOST: usize = 8;
/// Long values of parameters are found by their first characters; an index has no more of them.
const BEGINNING: usize = 200;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlText)]
    found: String,
    #[diesel(sql_type = SqlText)]
    id: String,
    #[diesel(sql_type = SqlText)]
    status: String,
    #[diesel(sql_type = SqlText)]
    contract: String,
    #[diesel(sql_type = SqlText)]
    environment: Environment,
    #[diesel(sql_type = Bool)]
    tier1: bool,
    #[diesel(sql_type = Bool)]
    tier2: bool,
    #[diesel(sql_type = Nullable<JsonDoc>)]
    ended: Option<Doc<Events>>,
    #[diesel(sql_type = Nullable<SqlText>)]
    recon: Option<String>,
}

/// The subscriptions of a product that have one of these values, by the value; at most 1,000 values at once. Those of the
/// file's contract and environment come first, and among them the live ones. One statement.
pub fn matching(
    tx: &mut Tx<'_>,
    product: &ProductId,
    scope: &Scope,
    criteria: &Criteria,
    values: &[&str],
    recon: Option<&str>,
) -> Result<HashMap<String, Vec<Candidate>>> {
    if values.is_empty() {
        return Ok(HashMap::new());
    }
    // $1 contract, $2 environment, $3 reconciliation parameter, $4 product, then what the criteria need: SQLite numbers
    // the places of values in the order of the text.
    let list = places(5, values.len());
    let (found, from, is_wanted) = match criteria {
        Criteria::Id => ("a.id", "", format!("a.id in ({list})")),
        Criteria::ExternalId => ("a.external_id", "", format!("a.external_id in ({list})")),
        Criteria::ExternalUid => ("a.external_uid", "", format!("a.external_uid in ({list})")),
        Criteria::Parameter(_) => {
            let (beginnings, list) = (places(6, values.len()), places(6 + values.len(), values.len()));
            (
                "v.value",
                "join asset_param v on v.asset_id = a.id",
                format!(
                    "v.product_id = $4 and v.name = $5 and substr(v.value, 1, {BEGINNING}) in ({beginnings}) and v.value in ({list})"
                ),
            )
        }
    };
    let text = format!(
        "select * from (select {found} as found, a.id as id, a.status as status, a.contract_id as contract, a.environment as environment, \
         a.tier1_id is not null as tier1, a.tier2_id is not null as tier2, case when a.status = 'terminated' then a.events end as ended, \
         r.value as recon, row_number() over (partition by {found} order by \
         case when a.contract_id = $1 and a.environment = $2 then 0 else 1 end, \
         case a.status when 'active' then 0 when 'suspended' then 0 when 'terminating' then 0 when 'terminated' then 1 else 2 end, \
         a.updated_at desc, a.id) as place \
         from asset a {from} left join asset_param r on r.asset_id = a.id and r.name = $3 \
         where a.product_id = $4 and {is_wanted}) ranked where place <= {MOST} order by found, place"
    );
    let mut query = diesel::sql_query(text)
        .into_boxed::<MultiBackend>()
        .bind::<SqlText, _>(&scope.contract)
        .bind::<SqlText, _>(scope.environment)
        .bind::<Nullable<SqlText>, _>(recon)
        .bind::<SqlText, _>(product.as_str());
    if let Criteria::Parameter(name) = criteria {
        query = query.bind::<SqlText, _>(name);
        for value in values {
            query = query.bind::<SqlText, _>(value.chars().take(BEGINNING).collect::<String>());
        }
    }
    for value in values {
        query = query.bind::<SqlText, _>(*value);
    }
    let rows: Vec<Row> = query.load(tx.conn())?;
    let mut all: HashMap<String, Vec<Candidate>> = HashMap::new();
    for row in rows {
        all.entry(row.found).or_default().push(Candidate {
            id: row.id,
            status: row.status,
            contract: row.contract,
            environment: row.environment,
            tiers: [row.tier1, row.tier2],
            ended: row.ended.and_then(|events| events.0.at("terminated")),
            recon: row.recon,
        });
    }
    Ok(all)
}

/// Which of these subscriptions have which reserved items.
pub fn items_on(tx: &mut Tx<'_>, subscriptions: &[&str]) -> Result<HashSet<(String, String)>> {
    let rows: Vec<(String, String, Amount, bool)> = asset_item::table
        .filter(asset_item::asset_id.eq_any(subscriptions))
        .select((asset_item::asset_id, asset_item::item_id, asset_item::quantity, asset_item::unlimited))
        .load(tx.conn())?;
    let held = rows.into_iter().filter(|(_, _, quantity, unlimited)| *unlimited || !quantity.is_zero());
    Ok(held.map(|(asset, item, ..)| (asset, item)).collect())
}
