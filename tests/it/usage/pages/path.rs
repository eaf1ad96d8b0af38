//! The way of a file, from the wizard to the last closed record.

use super::super::world::{World, sheet};
use super::{at, priced, upload};

#[test]
fn a_file_is_corrected_rejected_corrected_accepted_and_closed() {
    let world = World::start("PR");
    let (vendor, distributor) = (world.halden.browser(&world.server), world.northgate.browser(&world.server));

    // The wizard.
    let list = vendor.open(&at(&world.halden, "/usage"));
    list.must_say("No usage files yet");
    let page = vendor.click(&list, "New usage file");
    let page = vendor.submit(page.form_with("Continue")).expect(200);
    page.must_say("Northgate DACH, Northgate").must_say("amounts in EUR");
    assert!(!page.says("CRD-22222-22222-22222"), "a contract without a listing is not offered");
    let form = page.form_with("Continue").set("period.from", "2026-05-31").set("period.to", "2026-05-01");
    let wrong = vendor.submit(form).expect(422);
    wrong.must_say("The period ends on 2026-05-01, before it starts on 2026-05-31.");
    let form = wrong.form_with("Continue").set("period.from", "2026-05-01").set("period.to", "2026-05-31");
    let check = vendor.submit(form.set("note", "our own affair").set("description", "Backup of May")).expect(200);
    check.must_say("Cloud Backup").must_say("1–31 May 2026").must_say("05/01/2026 - 05/31/2026");
    let twice = check.form_with("Create usage file");
    let draft = vendor.submit(twice.clone()).expect(200);
    draft.must_say("Draft").must_say("Your turn").must_say("our own affair").must_say("Upload a workbook first.");
    assert_eq!(vendor.submit(twice).expect(200).url, draft.url, "sending the form twice makes one file");
    let id = draft.url.path().rsplit('/').next().unwrap().to_owned();

    // The template, and what is no workbook.
    let template = vendor.open(&draft.link("Download the template"));
    assert!(sheet(&template.bytes, "records").0.contains(&"amount".to_owned()));
    draft.must_say("An Excel workbook (.xlsx) of at most 100 MB and 500,000 rows.");
    let form = draft.form_with("Upload").attach("usage_file", "May.csv", "text/csv", b"record_id,quantity\n1,2\n");
    let wrong = vendor.submit(form).expect(422);
    assert_eq!(wrong.attribute("#f-usage_file", "aria-invalid").as_deref(), Some("true"));
    wrong.must_say("Excel");
    let wrong = vendor.submit(wrong.form_with("Upload")).expect(422);
    wrong.must_say("Choose the workbook that is to be uploaded.");

    // Rows with errors.
    let book = priced(&[
        ("r1", &[], "10.5"),
        ("r2", &[("item_search_value", "GB-UE")], "1"),
        ("r3", &[("quantity", "1.234,50"), ("asset_search_value", "AS-0000-9999-9999")], "1"),
    ]);
    let invalid = upload(&world, &vendor, &wrong, &book);
    invalid.must_say("Invalid").must_say("Correct the rows and upload the workbook again.");
    invalid.must_say("No such item").must_say("GB-UE").must_say("1.234,50").must_say("All rows must be good first.");
    let problems = vendor.click(&invalid, "Rows with a problem 2");
    let rows = problems.rows("form.list table");
    let places: Vec<(&str, &str, &str)> = rows.iter().map(|r| (&*r[0], &*r[1], &*r[2])).collect();
    assert_eq!(
        places,
        [
            ("3", "item_search_value", "GB-UE"),
            ("4", "quantity", "1.234,50"),
            ("4", "asset_search_value", "AS-0000-9999-9999")
        ]
    );
    assert!(rows.iter().all(|r| r[3].len() > 20), "{rows:?}");
    let few = vendor.open(&at(&world.halden, &format!("/usage/{id}/problems?in(code,(USG_005))")));
    assert_eq!(few.rows("form.list table").len(), 1);
    let csv = vendor.get(&format!("{}?_export=csv", problems.url)).expect(200).body();
    assert_eq!(csv.lines().count(), 4, "{csv}");
    let processed = vendor.open(&problems.link("Download with the reasons"));
    assert_eq!(processed.header("content-type"), super::XLSX);
    assert!(sheet(&processed.bytes, "records").0.contains(&"errors".to_owned()));

    // The corrected file, and its submission.
    let book =
        priced(&[("r1", &[], "10.5"), ("r2", &[("item_search_value", "CALLS"), ("quantity", "3")], "0.12345678")]);
    let ready = upload(&world, &vendor, &vendor.click(&problems, "Upload the corrected workbook"), &book);
    ready.must_say("Ready").must_say("10.62345678").must_say("All of them are good");
    assert_eq!(
        ready.rows("[aria-label='By item'] table"),
        [["Item GB-EUGB-EU", "1.25GB", "10.50", "1"], ["Item CALLSCALLS", "3GB", "0.12345678", "1"]]
    );
    distributor.get(&at(&world.northgate, &format!("/usage/{id}"))).expect(404);
    distributor.open(&at(&world.northgate, "/usage")).must_say("No usage yet");
    let pending = vendor.submit(ready.form_with("Submit")).expect(200);
    pending.must_say("The file was submitted.").must_say("Northgate has to accept or reject it");

    // The distributor sends it back, with a reason.
    let list = distributor.open(&at(&world.northgate, "/usage"));
    let waiting = distributor.click(&list, "Waiting for you 1");
    assert_eq!(waiting.rows("form.list table").len(), 1);
    let review = distributor.click(&waiting, "05/01/2026 - 05/31/2026");
    review.must_say("Your turn").must_say("Backup of May").must_say("Van Dijk BV");
    assert!(!review.says("our own affair"), "the vendor's note is the vendor's");
    let wrong = distributor.submit(review.form_with("Reject")).expect(422);
    wrong.must_say("Say what has to be corrected.");
    let form = wrong.form_with("Reject").set("rejection_note", "Calls are free this month");
    distributor.submit(form).expect(200).must_say("Halden Software has to correct it");
    let rejected = vendor.open(draft.url.as_str());
    rejected.must_say("Rejected: Calls are free this month").must_say("Upload the corrected workbook first.");

    // Corrected again, submitted, accepted.
    let book = priced(&[
        ("r1", &[], "10.5"),
        ("r2", &[], "0.3"),
        ("r3", &[("asset_search_value", "AS-0000-0000-0007")], "-0.2"),
    ]);
    let ready = upload(&world, &vendor, &rejected, &book);
    vendor.submit(ready.form_with("Submit")).expect(200);
    let stale = review.form_with("Accept");
    let told = distributor.submit(stale).expect(422);
    told.must_say("Somebody changed usage file");
    let review = distributor.open(review.url.as_str());
    review.must_say("10.60");
    assert_eq!(
        review.rows("[aria-label='By subscription'] table"),
        [["AS-0000-0000-0001", "Van Dijk BV", "10.80", "2"], ["AS-0000-0000-0007", "Van Dijk BV", "−0.20", "1"]]
    );
    let form = review.form_with("Accept").set("acceptance_note", "With thanks");
    distributor.submit(form).expect(200).must_say("The file was accepted.").must_say("3 of 3 are open");

    // The records: filtered, exported, one closed by itself, one picked, the rest all together.
    let records = distributor.click(&distributor.open(review.url.as_str()), "Records 3");
    let csv = distributor.get(&format!("{}?_export=csv", records.url)).expect(200).body();
    assert!(csv.lines().count() == 4 && csv.contains("AS-0000-0000-0007") && csv.contains("-0.2"), "{csv}");
    let book = distributor.get(&format!("{}?eq(asset.id,AS-0000-0000-0007)&_export=xlsx", records.url)).expect(200);
    assert!(book.bytes.starts_with(b"PK"));
    let one = distributor.click(&records, "r1");
    one.must_say("Approved").must_say("Item GB-EU").must_say("10.50");
    let wrong = distributor.submit(one.form_with("Save the billing")).expect(422);
    wrong.must_say("This field is required.");
    let form = wrong.form_with("Save the billing").set("external_billing_id", "INV-0");
    distributor.submit(form).expect(200).must_say("The record is closed.").must_say("INV-0");
    let records = distributor.open(records.url.as_str());
    let picks = records.form("form.list").press("Close with a billing id");
    distributor.submit(picks.clone()).expect(200).must_say("Pick between one and 1,000 records first.");
    let asks = distributor.submit(picks.check("pick", &format!("UR-{}-0300-0002", &id[3..]))).expect(200);
    let form = asks.form_with("Close these records").set("external_billing_id", "INV-1");
    distributor.submit(form).expect(200).must_say("One record is closed.").must_say("INV-1");
    let page = distributor.open(review.url.as_str());
    page.must_say("One open record is closed with this billing id, and the file with them.");
    let wrong = distributor.submit(page.form_with("Close all")).expect(422);
    let form = wrong.form_with("Close all").set("billing_id", "INV-2").set("billing_note", "May");
    let closed = distributor.submit(form).expect(200);
    closed.must_say("All records are closed, and the file with them.").must_say("Closed");
    assert!(!closed.has("main dialog#close"), "nothing is left to close");
    let bills = distributor.get(&format!("{}?_export=csv", records.url)).expect(200).body();
    assert!(["INV-0", "INV-1", "INV-2"].iter().all(|bill| bills.contains(bill)), "{bills}");

    // What each side may know of how it went.
    let own = vendor.open(&at(&world.halden, &format!("/usage/{id}/history")));
    own.must_say("was closed")
        .must_say("2 rows have a problem, of 3")
        .must_say("was rejected: Calls are free this month");
    let other = distributor.open(&at(&world.northgate, &format!("/usage/{id}/history")));
    other.must_say("was closed").must_say("was rejected: Calls are free this month");
    assert!(!other.says("have a problem"), "what went before the submission is the vendor's");
    let uploads = vendor.open(&at(&world.halden, &format!("/usage/{id}/uploads")));
    assert_eq!(uploads.rows("[aria-label='Uploads'] table").len(), 3);
    let uploads = distributor.open(&at(&world.northgate, &format!("/usage/{id}/uploads")));
    assert_eq!(uploads.rows("[aria-label='Uploads'] table").len(), 1);
    uploads.must_say("May.xlsx");
}
