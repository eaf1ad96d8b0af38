//! Rows of API tokens, and the token that signs in.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text as SqlText};

use crate::db::list::{Collection, Field, Many, Scope};
use crate::db::schema::{membership, person, token, token_permission};
use crate::db::{Result, Tx, in_order, insert_with_fresh_id};
use crate::flows::accounts::model::TokenStatus;
use crate::flows::accounts::model::ip::IpRules;
use crate::flows::accounts::model::token::{Key, Keys};
use crate::kit::column::Doc;
use crate::kit::{AccountId, Actor, Events, Level, Module, Permissions, Role, Seat, Secret, Time, TokenId, UserId};

/// An API token, without its secrets.
#[derive(Debug, Clone)]
pub struct TokenRow {
    /// Which.
    pub id: TokenId,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// The owner's number for it.
    pub external_id: Option<String>,
    /// Its status at the moment of reading.
    pub status: TokenStatus,
    /// What decides whether its keys work.
    pub keys: Keys,
    /// When it was used last.
    pub used_at: Option<Time>,
    /// From where it was used last.
    pub used_from: Option<String>,
    /// Since when its calls are counted.
    pub counted_since: Time,
    /// Since when they are counted anew, if somebody wanted that.
    pub calls_reset_at: Option<Time>,
    /// Of a pending one: until when its handle works.
    pub handle_until: Option<Time>,
    /// When it was created and changed.
    pub events: Doc<Events>,
    /// Counts the changes.
    pub revision: i64,
}

#[derive(Queryable)]
struct Kept {
    id: TokenId,
    name: String,
    description: String,
    external_id: Option<String>,
    status: TokenStatus,
    expires_at: Option<Time>,
    renewed: bool,
    renewed_expires_at: Option<Time>,
    used_at: Option<Time>,
    used_from: Option<String>,
    counted_since: Time,
    calls_reset_at: Option<Time>,
    handle_until: Option<Time>,
    events: Doc<Events>,
    revision: i64,
}

impl Kept {
    fn at(self, now: Time) -> TokenRow {
        let renewed = self.renewed.then_some(self.renewed_expires_at);
        let keys = Keys { kept: self.status, expires_at: self.expires_at, renewed }.at(now);
        TokenRow {
            id: self.id,
            name: self.name,
            description: self.description,
            external_id: self.external_id,
            status: keys.status(now),
            keys,
            used_at: self.used_at,
            used_from: self.used_from,
            counted_since: self.counted_since,
            calls_reset_at: self.calls_reset_at,
            handle_until: self.handle_until,
            events: self.events,
            revision: self.revision,
        }
    }
}

/// Tokens of a company as they are now, in the order of the given ids.
pub fn tokens(tx: &mut Tx<'_>, actor: &Actor, ids: &[String]) -> Result<Vec<TokenRow>> {
    let (company, at) = (actor.account()?, tx.at());
    let rows: Vec<Kept> = token::table
        .filter(token::account_id.eq(company))
        .filter(token::id.eq_any(ids))
        .select((
            token::id,
            token::name,
            token::description,
            token::external_id,
            token::status,
            token::expires_at,
            token::renewed_hash.is_not_null(),
            token::renewed_expires_at,
            token::used_at,
            token::used_from,
            token::counted_since,
            token::calls_reset_at,
            token::handle_until,
            token::events,
            token::revision,
        ))
        .load(tx.conn())?;
    Ok(in_order(ids, rows.into_iter().map(|row| row.at(at)).collect(), |r| r.id.as_str()))
}

/// What tokens may do: (token, module, level).
pub fn token_permissions(tx: &mut Tx<'_>, actor: &Actor, ids: &[String]) -> Result<Vec<(TokenId, Module, Level)>> {
    let company = actor.account()?;
    Ok(token_permission::table
        .inner_join(token::table)
        .filter(token::account_id.eq(company))
        .filter(token_permission::token_id.eq_any(ids))
        .select((token_permission::token_id, token_permission::module, token_permission::level))
        .load(tx.conn())?)
}

