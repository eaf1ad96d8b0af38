//! Named points at which a test may kill the program.
//!
//! Only built with the feature `crash-points`. At the point that `CAUSEWAY_CRASH_AT` names (`NAME` or `NAME:COUNT`, the
//! count-th time), the thread writes the name to the file `CAUSEWAY_CRASH_FILE` and stands still until the process is killed.

/// A point; does nothing unless the feature is on and the environment names it.
#[cfg(not(feature = "crash-points"))]
#[inline]
pub fn point(_name: &str) {}

/// A point that many kinds of work pass: the environment may name it for one of them, `NAME@KIND`.
#[cfg(not(feature = "crash-points"))]
#[inline]
pub fn point_of(_name: &str, _kind: &str) {}

/// A point that many kinds of work pass: the environment may name it for one of them, `NAME@KIND`.
#[cfg(feature = "crash-points")]
pub fn point_of(name: &str, kind: &str) {
    point(name);
    point(&format!("{name}@{kind}"));
}

/// A point; does nothing unless the environment names it.
#[cfg(feature = "crash-points")]
#[expect(clippy::disallowed_methods, reason = "for tests alone, and no setting that anybody may find")]
pub fn point(name: &str) {
    use std::sync::atomic::{AtomicU64, Ordering};
    static PASSED: AtomicU64 = AtomicU64::new(0);
    let Ok(wanted) = std::env::var("CAUSEWAY_CRASH_AT") else { return };
    let (wanted, count) = wanted.split_once(':').unwrap_or((&wanted, "1"));
    if wanted != name || PASSED.fetch_add(1, Ordering::SeqCst) + 1 != count.parse().unwrap_or(1) {
        return;
    }
    if let Ok(file) = std::env::var("CAUSEWAY_CRASH_FILE") {
        // Nobody is told if the file cannot be written; then the test runs into its own limit.
        let _ = std::fs::write(file, name);
    }
    loop {
        std::thread::park();
    }
}
