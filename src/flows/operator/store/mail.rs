//! The log of mails.

use diesel::prelude::*;

use super::{OPERATOR, operates};
use crate::db::list::{Collection, Field, Scope};
use crate::db::schema::{job, mail_log};
use crate::db::{Result, Tx, in_order};
use crate::kit::{Actor, Refusal, Time};

/// What became of a mail.
pub const MAIL_STATUSES: &[&str] = &["waiting", "sent", "failed"];

/// Every mail of the last three months.
pub const MAILS: Collection = Collection {
    name: "operator-mail",
    from: "mail_log m",
    id: "m.id",
    scope: Scope::Sql(OPERATOR),
    joins: &[],
    many: &[],
    fields: &[
        Field::id(),
        Field::text("recipient", "m.recipient").searchable(),
        Field::text("subject", "m.subject"),
        Field::choice("status", "m.status", MAIL_STATUSES),
        Field::text("account.id", "m.account_id").nullable(),
        Field::time("created", "m.created_at").orderable(),
        Field::time("sent", "m.sent_at").nullable(),
    ],
    order: &["-created"],
};

/// What became of one mail.
#[derive(Debug, Clone, Queryable)]
pub struct MailLine {
    /// Its id.
    pub id: String,
    /// The job that sends it.
    pub job: i64,
    /// For which company.
    pub account: Option<String>,
    /// To whom.
    pub recipient: String,
    /// What kind of mail: its subject without what is put into it.
    pub subject: String,
    /// `waiting`, `sent`, `failed`.
    pub status: String,
    /// How often it was tried.
    pub tries: i32,
    /// Why the last try failed.
    pub error: Option<String>,
    /// When it was put into the queue.
    pub created_at: Time,
    /// When it went out.
    pub sent_at: Option<Time>,
    /// The job's status; none if the job was forgotten.
    pub job_status: Option<String>,
}

/// Mails that a list has picked, in the order of their ids.
pub fn mail_lines(tx: &mut Tx<'_>, actor: &Actor, ids: &[String]) -> Result<Vec<MailLine>> {
    operates(tx, actor)?;
    let rows: Vec<MailLine> = mail_log::table
        .left_join(job::table.on(job::id.eq(mail_log::job_id)))
        .filter(mail_log::id.eq_any(ids))
        .select((
            mail_log::id,
            mail_log::job_id,
            mail_log::account_id,
            mail_log::recipient,
            mail_log::subject,
            mail_log::status,
            mail_log::tries,
            mail_log::error,
            mail_log::created_at,
            mail_log::sent_at,
            job::status.nullable(),
        ))
        .load(tx.conn())?;
    Ok(in_order(ids, rows, |line| line.id.as_str()))
}

/// One mail.
pub fn mail_line(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<MailLine> {
    mail_lines(tx, actor, &[id.to_owned()])?.pop().ok_or_else(|| Refusal::not_found("mail", id).into())
}
