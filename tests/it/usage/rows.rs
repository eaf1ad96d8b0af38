//! What is said about bad rows and bad workbooks.

use serde_json::json;

use super::world::{EIGHT, World, capabilities, row, row_with, sheet, workbook};

/// Uploads rows and gives the problems.
fn problems(world: &World, header: &[&str], rows: &[Vec<String>]) -> Vec<(i64, String, String)> {
    let file = world.file();
    let answer = world.uploaded(&file, workbook("records", header, rows));
    assert_eq!(answer["status"], "invalid", "{answer:#}");
    world.problems(&file)
}

#[test]
fn each_fault_has_its_code_and_column() {
    let world = World::start("QT");
    let cases: &[(&[(&str, &str)], &str, &str)] = &[
        (&[("item_search_criteria", "")], "USG_002", "item_search_criteria"),
        (&[("quantity", "")], "USG_002", "quantity"),
        (&[("quantity", "1.234,50")], "USG_005", "quantity"),
        (&[("quantity", "1.00001")], "USG_005", "quantity"),
        (&[("start_time_utc", "31-05-2026")], "USG_006", "start_time_utc"),
        (
            &[("start_time_utc", "2026-05-31 10:00:00"), ("end_time_utc", "2026-05-31 9:00:00")],
            "USG_006",
            "end_time_utc",
        ),
        (&[("end_time_utc", "2026-06-01 00:00:00")], "USG_007", "end_time_utc"),
        (&[("start_time_utc", "2026-04-30 23:59:59")], "USG_008", "start_time_utc"),
        (&[("item_search_criteria", "item.name")], "USG_009", "item_search_criteria"),
        (&[("item_search_value", "GB-EUU")], "USG_011", "item_search_value"),
        (
            &[("item_search_value", "SEAT"), ("quantity", "1"), ("asset_search_value", "AS-0000-0000-0002")],
            "USG_012",
            "item_search_value",
        ),
        (&[("asset_search_criteria", "parameter.unknown")], "USG_014", "asset_search_criteria"),
        (&[("asset_search_value", "AS-1")], "USG_015", "asset_search_value"),
        (
            &[("asset_search_value", "AS-9999-0000-0001"), ("start_time_utc", "2026-05-10")],
            "USG_017",
            "asset_search_value",
        ),
        (&[("asset_search_value", "AS-9999-0000-0002")], "USG_017", "asset_search_value"),
        (&[("asset_search_value", "AS-9999-0000-0003")], "USG_017", "asset_search_value"),
    ];
    let rows: Vec<Vec<String>> =
        cases.iter().enumerate().map(|(n, (changes, ..))| row_with(&format!("r{n}"), changes)).collect();
    let want: Vec<(i64, String, String)> =
        (2..).zip(cases).map(|(row, (_, code, column))| (row, (*code).to_owned(), (*column).to_owned())).collect();
    assert_eq!(problems(&world, &EIGHT, &rows), want);
}

#[test]
fn good_rows_of_every_form_pass() {
    let world = World::start("QT");
    let file = world.file();
    let rows = [
        row_with("r1", &[("item_search_criteria", "ITEM.GLOBAL_ID"), ("item_search_value", "PRD-111-111-111-0001")]),
        row_with("r2", &[("item_search_criteria", " item.local_id "), ("item_search_value", "PRD_111_111_111_0001")]),
        row_with("r3", &[("item_search_value", "SEAT"), ("quantity", "4.0000")]),
        row_with("r4", &[("asset_search_criteria", "parameter.tenant"), ("asset_search_value", "tenant7")]),
        row_with("r5", &[("asset_search_criteria", "asset.external_id"), ("asset_search_value", "ext-8")]),
        row_with("r6", &[("asset_search_criteria", "asset.external_uid"), ("asset_search_value", "uid-9")]),
        row_with(
            "r7",
            &[
                ("asset_search_value", "AS-9999-0000-0001"),
                ("start_time_utc", "2026-05-09"),
                ("end_time_utc", "2026-05-09 9:21:39"),
            ],
        ),
        row_with("r8", &[("quantity", "-3")]),
        row_with("", &[]),
        row_with("r9", &[]),
    ];
    let answer = world.uploaded(&file, workbook("records", &EIGHT, &rows));
    assert_eq!(answer["status"], "ready", "{:?}", world.problems(&file));
    let records = world.vendor().get(&format!("usage/records?usage_file={file}")).json();
    let assets: Vec<&str> = records.as_array().unwrap().iter().map(|r| r["asset_id"].as_str().unwrap()).collect();
    assert_eq!(assets[3..7], ["AS-0000-0000-0007", "AS-0000-0000-0008", "AS-0000-0000-0009", "AS-9999-0000-0001"]);
    assert_eq!(records[8]["record_id"], format!("{file}_record_8"));
}

