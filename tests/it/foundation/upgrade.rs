//! A database of the version before, with what people made in it, brought up to date.

use std::fs;
use std::path::Path;

use serde_json::json;

use crate::orders::world as orders;
use crate::support::database::Database;
use crate::support::server::{self, Server};
use crate::usage::world::{EIGHT, World, row, workbook};

/// The migrations since the version that was last given to people, newest first.
const NEW: [&str; 4] = ["0019_companies", "0013_housekeeping", "0012_reasons_as_texts", "0011_tally"];

/// Takes the database of a stopped program back to that version, its rows with it.
fn take_back(database: &Database) {
    let folder = if database.is_postgres() { "postgres" } else { "sqlite" };
    for name in NEW {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(folder).join(name).join("down.sql");
        database.execute(&fs::read_to_string(file).unwrap());
    }
    database.execute("delete from __diesel_schema_migrations where version > '0010'");
    // That version left the rows of deleted usage files where they were.
    database.execute("delete from job where kind = 'usage.clear'");
}

/// Stops the program, and starts it again on a database of the version before.
fn upgrade(server: &mut Server) {
    server.stop();
    take_back(server.database());
    server::migrate(server.database().url());
    assert_eq!(server.database().miscounted(), 0);
    server.restart();
    server.settle();
}

#[test]
fn orders_keep_what_was_said_of_them() {
    let mut world = orders::World::new();
    let asset = world.subscription("u1");
    let (said, open) = (world.ask("cancel", &asset).expect(201).json(), world.purchased("u2"));
    let (said, open) = (orders::text(&said, "id"), orders::text(&open, "id"));
    world.seller().post(&format!("requests/{said}/fail"), &json!({ "reason": "Bound {until} May" })).expect(200);
    upgrade(&mut world.server);
    let seen = |id: &str| orders::text(&world.seen(&world.seller(), id), "reason");
    assert_eq!((seen(&said), seen(&open)), ("Bound {until} May".into(), String::new()));
    world.approved(&open);
}

#[test]
fn usage_keeps_the_present_workbooks_and_loses_what_was_deleted() {
    let mut world = World::start("QT");
    let book = |id: &str| workbook("records", &EIGHT, &[row(id)]);
    let (deleted, kept) = (world.file(), world.file());
    world.uploaded(&deleted, book("r1"));
    world.uploaded(&kept, book("r2"));
    world.uploaded(&kept, book("r3"));
    world.vendor().post(&format!("usage/files/{deleted}/delete"), &json!({})).expect(201);
    upgrade(&mut world.server);
    let dropped = "select count(*) as n from file where dropped_at is not null";
    let present = "select count(*) as n from file where dropped_at is null and key in (select file_key from usage_upload \
                   where generation = 2 union select processed_key from usage_upload where generation = 2)";
    let cleared = "select count(*) as n from job where kind = 'usage.clear' and status = 'done'";
    let database = world.server.database();
    let found = [dropped, present, "select count(*) as n from file", cleared].map(|sql| database.number(sql));
    // Of each workbook there is what was sent and what was made of it.
    assert_eq!(found, [4, 2, 6, 1]);
    let records = world.vendor().get("usage/records?limit=10").expect(200).json();
    assert_eq!(records.as_array().unwrap().len(), 1);
    world.processed(&kept);
}
