//! What else must be so on the pages of usage.

use causeway::db::list;
use causeway::flows::usage::store;
use causeway::kit::{Level, Module, Role};

use super::super::world::{EIGHT, PRODUCT, World, row, workbook};
use super::{at, priced, upload};
use crate::support::companies::{self, Company};

#[test]
fn every_property_of_every_list_works_on_this_database() {
    let world = World::start("QT");
    let db = companies::database(&world.server);
    for collection in [
        &store::USAGE_FILES,
        &store::USAGE_RECORDS,
        &store::FILE_RECORDS,
        &store::USAGE_PROBLEMS,
        &store::USAGE_CATEGORIES,
    ] {
        let found = db.read(|tx| Ok(list::problems(tx.conn(), collection))).expect("read");
        assert_eq!(found, Vec::<String>::new(), "{}", collection.name);
    }
}

#[test]
fn a_list_page_takes_at_most_eight_statements() {
    let world = World::start("PR");
    let vendor = world.halden.browser(&world.server);
    // A fresh connection to PostgreSQL looks up some types of the database once, which no page can help.
    let fewest = |path: String| {
        let pages = (0..8).map(|_| vendor.open(&path));
        pages.min_by_key(|page| statements(page.header("server-timing"))).expect("a page")
    };
    for n in 0..30 {
        world.file();
        if n == 0 {
            let file = world.file();
            let rows: Vec<_> = (0..60).map(|n| [row(&format!("x{n}")), vec!["1".into()]].concat()).collect();
            let book = workbook("records", &[&EIGHT[..], &["amount"]].concat(), &rows);
            assert_eq!(world.uploaded(&file, book)["status"], "ready");
            let page = fewest(at(&world.halden, &format!("/usage/{file}/records")));
            assert_eq!(page.rows("form.list table").len(), 25);
            assert!(statements(page.header("server-timing")) <= 8, "{}", page.header("server-timing"));
        }
    }
    for path in ["/usage", "/usage?ordering(product.name)&limit=25", "/usage/records"] {
        let page = fewest(at(&world.halden, path));
        assert_eq!(page.rows("form.list table").len(), 25, "{path}");
        assert!(statements(page.header("server-timing")) <= 8, "{path}: {}", page.header("server-timing"));
    }
}

/// How many statements the answer says that it took.
fn statements(timing: &str) -> u64 {
    let digits: String = timing.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or_else(|_| panic!("Server-Timing: {timing:?}"))
}

#[test]
fn the_progress_is_seen_with_and_without_script() {
    let world = World::start("PR");
    let vendor = world.halden.browser(&world.server);
    let file = world.file();
    assert_eq!(
        world.uploaded(&file, priced(&[("r1", &[], "1"), ("r2", &[("quantity", "x")], "1")]))["status"],
        "invalid"
    );
    let set = |status: &str| {
        let party = "where kind = 'usage_file' and object_id";
        world.server.database().execute(&format!(
            "begin; update usage_file set status = '{status}' where id = '{file}'; update party set status = '{status}' {party} = '{file}'; commit;"
        ));
    };
    // As if the workers were still at it.
    set("processing");
    let path = at(&world.halden, &format!("/usage/{file}"));
    let page = vendor.open(&path);
    page.must_say("The rows are being checked")
        .must_say("You may leave this page")
        .must_say("Transfer of usage_file.xlsx");
    assert_eq!(page.attribute("#checking", "hx-get").as_deref(), Some(&*format!("{path}/progress")));
    assert!(page.body().contains("<noscript><p><a href="), "without script there is a link to look again");
    let part = vendor.fragment(&format!("{path}/progress")).expect(200);
    part.must_say("Checking rows").must_say("2 of 2").must_say("quantity");
    assert!(!part.body().contains("<html") && part.has("#checking[hx-get]") && !part.has("[data-then]"));
    assert_eq!(
        vendor.get(&format!("{path}/progress")).redirect().unwrap().path(),
        path,
        "a reload shows the whole page"
    );
    // A wish to submit is remembered.
    let page = vendor.submit(page.form_with("Submit")).expect(200);
    page.must_say("The file is submitted once all its rows are good.")
        .must_say("as soon as all its rows are found to be good");
    // It can be stopped; the part then leads to the outcome.
    let page = vendor.submit(page.form_with("Cancel the check")).expect(200);
    page.must_say("The check was cancelled.").must_say("The check of the rows was stopped.");
    let part = vendor.fragment(&format!("{path}/progress")).expect(200);
    assert_eq!(part.attribute("[data-then]", "data-then").as_deref(), Some(&*path));
    assert!(!part.has("[hx-get]"));
}

