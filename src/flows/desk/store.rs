//! What the home page reads. Totals and charts count what is in production, never previews and tests.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text as SqlText};

use crate::db::{MultiBackend, Result, Tx};
use crate::kit::{Actor, Time};

/// The party rows of the requests and subscriptions that somebody only tries out, which the kept numbers hold too.
const TRIED_OUT: &str = "(select 'request' as kind, id from request where environment <> 'production' \
    union all select 'asset', id from asset where environment <> 'production') o \
    join party p on p.account_id = $1 and p.kind = o.kind and p.object_id = o.id";

#[derive(QueryableByName)]
struct Day {
    #[diesel(sql_type = BigInt)]
    day: i64,
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// How many objects of a kind that an account may see were created, by day (days since 1970 in UTC), since the day of a moment.
pub fn created_by_day(tx: &mut Tx<'_>, actor: &Actor, kind: &str, since: Time) -> Result<Vec<(i64, i64)>> {
    let rows: Vec<Day> = diesel::sql_query(format!(
        "select day, cast(sum(number) as bigint) as number from ( \
         select day, number from tally_day where account_id = $1 and kind = $2 \
         union all select p.created_at / 86400000000, -1 from {TRIED_OUT} where o.kind = $2) days \
         where day >= $3 / 86400000000 group by day having sum(number) > 0 order by day"
    ))
    .bind::<SqlText, _>(actor.account()?.as_str())
    .bind::<SqlText, _>(kind)
    .bind::<BigInt, _>(since)
    .load(tx.conn())?;
    Ok(rows.into_iter().map(|d| (d.day, d.number)).collect())
}

/// How many objects of a kind are in a status.
#[derive(Debug, Clone, QueryableByName)]
pub struct Count {
    /// The kind, as in the party rows.
    #[diesel(sql_type = SqlText)]
    pub kind: String,
    /// The status.
    #[diesel(sql_type = SqlText)]
    pub status: String,
    /// How many there are.
    #[diesel(sql_type = BigInt)]
    pub number: i64,
}

/// How many objects an account may see, by kind and status.
pub fn counts(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<Count>> {
    let account = actor.account()?.as_str();
    let query = format!(
        "select kind, status, cast(sum(number) as bigint) as number from ( \
         select kind, status, number from tally where account_id = $1 \
         union all select p.kind, p.status, -1 from {TRIED_OUT}) objects group by kind, status having sum(number) > 0"
    );
    Ok(diesel::sql_query(query).bind::<SqlText, _>(account).load(tx.conn())?)
}

/// How many objects an account may see, by kind and status, whatever they are for.
pub fn all_counts(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<(String, String, i64)>> {
    let rows: Vec<Count> = diesel::sql_query(
        "select kind, status, cast(sum(number) as bigint) as number from tally where account_id = $1 \
         group by kind, status having sum(number) > 0",
    )
    .bind::<SqlText, _>(actor.account()?.as_str())
    .load(tx.conn())?;
    Ok(rows.into_iter().map(|c| (c.kind, c.status, c.number)).collect())
}

/// What names an object: of what it has, the rest is none.
#[derive(Debug, Clone, Default, PartialEq, Eq, QueryableByName)]
pub struct Named {
    /// The kind, as in the party rows.
    #[diesel(sql_type = SqlText)]
    pub kind: String,
    /// Its id.
    #[diesel(sql_type = SqlText)]
    pub id: String,
    /// What a request asks for.
    #[diesel(sql_type = Nullable<SqlText>)]
    pub wish: Option<String>,
    /// Its own name.
    #[diesel(sql_type = Nullable<SqlText>)]
    pub name: Option<String>,
    /// The product.
    #[diesel(sql_type = Nullable<SqlText>)]
    pub product: Option<String>,
    /// The customer.
    #[diesel(sql_type = Nullable<SqlText>)]
    pub customer: Option<String>,
    /// The marketplace.
    #[diesel(sql_type = Nullable<SqlText>)]
    pub marketplace: Option<String>,
    /// The other company of a contract, or the vendor or distributor of a usage file.
    #[diesel(sql_type = Nullable<SqlText>)]
    pub partner: Option<String>,
}

/// What names these objects, each given by kind and id, as far as the actor may see them.
pub fn named(tx: &mut Tx<'_>, actor: &Actor, objects: &[(&str, &str)]) -> Result<Vec<Named>> {
    if objects.is_empty() {
        return Ok(vec![]);
    }
    let wanted: Vec<String> =
        (0..objects.len()).map(|n| format!("select ${} as kind, ${} as id", 2 * n + 1, 2 * n + 2)).collect();
    let text = format!(
        "select p.kind, p.object_id as id, coalesce(r.kind, lr.kind) as wish, \
         coalesce(f.name, g.title, h.name, case when p.kind = 'product' then pr.name end, \
         case when p.kind = 'marketplace' then m.name end, case when p.kind = 'tier_account' then t.name end) as name, \
         pr.name as product, t.name as customer, m.name as marketplace, partner.name as partner \
         from ({}) w join party p on p.account_id = ${} and p.kind = w.kind and p.object_id = w.id \
         left join request r on p.kind = 'request' and r.id = p.object_id \
         left join asset a on p.kind = 'asset' and a.id = p.object_id \
         left join usage_file f on p.kind = 'usage_file' and f.id = p.object_id \
         left join contract c on p.kind = 'contract' and c.id = p.object_id \
         left join agreement g on g.id = coalesce(c.agreement_id, case when p.kind = 'agreement' then p.object_id end) \
         left join listing_request lr on p.kind = 'listing_request' and lr.id = p.object_id \
         left join listing l on l.id = coalesce(lr.listing_id, case when p.kind = 'listing' then p.object_id end) \
         left join hub h on p.kind = 'hub' and h.id = p.object_id \
         left join product pr on pr.id = coalesce(r.product_id, a.product_id, f.product_id, l.product_id, \
         case when p.kind = 'product' then p.object_id end) \
         left join tier_account t on t.id = coalesce(r.customer_id, a.customer_id, \
         case when p.kind = 'tier_account' then p.object_id end) \
         left join marketplace m on m.id = coalesce(l.marketplace_id, f.marketplace_id, c.marketplace_id, \
         case when p.kind = 'marketplace' then p.object_id end) \
         left join account partner on partner.id = case when coalesce(c.issuer_id, f.provider_id) = p.account_id \
         then coalesce(c.owner_id, f.vendor_id) else coalesce(c.issuer_id, f.provider_id) end",
        wanted.join(" union all "),
        2 * objects.len() + 1
    );
    let start = diesel::sql_query(text).into_boxed::<MultiBackend>();
    let query = objects.iter().fold(start, |query, (kind, id)| {
        query.bind::<SqlText, _>((*kind).to_owned()).bind::<SqlText, _>((*id).to_owned())
    });
    Ok(query.bind::<SqlText, _>(actor.account()?.to_string()).load(tx.conn())?)
}
