//! What must hold in the database at any time.

use std::collections::BTreeMap;

use causeway::db::Db;
use causeway::flows;
use causeway::journal::seal;
use causeway::kit::{Clock, Time};

use crate::support::clock;
use crate::support::database::Database;

/// How many rows there are of what.
pub type Counts = BTreeMap<String, i64>;

/// Tables whose rows say nothing about what was done: they come and go with processes and time.
const PASSING: &[&str] = &[
    "session",
    "token_call",
    "token_call_sum",
    "device",
    "job",
    "schedule",
    "setting",
    "tally",
    "tally_day",
    "__diesel_schema_migrations",
    "sqlite_sequence",
];

/// Tables whose rows the hourly housekeeping takes away some time after they stopped to matter: only those that still do
/// are counted, because one walk meets that hour and another does not. `{}` is a moment in microseconds.
const LASTING: &[(&str, &str)] = &[
    ("one_time_link", "used_at is null and expires_at > {} and purpose <> 'not_me'"),
    ("file", "dropped_at is null"),
    // Whoever signs in again because the answer was lost, with a browser that did not get its cookie, has signed in twice.
    ("event", "verb <> 'person.signed_in'"),
];

/// How many rows each table has that matter after `until`; the parties by kind and status, the journal by kind and verb.
pub fn counts(database: &Database, until: Time) -> Counts {
    let tables = if database.is_postgres() {
        "select tablename as name, 0::bigint as n from pg_tables where schemaname = 'public'"
    } else {
        "select name, 0 as n from sqlite_master where type = 'table'"
    };
    let mut parts: Vec<String> = database
        .counts(tables)
        .into_keys()
        .filter(|table| !PASSING.contains(&table.as_str()) && !table.starts_with("sqlite_stat"))
        .map(|table| {
            let lasting = LASTING.iter().find(|(name, _)| *name == table).map_or("1 = 1", |(_, lasting)| lasting);
            let lasting = lasting.replace("{}", &until.0.to_string());
            format!("select 'table {table}' as name, count(*) as n from {table} where {lasting}")
        })
        .collect();
    parts.push(
        "select 'party ' || kind || ' ' || status || ' ' || turn as name, count(*) as n from party group by kind, status, turn"
            .to_owned(),
    );
    parts.push(
        "select 'event ' || kind || ' ' || verb as name, count(*) as n from event where verb <> 'person.signed_in' group by kind, verb".to_owned(),
    );
    database.counts(&parts.join(" union all "))
}

/// Kinds of objects with parties: the table, and the column with the status that the party rows repeat.
const KINDS: &[(&str, &str, Option<&str>)] = &[
    ("hub", "hub", None),
    ("marketplace", "marketplace", None),
    ("agreement", "agreement", None),
    ("tier_account", "tier_account", None),
    ("contract", "contract", Some("status")),
    ("product", "product", Some("status")),
    ("listing", "listing", Some("status")),
    ("listing_request", "listing_request", Some("state")),
    ("asset", "asset", Some("status")),
    ("request", "request", Some("status")),
    ("usage_file", "usage_file", Some("status")),
];

/// Fails unless every object has parties, every party its object, and both the same status.
pub fn parties_fit(database: &Database) {
    assert_eq!(database.miscounted(), 0, "numbers that are kept about parties are wrong");
    let mut parts = vec![];
    for (kind, table, status) in KINDS {
        parts.push(format!(
            "select '{kind} without its object' as name, count(*) as n from party p where p.kind = '{kind}' and not exists \
             (select 1 from {table} o where o.id = p.object_id)"
        ));
        parts.push(format!(
            "select '{kind} that nobody sees' as name, count(*) as n from {table} o where not exists \
             (select 1 from party p where p.kind = '{kind}' and p.object_id = o.id)"
        ));
        if let Some(status) = status {
            parts.push(format!(
                "select '{kind} of another status' as name, count(*) as n from party p join {table} o on o.id = p.object_id \
                 where p.kind = '{kind}' and p.status <> o.{status}"
            ));
        }
    }
    let mut wrong = database.counts(&parts.join(" union all "));
    wrong.retain(|_, n| *n > 0);
    assert!(wrong.is_empty(), "party rows and objects differ: {wrong:?}");
}

/// Fails unless the journal's chain is whole.
pub fn chain_holds(database: &Database) {
    let db = Db::open(database.url(), Clock::starting_at(clock::start()), flows::react).expect("open the database");
    let broken = db.read(seal::verify).expect("read the journal");
    assert_eq!(broken, None, "the journal's chain is broken at this entry");
    let sealed = database.number("select count(*) as n from event where sealed is not null");
    assert!(sealed > 0, "nothing of the journal is sealed");
}