/// A token to be written.
pub struct TokenToWrite<'a> {
    /// Its name.
    pub name: &'a str,
    /// What it is for.
    pub description: &'a str,
    /// The owner's number for it.
    pub external_id: Option<&'a str>,
    /// Active, or pending.
    pub status: TokenStatus,
    /// Its secret, of which the hash is kept.
    pub secret: &'a Secret,
    /// What it may do.
    pub permissions: &'a Permissions,
    /// Until when it works.
    pub expires_at: Option<Time>,
    /// Who made it.
    pub events: Events,
}

/// Writes a new token; the secret itself is not kept.
pub fn insert_token(tx: &mut Tx<'_>, account: &AccountId, new: &TokenToWrite<'_>) -> Result<TokenId> {
    let at = tx.at();
    let keys = Keys { kept: new.status, expires_at: new.expires_at, renewed: None };
    let id: TokenId = insert_with_fresh_id(tx, &[3, 3, 3], |tx, digits| {
        let row = (
            token::id.eq(format!("SU-{digits}")),
            token::account_id.eq(account),
            token::name.eq(new.name),
            token::description.eq(new.description),
            token::secret_hash.eq(new.secret.hash()),
            token::status.eq(keys.kept),
            token::standing.eq(keys.status(at)),
            token::turns_at.eq(keys.turns_at(at)),
            token::extension.eq("EXT-000"),
            token::external_id.eq(new.external_id),
            token::expires_at.eq(new.expires_at),
            token::events.eq(Doc(new.events.clone())),
            token::revision.eq(1i64),
            token::created_at.eq(at),
            token::counted_since.eq(at),
        );
        Ok(diesel::insert_into(token::table).values(row).returning(token::id).get_result::<TokenId>(tx.conn())?)
    })?;
    grant(tx, &id, new.permissions)?;
    Ok(id)
}

fn grant(tx: &mut Tx<'_>, id: &TokenId, permissions: &Permissions) -> Result<()> {
    for (module, level) in permissions.modules() {
        let row =
            (token_permission::token_id.eq(id), token_permission::module.eq(module), token_permission::level.eq(level));
        diesel::insert_into(token_permission::table).values(row).execute(tx.conn())?;
    }
    Ok(())
}

/// Lets a token do this and nothing else.
pub fn set_token_permissions(tx: &mut Tx<'_>, id: &TokenId, permissions: &Permissions) -> Result<()> {
    diesel::delete(token_permission::table.filter(token_permission::token_id.eq(id))).execute(tx.conn())?;
    grant(tx, id, permissions)
}

/// How many tokens of a company are not deleted.
pub fn token_count(tx: &mut Tx<'_>, actor: &Actor) -> Result<i64> {
    let own = token::table.filter(token::account_id.eq(actor.account()?));
    Ok(own.filter(token::status.ne(TokenStatus::Deleted)).count().get_result(tx.conn())?)
}

/// Writes what is said about a token: name, description, number.
pub fn update_token(
    tx: &mut Tx<'_>,
    id: &TokenId,
    (name, description, external_id): (&str, &str, Option<&str>),
) -> Result<()> {
    diesel::update(token::table.find(id))
        .set((token::name.eq(name), token::description.eq(description), token::external_id.eq(external_id)))
        .execute(tx.conn())?;
    Ok(())
}

/// Notes who changed a token, and counts the change.
pub fn token_changed(tx: &mut Tx<'_>, id: &TokenId, events: Events) -> Result<()> {
    diesel::update(token::table.find(id))
        .set((token::events.eq(Doc(events)), token::revision.eq(token::revision + 1)))
        .execute(tx.conn())?;
    Ok(())
}

