//! The jobs of the deployment.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Text;

use super::{OPERATOR, operates};
use crate::db::list::{Collection, Field, Scope};
use crate::db::schema::job;
use crate::db::{Result, Tx, in_order};
use crate::kit::{Actor, Refusal, Time};

/// Statuses of a job.
pub const JOB_STATUSES: &[&str] = &["dead", "running", "ready", "cancelled", "done"];

/// Every job; those that need somebody first.
pub const JOBS: Collection = Collection {
    name: "operator-jobs",
    from: "job j",
    id: "cast(j.id as text)",
    scope: Scope::Sql(OPERATOR),
    joins: &[],
    many: &[],
    fields: &[
        Field::id(),
        Field::text("kind", "j.kind"),
        Field::choice("status", "j.status", JOB_STATUSES),
        Field::int(
            "urgency",
            "(case j.status when 'dead' then 0 when 'running' then 1 when 'ready' then 2 when 'cancelled' then 3 else 4 end)",
        )
        .orderable(),
        Field::time("created", "j.created_at").orderable(),
        Field::time("next_run", "j.run_at").orderable(),
        Field::text("account.id", "j.account_id").nullable(),
        Field::text("object.id", "j.object_id").nullable(),
    ],
    order: &["urgency", "-created"],
};

/// A job as the operator sees it: not what it was given.
#[derive(Debug, Clone, Queryable)]
pub struct JobLine {
    /// Its number, as ids are written.
    pub id: String,
    /// Which work.
    pub kind: String,
    /// `ready`, `running`, `done`, `dead`, `cancelled`.
    pub status: String,
    /// How often it was tried.
    pub tries: i32,
    /// When it is due; when it ended, if it has.
    pub run_at: Time,
    /// Why the last try failed.
    pub error: Option<String>,
    /// Units done.
    pub done: i64,
    /// Units in all, when known.
    pub total: Option<i64>,
    /// For which company.
    pub account: Option<String>,
    /// For which object.
    pub object: Option<String>,
    /// When it was put into the queue.
    pub created_at: Time,
    /// When it ended.
    pub ended_at: Option<Time>,
    /// Which worker had it last.
    pub worker: Option<String>,
    /// Whether it was asked to stop.
    pub cancel: bool,
}

/// Jobs that a list has picked, in the order of their ids.
pub fn job_lines(tx: &mut Tx<'_>, actor: &Actor, ids: &[String]) -> Result<Vec<JobLine>> {
    operates(tx, actor)?;
    let numbers: Vec<i64> = ids.iter().filter_map(|id| id.parse().ok()).collect();
    let rows: Vec<JobLine> = job::table
        .filter(job::id.eq_any(numbers))
        .select((
            sql::<Text>("cast(id as text)"),
            job::kind,
            job::status,
            job::tries,
            job::run_at,
            job::error,
            job::done,
            job::total,
            job::account_id,
            job::object_id,
            job::created_at,
            job::ended_at,
            job::worker,
            job::cancel,
        ))
        .load(tx.conn())?;
    Ok(in_order(ids, rows, |line| line.id.as_str()))
}

/// One job.
pub fn job_line(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<JobLine> {
    job_lines(tx, actor, &[id.to_owned()])?.pop().ok_or_else(|| Refusal::not_found("job", id).into())
}
