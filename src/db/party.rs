//! Who may see an object: rows that name the accounts concerned, and on which side each stands.
//!
//! The action that makes an object writes its parties; lists start from here. A row repeats the object's status and
//! creation, so that "pending, newest first" is answered by one index, and it says whether this side must act now.
//!
//! How many rows an account has, by kind, status and turn, and by the day of creation, stands in `tally` and `tally_day`.
//! The database keeps them with every write to `party` (migration 0011), so that pages with counts cost the same whatever
//! there is to count. PostgreSQL spreads a number over several rows: always read its sum.

use diesel::prelude::*;

use super::schema::party;
use super::{Result, Tx};
use crate::kit::{AccountId, Side, Time};
use crate::on_each;

/// One account that may see an object.
#[derive(Debug, Clone)]
pub struct Party {
    /// The account.
    pub account: AccountId,
    /// Where it stands.
    pub side: Side,
    /// Which reseller in a chain: 1 next to the customer, 2 above it; 0 for the other sides.
    pub position: i32,
}

impl Party {
    /// A side that is not part of a chain.
    pub fn new(account: &AccountId, side: Side) -> Self {
        Self { account: account.clone(), side, position: 0 }
    }
}

#[derive(Insertable, Debug)]
#[diesel(table_name = party)]
struct Row<'a> {
    account_id: &'a AccountId,
    kind: &'a str,
    object_id: &'a str,
    side: Side,
    position: i32,
    status: &'a str,
    turn: bool,
    since: Time,
    created_at: Time,
}

/// Writes the parties of a new object. An account that stands on two sides gets one row, the first of the list.
///
/// `turn` is the side that must act next.
pub fn put(
    tx: &mut Tx<'_>,
    kind: &str,
    object: &str,
    status: &str,
    turn: Option<Side>,
    parties: &[Party],
) -> Result<()> {
    let at = tx.at();
    let mut rows: Vec<Row<'_>> = vec![];
    for p in parties {
        if rows.iter().all(|r| r.account_id != &p.account) {
            rows.push(Row {
                account_id: &p.account,
                kind,
                object_id: object,
                side: p.side,
                position: p.position,
                status,
                turn: turn == Some(p.side),
                since: at,
                created_at: at,
            });
        }
    }
    on_each!(tx, |c| diesel::insert_into(party::table).values(&rows).execute(c))?;
    Ok(())
}

/// Adds one account to those who may see an object that exists already; nothing happens if it may.
pub fn add(tx: &mut Tx<'_>, kind: &str, object: &str, status: &str, created_at: Time, new: &Party) -> Result<()> {
    let row = Row {
        account_id: &new.account,
        kind,
        object_id: object,
        side: new.side,
        position: new.position,
        status,
        turn: false,
        since: tx.at(),
        created_at,
    };
    on_each!(tx, |c| diesel::insert_into(party::table).values(&row).on_conflict_do_nothing().execute(c))?;
    Ok(())
}

/// Notes an object's new status and whose turn it is, since now.
pub fn moved(tx: &mut Tx<'_>, kind: &str, object: &str, status: &str, turn: Option<Side>) -> Result<()> {
    let at = tx.at();
    let turn = turn.map_or("", |s| s.as_str()).to_owned();
    diesel::update(party::table.filter(party::kind.eq(kind)).filter(party::object_id.eq(object)))
        .set((party::status.eq(status), party::turn.eq(party::side.eq(turn)), party::since.eq(at)))
        .execute(tx.conn())?;
    Ok(())
}

/// Takes an object away from everyone: it was deleted.
pub fn remove(tx: &mut Tx<'_>, kind: &str, object: &str) -> Result<()> {
    diesel::delete(party::table.filter(party::kind.eq(kind)).filter(party::object_id.eq(object))).execute(tx.conn())?;
    Ok(())
}

/// Takes an object away from one account.
pub fn leave(tx: &mut Tx<'_>, kind: &str, object: &str, account: &AccountId) -> Result<()> {
    let row = party::table.find((account.as_str(), kind, object));
    diesel::delete(row).execute(tx.conn())?;
    Ok(())
}

/// On which side an account stands to an object; none if it may not see it.
pub fn side(tx: &mut Tx<'_>, kind: &str, object: &str, account: &AccountId) -> Result<Option<Side>> {
    Ok(party::table
        .filter(party::account_id.eq(account))
        .filter(party::kind.eq(kind))
        .filter(party::object_id.eq(object))
        .select(party::side)
        .first(tx.conn())
        .optional()?)
}

/// Every account that may see an object, with its side.
pub fn all(tx: &mut Tx<'_>, kind: &str, object: &str) -> Result<Vec<(AccountId, Side)>> {
    Ok(party::table
        .filter(party::kind.eq(kind))
        .filter(party::object_id.eq(object))
        .order((party::side, party::account_id))
        .select((party::account_id, party::side))
        .load(tx.conn())?)
}

/// What waits for an account: the objects of one kind in one status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Kind of object, as in the party rows.
    pub kind: String,
    /// Their status.
    pub status: String,
    /// How many there are.
    pub number: i64,
    /// Since when the oldest waits.
    pub since: Time,
    /// The id of the oldest.
    pub oldest: String,
}

/// SQL for what waits for the account `$2`, with the columns of [`Waiting`], as part of a statement that also says who
/// asks. It costs the same however much waits: the numbers are kept, the oldest is the first of an index.
pub const WAITING: &str = "select g.kind, g.status, g.number, \
     (select p.since from party p where p.account_id = $2 and p.turn and p.kind = g.kind \
     and p.status = g.status order by p.since, p.object_id limit 1) as since, \
     (select p.object_id from party p where p.account_id = $2 and p.turn and p.kind = g.kind \
     and p.status = g.status order by p.since, p.object_id limit 1) as oldest \
     from (select kind, status, cast(sum(number) as bigint) as number from tally \
     where account_id = $2 and turn group by kind, status having sum(number) > 0) g";
