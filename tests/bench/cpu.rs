//! How long processes were running on a core, from the kernel's own account in nanoseconds.

use std::fs;

/// Nanoseconds that a process has run so far, threads that have ended included, in steps of the kernel's 10 ms; nothing if
/// it has ended.
pub fn of_whole_process(id: u32) -> u64 {
    let text = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    // The name of the program, which may hold anything, ends with the last bracket.
    let fields = text.rsplit(')').next().unwrap_or_default().split_ascii_whitespace();
    let ticks: u64 = fields.skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    ticks * 10_000_000
}

/// Nanoseconds that all present threads of a process have run so far; nothing if it has ended.
pub fn of_process(id: u32) -> u64 {
    let Ok(threads) = fs::read_dir(format!("/proc/{id}/task")) else { return 0 };
    threads.flatten().map(|thread| first_number(&thread.path().join("schedstat"))).sum()
}

/// Nanoseconds that this thread has run so far.
pub fn of_this_thread() -> u64 {
    first_number("/proc/thread-self/schedstat".as_ref())
}

fn first_number(path: &std::path::Path) -> u64 {
    let text = fs::read_to_string(path).unwrap_or_default();
    text.split_ascii_whitespace().next().and_then(|n| n.parse().ok()).unwrap_or_default()
}

/// The middle of some measurements, in microseconds.
pub fn median_us(mut nanoseconds: Vec<u64>) -> f64 {
    nanoseconds.sort_unstable();
    nanoseconds.get(nanoseconds.len() / 2).copied().unwrap_or_default() as f64 / 1_000.0
}
