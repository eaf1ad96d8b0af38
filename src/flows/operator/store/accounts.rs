//! The accounts of the deployment.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text as SqlText};

use super::OPERATOR;
use crate::db::list::{Collection, Field, Scope};
use crate::db::{MultiBackend, Result, Tx, in_order};
use crate::flows::accounts::model::{AccountStatus, Closer};
use crate::kit::{AccountId, Actor, Role, Time};

/// Every account.
pub const ACCOUNTS: Collection = Collection {
    name: "operator-accounts",
    from: "account a",
    id: "a.id",
    scope: Scope::Sql(OPERATOR),
    joins: &[],
    many: &[],
    fields: &[
        Field::id().orderable().searchable(),
        Field::text("name", "a.name").folded("a.name_folded").orderable().searchable(),
        Field::choice("role", "a.role", Role::WORDS),
        Field::choice("status", "a.status", AccountStatus::WORDS).orderable(),
        Field::time("created", "a.created_at").orderable(),
    ],
    order: &["-created"],
};

/// An account and how much there is of it.
#[derive(Debug, Clone, QueryableByName)]
pub struct AccountLine {
    /// Which.
    #[diesel(sql_type = SqlText)]
    pub id: AccountId,
    /// Its name.
    #[diesel(sql_type = SqlText)]
    pub name: String,
    /// What it is.
    #[diesel(sql_type = SqlText)]
    pub role: Role,
    /// Whether anybody may act in it.
    #[diesel(sql_type = SqlText)]
    pub status: AccountStatus,
    /// Who has closed it, if it is closed.
    #[diesel(sql_type = Nullable<SqlText>)]
    pub closed_by: Option<Closer>,
    /// Since when it is there.
    #[diesel(sql_type = BigInt)]
    pub created_at: Time,
    /// Its active users.
    #[diesel(sql_type = BigInt)]
    pub users: i64,
    /// Its tokens that are not deleted.
    #[diesel(sql_type = BigInt)]
    pub tokens: i64,
    /// Its contracts.
    #[diesel(sql_type = BigInt)]
    pub contracts: i64,
    /// Its files.
    #[diesel(sql_type = BigInt)]
    pub files: i64,
    /// Their size in bytes.
    #[diesel(sql_type = BigInt)]
    pub bytes: i64,
    /// When somebody last did something in it that the journal tells.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub active_at: Option<Time>,
}

const LINE: &str = "select a.id, a.name, a.role, a.status, a.closed_by, a.created_at, \
     (select count(*) from membership m where m.account_id = a.id and m.status = 'active') as users, \
     (select count(*) from token k where k.account_id = a.id and k.status <> 'deleted') as tokens, \
     (select cast(coalesce(sum(t.number), 0) as bigint) from tally t where t.account_id = a.id and t.kind = 'contract') as contracts, \
     (select count(*) from file f where f.account_id = a.id) as files, \
     (select cast(coalesce(sum(f.size), 0) as bigint) from file f where f.account_id = a.id) as bytes, \
     (select e.at from event e where e.account_id = a.id order by e.id desc limit 1) as active_at \
     from account a where exists (select 1 from setting s where s.name = 'operator' and s.value = $1) and a.id in (";

/// Accounts that a list has picked, in the order of their ids; nothing unless the acting account is the operator.
pub fn account_lines(tx: &mut Tx<'_>, actor: &Actor, ids: &[String]) -> Result<Vec<AccountLine>> {
    let own = actor.account()?.to_string();
    if ids.is_empty() {
        return Ok(vec![]);
    }
    let places: Vec<String> = (0..ids.len()).map(|n| format!("${}", n + 2)).collect();
    let text = format!("{LINE}{})", places.join(", "));
    let start = diesel::sql_query(text).into_boxed::<MultiBackend>().bind::<SqlText, _>(own);
    let query = ids.iter().fold(start, |query, id| query.bind::<SqlText, _>(id.clone()));
    Ok(in_order(ids, query.load(tx.conn())?, |line: &AccountLine| line.id.as_str()))
}

/// Somebody to write to.
#[derive(Debug, Clone, QueryableByName)]
pub struct Administrator {
    /// Their name.
    #[diesel(sql_type = SqlText)]
    pub name: String,
    /// Their address.
    #[diesel(sql_type = SqlText)]
    pub email: String,
    /// When they signed in last.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub signed_in_at: Option<Time>,
}

/// Those who may manage an account, at most `limit`; nobody unless the acting account is the operator.
pub fn administrators_of(tx: &mut Tx<'_>, actor: &Actor, account: &str, limit: i64) -> Result<Vec<Administrator>> {
    let own = actor.account()?.to_string();
    Ok(diesel::sql_query(
        "select u.name, u.email, u.signed_in_at from membership m join person u on u.id = m.user_id \
         where exists (select 1 from setting s where s.name = 'operator' and s.value = $1) \
         and m.account_id = $2 and m.status = 'active' and exists (select 1 from user_group g \
         join group_member gm on gm.group_id = g.id join group_permission gp on gp.group_id = g.id \
         where g.account_id = m.account_id and gm.user_id = m.user_id and gp.module = 'account' and gp.level = 'manage') \
         order by u.name, u.id limit $3",
    )
    .bind::<SqlText, _>(own)
    .bind::<SqlText, _>(account.to_owned())
    .bind::<BigInt, _>(limit)
    .load(tx.conn())?)
}

/// How much an account keeps.
#[derive(Debug, Clone, QueryableByName)]
pub struct Stored {
    /// The account; none for files of the deployment itself, and for the pictures of people.
    #[diesel(sql_type = Nullable<SqlText>)]
    pub id: Option<String>,
    /// Its name.
    #[diesel(sql_type = Nullable<SqlText>)]
    pub name: Option<String>,
    /// How many files.
    #[diesel(sql_type = BigInt)]
    pub files: i64,
    /// Their size in bytes.
    #[diesel(sql_type = BigInt)]
    pub bytes: i64,
}

/// Accounts by how much they keep, the largest first, at most `limit`; nothing unless the acting account is the operator.
pub fn stored(tx: &mut Tx<'_>, actor: &Actor, limit: i64) -> Result<Vec<Stored>> {
    let own = actor.account()?.to_string();
    Ok(diesel::sql_query(
        "select a.id, a.name, count(*) as files, cast(coalesce(sum(f.size), 0) as bigint) as bytes \
         from file f left join account a on a.id = f.account_id \
         where exists (select 1 from setting s where s.name = 'operator' and s.value = $1) \
         group by a.id, a.name order by bytes desc, a.id limit $2",
    )
    .bind::<SqlText, _>(own)
    .bind::<BigInt, _>(limit)
    .load(tx.conn())?)
}
