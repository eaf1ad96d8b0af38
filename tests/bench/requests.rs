//! A list of 25 of 100,000 fulfillment requests, by status, newest first: the first page and one in the middle, which is
//! the most expensive one (past the middle a list is read from its end).

use serde_json::{Value, json};

use crate::bare::Bare;
use crate::cpu;
use crate::orders_world::{World, text};
use crate::statements::Statements;
use crate::support::client::{Api, Client};
use crate::support::database::Database;
use crate::support::page::Page;
use crate::support::program::Program;

/// How many requests there are.
const REQUESTS: i64 = 100_000;
/// How many of ten are approved; the others are pending.
const APPROVED: i64 = 6;
/// Measured requests of each kind, after some that warm up.
const MEASURED: usize = 200;

/// Fills a database and measures.
pub fn run() -> Value {
    let mut world = World::new();
    let approved = world.purchased("u1");
    world.approved(&text(&approved, "id"));
    let pending = world.purchased("u2");
    let vendor = world.vendor.id.to_string();
    world.server.stop();
    let database = world.server.database();
    multiply(database, &text(&approved, "id"), &text(&pending, "id"));
    eprintln!("{REQUESTS} requests are there");
    let url = database.url().to_owned();
    let program = Program::start(world.server.dir(), &["serve"], |c| {
        // What is measured is how fast it answers, not how soon it asks to wait.
        let limits = "token_calls=1000000000,address_calls=1000000000";
        c.env("CAUSEWAY_DATABASE_URL", &url).env("CAUSEWAY_LOG", "warn").env("CAUSEWAY_LIMITS", limits);
    });
    let api = Api::new(program.base(), &world.vendor.key);
    let list = |offset: i64| format!("requests?eq(status,approved)&ordering(-created)&limit=25&offset={offset}");
    let first = api.get(&list(0)).expect(200);
    let range = first.header("content-range");
    let matching: i64 = range.rsplit('/').next().and_then(|n| n.parse().ok()).expect("a total");
    assert!(matching > REQUESTS / 2, "{range}");
    let middle = matching / 2;

    let mut rows = vec![];
    let mut measured = |name: &str, offset: i64, ask: &dyn Fn() -> Page| {
        let (portal, server) = measure(&program, database, ask);
        eprintln!("{name}, offset {offset}: {portal:.0} µs + {server:.0} µs");
        let bytes = ask().bytes.len();
        rows.push(json!({ "name": name, "offset": offset, "bytes": bytes, "portal_us": portal, "server_us": server }));
        portal + server
    };
    measured("API", 0, &|| api.get(&list(0)));
    measured("API", middle, &|| api.get(&list(middle)));
    let browser = crate::support::companies::PASSWORD;
    let client = Client::new(program.base());
    let form = client.open("/sign-in").form_with("Sign in").set("email", &world.vendor.email).set("password", browser);
    client.submit(form).expect(200);
    let page =
        |offset: i64| format!("/{vendor}/requests?eq(status,approved)&ordering(-created)&limit=25&offset={offset}");
    if client.get(&page(0)).status == 200 {
        measured("HTML page", 0, &|| client.get(&page(0)));
        measured("HTML page", middle, &|| client.get(&page(middle)));
    }

    let bare = Bare::start(first.bytes.len());
    let (bare_us, _) = sampled(&[bare.id()], &|| drop(reqwest::blocking::get(&bare.url).expect("an answer").bytes()));
    let mut statements = Statements::open(database, &vendor);
    let raw = [0, middle].map(|offset| {
        let us = statements.measure(database, offset, MEASURED);
        eprintln!("raw statements, offset {offset}: {us:.0} µs");
        json!({ "offset": offset, "us": us })
    });
    json!({
        "requests": REQUESTS, "matching": matching, "rows": rows, "bare_us": bare_us, "statements": raw,
        "statements_sent": first.header("server-timing"), "peak_memory_bytes": program.peak_memory(),
    })
}

/// Median processor time of one request: of the portal's process, and of the database server's.
fn measure(program: &Program, database: &Database, ask: &dyn Fn() -> Page) -> (f64, f64) {
    for _ in 0..30 {
        ask().expect(200);
    }
    let servers = backends(database);
    let (portal, server) = sampled_two(&[program.id()], &servers, &|| drop(ask().expect(200)));
    (portal, server)
}

/// The processes of the PostgreSQL server that work for this database; none for SQLite.
pub fn backends(database: &Database) -> Vec<u32> {
    if !database.is_postgres() {
        return vec![];
    }
    let sql = "select cast(pid as text) as name, cast(0 as bigint) as n from pg_stat_activity \
               where datname = current_database() and pid <> pg_backend_pid()";
    database.counts(sql).into_keys().filter_map(|pid| pid.parse().ok()).collect()
}

