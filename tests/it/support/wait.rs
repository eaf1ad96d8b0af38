//! The one place where a test waits for something that another thread or process does.

use std::thread;
use std::time::{Duration, Instant};

/// How long anything may take before the test gives up. Nothing is asserted about how long it took.
pub const PATIENCE: Duration = Duration::from_secs(180);

/// Looks again and again until `look` sees it. Fails with `what` when that does not happen.
#[track_caller]
pub fn until<T>(what: &str, look: impl FnMut() -> Option<T>) -> T {
    until_or(what, look, String::new)
}

/// As [`until`]; a failure also tells what `explain` says.
#[track_caller]
pub fn until_or<T>(what: &str, mut look: impl FnMut() -> Option<T>, explain: impl FnOnce() -> String) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(start.elapsed() < PATIENCE, "waited {} s for {what}\n{}", PATIENCE.as_secs(), explain());
        thread::park_timeout(Duration::from_millis(10));
    }
}