#[test]
fn many_records_are_closed_by_the_workers() {
    let world = World::start("QT");
    let (file, distributor) = (world.file(), world.northgate.browser(&world.server));
    let rows: Vec<_> = (0..5_200).map(|n| row(&format!("r{n}"))).collect();
    assert_eq!(world.uploaded(&file, workbook("records", &EIGHT, &rows))["status"], "ready");
    world.vendor().post(&format!("usage/files/{file}/submit"), &serde_json::json!({})).expect(201);
    world.distributor().post(&format!("usage/files/{file}/accept"), &serde_json::json!({})).expect(201);
    let path = at(&world.northgate, &format!("/usage/{file}"));
    let form = distributor.open(&path).form_with("Close all").set("billing_id", "INV-9");
    distributor.submit(form).expect(200);
    world.server.settle();
    let page = distributor.open(&path);
    page.must_say("Closed");
    assert_eq!(
        world.server.database().number(&format!(
            "select count(*) as n from usage_record where file_id = '{file}' and billing_id = 'INV-9' and status = 'closed'"
        )),
        5_200
    );
}

#[test]
fn files_are_edited_and_deleted_by_those_who_may() {
    let world = World::start("QT");
    let vendor = world.halden.browser(&world.server);
    let file = world.file();
    let path = at(&world.halden, &format!("/usage/{file}"));
    let page = vendor.click(&vendor.open(&path), "Edit");
    let form = page.form_with("Save");
    assert_eq!((form.value("period.from"), form.value("period.to")), (Some("2026-05-01"), Some("2026-05-31")));
    let wrong = vendor.submit(form.set("period.to", "2026-04-01").set("name", "Late May")).expect(422);
    wrong.must_say("before it starts");
    let form = wrong.form_with("Save").set("period.to", "2026-05-15");
    let saved = vendor.submit(form).expect(200);
    saved.must_say("Late May").must_say("1–15 May 2026").must_say("The usage file was saved.");
    let other = saved.form_with("Delete");
    vendor.submit(vendor.open(&format!("{path}/edit")).form_with("Save").set("note", "changed meanwhile")).expect(200);
    vendor.submit(other).expect(422).must_say("Somebody changed usage file");
    let gone = vendor.submit(vendor.open(&path).form_with("Delete")).expect(200);
    gone.must_say("The file was deleted.").must_say("No usage files yet");
    let deleted = vendor.open(&at(&world.halden, "/usage?in(status,(deleted))"));
    assert_eq!(deleted.rows("form.list table").len(), 1);
    vendor.open(&path).must_say("This file was deleted.");
    vendor.get(&format!("{path}/submit")).expect(400);
    vendor.get(&format!("{path}/nonsense")).expect(404);
}

