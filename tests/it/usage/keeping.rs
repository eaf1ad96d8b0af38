//! The workbooks of usage files: how long they are kept, and how many bytes a company may have of them.

use std::path::Path;

use causeway::jobs::{self, NewJob};
use serde_json::{Value, json};

use super::world::{EIGHT, World, capabilities, row, sheet, workbook};
use crate::orders::world::refused;
use crate::support::companies::act;
use crate::support::server::Server;

fn book() -> Vec<u8> {
    workbook("records", &EIGHT, &[row("r1"), row("r2")])
}

/// Does what comes back every hour, now.
fn keep_house(world: &World) {
    act(&world.server, |tx| jobs::enqueue(tx, NewJob::new("housekeeping", Value::Null)));
    world.server.settle();
}

/// How many files are kept, by their rows and on the disk.
fn kept(world: &World) -> (i64, i64) {
    fn below(folder: &Path) -> i64 {
        let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
        entries.map(|e| if e.file_type().unwrap().is_dir() { below(&e.path()) } else { 1 }).sum()
    }
    (world.server.database().number("select count(*) as n from file"), below(&world.server.dir().join("files")))
}

#[test]
fn workbooks_that_nothing_shows_any_more_are_deleted_after_their_links() {
    let world = World::start("QT");
    let file = world.file();
    let first = world.uploaded(&file, book());
    let link = |file: &Value, name: &str| file[name].as_str().unwrap_or_else(|| panic!("{file:#}")).to_owned();
    let status = |link: &str| reqwest::blocking::get(link).expect("an answer").status().as_u16();
    let old = [link(&first, "usage_file_uri"), link(&first, "processed_file_uri")];
    assert_eq!(kept(&world), (2, 2), "the workbook, and what was made of it");
    let second = world.uploaded(&file, workbook("records", &EIGHT, &[row("r3")]));
    let new = [link(&second, "usage_file_uri"), link(&second, "processed_file_uri")];
    keep_house(&world);
    assert_eq!(kept(&world), (4, 4), "links to the former ones may still be followed");
    assert_eq!(old.iter().chain(&new).map(|l| status(l)).collect::<Vec<_>>(), [200; 4]);

    world.server.clock().advance_seconds(16 * 60);
    keep_house(&world);
    assert_eq!(kept(&world), (2, 2), "those of the former upload are there still, or others went with them");
    let (_, rows) = sheet(&world.processed(&file), "records");
    assert_eq!(rows.len(), 1);
    // Checked again against another period: the workbook is the same and stays.
    let period = json!({ "period": { "from": "2026-05-01", "to": "2026-05-30" } });
    world.vendor().put(&format!("usage/files/{file}"), &period).expect(200);
    world.server.settle();
    world.server.clock().advance_seconds(16 * 60);
    keep_house(&world);
    assert_eq!(kept(&world), (2, 2));
    world.processed(&file);

    world.vendor().post(&format!("usage/files/{file}/delete"), &json!({})).expect(201);
    world.server.clock().advance_seconds(16 * 60);
    keep_house(&world);
    assert_eq!(kept(&world), (0, 0));
}

#[test]
fn a_company_has_a_limit_for_the_bytes_of_its_files() {
    let size = book().len();
    let server = Server::start_with(|config| config.limits = format!("file_bytes={}", size + 10).parse().unwrap());
    let world = World::start_on(server, &capabilities("QT"), 5);
    let (first, second) = (world.file(), world.file());
    assert_eq!(world.uploaded(&first, book())["status"], "ready");
    let most = format!("{},{:03}", (size + 10) / 1_000, (size + 10) % 1_000);
    let full = || {
        let before = kept(&world);
        let told = refused(world.send(&second, book()), 409);
        assert!(told.contains(&format!("more than the {most} that are allowed (file_bytes)")), "{told}");
        assert!(told.contains("Delete usage files that are not needed any more"), "{told}");
        assert_eq!(kept(&world), before, "what was refused is kept");
    };
    full();
    world.vendor().post(&format!("usage/files/{first}/delete"), &json!({})).expect(201);
    // What is still on the disk still counts.
    full();
    world.server.clock().advance_seconds(16 * 60);
    keep_house(&world);
    assert_eq!(world.uploaded(&second, book())["status"], "ready");
}
