//! The way of a file, as programs walk it.

use serde_json::json;

use super::world::{CONTRACT, EIGHT, PRODUCT, World, form, row, row_with, sheet, workbook};
use crate::support::client::Api;

#[test]
fn a_file_goes_from_the_vendor_to_the_distributor_and_is_closed() {
    let world = World::start("QT");
    let (vendor, distributor) = (world.vendor(), world.distributor());
    let file = world.file();
    assert_eq!(vendor.get(&format!("usage/files/{file}")).json()["note"], "our own");
    distributor.get(&format!("usage/files/{file}")).expect(404);

    let ready = world.uploaded(
        &file,
        workbook("records", &EIGHT, &[row("r1"), row_with("r2", &[("quantity", "0.0001")]), row("r3")]),
    );
    assert_eq!((ready["status"].as_str(), ready["error_detail"].as_str()), (Some("ready"), None), "{ready:#}");
    assert_eq!(ready["records"], json!({ "valid": 3, "invalid": 0, "closed": 0 }));
    assert_eq!(
        ready["stats"],
        json!({ "uploaded": 3, "validated": 3, "pending": 0, "accepted": 0, "closed": 0, "billed": 0 })
    );
    assert_eq!(ready["schema"], "qt");
    assert_eq!(ready["period"], json!({ "from": "2026-05-01", "to": "2026-05-31" }));
    distributor.get(&format!("usage/files/{file}")).expect(404);
    assert_eq!(distributor.get("usage/records").expect(200).json(), json!([]));

    let pending = vendor.post(&format!("usage/files/{file}/submit"), &json!({})).expect(201).json();
    assert_eq!(pending["status"], "pending");
    assert_eq!(pending["events"]["submitted"]["by"]["name"], "Test");
    let seen = distributor.get(&format!("usage/files/{file}")).expect(200).json();
    assert_eq!((seen["status"].as_str(), seen.get("note")), (Some("pending"), None));
    assert_eq!(seen["vendor"]["id"], world.halden.id.as_str());
    assert_eq!(seen["provider"]["id"], world.northgate.id.as_str());

    let accepted = distributor
        .post(&format!("usage/files/{file}/accept"), &json!({ "acceptance_note": "fine" }))
        .expect(201)
        .json();
    assert_eq!((accepted["status"].as_str(), accepted["acceptance_note"].as_str()), (Some("accepted"), Some("fine")));
    let records = distributor.get(&format!("usage/records?eq(usagefile.id,{file})&status=approved")).expect(200);
    assert_eq!(records.header("content-range"), "items 0-2/3");
    let records = records.json();
    let first = &records[0];
    assert_eq!(first["id"], format!("UR-{}-0100-0001", &file[3..]));
    assert_eq!(first["record_id"], "r1");
    assert_eq!(first["usage"].to_string(), "1.25");
    assert_eq!(first["multiplier"], 10_000);
    assert_eq!(
        first["item"],
        json!({ "id": format!("{PRODUCT}-0001"), "local_id": "PRD_111_111_111_0001", "mpn": "GB-EU", "name": "Item GB-EU",
        "unit": "GB", "precision": "decimal(4)", "type": "ppu" })
    );
    assert_eq!(
        first["asset"],
        json!({ "id": "AS-0000-0000-0001", "external_id": "ext-1", "external_uid": "uid-1", "recon_id": "recon1" })
    );
    assert_eq!(first["start_date"], "2026-05-01T00:00:00+00:00");

    distributor.post(&format!("usage/files/{file}/close"), &json!({})).expect(400);
    let one = format!("usage/records/{}/close", first["id"].as_str().unwrap());
    let closed = distributor
        .post(&one, &json!({ "external_billing_id": "B-1", "external_billing_note": "n" }))
        .expect(200)
        .json();
    assert_eq!((closed["status"].as_str(), closed["external_billing_id"].as_str()), (Some("closed"), Some("B-1")));
    let again = distributor.post(&one, &json!({ "external_billing_id": "B-2" })).expect(200).json();
    assert_eq!(
        (again["external_billing_id"].as_str(), again["external_billing_note"].as_str()),
        (Some("B-2"), Some("n"))
    );
    let many = json!([
        { "id": records[1]["id"], "external_billing_note": "by hand" },
        { "id": "UR-2026-05-0000-0000-0100-0001" },
        { "id": records[2]["id"], "external_billing_id": "B-3" },
    ]);
    let answer = distributor.post("usage/records/close-records", &many).expect(206).json();
    assert_eq!(answer[0], json!({ "id": records[1]["id"], "status": "closed" }));
    assert_eq!(answer[1]["error_codes"], "SYS_404");
    assert_eq!(answer[2]["status"], "closed");
    // As one client sends it: a single object, below a record.
    let below = format!("usage/records/{}/close-records", records[2]["id"].as_str().unwrap());
    for body in
        [json!({ "id": records[2]["id"], "external_billing_id": "B-4" }), json!({ "external_billing_id": "B-3" })]
    {
        let answer = distributor.post(&below, &body).expect(206).json();
        assert_eq!(answer, json!([{ "id": records[2]["id"], "status": "closed" }]));
    }
    world.stranger().post(&below, &json!({})).expect(404);
    let end = vendor.get(&format!("usage/files/{file}")).json();
    assert_eq!(end["status"], "closed");
    assert_eq!(
        end["stats"],
        json!({ "uploaded": 3, "validated": 0, "pending": 0, "accepted": 0, "closed": 3, "billed": 2 })
    );
    for event in ["created", "uploaded", "submitted", "accepted", "closed"] {
        assert!(end["events"][event]["at"].is_string(), "{event}");
    }
}

