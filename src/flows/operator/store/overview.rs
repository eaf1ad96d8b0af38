//! How the deployment is.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text as SqlText};

use super::operates;
use crate::db::{Result, Tx};
use crate::kit::{Actor, Time};

/// How much there is of what, and what went wrong last.
#[derive(Debug, Clone, QueryableByName)]
pub struct Figures {
    /// Accounts.
    #[diesel(sql_type = BigInt)]
    pub accounts: i64,
    /// People who can sign in.
    #[diesel(sql_type = BigInt)]
    pub people: i64,
    /// Files.
    #[diesel(sql_type = BigInt)]
    pub files: i64,
    /// Their size in bytes.
    #[diesel(sql_type = BigInt)]
    pub bytes: i64,
    /// Entries of the journal that are sealed.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub sealed: Option<i64>,
    /// Since when the oldest job that is due waits.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub due_since: Option<Time>,
    /// When the next schedule is due: in the past only if no worker runs.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub next_schedule: Option<Time>,
    /// When a mail last went out.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub mail_sent_at: Option<Time>,
    /// Why a mail last did not go out, if the newest such one still waits or failed.
    #[diesel(sql_type = Nullable<SqlText>)]
    pub mail_error: Option<String>,
    /// When that mail was written.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub mail_error_at: Option<Time>,
    /// Size of the database in bytes.
    #[diesel(sql_type = BigInt)]
    pub database: i64,
}

/// The figures, in one statement.
pub fn figures(tx: &mut Tx<'_>, actor: &Actor) -> Result<Figures> {
    operates(tx, actor)?;
    let size = if tx.is_postgres() {
        "pg_database_size(current_database())"
    } else {
        "(select page_count * page_size from pragma_page_count(), pragma_page_size())"
    };
    let at = tx.at();
    let text = format!(
        "select (select count(*) from account) as accounts, \
         (select count(*) from person where password is not null) as people, \
         (select count(*) from file) as files, \
         (select cast(coalesce(sum(size), 0) as bigint) from file) as bytes, \
         (select max(sealed) from event) as sealed, \
         (select min(run_at) from job where status = 'ready' and run_at <= $1) as due_since, \
         (select min(next_at) from schedule) as next_schedule, \
         (select max(sent_at) from mail_log where status = 'sent') as mail_sent_at, \
         (select error from mail_log where error is not null order by created_at desc, id limit 1) as mail_error, \
         (select created_at from mail_log where error is not null order by created_at desc, id limit 1) as mail_error_at, \
         {size} as database"
    );
    Ok(diesel::sql_query(text).bind::<BigInt, _>(at).get_result(tx.conn())?)
}
