//! Where the time comes from.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use super::Time;

/// The clock of one running program. It ticks with the system's, shifted by an offset that the demo and tests set.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    offset: Arc<AtomicI64>,
}

impl Clock {
    /// A clock that shows `start` now and ticks from there.
    pub fn starting_at(start: Time) -> Self {
        let clock = Self::default();
        clock.set(start);
        clock
    }

    /// This moment.
    pub fn now(&self) -> Time {
        Time(system().saturating_add(self.offset.load(Ordering::Relaxed)))
    }

    /// Moves the clock, so that it shows `time` now.
    pub fn set(&self, time: Time) {
        self.offset.store(time.0.saturating_sub(system()), Ordering::Relaxed);
    }

    /// Moves the clock forward.
    pub fn advance_seconds(&self, seconds: i64) {
        self.offset.fetch_add(seconds.saturating_mul(1_000_000), Ordering::Relaxed);
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the one door through which the time comes in")]
fn system() -> i64 {
    jiff::Timestamp::now().as_microsecond()
}
