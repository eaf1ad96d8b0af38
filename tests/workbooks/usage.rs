//! Usage reported with workbooks of other programs, from the upload to the last closed record: fifty thousand priced
//! records through the pages, quantities through the API.

use serde_json::json;

use super::path;
use crate::support::client::Client;
use crate::support::companies::Company;
use crate::support::page::Page;
use crate::support::wait;

#[path = "../it/usage/world.rs"]
#[allow(dead_code, reason = "each test binary uses its own part of this room")]
mod world;

use world::World;

fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(path(name)).expect("read the workbook")
}

fn at(company: &Company, path: &str) -> String {
    format!("/{}{path}", company.id)
}

/// What `report_row` and `report_amount` of make_workbooks.py add up to: quantities in thousandths, amounts in millionths.
fn sums(rows: i64) -> (String, String) {
    let (quantity, amount) =
        (1..=rows).fold((0, 0), |(q, a), n| (q + n % 1_000 * 125, a + n % 1_000 * 1_000_000 + 117_162));
    (decimal(quantity, 3), decimal(amount, 6))
}

fn decimal(units: i64, places: u32) -> String {
    let one = 10_i64.pow(places);
    let part = format!("{:0width$}", units % one, width = places as usize);
    format!("{}.{part}", units / one).trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Digits as a page shows them, without separators and without the zeros that money has at its end.
fn plain(shown: &str) -> String {
    let digits = shown.replace(',', "");
    if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.').to_owned() } else { digits }
}

/// Sends a workbook with the form of the file's page and shows the page once the rows are checked.
fn upload(world: &World, browser: &Client, file: &str, name: &str) -> Page {
    let page = browser.open(&at(&world.halden, &format!("/usage/{file}/upload")));
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let form = page.form_with("Upload").attach("usage_file", name, kind, &bytes(name));
    let page = browser.submit(form).expect(200);
    finish(world, file);
    browser.open(page.url.as_str())
}

/// Waits until the work on a file has ended, however long it takes, as long as it goes on.
fn finish(world: &World, file: &str) {
    let db = world.server.database();
    let left = format!("select count(*) as n from job where object_id = '{file}' and status in ('ready', 'running')");
    let far = format!("select cast(coalesce(sum(done), 0) as bigint) as n from job where object_id = '{file}'");
    loop {
        let (jobs, before) = (db.number(&left), db.number(&far));
        if jobs == 0 {
            break;
        }
        wait::until("the work on a large file to go on", || {
            (db.number(&left) != jobs || db.number(&far) > before).then_some(())
        });
    }
    world.server.settle();
}

#[test]
fn fifty_thousand_priced_records_go_through_the_pages() {
    let world = World::start("PR");
    let (vendor, distributor) = (world.halden.browser(&world.server), world.northgate.browser(&world.server));
    let file = world.file();
    let ready = upload(&world, &vendor, &file, "report-large.xlsx");
    ready.must_say("All rows are good. Submit the file.").must_say("50,000");
    let (quantity, amount) = sums(50_000);
    let total = |page: &Page| {
        let row = page.rows("[aria-label='By item'] table").remove(0);
        (plain(row[1].trim_end_matches("GB")), plain(&row[2]))
    };
    assert_eq!(total(&ready), (quantity.clone(), amount.clone()));
    vendor.submit(ready.form_with("Submit")).expect(200).must_say("The file was submitted.");
    let path = at(&world.northgate, &format!("/usage/{file}"));
    let review = distributor.open(&path);
    assert_eq!(total(&review), (quantity, amount));
    distributor.submit(review.form_with("Accept")).expect(200).must_say("50,000 of 50,000 are open");
    let csv = distributor.get(&format!("{path}/records?_export=csv")).expect(200).body();
    assert_eq!(csv.lines().count(), 50_001);
    let form =
        distributor.open(&path).form_with("Close all").set("billing_id", "INV-2026-05").set("billing_note", "May");
    distributor.submit(form).expect(200);
    finish(&world, &file);
    distributor.open(&path).must_say("Closed");
    let closed = format!(
        "select count(*) as n from usage_record where file_id = '{file}' and status = 'closed' and billing_id = 'INV-2026-05' and billing_note = 'May'"
    );
    assert_eq!(world.server.database().number(&closed), 50_000);
}

#[test]
fn both_writers_report_the_same_through_the_pages() {
    let world = World::start("PR");
    let vendor = world.halden.browser(&world.server);
    let (_, amount) = sums(400);
    for name in ["report-priced.xlsx", "report-priced-by-calc.xlsx"] {
        let file = world.file();
        let ready = upload(&world, &vendor, &file, name);
        ready.must_say("All rows are good. Submit the file.");
        let row = ready.rows("[aria-label='By item'] table").remove(0);
        assert_eq!((plain(&row[2]), &*row[3]), (amount.clone(), "400"), "{name}");
        let deleted = vendor.submit(ready.form_with("Delete")).expect(200);
        deleted.must_say("The file was deleted.");
    }
}

#[test]
fn both_writers_rows_with_errors_are_shown_and_corrected() {
    let world = World::start("PR");
    let vendor = world.halden.browser(&world.server);
    for name in ["report-wrong.xlsx", "report-wrong-by-calc.xlsx"] {
        let file = world.file();
        upload(&world, &vendor, &file, name).must_say("Correct the rows and upload the workbook again.");
        let page = vendor.open(&at(&world.halden, &format!("/usage/{file}/problems")));
        let found: Vec<(String, String)> =
            page.rows("form.list table").into_iter().map(|r| (r[0].clone(), r[1].clone())).collect();
        let wanted = [
            ("4", "item_search_value"),
            ("8", "quantity"),
            ("8", "asset_search_value"),
            ("10", "record_id"),
            ("13", "end_time_utc"),
        ];
        let wanted: Vec<(String, String)> = wanted.map(|(row, column)| (row.to_owned(), column.to_owned())).to_vec();
        assert_eq!(found, wanted, "{name}");
        let ready = upload(&world, &vendor, &file, &name.replace("wrong", "priced"));
        ready.must_say("All rows are good. Submit the file.");
        vendor.submit(ready.form_with("Delete")).expect(200);
    }
}

#[test]
fn both_writers_quantities_go_through_the_api() {
    let world = World::start("QT");
    let (vendor, distributor) = (world.vendor(), world.distributor());
    let (quantity, _) = sums(400);
    for name in ["report-quantities.xlsx", "report-quantities-by-calc.xlsx"] {
        let file = world.file();
        let ready = world.uploaded(&file, bytes(name));
        assert_eq!(
            (&ready["status"], &ready["stats"]["validated"]),
            (&json!("ready"), &json!(400)),
            "{name}: {ready:#}"
        );
        assert_eq!(
            vendor.post(&format!("usage/files/{file}/submit"), &json!({})).expect(201).json()["status"],
            "pending"
        );
        let records = distributor.get(&format!("usage/records?eq(usagefile.id,{file})&limit=1000")).expect(200).json();
        let reported = records.as_array().expect("a list").iter().map(|r| thousandths(&r["usage"].to_string())).sum();
        assert_eq!(decimal(reported, 3), quantity, "{name}");
        let reject = json!({ "rejection_note": "once more" });
        distributor.post(&format!("usage/files/{file}/reject"), &reject).expect(201);
    }
}

/// A decimal number with at most three places, in thousandths.
fn thousandths(text: &str) -> i64 {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    format!("{whole}{part:0<3}").parse().unwrap_or_else(|_| panic!("{text} is not in thousandths"))
}