#[test]
fn a_rejected_file_frees_its_ids_and_can_be_corrected() {
    let world = World::start("PR");
    let (vendor, distributor) = (world.vendor(), world.distributor());
    let header = [&EIGHT[..], &["amount"]].concat();
    let with_amount = |id: &str, amount: &str| [row(id), vec![amount.to_owned()]].concat();
    let file = world.file();
    let book = workbook(
        "records",
        &header,
        &[with_amount("a", "0.1"), with_amount("b", "0.2"), with_amount("c", "-12345678901234.12345678")],
    );
    assert_eq!(world.uploaded(&file, book.clone())["status"], "ready");
    vendor.post(&format!("usage/files/{file}/submit"), &json!({})).expect(201);

    let second = world.file();
    let refused = world.uploaded(&second, book.clone());
    assert_eq!(refused["status"], "invalid");
    assert_eq!(world.problems(&second), [2, 3, 4].map(|row| (row, "USG_004".to_owned(), "record_id".to_owned())));

    for (verb, body) in [
        ("reject", json!({ "rejection_note": ["too much"] })),
        ("reject", json!("too much")),
        ("accept", json!({ "acceptance_note": { "text": "fine" } })),
    ] {
        distributor.post(&format!("usage/files/{file}/{verb}"), &body).expect(400);
    }
    let submitted = distributor.get(&format!("usage/files/{file}")).expect(200).json();
    let link = submitted["usage_file_uri"].as_str().expect("a link to the submitted workbook").to_owned();
    let rejected = distributor
        .post(&format!("usage/files/{file}/reject"), &json!({ "rejection_note": "too much" }))
        .expect(201)
        .json();
    assert_eq!(
        (rejected["status"].as_str(), rejected["rejection_note"].as_str()),
        (Some("rejected"), Some("too much"))
    );
    let records = vendor.get(&format!("usage/records?usage_file={file}")).expect(200).json();
    assert_eq!(records[0]["status"], "rejected");
    assert_eq!(records[2]["amount"].to_string(), "-12345678901234.12345678");
    assert_eq!(world.uploaded(&second, book.clone())["status"], "ready");
    // Now the ids are the second file's.
    assert_eq!(world.uploaded(&file, book)["status"], "invalid");
    vendor.post(&format!("usage/files/{second}/delete"), &json!("")).expect(201);
    let header = [&EIGHT[..], &["amount"]].concat();
    assert_eq!(world.uploaded(&file, workbook("records", &header, &[with_amount("a", "1")]))["status"], "ready");
    // Until it is submitted again, the corrected workbook is the vendor's alone.
    let seen = distributor.get(&format!("usage/files/{file}")).expect(200).json();
    assert_eq!((&seen["usage_file_uri"], &seen["processed_file_uri"]), (&json!(null), &json!(null)), "{seen}");
    assert_eq!(seen["records"]["valid"], 0, "{seen}");
    let of_file = |api: &Api| api.get(&format!("usage/records?usage_file={file}")).expect(200).json();
    assert_eq!(of_file(&distributor), json!([]));
    assert_eq!(of_file(&vendor).as_array().map(Vec::len), Some(1));
    assert_eq!(reqwest::blocking::get(&link).expect("an answer").status(), 200, "the first workbook stays what it was");
    let listed = vendor.get("usage/files").expect(200).json();
    assert_eq!(listed.as_array().map(Vec::len), Some(1));
    for query in ["eq(status,deleted)", "status=deleted", "in(status,(draft,deleted))"] {
        let deleted = vendor.get(&format!("usage/files?{query}")).expect(200).json();
        assert_eq!((deleted[0]["id"].as_str(), deleted.as_array().map(Vec::len)), (Some(&*second), Some(1)), "{query}");
    }
    // A query that says something else about the status, or says the word, does not ask for them.
    for query in ["ne(status,draft)", "not(eq(status,draft))", "ordering(status)", "not(like(name,*status*))"] {
        let listed = vendor.get(&format!("usage/files?{query}")).expect(200).json();
        assert_eq!((listed[0]["id"].as_str(), listed.as_array().map(Vec::len)), (Some(&*file), Some(1)), "{query}");
    }
}

