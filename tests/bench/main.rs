//! How fast and how small: the demo world on SQLite, walked page by page and asked through the API, by one client and by
//! several at once. Writes `target/bench/report.md` and `report.json`. Numbers compare on one machine only.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a benchmark that cannot go on has failed")]
#![allow(clippy::disallowed_methods, clippy::float_arithmetic, reason = "it measures")]
#![allow(clippy::print_stdout, reason = "it reports")]

#[path = "../it/support/mod.rs"]
#[allow(dead_code, reason = "each test binary uses its own part of this room")]
mod support;

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use support::client::{Api, Client};
use support::demo::Demo;
use support::page::{Page, selector};
use support::program::Program;

/// Requests per page, after a few that warm up.
const REQUESTS: usize = 100;
/// Clients at once, and for how long.
const CLIENTS: usize = 8;
const SECONDS: u64 = 5;

fn main() {
    // Whoever builds all targets to test or list them does not want to measure.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let begun = Instant::now();
    let demo = Demo::start();
    let made = begun.elapsed();
    println!("demo world made in {:.1} s", made.as_secs_f64());

    let mut rows = Vec::new();
    for role in ["vendor", "distributor", "reseller"] {
        let account = demo.account(role);
        let (client, home) = demo.sign_in(&account);
        for path in menu(&home) {
            rows.push(measure(&format!("{role} {path}"), || client.get(&path)));
        }
        let api = demo.api(&account);
        rows.push(measure(&format!("{role} API accounts"), || api.get("accounts?limit=100&offset=0")));
    }

    let account = demo.account("distributor");
    let (_, home) = demo.sign_in(&account);
    let path = menu(&home).into_iter().next().expect("the portal has a menu");
    let together = [
        at_once("first page of the menu", || demo.sign_in(&account).0, |client: &Client| client.get(&path)),
        at_once("API accounts", || demo.api(&account), |api: &Api| api.get("accounts?limit=100&offset=0")),
    ];

    let report = json!({
        "program_bytes": fs::metadata(env!("CARGO_BIN_EXE_causeway")).unwrap().len(),
        "demo_world_seconds": made.as_secs_f64(),
        "start_milliseconds": start(&demo),
        "peak_memory_bytes": demo.program().peak_memory(),
        "pages": rows,
        "together": together,
    });
    save(&report);
}

/// One client, one request after the other.
fn measure(name: &str, ask: impl Fn() -> Page) -> Value {
    for _ in 0..5 {
        ask().expect(200);
    }
    let mut bytes = 0;
    let mut times: Vec<f64> = (0..REQUESTS)
        .map(|_| {
            let start = Instant::now();
            let page = ask();
            let time = start.elapsed();
            bytes = page.expect(200).bytes.len();
            time.as_secs_f64() * 1_000.0
        })
        .collect();
    times.sort_by(f64::total_cmp);
    let at = |share: usize| times[(times.len() - 1) * share / 100];
    println!("{name}: {:.1} ms", at(50));
    json!({"name": name, "bytes": bytes, "p50_ms": at(50), "p95_ms": at(95), "max_ms": at(100)})
}

/// Several clients at once, each as fast as it is answered.
fn at_once<C: Send>(name: &str, client: impl Fn() -> C, ask: impl Fn(&C) -> Page + Sync) -> Value {
    let clients: Vec<C> = (0..CLIENTS).map(|_| client()).collect();
    let answered = AtomicU64::new(0);
    let start = Instant::now();
    thread::scope(|scope| {
        for client in clients {
            let (ask, answered) = (&ask, &answered);
            scope.spawn(move || {
                while start.elapsed() < Duration::from_secs(SECONDS) {
                    ask(&client).expect(200);
                    answered.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    let per_second = answered.load(Ordering::Relaxed) as f64 / start.elapsed().as_secs_f64();
    println!("{name}, {CLIENTS} clients: {per_second:.0} per second");
    json!({"name": name, "clients": CLIENTS, "per_second": per_second})
}

/// How long `serve` takes from the command to the first answer, on a copy of the demo's folder.
fn start(demo: &Demo) -> f64 {
    let copy = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(demo.dir()).unwrap().flatten().filter(|e| e.path().is_file()) {
        fs::copy(entry.path(), copy.path().join(entry.file_name())).unwrap();
    }
    let begun = Instant::now();
    let program = Program::start(copy.path(), &["serve"], |_| {});
    Client::new(program.base()).get("/readyz").expect(200);
    begun.elapsed().as_secs_f64() * 1_000.0
}

fn menu(page: &Page) -> Vec<String> {
    let document = page.document();
    let mut paths: Vec<String> = Vec::new();
    for link in document.select(&selector("nav a[href^='/']")).filter_map(|a| a.attr("href")) {
        if !paths.iter().any(|known| known == link) {
            paths.push(link.to_owned());
        }
    }
    paths
}

fn save(report: &Value) {
    // The scratch folder of benchmarks lies in the target folder.
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).with_file_name("bench");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("report.json"), serde_json::to_vec_pretty(report).unwrap()).unwrap();
    fs::write(folder.join("report.md"), markdown(report)).unwrap();
    println!("{}", folder.join("report.md").display());
}

fn markdown(report: &Value) -> String {
    let number = |value: &Value| value.as_f64().unwrap_or_default();
    let megabytes = |value: &Value| number(value) / 1_048_576.0;
    let mut text = String::from("# Benchmarks\n\nThe demo world on SQLite.\n\n| what | how much |\n|---|---|\n");
    let _ = writeln!(text, "| program | {:.1} MiB |", megabytes(&report["program_bytes"]));
    let _ = writeln!(text, "| making the demo world | {:.1} s |", number(&report["demo_world_seconds"]));
    let _ = writeln!(text, "| start to first answer | {:.0} ms |", number(&report["start_milliseconds"]));
    let _ = writeln!(text, "| most memory held | {:.1} MiB |", megabytes(&report["peak_memory_bytes"]));
    for row in report["together"].as_array().into_iter().flatten() {
        let name = row["name"].as_str().unwrap_or_default();
        let _ = writeln!(text, "| {name}, {} clients | {:.0} per second |", row["clients"], number(&row["per_second"]));
    }
    text.push_str("\n| page | bytes | p50 ms | p95 ms | max ms |\n|---|---|---|---|---|\n");
    for row in report["pages"].as_array().into_iter().flatten() {
        let name = row["name"].as_str().unwrap_or_default();
        let (p50, p95, max) = (number(&row["p50_ms"]), number(&row["p95_ms"]), number(&row["max_ms"]));
        let _ = writeln!(text, "| {name} | {} | {p50:.1} | {p95:.1} | {max:.1} |", row["bytes"]);
    }
    text
}
