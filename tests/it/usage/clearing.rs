//! Rows that nobody sees any more: out of sight at once, removed in pieces by a job.

use serde_json::json;

use super::world::{EIGHT, World, row, workbook};

/// More than a job removes in two transactions.
const ROWS: usize = 4_100;

fn large() -> Vec<u8> {
    workbook("records", &EIGHT, &(0..ROWS).map(|n| row(&format!("r{n}"))).collect::<Vec<_>>())
}

fn small() -> Vec<u8> {
    workbook("records", &EIGHT, &[row("r0"), row("r1"), row("r2")])
}

/// How many rows of a file there are in a table.
fn rows(world: &World, table: &str, file: &str) -> i64 {
    world.server.database().number(&format!("select count(*) as n from {table} where file_id = '{file}'"))
}

#[test]
fn the_rows_of_a_former_upload_are_out_of_sight_at_once_and_removed() {
    let world = World::start("QT");
    let file = world.file();
    assert_eq!(world.uploaded(&file, large())["records"]["valid"], ROWS);
    world.send(&file, small()).expect(201);
    let seen = world.vendor().get(&format!("usage/records?usage_file={file}&limit=1")).expect(200);
    // Whether the check of the new rows has ended by now or not: none of the former upload is there.
    let shown = seen.header("content-range");
    assert!(["items 0-0/0", "items 0-0/3"].contains(&shown), "{shown}");
    assert_eq!(world.checked(&file)["records"], json!({ "valid": 3, "invalid": 0, "closed": 0 }));
    assert_eq!((rows(&world, "usage_record", &file), rows(&world, "usage_record_key", &file)), (3, 3));
    let of_the_first = format!("select count(*) as n from usage_total where file_id = '{file}' and generation = 1");
    assert_eq!(world.server.database().number(&of_the_first), 0);
}

#[test]
fn a_deleted_file_is_gone_for_everybody_before_its_rows_are() {
    let world = World::start("QT");
    let (vendor, database) = (world.vendor(), world.server.database());
    let file = world.file();
    let ready = world.uploaded(&file, large());
    let link = ready["usage_file_uri"].as_str().expect("a link to the workbook").to_owned();
    let record = format!("UR-{}-0100-0001", &file[3..]);
    vendor.get(&format!("usage/records/{record}")).expect(200);

    // The job that the deletion wants is there already and waits, so that the test can look before it runs.
    let (mark, later) = (format!("usage.clear:{file}"), world.server.clock().now().plus_seconds(24 * 3600).0);
    database.execute(&format!(
        "insert into job (kind, args, dedupe, status, run_at, tries, fence, done, cancel, created_at) values ('usage.clear', \
         '{{\"file\": \"{file}\", \"generation\": 1}}', '{mark}', 'ready', {later}, 0, 0, 0, false, 1)"
    ));
    let deleted = vendor.post(&format!("usage/files/{file}/delete"), &json!({})).expect(201).json();
    let all = i64::try_from(ROWS).unwrap();
    assert_eq!(rows(&world, "usage_record", &file), all, "no row is removed by the deletion itself");
    for seen in [deleted, vendor.get(&format!("usage/files/{file}")).expect(200).json()] {
        assert_eq!((&seen["status"], &seen["usage_file_uri"]), (&json!("deleted"), &json!(null)), "{seen:#}");
        assert_eq!(seen["processed_file_uri"], json!(null), "{seen:#}");
        assert_eq!(seen["records"], json!({ "valid": 0, "invalid": 0, "closed": 0 }));
        assert_eq!(seen["stats"]["uploaded"], 0);
    }
    assert_eq!(vendor.get("usage/files").expect(200).json(), json!([]));
    assert_eq!(vendor.get("usage/records").expect(200).header("content-range"), "items 0-0/0");
    vendor.get(&format!("usage/records/{record}")).expect(404);
    assert_eq!(reqwest::blocking::get(&link).expect("an answer").status(), 404);
    let page = |tab: &str| format!("/{}/usage/{file}{tab}", world.halden.id);
    let browser = world.halden.browser(&world.server);
    browser.open(&page("")).must_say("Deleted");
    browser.open(&page("/uploads")).must_say("usage_file.xlsx");
    assert!(!browser.open(&page("/records")).body().contains(&record), "a page shows a record of a deleted file");
    // Its ids are free already, and whoever takes them keeps them.
    let second = world.file();
    assert_eq!(world.uploaded(&second, small())["status"], "ready");

    // A worker died behind the second thousand records: the next goes on there, and not from the start.
    let nth = |n: usize| format!("UR-{}-01{:02}-{:04}", &file[3..], n / 10_000, n % 10_000);
    database.execute(&format!(
        "delete from usage_record where file_id = '{file}' and id > '{first}' and id <= '{last}'; \
         update job set status = 'running', leased_until = 1, run_at = 1, tries = 1, fence = 1, done = 2000, \
         cursor = '{{\"generation\": 1, \"after\": \"{last}\", \"records\": 2000}}' where dedupe = '{mark}'",
        first = nth(1),
        last = nth(2000),
    ));
    world.server.settle();
    assert_eq!(rows(&world, "usage_record", &file), 1, "the job began anew");
    let job = |column: &str| format!("select cast({column} as bigint) as n from job where dedupe = '{mark}'");
    assert_eq!(database.number(&job("done")), all);
    assert_eq!(database.number(&job("case when status = 'done' then 1 else 0 end")), 1);
    for table in ["usage_total", "usage_leader", "usage_category"] {
        assert_eq!(rows(&world, table, &file), 0, "{table}");
    }
    assert_eq!(rows(&world, "usage_record_key", &second), 3);
    assert_eq!(world.checked(&second)["records"]["valid"], 3);

    // The same without a crash: nothing is left but the file itself.
    vendor.post(&format!("usage/files/{second}/delete"), &json!({})).expect(201);
    world.server.settle();
    assert_eq!((rows(&world, "usage_record", &second), rows(&world, "usage_record_key", &second)), (0, 0));
}