#[test]
fn records_are_decided_one_by_one_and_with_the_last_the_file() {
    let world = World::start("QT");
    let (vendor, distributor) = (world.vendor(), world.distributor());
    let sent = |rows: &[&str]| {
        let file = world.file();
        let rows: Vec<_> = rows.iter().map(|id| row(id)).collect();
        assert_eq!(world.uploaded(&file, workbook("records", &EIGHT, &rows))["status"], "ready");
        let records: Vec<String> =
            (1..=rows.len()).map(|n| format!("usage/records/UR-{}-0100-{n:04}", &file[3..])).collect();
        let approved = json!({ "status": "approved" });
        distributor.put(&records[0], &approved).expect(404);
        vendor.put(&records[0], &approved).expect(403);
        vendor.post(&format!("usage/files/{file}/submit"), &json!({})).expect(201);
        vendor.put(&records[0], &approved).expect(403);
        world.stranger().put(&records[0], &approved).expect(404);
        (file, records)
    };
    let decide = |record: &str, word: &str| {
        let seen = distributor.put(record, &json!({ "status": word })).expect(200).json();
        assert_eq!(seen["status"], word, "{seen}");
    };
    let status = |file: &str| vendor.get(&format!("usage/files/{file}")).expect(200).json()["status"].clone();
    let (file, records) = sent(&["r1", "r2", "r3"]);
    for (body, words) in [
        (json!({ "status": "closed" }), "closing a record is a call of its own"),
        (json!({ "status": "valid" }), "Send approved or rejected"),
        (json!({ "status": "fine" }), "“fine” is no status of a record"),
        (json!({}), "status: This field is required."),
    ] {
        let refused = distributor.put(&records[0], &body).expect(400).json();
        assert!(refused["errors"][0].as_str().unwrap().contains(words), "{refused}");
    }
    let number = |what: &str| world.server.database().number(&format!("select {what}"));
    let revision = || number(&format!("revision as n from usage_file where id = '{file}'"));
    let opened = revision();
    decide(&records[0], "approved");
    decide(&records[0], "approved");
    decide(&records[1], "rejected");
    assert_eq!(status(&file), "pending");
    assert_eq!(revision(), opened, "a person's form would be refused as stale");
    assert_eq!(number("count(*) as n from event where verb = 'usage_record.decided'"), 3, "nobody knows who said so");
    for (word, n) in [("approved", 1), ("rejected", 1), ("valid", 1), ("closed", 0)] {
        let found = vendor.get(&format!("usage/records?usage_file={file}&status={word}")).expect(200).json();
        assert_eq!(found.as_array().map(Vec::len), Some(n), "{word}");
    }
    let accept = format!("usage/files/{file}/accept");
    let refused = distributor.post(&accept, &json!({})).expect(400).json();
    assert!(refused["errors"][0].as_str().unwrap().starts_with("One record of usage file"), "{refused}");
    decide(&records[1], "approved");
    decide(&records[2], "approved");
    assert_eq!(status(&file), "accepted");
    let late = distributor.put(&records[2], &json!({ "status": "rejected" })).expect(400).json();
    assert_eq!(late["error_code"], "USG_001");
    distributor.post(&format!("{}/close", records[0]), &json!({ "external_billing_id": "B-1" })).expect(200);

    let (file, records) = sent(&["s1", "s2"]);
    decide(&records[1], "rejected");
    decide(&records[0], "rejected");
    assert_eq!(status(&file), "rejected");
    let event = vendor.get(&format!("usage/files/{file}")).expect(200).json()["events"]["rejected"]["at"].clone();
    assert!(event.is_string(), "{event}");
    // A new upload begins anew.
    assert_eq!(world.uploaded(&file, workbook("records", &EIGHT, &[row("s1")]))["status"], "ready");
    vendor.post(&format!("usage/files/{file}/submit"), &json!({})).expect(201);
    distributor.post(&format!("usage/files/{file}/accept"), &json!({})).expect(201);
}

