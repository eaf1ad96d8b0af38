//! The moment at which every test starts, and names for moving on from there.

use causeway::kit::{Clock, Time};

/// A Monday morning. The test's clock shows this when the program starts and ticks from there.
pub const START: &str = "2026-03-02T09:00:00Z";

/// [`START`] as the program knows it.
pub fn start() -> Time {
    moment(START)
}

/// A moment written as ISO 8601.
pub fn moment(text: &str) -> Time {
    Time::parse(text).unwrap_or_else(|| panic!("not a moment: {text}"))
}

/// Moves the clock forward by whole hours.
pub fn pass_hours(clock: &Clock, hours: i64) {
    clock.advance_seconds(hours * 3_600);
}

/// Moves the clock forward by whole days.
pub fn pass_days(clock: &Clock, days: i64) {
    pass_hours(clock, days * 24);
}