#[test]
fn what_is_filtered_is_what_is_listed() {
    let world = World::start("PR");
    let (vendor, distributor) = (world.halden.browser(&world.server), world.northgate.browser(&world.server));
    let file = world.file();
    let book = priced(&[
        ("r1", &[], "5"),
        ("r2", &[("item_search_value", "CALLS"), ("quantity", "7")], "6"),
        ("r3", &[("asset_search_value", "AS-0000-0000-0003")], "7"),
    ]);
    let page = vendor.open(&at(&world.halden, &format!("/usage/{file}/upload")));
    let ready = upload(&world, &vendor, &page, &book);
    ready.must_say("18.00");
    world.file();
    let list = vendor.open(&at(&world.halden, "/usage"));
    list.must_say("All 2").must_say("Waiting for you 2").must_say("Draft 1").must_say("Ready 1");
    let rows = |path: &str| vendor.open(&at(&world.halden, path)).rows("form.list table").len();
    assert_eq!(rows("/usage?in(status,(ready))"), 1);
    assert_eq!(rows("/usage?search=cloud"), 2);
    vendor.open(&at(&world.halden, "/usage?search=nowhere")).must_say("Nothing matches");
    let here = format!("/usage/{file}/records");
    assert_eq!(rows(&here), 3);
    assert_eq!(rows(&format!("{here}?eq(item.mpn,CALLS)")), 1);
    assert_eq!(rows(&format!("{here}?ilike(customer.name,van*)")), 3);
    assert_eq!(rows("/usage/records?in(status,(valid))&ordering(-amount)"), 3);
    let sorted = vendor.open(&at(&world.halden, &format!("{here}?ordering(-amount)"))).rows("form.list table");
    assert!(sorted[0][0].starts_with("r3") && sorted[2][0].starts_with("r1"), "{sorted:?}");
    vendor.get(&at(&world.halden, &format!("{here}?eq(nonsense,1)"))).expect(400);
    assert_eq!(distributor.open(&at(&world.northgate, "/usage/records")).rows("form.list table").len(), 0);
}

#[test]
fn nobody_else_sees_a_thing() {
    let world = World::start("PR");
    let file = world.file();
    assert_eq!(world.uploaded(&file, priced(&[("r1", &[], "5")]))["status"], "ready");
    world.vendor().post(&format!("usage/files/{file}/submit"), &serde_json::json!({})).expect(201);
    let record = format!("UR-{}-0100-0001", &file[3..]);
    let stranger = Company::new(&world.server, "Stranger Vendor", Role::Vendor);
    let rival = Company::new(&world.server, "Rival", Role::Distributor);
    let reseller = Company::new(&world.server, "Shop", Role::Reseller);
    let paths = [
        format!("/usage/{file}"),
        format!("/usage/{file}/records"),
        format!("/usage/{file}/uploads"),
        format!("/usage/{file}/history"),
        format!("/usage/{file}/progress"),
        format!("/usage/{file}/template"),
        format!("/usage/{file}/workbook"),
        format!("/usage/{file}/processed"),
        format!("/usage/records/{record}"),
    ];
    for company in [&stranger, &rival, &reseller] {
        let browser = company.browser(&world.server);
        let status = if company.role == Role::Reseller { 403 } else { 404 };
        for path in &paths {
            let answer = browser.get(&at(company, path)).expect(status);
            assert!(!answer.body().contains("Cloud Backup"), "{path}");
        }
        for path in [format!("/usage/{file}/submit"), format!("/usage/{file}/accept")] {
            let answer = browser.send(reqwest::Method::POST, &at(company, &path), |r| {
                r.header("Origin", world.server.base()).form(&[("x", "")])
            });
            assert_eq!(answer.status, status, "{path}");
        }
        assert_eq!(browser.get(&at(&world.halden, &paths[0])).status, 404);
        let home = browser.open(&at(company, ""));
        assert_eq!(home.has("nav a[href$='/usage']"), company.role != Role::Reseller);
    }
    // The vendor cannot decide, the distributor cannot report, and reading alone changes nothing.
    let vendor = world.halden.browser(&world.server);
    vendor.get(&at(&world.halden, &format!("/usage/{file}/accept"))).expect(403);
    let distributor = world.northgate.browser(&world.server);
    distributor.get(&at(&world.northgate, "/usage/new")).expect(403);
    distributor.get(&at(&world.northgate, &format!("/usage/{file}/problems"))).expect(404);
    distributor.get(&at(&world.northgate, &format!("/usage/{file}/upload"))).expect(403);
    let reader = world.northgate.api_with(&world.server, &[(Module::Usage, Level::Read)]);
    reader.post(&format!("usage/files/{file}/accept"), &serde_json::json!({})).expect(403);
    assert_eq!(world.checked(&file)["status"], "pending");
}

#[test]
fn a_vendor_without_a_listed_product_is_told_what_is_missing() {
    let world = World::start("QT");
    world.server.database().execute(&format!("update listing set status = 'unlisted' where product_id = '{PRODUCT}'"));
    let vendor = world.halden.browser(&world.server);
    vendor.open(&at(&world.halden, "/usage/new")).must_say("There is nothing to report usage of");
}
