//! Which members of a company are signed in, for its administrators: how many sessions, and when one was used last. Not with what, nor
//! from where.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text as SqlText};

use crate::db::{MultiBackend, Result, Tx};
use crate::kit::{Actor, Time, UserId};

/// The field of [`super::USERS`] that says until when a session of a member lasts.
pub const SIGNED_IN: &str = "signed_in.until";

/// The sessions of a member that open the company.
#[derive(Debug, Clone, QueryableByName)]
pub struct SignedIn {
    /// Who.
    #[diesel(sql_type = SqlText)]
    pub user_id: UserId,
    /// How many.
    #[diesel(sql_type = BigInt)]
    pub sessions: i64,
    /// When one of them was used last, to a few minutes.
    #[diesel(sql_type = BigInt)]
    pub seen_at: Time,
}

/// Those of these members of the company who are signed in to it now. Where a session only may not be used from elsewhere, or waits for
/// a second factor to be set up, somebody is signed in all the same.
pub fn open_sessions(tx: &mut Tx<'_>, actor: &Actor, ids: &[String]) -> Result<Vec<SignedIn>> {
    let (company, at) = (actor.account()?.clone(), tx.at());
    if ids.is_empty() {
        return Ok(vec![]);
    }
    let places: Vec<String> = (0..ids.len()).map(|n| format!("${}", n + 3)).collect();
    let text = format!(
        "select s.user_id, count(*) as sessions, max(s.seen_at) as seen_at \
         from membership m join session s on s.user_id = m.user_id {} \
         where m.account_id = $1 and s.expires_at > $2 and {} and m.user_id in ({}) group by s.user_id",
        open_sessions!(joins),
        open_sessions!(on),
        places.join(", ")
    );
    let query = diesel::sql_query(text).into_boxed::<MultiBackend>();
    let query = query.bind::<SqlText, _>(company.to_string()).bind::<BigInt, _>(at.0);
    let query = ids.iter().fold(query, |query, id| query.bind::<SqlText, _>(id.clone()));
    Ok(query.load(tx.conn())?)
}