#[test]
fn wrong_states_sides_and_strangers_are_refused() {
    let world = World::start("QT");
    let (vendor, distributor) = (world.vendor(), world.distributor());
    let file = world.file();
    let path = |verb: &str| format!("usage/files/{file}/{verb}");
    let refused = vendor.post(&path("submit"), &json!({})).expect(400).json();
    assert_eq!(refused["error_code"], "USG_001");
    assert!(
        refused["errors"][0]
            .as_str()
            .unwrap()
            .starts_with(&format!("Usage file {file} cannot be submitted in status draft."))
    );
    for verb in ["accept", "reject", "close", "reprocess"] {
        vendor.post(&path(verb), &json!({})).expect(403);
    }
    for verb in ["accept", "submit", "delete"] {
        distributor.post(&path(verb), &json!({})).expect(404);
        world.stranger().post(&path(verb), &json!({})).expect(404);
    }
    world.uploaded(&file, workbook("usage_records", &EIGHT, &[row("r1")]));
    vendor.post(&path("submit"), &json!({})).expect(201);
    for verb in ["submit", "delete"] {
        distributor.post(&path(verb), &json!({})).expect(403);
        vendor.post(&path(verb), &json!({})).expect(400);
    }
    assert_eq!(world.send(&file, workbook("records", &EIGHT, &[row("r2")])).status, 400);
    world.stranger().get(&format!("usage/records/UR-{}-0100-0001", &file[3..])).expect(404);
    assert_eq!(world.stranger().get("usage/records").json(), json!([]));
    assert_eq!(world.stranger().get("usage/files").json(), json!([]));
    world.stranger().get(&format!("usage/products/{PRODUCT}/template")).expect(404);
}

