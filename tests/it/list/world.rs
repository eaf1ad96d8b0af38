//! A small world of requests with every kind of field, and its collection.

use causeway::db::list::{Collection, Field, Join, Many, Scope};
use causeway::db::{AnyConn, Db};
use causeway::kit::{Clock, Time, fold};
use diesel::connection::SimpleConnection as _;

use crate::support::clock;
use crate::support::database::Database;

pub const STATUSES: &[&str] = &["draft", "pending", "approved", "failed"];

/// Two to-one relations, one of them optional; one to-many; every kind of value.
pub const REQUESTS: Collection = Collection {
    name: "requests",
    from: "request r",
    id: "r.id",
    scope: Scope::Party("request"),
    joins: &[
        Join::inner("asset", "asset a on a.id = r.asset_id"),
        Join::inner("product", "product pr on pr.id = a.product_id").after(&["asset"]),
        Join::left("assignee", "person u on u.id = r.assignee_id"),
    ],
    many: &[Many::new("params", "asset_param ap", "ap.asset_id = r.asset_id")],
    fields: &[
        Field::id().orderable(),
        Field::choice("status", "p.status", STATUSES).of_party().orderable(),
        Field::time("created", "p.created_at").of_party().orderable(),
        Field::text("note", "r.note").nullable().orderable().searchable(),
        Field::text("product.id", "a.product_id").via("asset"),
        Field::text("product.name", "pr.name").via("product").folded("pr.name_folded").orderable().searchable(),
        Field::text("assignee.email", "u.email").via("assignee").nullable().orderable(),
        Field::text("params.id", "ap.name").many("params"),
        Field::text("params.value", "ap.value").many("params").nullable(),
        Field::amount("total", "r.total").nullable().orderable(),
        Field::int("count", "r.count").nullable().orderable(),
        Field::flag("test", "r.test").orderable(),
        Field::time("signed", "r.events").json("signed.at").orderable(),
        Field::text("signer", "r.events").json("signed.by.name").orderable(),
    ],
    order: &["-created"],
};

/// One request, with everything that a query can see of it.
#[derive(Debug, Clone)]
pub struct Request {
    pub id: String,
    pub status: &'static str,
    pub created: i64,
    pub note: Option<String>,
    pub product: usize,
    pub assignee: Option<usize>,
    pub params: Vec<(&'static str, Option<&'static str>)>,
    pub total: Option<&'static str>,
    pub count: Option<i64>,
    pub test: bool,
    pub signed: Option<(i64, &'static str)>,
}

pub const PRODUCTS: &[&str] = &["Zebra", "apple", "Äpfel", "100% [pure]_*", "alpha\\beta", "Ünit"];
pub const EMAILS: &[&str] = &["Ann@x.com", "bob@x.com", "carl+tag@y.org"];
pub const VALUES: &[Option<&str>] = &[None, Some(""), Some("red"), Some("Red"), Some("blue")];
pub const NOTES: &[Option<&str>] = &[None, Some(""), Some("ünit"), Some("R&D (x), \"y\""), Some("a*b")];
pub const TOTALS: &[Option<&str>] =
    &[None, Some("0"), Some("-1.5"), Some("9"), Some("10"), Some("10.00000001"), Some("99999999999999999999.99999999")];
pub const BASE: i64 = 1_609_459_200_000_000; // 2021-01-01T00:00:00Z

/// The same requests every time, some of whose moments and values coincide.
pub fn requests(count: usize) -> Vec<Request> {
    let mut seed = 7_u64;
    let mut roll = move |sides: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % sides
    };
    (0..count)
        .map(|at| Request {
            id: format!("PR-{:04}-{:03}", roll(10_000), at),
            status: STATUSES[roll(STATUSES.len())],
            created: BASE + roll(5) as i64 * 1_000_000 + roll(3) as i64 * 250_000,
            note: NOTES[roll(NOTES.len())].map(str::to_owned),
            product: roll(PRODUCTS.len()),
            assignee: (roll(3) > 0).then(|| roll(EMAILS.len())),
            params: ["color", "size"][..roll(3)].iter().map(|name| (*name, VALUES[roll(VALUES.len())])).collect(),
            total: TOTALS[roll(TOTALS.len())],
            count: (roll(4) > 0).then(|| roll(4) as i64 - 1),
            test: roll(2) == 0,
            signed: (roll(3) > 0).then(|| (BASE + roll(3) as i64 * 1_000_000, ["Zoe", "ann"][roll(2)])),
        })
        .collect()
}

