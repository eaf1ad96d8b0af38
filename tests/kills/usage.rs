//! Usage: a workbook whose rows are checked by a job that dies again and again.

use causeway::flows::usage::actions;
use causeway::outside::sheets::{BookWriter, Column, OutCell, Value as CellValue};
use reqwest::Method;
use serde_json::{Value, json};

use crate::orders::subscription;
use crate::partners::text;
use crate::portal::{Body, Portal, twice};
use crate::shop::{Shop, ready_shop};

const HEADER: [&str; 9] = [
    "record_id",
    "item_search_criteria",
    "item_search_value",
    "quantity",
    "start_time_utc",
    "end_time_utc",
    "asset_search_criteria",
    "asset_search_value",
    "amount",
];

/// More than are closed at once within an action.
const ROWS: usize = 5_200;

/// A workbook with a record of one cent in each row.
fn workbook(asset: &str, prefix: &str, rows: usize) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let mut book = BookWriter::new(folder.path()).unwrap();
    let columns: Vec<Column<'_>> = HEADER.iter().map(|h| Column::new(h, 12)).collect();
    let mut sheet = book.sheet("records", &columns).unwrap();
    for n in 0..rows {
        let id = format!("{prefix}-{n}");
        let cells =
            [&id, "item.mpn", "GB", "1.25", "2026-03-01 00:00:00", "2026-03-01 23:59:59", "asset.id", asset, "0.01"];
        sheet.row(&cells.map(|cell| OutCell::from(CellValue::Text(cell)))).unwrap();
    }
    let path = folder.path().join("book.xlsx");
    book.save(&path).unwrap();
    std::fs::read(path).unwrap()
}

fn file(portal: &mut Portal, shop: &Shop) -> String {
    let body = json!({ "name": "March", "product": { "id": shop.product }, "contract": { "id": shop.partners.contract },
                       "description": "", "period": { "from": "2026-03-01", "to": "2026-03-01" }, "currency": "EUR" });
    text(&portal.post("usage.create.before-commit", &shop.partners.vendor, "usage/files", body), "id")
}

fn upload(portal: &mut Portal, shop: &Shop, file: &str, book: &[u8]) {
    let body = Body::File(Value::Null, "usage_file", "usage_file.xlsx", book.to_vec());
    let path = format!("usage/files/{file}/upload");
    portal.write("usage.upload.before-commit", &shop.partners.vendor, Method::POST, &path, body);
}

#[test]
fn usage() {
    twice(39, |portal| {
        let shop = ready_shop(portal);
        let asset = portal.in_peace(|portal| subscription(portal, &shop, "u1"));
        let (vendor, distributor) = (shop.partners.vendor.clone(), shop.partners.distributor.clone());

        // A small file that is rejected, whose ids are free again.
        let small = file(portal, &shop);
        upload(portal, &shop, &small, &workbook(&asset, "r", 3));
        portal.post("usage.submit.before-commit", &vendor, &format!("usage/files/{small}/submit"), json!({}));
        let note = json!({ "rejection_note": "Too much" });
        portal.post("usage.reject.before-commit", &distributor, &format!("usage/files/{small}/reject"), note);

        // A large one; its job dies in every chunk and at its end, and so does that which builds the processed file.
        let large = file(portal, &shop);
        portal.upload_and_die(&shop, &large, &workbook(&asset, "r", ROWS));
        let seen = portal.get(&vendor, &format!("usage/files/{large}"));
        let rows = i64::try_from(ROWS).unwrap();
        assert_eq!(seen["status"], "ready", "{seen:#}");
        assert_eq!(seen["records"], json!({ "valid": rows, "invalid": 0, "closed": 0 }));
        let records =
            portal.database().number(&format!("select count(*) as n from usage_record where file_id = '{large}'"));
        assert_eq!(records, rows, "each row is one record");
        let once = "select count(*) as n from (select record_id from usage_record where file_id = '{large}' group by record_id having count(*) > 1) twice";
        assert_eq!(portal.database().number(&once.replace("{large}", &large)), 0);
        let link = text(&seen, "processed_file_uri");
        assert_eq!(reqwest::blocking::get(&link).unwrap().status().as_u16(), 200, "{link}");

        portal.post("usage.submit.before-commit", &vendor, &format!("usage/files/{large}/submit"), json!({}));
        let note = json!({ "acceptance_note": "Fine" });
        portal.post("usage.accept.before-commit", &distributor, &format!("usage/files/{large}/accept"), note);
        let first = portal.get(&distributor, &format!("usage/records?usage_file={large}&limit=2"));
        let wishes = json!([
            { "id": first[0]["id"], "external_billing_id": "B-1" }, { "id": first[1]["id"], "external_billing_id": "B-1" },
        ]);
        portal.post("usage.close_records.before-commit", &distributor, "usage/records/close-records", wishes);
        portal.close_all_and_die(&distributor.system(), &large);
        let end = portal.get(&vendor, &format!("usage/files/{large}"));
        assert_eq!(end["status"], "closed", "{end:#}");
        assert_eq!(end["stats"]["closed"], rows);
        assert_eq!(end["stats"]["billed"], rows);

        // One that is deleted, and one whose rows are removed by a job that dies in every piece.
        portal.post("usage.delete.before-commit", &vendor, &format!("usage/files/{small}/delete"), json!({}));
        let gone = portal.in_peace(|portal| {
            let gone = file(portal, &shop);
            upload(portal, &shop, &gone, &workbook(&asset, "d", 2_500));
            portal.settle();
            gone
        });
        portal.delete_and_die(&vendor.system(), &gone);
        for file in [&small, &gone] {
            for table in ["usage_record", "usage_record_key", "usage_total"] {
                let left = format!("select count(*) as n from {table} where file_id = '{file}'");
                assert_eq!(portal.database().number(&left), 0, "{file}: {table}");
            }
        }
    });
}

impl Portal {
    /// Uploads a workbook; the jobs that follow die at every point of theirs.
    fn upload_and_die(&mut self, shop: &Shop, file: &str, book: &[u8]) {
        let body = Body::File(Value::Null, "usage_file", "usage_file.xlsx", book.to_vec());
        let path = format!("usage/files/{file}/upload");
        self.hand_over("usage.process.chunk:1", &shop.partners.vendor, &path, body);
        self.jobs_die(&[
            "jobs.claimed@usage.process",
            "usage.process.chunk:1",
            "usage.process.chunk:2",
            "usage.process.chunk:1",
            "usage.process.chunk:2",
            "usage.process.chunk:1",
            "usage.process.chunk:1",
            "usage.process.chunk:2",
            "usage.process.before-end",
            "usage.checked.before-commit",
            "jobs.before-end@usage.process",
            "usage.build.kept",
            "usage.build.before-commit",
        ]);
    }

    /// Deletes a file of 2,500 records; the job that removes them dies in every piece.
    fn delete_and_die(&mut self, by: &causeway::kit::Actor, file: &str) {
        self.stop();
        self.act(|tx| actions::delete(tx, by, file, None));
        self.jobs_die(&["usage.clear.chunk:1", "usage.clear.chunk:2", "usage.clear.chunk:2", "usage.clear.chunk:1"]);
    }

    /// Closes all open records by the job, which dies in every chunk.
    fn close_all_and_die(&mut self, by: &causeway::kit::Actor, file: &str) {
        self.stop();
        let left = self.act(|tx| actions::close_all(tx, by, file, "INV-1", "All of them", None));
        assert!(left > 5_000, "{left}");
        self.jobs_die(&["usage.close.chunk:1", "usage.close.chunk:2", "usage.close.chunk:2", "usage.close.chunk:1"]);
    }
}
