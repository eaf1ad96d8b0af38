//! The pages of usage: readable, accessible and narrow enough everywhere; and an upload with its bars.

use crate::browser::Browser;
use crate::look::look;
use crate::support::companies::{Company, PASSWORD};

#[path = "../it/usage/world.rs"]
#[allow(dead_code, reason = "each test binary uses its own part of this room")]
mod world;

use world::{EIGHT, World, asset, row_with, workbook};

fn signed_in(world: &World, company: &Company) -> Browser {
    let browser = Browser::start(world.server.base());
    browser.sign_in(&company.email, PASSWORD);
    browser
}

/// A workbook of `count` rows; every tenth has something wrong with it if `wrong` says so.
fn book(name: &str, count: usize, wrong: bool) -> Vec<u8> {
    let header = [&EIGHT[..], &["amount", "record_note"]].concat();
    let rows: Vec<Vec<String>> = (1..=count)
        .map(|n| {
            let bad = wrong && n % 10 == 0;
            let quantity =
                if bad && n % 20 == 0 { "1.234,50".to_owned() } else { format!("{}.{:04}", n * 17 % 900, n) };
            let item = if bad && n % 20 == 10 { "GB-EUR" } else { "GB-EU" };
            let asset = asset(n % 40 + 1);
            let id = format!("{name}-{n:05}");
            let changes = [("quantity", &*quantity), ("item_search_value", item), ("asset_search_value", &*asset)];
            let amount = format!("{}.{:02}", n * 31 % 4_000, n % 100);
            [row_with(&id, &changes), vec![amount, "Nightly backup".to_owned()]].concat()
        })
        .collect();
    workbook("records", &header, &rows)
}

#[test]
fn the_pages_of_both_sides_are_accessible_and_fit() {
    let world = World::start("PR");
    let vendor = signed_in(&world, &world.halden);
    let at = |path: &str| format!("/{}{path}", world.halden.id);
    look(&vendor, &at("/usage"), "usage-empty");
    look(&vendor, &at("/usage/new"), "usage-new-1");
    let draft = world.file();
    let step = format!("/usage/new?step=2&product.id={}", world::PRODUCT);
    look(&vendor, &at(&step), "usage-new-2");
    let answers = format!("contract.id={}&period.from=2026-05-01&period.to=2026-05-31", world::CONTRACT);
    look(&vendor, &at(&format!("/usage/new?step=3&product.id={}&{answers}&name=May", world::PRODUCT)), "usage-new-3");
    let invalid = world.file();
    world.uploaded(&invalid, book("april", 200, true));
    let ready = world.file();
    assert_eq!(world.uploaded(&ready, book("may", 240, false))["status"], "ready");
    for (path, name) in [
        (format!("/usage/{draft}"), "usage-draft"),
        (format!("/usage/{draft}/edit"), "usage-edit"),
        (format!("/usage/{draft}/upload"), "usage-upload"),
        (format!("/usage/{invalid}"), "usage-invalid"),
        (format!("/usage/{invalid}/problems"), "usage-problems"),
        (format!("/usage/{ready}"), "usage-ready"),
        (format!("/usage/{ready}/submit"), "usage-submit"),
        (format!("/usage/{ready}/uploads"), "usage-uploads"),
        (format!("/usage/{ready}/history"), "usage-history"),
        ("/usage/records".to_owned(), "usage-records"),
    ] {
        look(&vendor, &at(&path), name);
    }
    // As if the workers were still at it.
    world.server.database().execute(&format!(
        "begin; update usage_file set status = 'processing' where id = '{invalid}'; \
         update job set done = 116, total = 200, status = 'running' where object_id = '{invalid}' and kind = 'usage.process'; commit;"
    ));
    look(&vendor, &at(&format!("/usage/{invalid}")), "usage-processing");
    world.server.database().execute(&format!(
        "begin; update usage_file set status = 'invalid' where id = '{invalid}'; \
         update job set status = 'done' where object_id = '{invalid}' and kind = 'usage.process'; commit;"
    ));
    let empty = serde_json::json!({});
    world.vendor().post(&format!("usage/files/{ready}/submit"), &empty).expect(201);
    look(&vendor, &at("/usage"), "usage-list");
    look(&vendor, &at(&format!("/usage/{ready}")), "usage-submitted");

    let distributor = signed_in(&world, &world.northgate);
    let at = |path: &str| format!("/{}{path}", world.northgate.id);
    look(&distributor, &at("/usage"), "usage-their-list");
    look(&distributor, &at(&format!("/usage/{ready}")), "usage-review");
    look(&distributor, &at(&format!("/usage/{ready}/reject")), "usage-reject");
    world.distributor().post(&format!("usage/files/{ready}/accept"), &empty).expect(201);
    let record = format!("UR-{}-0100-0001", &ready[3..]);
    for (path, name) in [
        (format!("/usage/{ready}"), "usage-accepted"),
        (format!("/usage/{ready}/records"), "usage-their-records"),
        (format!("/usage/{ready}/close"), "usage-close"),
        (format!("/usage/records/{record}"), "usage-record"),
        (format!("/usage/records/{record}/close"), "usage-record-close"),
    ] {
        look(&distributor, &at(&path), name);
    }
}

#[test]
fn an_upload_shows_its_bars_and_leads_to_the_outcome() {
    let world = World::start("PR");
    let vendor = signed_in(&world, &world.halden);
    let file = world.file();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("May 2026.xlsx");
    std::fs::write(&path, book("may", 3_000, true)).expect("write the workbook");
    vendor.open(&format!("/{}/usage/{file}", world.halden.id));
    vendor.attach("Workbook", &path);
    vendor.click("Upload");
    vendor.see("Correct the rows and upload the workbook again.");
    vendor.see("Not a usable number");
    vendor.check_accessibility();
    vendor.check_quiet();
    std::fs::write(&path, book("may", 3_000, false)).expect("write the workbook");
    vendor.attach("Workbook", &path);
    vendor.click("Upload");
    vendor.see("All rows are good. Submit the file.");
    vendor.check_quiet();
}