#[test]
fn amounts_and_tiers_belong_to_their_schemas() {
    let header = [&EIGHT[..], &["amount", "tier"]].concat();
    let with = |id: &str, amount: &str, tier: &str| [row(id), vec![amount.to_owned(), tier.to_owned()]].concat();
    let world = World::start("TR");
    let rows = [
        with("a", "1", "0"),
        with("b", "1", "1"),
        with("c", "1", "2"),
        with("d", "1", "3"),
        with("e", "1", ""),
        with("f", "", "0"),
        with("g", "10000000000000001", "0"),
    ];
    let found = problems(&world, &header, &rows);
    let want = [
        (4, "USG_019", "tier"),
        (5, "USG_005", "tier"),
        (6, "USG_002", "tier"),
        (7, "USG_020", "amount"),
        (8, "USG_005", "amount"),
    ];
    assert_eq!(found, want.map(|(row, code, column)| (row, code.to_owned(), column.to_owned())));
    // Where the schema has no tiers and no amounts, what stands there is passed over.
    let world = World::start("QT");
    let file = world.file();
    assert_eq!(world.uploaded(&file, workbook("records", &header, &[with("a", "none", "9")]))["status"], "ready");
    let record = &world.vendor().get("usage/records").json()[0];
    assert_eq!((&record["amount"], &record["tier"]), (&json!(null), &json!(null)));
}

#[test]
fn the_same_id_twice_names_the_first_row() {
    let world = World::start("QT");
    let file = world.file();
    world.uploaded(&file, workbook("records", &EIGHT, &[row("a"), row("b"), row("a")]));
    let (header, rows) = sheet(&world.processed(&file), "records");
    let errors = header.iter().position(|h| h == "errors").unwrap();
    assert_eq!(rows[2][errors], "USG_003 record_id: Row 2 has the same id. Give each row an id of its own.");
    assert_eq!((rows[0][errors].as_str(), rows[0][errors - 1].as_str()), ("", "valid"));
}

#[test]
fn products_may_want_columns_of_their_own_and_allow_late_and_future_rows() {
    let mut can = capabilities("QT");
    can["ppu"]["late"] = json!(true);
    can["ppu"]["future"] = json!(true);
    can["ppu"]["required_custom_fields"] = json!(["invoice"]);
    can["reservation"]["consumption"] = json!(false);
    let world = World::start_with(&can, 3);
    let header = [&EIGHT[..], &["v.invoice"]].concat();
    let with = |row: Vec<String>, invoice: &str| [row, vec![invoice.to_owned()]].concat();
    let rows = [
        with(row_with("a", &[("start_time_utc", "2019-01-01"), ("end_time_utc", "2031-01-01")]), "1"),
        with(row("b"), ""),
        with(row_with("c", &[("item_search_value", "SEAT"), ("quantity", "1")]), "2"),
    ];
    let want = [(3, "USG_021", "v.invoice"), (4, "USG_012", "item_search_value")];
    assert_eq!(
        problems(&world, &header, &rows),
        want.map(|(row, code, column)| (row, code.to_owned(), column.to_owned()))
    );
    let file = world.file();
    let answer = world.uploaded(&file, workbook("records", &EIGHT, &[row("d")]));
    assert!(answer["error_detail"].as_str().unwrap().contains("no column invoice"), "{answer:#}");
}

#[test]
fn the_reconciliation_value_must_be_the_subscriptions() {
    let world = World::start("QT");
    let header = [&EIGHT[..], &["asset_recon_id"]].concat();
    let rows = [[row("a"), vec!["recon1".into()]].concat(), [row("b"), vec!["recon2".into()]].concat()];
    assert_eq!(problems(&world, &header, &rows), [(3, "USG_022".to_owned(), "asset_recon_id".to_owned())]);
}

