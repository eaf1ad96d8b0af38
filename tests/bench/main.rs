//! How fast and how small: the lists and the usage of a large deployment, beside what the machine could do at best, and
//! the demo world. Writes `target/bench/report.md` and `report.json`. Numbers compare on one machine only.
//!
//! Each part runs in a process of its own, so that none sees the memory of another; the portal itself always is a process
//! of its own. `make bench` makes the workbook (`BENCH_WORKBOOK`) and starts a PostgreSQL server (`TEST_DATABASE`).
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a benchmark that cannot go on has failed")]
#![allow(clippy::disallowed_methods, clippy::float_arithmetic, reason = "it measures")]
#![allow(clippy::print_stdout, reason = "it reports")]

mod bare;
mod cpu;
mod pages;
mod report;
mod requests;
mod statements;
mod usage;

#[path = "../it/orders/world.rs"]
#[allow(dead_code, reason = "each test binary uses its own part of these worlds")]
mod orders_world;
#[path = "../it/partners/world.rs"]
#[allow(dead_code, reason = "each test binary uses its own part of these worlds")]
mod partners_world;
#[path = "../it/products/world.rs"]
#[allow(dead_code, reason = "each test binary uses its own part of these worlds")]
mod products_world;
#[path = "../it/support/mod.rs"]
#[allow(dead_code, reason = "each test binary uses its own part of this room")]
mod support;
#[path = "../it/usage/world.rs"]
#[allow(dead_code, reason = "each test binary uses its own part of these worlds")]
mod usage_world;

/// The worlds find each other by these names.
mod partners {
    pub(crate) use crate::partners_world as world;
}
/// The worlds find each other by these names.
mod products {
    pub(crate) use crate::products_world as world;
}

use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let after = |name: &str| arguments.iter().position(|a| a == name).and_then(|at| arguments.get(at + 1));
    match after("--part").map(String::as_str) {
        Some("bare") => return bare::serve(after("--bytes").and_then(|n| n.parse().ok()).expect("a number of bytes")),
        Some(part) => {
            let measured = match part {
                "requests" => requests::run(),
                "usage" => usage::run(),
                _ => pages::run(),
            };
            println!("{measured}");
            return;
        }
        // Whoever builds all targets to test or list them does not want to measure.
        None if !arguments.iter().any(|argument| argument == "--bench") => return,
        None => {}
    }
    // The scratch folder of benchmarks lies in the target folder.
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).with_file_name("bench");
    let only = std::env::var("ONLY").unwrap_or_default();
    let mut report = json!({ "cores": std::thread::available_parallelism().map_or(0, std::num::NonZero::get) });
    for (name, part, postgres) in [
        ("requests_sqlite", "requests", false),
        ("requests_postgres", "requests", true),
        ("usage_sqlite", "usage", false),
        ("usage_postgres", "usage", true),
        ("pages", "pages", false),
    ] {
        if name.contains(&only) && (!postgres || std::env::var_os("TEST_DATABASE").is_some()) {
            eprintln!("── {name} ──");
            report[name] = measured(part, postgres);
            // After each part: what was measured outlives a later one that fails.
            report::save(&folder, &report);
        }
    }
}

/// Runs a part in a process of its own.
fn measured(part: &str, postgres: bool) -> Value {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.args(["--part", part]).stdout(Stdio::piped()).stderr(Stdio::inherit());
    if !postgres {
        command.env_remove("TEST_DATABASE");
    }
    let output = command.output().expect("run a part");
    assert!(output.status.success(), "the part {part} failed");
    let text = String::from_utf8_lossy(&output.stdout);
    serde_json::from_str(text.lines().last().unwrap_or_default()).unwrap_or_else(|e| panic!("{part}: {e}: {text}"))
}