fn sampled(processes: &[u32], ask: &dyn Fn()) -> (f64, f64) {
    for _ in 0..30 {
        ask();
    }
    sampled_two(processes, &[], ask)
}

fn sampled_two(ours: &[u32], theirs: &[u32], ask: &dyn Fn()) -> (f64, f64) {
    let sum = |ids: &[u32]| ids.iter().map(|id| cpu::of_process(*id)).sum::<u64>();
    let (mut first, mut second) = (vec![], vec![]);
    let mut before = (sum(ours), sum(theirs));
    for _ in 0..MEASURED {
        ask();
        let now = (sum(ours), sum(theirs));
        first.push(now.0 - before.0);
        second.push(now.1 - before.1);
        before = now;
    }
    (cpu::median_us(first), if theirs.is_empty() { 0.0 } else { cpu::median_us(second) })
}

/// Makes many requests, each with its subscription, of two that were made by the program itself.
fn multiply(database: &Database, approved: &str, pending: &str) {
    let id = |prefix: &str| {
        let part = |from: i64| format!("substr('0000' || cast(n.i / {from} % 10000 as text), -4)");
        let part = |from: i64| {
            if database.is_postgres() {
                format!("lpad(cast(n.i / {from} % 10000 as text), 4, '0')")
            } else {
                part(from)
            }
        };
        format!("'{prefix}-9' || substr({}, 2) || '-' || {} || '-' || {}", part(100_000_000), part(10_000), part(1))
    };
    let numbers = format!(
        "with recursive n(i) as (select cast(0 as bigint) union all select i + 1 from n where i + 1 < {})",
        REQUESTS - 2
    );
    // The two that are there count too.
    let source = format!("case when n.i % 10 < {APPROVED} then '{approved}' else '{pending}' end");
    let source =
        format!("case when n.i < {} then {source} when n.i = {0} then '{pending}' else '{approved}' end", REQUESTS - 2);
    let copy = |table: &str, alias: &str, replaced: &[(&str, String)], on: &str| {
        let columns = columns(database, table);
        let values: Vec<String> = columns
            .iter()
            .map(|c| {
                let new = replaced.iter().find(|(name, _)| name == c).map(|(_, sql)| sql.clone());
                new.unwrap_or_else(|| format!("{alias}.{c}"))
            })
            .collect();
        let (columns, values) = (columns.join(", "), values.join(", "));
        let head = format!("insert into {table} ({columns})");
        let select = format!("select {values} from n join {table} {alias} on {on}");
        database.execute(&format_insert(database, &head, &numbers, &select).to_string());
    };
    let asset_source = format!("(select asset_id from request where id = {source})");
    // Each is some seconds older than the one after it.
    let age = |alias: &str| format!("{alias}.created_at - n.i * 7000000");
    copy(
        "asset",
        "a",
        &[
            ("id", id("AS")),
            ("external_uid", "a.external_uid || '-' || cast(n.i as text)".to_owned()),
            ("external_id", "a.external_id || '-' || cast(n.i as text)".to_owned()),
            ("created_at", age("a")),
        ],
        &format!("a.id = {asset_source}"),
    );
    let request_id = format!("{} || '-001'", id("PR"));
    copy(
        "request",
        "r",
        &[("id", request_id.clone()), ("asset_id", id("AS")), ("created_at", age("r"))],
        &format!("r.id = {source}"),
    );
    copy(
        "party",
        "p",
        &[("object_id", request_id), ("created_at", age("p")), ("since", age("p"))],
        &format!("p.kind = 'request' and p.object_id = {source}"),
    );
    copy(
        "party",
        "p",
        &[("object_id", id("AS")), ("created_at", age("p")), ("since", age("p"))],
        &format!("p.kind = 'asset' and p.object_id = {asset_source}"),
    );
    if database.is_postgres() {
        // What its own cleaning does sooner or later: once nobody looks at the time before.
        for table in ["asset", "request", "party"] {
            let unseen = format!(
                "select cast(relpages - relallvisible as bigint) as n from pg_class where oid = 'public.{table}'::regclass"
            );
            for _ in 0..60 {
                database.execute(&format!("vacuum analyze {table}"));
                if database.number(&unseen) == 0 {
                    break;
                }
                std::thread::sleep(std::time::Duration::from_secs(1));
            }
        }
    }
}

fn format_insert(database: &Database, head: &str, numbers: &str, select: &str) -> String {
    if database.is_postgres() { format!("{head} {numbers} {select}") } else { format!("{numbers} {head} {select}") }
}

fn columns(database: &Database, table: &str) -> Vec<String> {
    let sql = if database.is_postgres() {
        format!(
            "select cast(column_name as text) as name, cast(0 as bigint) as n from information_schema.columns where table_name = '{table}' and table_schema = 'public'"
        )
    } else {
        format!("select name, 0 as n from pragma_table_info('{table}')")
    };
    database.counts(&sql).into_keys().collect()
}