#[test]
fn a_value_of_several_subscriptions_is_not_enough() {
    let world = World::start("QT");
    world.server.database().execute("update asset_param set value = 'same' where name = 'tenant' and asset_id in ('AS-0000-0000-0001', 'AS-0000-0000-0002', 'AS-9999-0000-0003')");
    let shared = row_with("a", &[("asset_search_criteria", "parameter.tenant"), ("asset_search_value", "same")]);
    assert_eq!(
        problems(&world, &EIGHT, std::slice::from_ref(&shared)),
        [(2, "USG_016".to_owned(), "asset_search_value".to_owned())]
    );
    // One of them has ended before: the other one is meant.
    world.server.database().execute("update asset set status = 'terminated', events = '{\"terminated\": {\"at\": \"2026-01-01T00:00:00+00:00\"}}' where id = 'AS-0000-0000-0002'");
    let file = world.file();
    let other = [vec!["b".to_owned()], shared[1..].to_vec()].concat();
    assert_eq!(world.uploaded(&file, workbook("records", &EIGHT, &[other]))["status"], "ready");
}

#[test]
fn a_workbook_that_is_wrong_as_a_whole_is_told_in_one_sentence() {
    let world = World::start("PR");
    let amount = [&EIGHT[..], &["amount"]].concat();
    let unknown = [&amount[..], &["quantty"]].concat();
    for (book, words) in [
        (workbook("data", &amount, &[row("a")]), "records"),
        (workbook("records", &EIGHT, &[row("a")]), "no column amount"),
        (workbook("records", &unknown, &[row("a")]), "quantty"),
        (workbook("records", &[&amount[..], &["Amount "]].concat(), &[row("a")]), "twice"),
        (workbook("records", &amount, &[]), "no rows"),
        (workbook("records", &[], &[]), ""),
    ] {
        let file = world.file();
        let answer = world.uploaded(&file, book);
        assert_eq!(answer["status"], "invalid");
        let detail = answer["error_detail"].as_str().unwrap();
        assert!(detail.contains(words), "{detail}");
        assert_eq!(answer["records"], json!({ "valid": 0, "invalid": 0, "closed": 0 }));
        let (_, facts) = sheet(&world.processed(&file), "general");
        assert!(facts.contains(&vec!["status".to_owned(), "invalid".to_owned()]));
        assert!(facts.iter().any(|fact| fact[0] == "error_detail"));
    }
}

#[test]
fn the_processed_file_can_be_corrected_and_uploaded_again() {
    let world = World::start("QT");
    let file = world.file();
    let rows = [row("a"), row_with("b", &[("item_search_value", "GB-EUU")])];
    assert_eq!(world.uploaded(&file, workbook("records", &EIGHT, &rows))["status"], "invalid");
    let (header, mut rows) = sheet(&world.processed(&file), "records");
    let at = header.iter().position(|h| h == "item_search_value").unwrap();
    rows[1][at] = "GB-EU".to_owned();
    let names: Vec<&str> = header.iter().map(String::as_str).collect();
    assert_eq!(world.uploaded(&file, workbook("records", &names, &rows))["status"], "ready");
    let processed = world.processed(&file);
    let (header, rows) = sheet(&processed, "records");
    let cell = |name: &str| rows[0][header.iter().position(|h| h == name).unwrap()].clone();
    assert_eq!(cell("usage_record_id"), format!("UR-{}-0200-0001", &file[3..]));
    assert_eq!(
        (cell("customer_company_name"), cell("item_unit"), cell("asset_id")),
        ("Van Dijk BV".into(), "GB".into(), "AS-0000-0000-0001".into())
    );
    let (_, facts) = sheet(&processed, "general");
    let names: Vec<&str> = facts.iter().map(|f| f[0].as_str()).collect();
    assert_eq!(
        names[..9],
        [
            "report_name",
            "report_note",
            "report_id",
            "status",
            "report_start_time_utc",
            "report_end_time_utc",
            "valid_records",
            "invalid_records",
            "usage_schema"
        ]
    );
    assert_eq!(facts[5][1], "2026-05-31 23:59:59");
}
