//! The demo world on SQLite, walked page by page and asked through the API, by one client and by several at once.

use std::fs;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::client::{Api, Client};
use crate::support::demo::Demo;
use crate::support::page::{Page, selector};
use crate::support::program::Program;

/// Requests per page, after a few that warm up.
const REQUESTS: usize = 100;
/// Clients at once, and for how long.
const CLIENTS: usize = 8;
const SECONDS: u64 = 5;

/// Walks the demo world.
pub fn run() -> Value {
    let begun = Instant::now();
    let demo = Demo::start();
    let made = begun.elapsed();
    eprintln!("demo world made in {:.1} s", made.as_secs_f64());

    let mut rows = Vec::new();
    for role in ["vendor", "distributor", "reseller"] {
        let account = demo.account(role);
        let (client, home) = demo.sign_in(&account);
        for path in menu(&home) {
            // A list that leads to what waits is measured there.
            let answer = client.get(&path);
            let path = if answer.status == 303 { answer.header("location").to_owned() } else { path };
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

    json!({
        "program_bytes": fs::metadata(env!("CARGO_BIN_EXE_causeway")).unwrap().len(),
        "demo_world_seconds": made.as_secs_f64(),
        "start_milliseconds": start(&demo),
        "peak_memory_bytes": demo.program().peak_memory(),
        "pages": rows,
        "together": together,
    })
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
    eprintln!("{name}: {:.1} ms", at(50));
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
    eprintln!("{name}, {CLIENTS} clients: {per_second:.0} per second");
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