/// Writes what decides about a token's keys, and what follows from it now. `first` and `renewed` are new secrets for them. A
/// second key whose first one is over takes its place.
pub fn set_keys(
    tx: &mut Tx<'_>,
    id: &TokenId,
    keys: &Keys,
    first: Option<&Secret>,
    renewed: Option<&Secret>,
) -> Result<()> {
    let at = tx.at();
    let row = || token::table.find(id);
    if let Some(secret) = first {
        diesel::update(row()).set(token::secret_hash.eq(secret.hash())).execute(tx.conn())?;
    } else if keys.renewed.is_none() {
        let second = token::renewed_hash.assume_not_null();
        let promoted = row().filter(token::renewed_hash.is_not_null());
        diesel::update(promoted).set(token::secret_hash.eq(second)).execute(tx.conn())?;
    }
    if let Some(secret) = renewed {
        diesel::update(row()).set(token::renewed_hash.eq(Some(secret.hash()))).execute(tx.conn())?;
    } else if keys.renewed.is_none() {
        diesel::update(row()).set(token::renewed_hash.eq(None::<String>)).execute(tx.conn())?;
    }
    let what_follows = (
        token::status.eq(keys.kept),
        token::expires_at.eq(keys.expires_at),
        token::renewed_expires_at.eq(keys.renewed.flatten()),
        token::standing.eq(keys.status(at)),
        token::turns_at.eq(keys.turns_at(at)),
    );
    diesel::update(row()).set(what_follows).execute(tx.conn())?;
    Ok(())
}

/// Tokens of a company that time has changed since their status was written.
pub fn turned(tx: &mut Tx<'_>, actor: &Actor) -> Result<Vec<String>> {
    let (company, at) = (actor.account()?, tx.at());
    let own = token::table.filter(token::account_id.eq(company)).filter(token::turns_at.le(at));
    Ok(own.select(token::id).load(tx.conn())?)
}

/// Companies of which time has changed a token, or with one that ends soon and was not told; at most `limit`.
pub fn companies_with_turned(tx: &mut Tx<'_>, after: &str, limit: i64) -> Result<Vec<AccountId>> {
    let at = tx.at();
    let due = token::table.filter(token::turns_at.le(at)).filter(token::account_id.gt(after));
    Ok(due.select(token::account_id).distinct().order(token::account_id).limit(limit).load(tx.conn())?)
}

/// Notes that a company was told of a token's end; false if it was told of this end before.
pub fn told_of_end(tx: &mut Tx<'_>, id: &TokenId, end: Time) -> Result<bool> {
    let untold = token::table.find(id).filter(token::warned_for.is_null().or(token::warned_for.ne(end)));
    Ok(diesel::update(untold).set(token::warned_for.eq(Some(end))).execute(tx.conn())? == 1)
}

/// Name and address of each of these people who is an active member of the company.
pub fn at_work(tx: &mut Tx<'_>, actor: &Actor, people: &[UserId]) -> Result<Vec<(UserId, String, String)>> {
    let company = actor.account()?;
    Ok(membership::table
        .inner_join(person::table)
        .filter(membership::account_id.eq(company))
        .filter(membership::status.eq(crate::flows::accounts::model::MemberStatus::Active))
        .filter(membership::user_id.eq_any(people))
        .order((person::name, person::id))
        .select((person::id, person::name, person::email))
        .load(tx.conn())?)
}

// ---- the token that signs in ----

#[derive(QueryableByName)]
struct SigningRow {
    #[diesel(sql_type = SqlText)]
    name: String,
    #[diesel(sql_type = SqlText)]
    secret_hash: String,
    #[diesel(sql_type = Nullable<SqlText>)]
    renewed_hash: Option<String>,
    #[diesel(sql_type = SqlText)]
    status: TokenStatus,
    #[diesel(sql_type = Nullable<BigInt>)]
    expires_at: Option<Time>,
    #[diesel(sql_type = Nullable<BigInt>)]
    renewed_expires_at: Option<Time>,
    #[diesel(sql_type = SqlText)]
    account_id: AccountId,
    #[diesel(sql_type = SqlText)]
    account_name: String,
    #[diesel(sql_type = SqlText)]
    role: Role,
    #[diesel(sql_type = Nullable<SqlText>)]
    module: Option<String>,
    #[diesel(sql_type = Nullable<SqlText>)]
    level: Option<Level>,
    #[diesel(sql_type = Nullable<SqlText>)]
    rule: Option<String>,
}

