//! Everybody who signs in, for the operator of the server.

use diesel::prelude::*;

use crate::db::schema::{account, blocked_address, membership, person};
use crate::db::{Result, Tx};
use crate::kit::{AccountId, Time, UserId};

/// A person and the companies they belong to.
#[derive(Debug, Clone)]
pub struct Listed {
    /// Their id.
    pub id: UserId,
    /// Their address.
    pub email: String,
    /// The address as it is compared; the next page begins after it.
    pub folded: String,
    /// Their name.
    pub name: String,
    /// Id and name of each company.
    pub companies: Vec<(AccountId, String)>,
    /// When they last signed in.
    pub signed_in_at: Option<Time>,
    /// Why no mail goes to their address.
    pub blocked_for: Option<String>,
}

/// People in the order of their addresses, those after one address, at most `limit`.
pub fn everybody(tx: &mut Tx<'_>, after: &str, limit: i64) -> Result<Vec<Listed>> {
    type Row = (UserId, String, String, String, Option<Time>, Option<String>);
    let rows: Vec<Row> = person::table
        .left_join(blocked_address::table.on(blocked_address::email_folded.eq(person::email_folded)))
        .filter(person::email_folded.gt(after))
        .order(person::email_folded)
        .limit(limit)
        .select((
            person::id,
            person::email,
            person::email_folded,
            person::name,
            person::signed_in_at,
            blocked_address::reason.nullable(),
        ))
        .load(tx.conn())?;
    let ids: Vec<&str> = rows.iter().map(|r| r.0.as_str()).collect();
    let seats: Vec<(UserId, AccountId, String)> = membership::table
        .inner_join(account::table)
        .filter(membership::user_id.eq_any(&ids))
        .order((membership::user_id, account::name, account::id))
        .select((membership::user_id, account::id, account::name))
        .load(tx.conn())?;
    let listed = rows.into_iter().map(|(id, email, folded, name, signed_in_at, blocked_for)| {
        let own = seats.iter().filter(|(user, ..)| *user == id);
        let companies = own.map(|(_, account, name)| (account.clone(), name.clone())).collect();
        Listed { id, email, folded, name, companies, signed_in_at, blocked_for }
    });
    Ok(listed.collect())
}