/// Tells a story to a connection of the program's own, with the tables in place and empty.
pub fn on_empty_tables(story: impl Fn(&mut AnyConn)) {
    let dir = tempfile::tempdir().unwrap();
    let database = Database::empty(dir.path());
    let db = Db::open(database.url(), Clock::starting_at(clock::start()), |_, _, _| Ok(())).unwrap();
    db.write(|tx| {
        create_tables(tx.conn());
        story(tx.conn());
        Ok(())
    })
    .unwrap();
}

fn create_tables(conn: &mut AnyConn) {
    let tables = "
        create temporary table party (
            account_id text not null, kind text not null, object_id text not null, side text not null,
            status text not null, created_at bigint not null, primary key (account_id, kind, object_id));
        create index party_by_created on party (account_id, kind, created_at desc, object_id);
        create index party_by_status on party (account_id, kind, status, created_at desc, object_id);
        create temporary table product (id text primary key, name plain not null, name_folded text not null);
        create temporary table person (id text primary key, email plain not null);
        create temporary table asset (id text primary key, product_id text not null);
        create temporary table asset_param (asset_id text not null, name text not null, value text, primary key (asset_id, name));
        create temporary table request (
            id text primary key, asset_id text not null, assignee_id text, note plain, total decimal, count bigint,
            test boolean not null, events document not null);";
    let tables = match conn {
        // Columns with a collation of the house, columns with the cluster's own.
        AnyConn::Pg(_) => tables
            .replace(" text", " text collate \"C\"")
            .replace(" plain", " text")
            .replace(" decimal", " numeric")
            .replace(" document", " jsonb"),
        AnyConn::Sqlite(_) => {
            tables.replace(" plain", " text").replace(" decimal", " text").replace(" document", " text")
        }
    };
    conn.batch_execute(&tables).unwrap();
}

fn quoted(text: Option<&str>) -> String {
    text.map_or("null".to_owned(), |text| format!("'{}'", text.replace('\'', "''")))
}

/// Puts the requests into the database. All are seen by `VA-1`; by `PA-1` only those of the first product; the side is
/// of no matter.
pub fn fill(conn: &mut AnyConn, requests: &[Request]) {
    let mut sql = String::new();
    for (at, name) in PRODUCTS.iter().enumerate() {
        let (name, folded) = (quoted(Some(name)), quoted(Some(&fold(name))));
        sql.push_str(&format!("insert into product values ('PRD-{at}', {name}, {folded});"));
    }
    for (at, email) in EMAILS.iter().enumerate() {
        sql.push_str(&format!("insert into person values ('UR-{at}', {});", quoted(Some(email))));
    }
    for request in requests {
        let Request { id, status, created, note, product, test, .. } = request;
        let asset = id.replace("PR-", "AS-");
        sql.push_str(&format!("insert into asset values ('{asset}', 'PRD-{product}');"));
        for (name, value) in &request.params {
            sql.push_str(&format!("insert into asset_param values ('{asset}', '{name}', {});", quoted(*value)));
        }
        let events = request.signed.map_or("{}".to_owned(), |(at, by)| {
            format!("{{\"signed\": {{\"at\": \"{}\", \"by\": {{\"name\": \"{by}\"}}}}}}", Time(at).wire())
        });
        let assignee = request.assignee.map(|at| format!("UR-{at}"));
        let total = match conn {
            AnyConn::Pg(_) => request.total.unwrap_or("null").to_owned(),
            AnyConn::Sqlite(_) => quoted(request.total),
        };
        sql.push_str(&format!(
            "insert into request values ('{id}', '{asset}', {}, {}, {total}, {}, {test}, '{events}');",
            quoted(assignee.as_deref()),
            quoted(note.as_deref()),
            request.count.map_or("null".to_owned(), |count| count.to_string()),
        ));
        for account in ["VA-1", "PA-1"].iter().take(if *product == 0 { 2 } else { 1 }) {
            sql.push_str(&format!(
                "insert into party values ('{account}', 'request', '{id}', 'side', '{status}', {created});"
            ));
        }
        sql.push_str(&format!("insert into party values ('VA-1', 'asset', '{asset}', 'side', 'active', {created});"));
    }
    conn.batch_execute(&sql).unwrap();
}