impl SigningRow {
    /// Whether a secret is that of a key that works now. Both are compared, whatever the first comparison gave.
    fn lets_in(&self, secret: &Secret, now: Time) -> bool {
        let hash = secret.hash();
        let is = |kept: &str| bool::from(subtle::ConstantTimeEq::ct_eq(kept.as_bytes(), hash.as_bytes()));
        let (first, renewed) = (is(&self.secret_hash), self.renewed_hash.as_deref().is_some_and(is));
        let second = self.renewed_hash.as_ref().map(|_| self.renewed_expires_at);
        let keys = Keys { kept: self.status, expires_at: self.expires_at, renewed: second };
        (first && keys.works(Key::First, now)) || (renewed && keys.works(Key::Renewed, now))
    }
}

/// What came of looking for a token that somebody shows.
pub enum Looked {
    /// There is none with this id, or its company is closed.
    Unknown,
    /// The secret is not that of a key that works now.
    Wrong,
    /// It is.
    Right(Presented),
}

/// A token whose secret was presented and is right.
pub struct Presented {
    /// Who acts.
    pub actor: Actor,
    /// From where the company's programs may come.
    pub addresses: IpRules,
}

/// The actor behind a token, if the secret is right and works now. One statement, as every call begins with it.
pub fn token_actor(tx: &mut Tx<'_>, id: &TokenId, secret: &Secret) -> Result<Looked> {
    let at = tx.at();
    let rows: Vec<SigningRow> = diesel::sql_query(
        "select t.name, t.secret_hash, t.renewed_hash, t.status, t.expires_at, t.renewed_expires_at, \
         a.id as account_id, a.name as account_name, a.role, p.module, p.level, null as rule \
         from token t join account a on a.id = t.account_id and a.status = 'active' \
         left join token_permission p on p.token_id = t.id where t.id = $1 \
         union all select '', '', null, t.status, null, null, r.account_id, '', a.role, null, null, r.value \
         from token t join account a on a.id = t.account_id join ip_rule r on r.account_id = t.account_id and r.acl = 'tokens' \
         where t.id = $1",
    )
    .bind::<SqlText, _>(id.as_str())
    .load(tx.conn())?;
    let Some(first) = rows.iter().find(|row| row.rule.is_none()) else { return Ok(Looked::Unknown) };
    if !first.lets_in(secret, at) {
        return Ok(Looked::Wrong);
    }
    let (mut permissions, mut addresses) = (Permissions::default(), IpRules::default());
    for row in &rows {
        if let (Some(module), Some(level)) = (row.module.as_deref().and_then(Module::parse), row.level) {
            permissions.grant(module, level);
        }
        if let Some(rule) = &row.rule {
            addresses.add(rule);
        }
    }
    let seat =
        Seat { account: first.account_id.clone(), name: first.account_name.clone(), role: first.role, permissions };
    let actor = Actor::Token { id: id.clone(), name: first.name.clone(), seat };
    Ok(Looked::Right(Presented { actor, addresses }))
}

/// API tokens of a company.
pub const TOKENS: Collection = Collection {
    name: "tokens",
    from: "token t",
    id: "t.id",
    scope: Scope::Owner("t.account_id"),
    joins: &[],
    many: &[Many::new("permissions", "token_permission tp", "tp.token_id = t.id")],
    fields: &[
        Field::id().orderable().searchable(),
        Field::text("name", "t.name").orderable().searchable(),
        Field::text("external_id", "t.external_id").nullable().searchable(),
        Field::choice("status", "t.standing", TokenStatus::WORDS).orderable(),
        Field::text("extension.id", "t.extension").orderable(),
        Field::text("extension.name", "case when t.extension = 'EXT-000' then 'Custom' end").nullable(),
        Field::text("permissions.id", module_id!("tp.module")).many("permissions"),
        Field::text("permissions.object.id", module_id!("tp.module")).many("permissions"),
        Field::time("expiration_date", "t.expires_at").nullable().orderable(),
        Field::time("used", "t.used_at").nullable().orderable(),
        Field::time("events.created.at", "t.created_at").orderable(),
        Field::text("events.created.by.id", "t.events").json("created.by.id"),
        Field::text("events.created.by.name", "t.events").json("created.by.name"),
    ],
    order: &["-events.created.at"],
};
