//! Work that comes back: a row per schedule, so that several processes put each run into the queue once.

use diesel::prelude::*;

use super::{NewJob, enqueue};
use crate::db::schema::schedule;
use crate::db::{Result, Tx};
use crate::on_each;

/// A job that is put into the queue again and again.
#[derive(Debug, Clone, Copy)]
pub struct Schedule {
    /// Which work.
    pub kind: &'static str,
    /// Seconds from one run to the next.
    pub every_seconds: i64,
}

/// Puts what is due into the queue.
pub(super) fn tick(tx: &mut Tx<'_>, schedules: &[Schedule]) -> Result<()> {
    let at = tx.at();
    for s in schedules {
        let first = (schedule::name.eq(s.kind), schedule::next_at.eq(at));
        on_each!(tx, |c| diesel::insert_into(schedule::table).values(first).on_conflict_do_nothing().execute(c))?;
        let due = diesel::update(schedule::table.filter(schedule::name.eq(s.kind)).filter(schedule::next_at.le(at)))
            .set(schedule::next_at.eq(at.plus_seconds(s.every_seconds)))
            .execute(tx.conn())?;
        if due == 1 {
            enqueue(
                tx,
                NewJob { dedupe: Some(format!("{}@{}", s.kind, at.0)), ..NewJob::new(s.kind, serde_json::Value::Null) },
            )?;
        }
    }
    Ok(())
}

/// Whether any schedule is due; asked before a writing transaction is opened for it.
pub(super) fn any_due(tx: &mut Tx<'_>, schedules: &[Schedule]) -> Result<bool> {
    let at = tx.at();
    let waiting: i64 = schedule::table.filter(schedule::next_at.gt(at)).count().get_result(tx.conn())?;
    Ok((waiting as usize) < schedules.len())
}