#[test]
fn what_is_missing_for_a_file_is_said_field_by_field() {
    let world = World::start("QT");
    let vendor = world.vendor();
    let errors = |body: serde_json::Value| {
        let answer = vendor.post("usage/files", &body).expect(400).json();
        assert_eq!(answer["error_code"], "VAL_001");
        answer["errors"].as_array().unwrap().iter().map(|e| e.as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let all = errors(json!({}));
    assert_eq!(
        all,
        [
            "product.id: This field is required.",
            "contract.id: This field is required.",
            "name: This field is required."
        ]
    );
    assert!(
        errors(json!({ "name": "x", "product": { "id": "PRD-999-999-999" }, "contract": { "id": CONTRACT } }))[0]
            .starts_with("product.id: ")
    );
    assert!(
        errors(json!({ "name": "x", "product": { "id": PRODUCT }, "contract": { "id": "CRD-9" } }))[0]
            .starts_with("contract.id: ")
    );
    let preview =
        errors(json!({ "name": "x", "product": { "id": PRODUCT }, "contract": { "id": "CRD-00000-00000-00000" } }));
    assert!(preview[0].contains("Preview files cannot be made yet"));
    let dates = errors(
        json!({ "name": "x", "product": { "id": PRODUCT }, "contract": { "id": CONTRACT }, "period": { "from": "2026-05-31", "to": "2026-05-01" } }),
    );
    assert!(dates[0].starts_with("period.to: "));
    world
        .distributor()
        .post("usage/files", &json!({ "name": "x", "product": { "id": PRODUCT }, "contract": { "id": CONTRACT } }))
        .expect(403);
    let named = vendor.post("usage/files", &json!({ "product": { "id": PRODUCT }, "contract": { "id": CONTRACT }, "period": { "from": "2021-07-05", "to": "2021-07-08T00:00:00Z" } }));
    assert_eq!(named.expect(201).json()["name"], "07/05/2021 - 07/08/2021");
}

#[test]
fn what_is_no_workbook_is_refused_at_once() {
    let world = World::start("QT");
    let file = world.file();
    let path = format!("usage/files/{file}/upload");
    for (bytes, words) in [
        (b"".to_vec(), "There is no workbook"),
        (b"record_id,quantity\n".to_vec(), ""),
        (b"PK\x03\x04 nothing".to_vec(), ""),
    ] {
        let answer = world.send(&file, bytes).expect(400).json();
        assert_eq!(answer["error_code"], "VAL_001");
        assert!(answer["errors"][0].as_str().unwrap().contains(words), "{answer}");
    }
    let other = world
        .vendor()
        .send(reqwest::Method::POST, &path, |r| r.multipart(form("file", workbook("records", &EIGHT, &[]))));
    assert!(other.expect(400).body().contains("usage_file"));
    world.vendor().post(&path, &json!({ "usage_file": "x" })).expect(400);
    assert_eq!(world.checked(&file)["status"], "draft");
}

#[test]
fn a_submission_during_the_check_is_remembered() {
    let world = World::start("QT");
    let file = world.file();
    let rows: Vec<_> = (0..3000).map(|n| row(&format!("r{n}"))).collect();
    world.send(&file, workbook("records", &EIGHT, &rows)).expect(201);
    // Whether the check has ended by now or not: the answer is 201, and the file ends up with the distributor.
    world.vendor().post(&format!("usage/files/{file}/submit"), &json!({})).expect(201);
    let file = world.checked(&file);
    assert_eq!(
        (file["status"].as_str(), file["events"]["submitted"]["by"]["name"].as_str()),
        (Some("pending"), Some("Test"))
    );
}

#[test]
fn a_change_of_the_period_checks_the_rows_again() {
    let world = World::start("QT");
    let file = world.file();
    assert_eq!(world.uploaded(&file, workbook("records", &EIGHT, &[row("r1")]))["status"], "ready");
    world
        .vendor()
        .put(&format!("usage/files/{file}"), &json!({ "period": { "from": "2026-06-01", "to": "2026-06-30" } }))
        .expect(200);
    assert_eq!(world.checked(&file)["status"], "invalid");
    assert_eq!(world.problems(&file), [(2, "USG_008".to_owned(), "start_time_utc".to_owned())]);
    world.vendor().put(&format!("usage/files/{file}"), &json!({ "period": null, "note": null })).expect(200);
    let file = world.checked(&file);
    assert_eq!((file["status"].as_str(), file["note"].as_str()), (Some("ready"), Some("")));
}

#[test]
fn the_template_is_a_workbook_that_passes_when_it_is_filled() {
    let world = World::start("PR");
    let link = world.vendor().get(&format!("usage/products/{PRODUCT}/template/")).expect(200).json()["template_link"]
        .as_str()
        .unwrap()
        .to_owned();
    let bytes = reqwest::blocking::get(&link).unwrap().bytes().unwrap().to_vec();
    let (header, rows) = sheet(&bytes, "records");
    assert!(rows.is_empty());
    assert!(
        EIGHT.iter().chain(&["amount", "record_note", "category_id"]).all(|name| header.iter().any(|h| h == name)),
        "{header:?}"
    );
    assert!(!header.contains(&"tier".to_owned()));
    let (header, example) = sheet(&bytes, "example");
    let mut row = example[0].clone();
    row[header.iter().position(|h| h == "asset_search_value").unwrap()] = "AS-0000-0000-0002".to_owned();
    let names: Vec<&str> = header.iter().map(String::as_str).collect();
    let file = world.file();
    let answer = world.uploaded(&file, workbook("records", &names, &[row]));
    assert_eq!(answer["status"], "ready", "{answer:#}");
    let broken = link.replace("template/PRD", "template/PRX");
    assert_eq!(reqwest::blocking::get(broken).unwrap().status().as_u16(), 404);
    world.server.clock().advance_seconds(700);
    assert_eq!(reqwest::blocking::get(link).unwrap().status().as_u16(), 404);
}

#[test]
fn categories_belong_to_their_file() {
    let world = World::start("QT");
    let file = world.file();
    let header = [&EIGHT[..], &["category_id", "v.invoice"]].concat();
    let rows = [[row("r1"), vec!["Cat1".into(), "INV-1".into()]].concat(), [row("r2"), vec!["Cat9".into()]].concat()];
    let categories = [
        vec!["Cat1".to_owned(), "First".to_owned(), "Of all".to_owned()],
        vec!["Cat2".to_owned(), "Second".to_owned()],
    ];
    let book = super::world::workbook_of(&[
        ("categories", &["category_id", "category_name", "category_description"], &categories),
        ("records", &header, &rows),
    ]);
    assert_eq!(world.uploaded(&file, book)["status"], "invalid");
    assert_eq!(world.problems(&file), [(3, "USG_018".to_owned(), "category_id".to_owned())]);
    let listed = world.vendor().get(&format!("usage/files/{file}/categories")).expect(200).json();
    assert_eq!(
        listed,
        json!([{ "id": "Cat1", "name": "First", "description": "Of all" }, { "id": "Cat2", "name": "Second", "description": "" }])
    );
    let record = &world.vendor().get(&format!("usage/records?usage_file={file}")).json()[0];
    assert_eq!(record["category"], listed[0]);
    assert_eq!(record["params"], json!([{ "parameter_name": "v.invoice", "parameter_value": "INV-1" }]));
}
