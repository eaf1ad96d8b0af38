//! Offers by spreadsheet: the check that makes nothing, the confirmation, and what comes of each row.

use causeway::flows::contracts::actions;
use causeway::kit::{Actor, Level, Module, Role};
use causeway::outside::sheets::{
    BookWriter, Cell, Column, Limits, OutCell, RowReader as _, Value as CellValue, Workbook,
};
use reqwest::Method;
use reqwest::blocking::multipart::{Form, Part};
use serde_json::{Value, json};

use super::world::{World, id, refused};
use crate::support::client::Api;
use crate::support::companies::{self, Company};
use crate::support::page::Page;

pub(super) const HEAD: [&str; 6] = ["Partner", "E-mail", "Message", "Internal note", "Kind", "Ends on"];

/// A workbook with these rows below the header.
fn xlsx(head: &[&str], rows: &[Vec<&str>]) -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a folder");
    let mut book = BookWriter::new(folder.path()).expect("a workbook");
    let columns: Vec<Column<'_>> = head.iter().map(|name| Column::new(name, 20)).collect();
    let mut sheet = book.sheet("partners", &columns).expect("a sheet");
    for row in rows {
        let cells: Vec<OutCell<'_>> = row.iter().map(|text| CellValue::Text(text).into()).collect();
        sheet.row(&cells).expect("a row");
    }
    let path = folder.path().join("partners.xlsx");
    book.save(&path).expect("the workbook is written");
    std::fs::read(path).expect("the workbook")
}

fn csv(head: &[&str], rows: &[Vec<&str>]) -> Vec<u8> {
    let lines = std::iter::once(head.to_vec()).chain(rows.iter().cloned());
    lines.map(|line| line.join(";") + "\n").collect::<String>().into_bytes()
}

fn part(name: &str, bytes: Vec<u8>) -> Form {
    Form::new().part("file", Part::bytes(bytes).file_name(name.to_owned()))
}

fn upload(api: &Api, agreement: &str, name: &str, bytes: Vec<u8>) -> Page {
    let path = format!("agreements/{agreement}/invitations");
    api.send(Method::POST, &path, |request| request.multipart(part(name, bytes)))
}

/// Uploads a sheet, waits until it is checked, and gives it.
#[track_caller]
pub(super) fn checked(world: &World, agreement: &str, name: &str, bytes: Vec<u8>) -> Value {
    let made = id(&upload(&world.api(), agreement, name, bytes).expect(201));
    world.server.settle();
    world.api().get(&format!("invitations/{made}")).expect(200).json()
}

#[track_caller]
pub(super) fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_else(|| panic!("no {key} in {value:#}")).to_owned()
}

#[track_caller]
fn rows(world: &World, batch: &str) -> Vec<Value> {
    let list = world.api().get(&format!("invitations/{batch}/rows?limit=1000")).expect(200).json();
    list.as_array().expect("a list").clone()
}

pub(super) fn contracts(world: &World) -> i64 {
    world.server.database().number("select count(*) as n from contract")
}

/// The first sheet of a workbook, as a person sees it.
pub(super) fn read_back(bytes: &[u8]) -> Vec<Vec<String>> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.xlsx");
    std::fs::write(&path, bytes).expect("a file");
    let mut book = Workbook::open(&path, Limits::default()).expect("a workbook");
    let mut found = book.rows(0).expect("a sheet");
    let mut all = vec![];
    while let Some(row) = found.next_row().expect("rows") {
        all.push(
            (0..10)
                .map(|n| match row.cell(n) {
                    Cell::Empty => String::new(),
                    cell => cell.shown().into_owned(),
                })
                .collect(),
        );
    }
    all
}

#[test]
fn five_hundred_vendors_are_invited_from_one_workbook() {
    let world = World::new();
    let program = world.agreement("program");
    let before = contracts(&world);
    let names: Vec<String> = (0..500).map(|n| format!("Maker {n:03}")).collect();
    let addresses: Vec<String> = (0..500).map(|n| format!("maker{n}@invited.example")).collect();
    let sheet: Vec<Vec<&str>> = (0..500)
        .map(|n| {
            vec![
                &*names[n],
                if n % 5 == 0 { "" } else { &*addresses[n] },
                if n == 7 { "Dear seven" } else { "" },
                "Fair",
                "test",
                "2199-01-31",
            ]
        })
        .collect();
    let batch = checked(&world, &program, "C:\\lists\\May vendors.xlsx", xlsx(&HEAD, &sheet));
    let made = text(&batch, "id");
    assert_eq!((text(&batch, "status"), text(&batch, "name")), ("ready".to_owned(), "May vendors.xlsx".to_owned()));
    assert_eq!(batch["agreement"]["id"], program);
    let counts = json!({ "total": 500, "ready": 500, "wrong": 0, "already": 0, "invited": 0, "refused": 0, "without_message": 499 });
    assert_eq!(batch["rows"], counts);
    assert_eq!(contracts(&world), before, "the check makes nothing");
    assert!(world.server.mail().all_to("maker1@invited.example").is_empty());

    // Without a message for those that have none, nothing begins.
    let start = format!("invitations/{made}/start");
    let told = refused(world.api().post(&start, &json!({})), 400);
    assert!(told.contains("499 partners have no message"), "{told}");
    refused(world.api().post(&start, &json!({ "message": "x".repeat(201) })), 400);
    let started = world.api().post(&start, &json!({ "message": "Welcome" })).expect(200).json();
    assert_eq!(text(&started, "status"), "inviting");
    refused(world.api().post(&start, &json!({ "message": "Welcome" })), 409);
    world.server.settle();

    let done = world.api().get(&format!("invitations/{made}")).expect(200).json();
    assert_eq!(text(&done, "status"), "done", "{done:#}");
    assert_eq!((done["rows"]["invited"].clone(), done["rows"]["ready"].clone()), (json!(500), json!(0)));
    assert_eq!(contracts(&world), before + 500);
    let rows = rows(&world, &made);
    let seventh = world.api().get(&format!("contracts/{}", text(&rows[7]["contract"], "id"))).expect(200).json();
    assert_eq!(seventh["activation"]["message"], "Dear seven");
    assert_eq!((seventh["kind"].clone(), seventh["note"].clone()), (json!("test"), json!("Fair")));
    assert!(text(&seventh, "expire_at").starts_with("2199-01-31T00:00:00"), "{seventh:#}");
    let eighth = world.api().get(&format!("contracts/{}", text(&rows[8]["contract"], "id"))).expect(200).json();
    assert_eq!(
        (eighth["activation"]["message"].clone(), eighth["partner"]["name"].clone()),
        (json!("Welcome"), json!("Maker 008"))
    );
    // By the same invitation as a single offer, in the name of who confirmed.
    assert_eq!(world.server.mail().all_to("maker8@invited.example").len(), 1);
    assert!(world.server.mail().all_to("maker5@invited.example").is_empty());
    let by_system = "select count(*) as n from event where verb = 'contract.created' and actor_kind <> 'token'";
    assert_eq!(world.server.database().number(by_system), 0);

    // The workbook with the results can be uploaded again: everybody is invited already.
    let book = world.api().get(&format!("invitations/{made}/file")).expect(200);
    let sheet = read_back(&book.bytes);
    assert_eq!(sheet.len(), 501);
    assert_eq!(
        sheet[0],
        ["Partner", "E-mail", "Message", "Internal note", "Kind", "Ends on", "Row", "Status", "Result", "Contract"]
    );
    assert_eq!(
        (&*sheet[9][0], &*sheet[9][7], &*sheet[9][9]),
        ("Maker 008", "invited", &*text(&rows[8]["contract"], "id"))
    );
    let again = checked(&world, &program, "again.xlsx", book.bytes);
    assert_eq!((again["rows"]["already"].clone(), again["ignored_columns"].clone()), (json!(500), json!([])));
    let told = refused(world.api().post(&format!("invitations/{}/start", text(&again, "id")), &json!({})), 400);
    assert!(told.starts_with("None of the rows can be invited."), "{told}");
}

#[test]
fn every_row_is_checked_like_a_single_offer_and_says_what_is_wrong() {
    let world = World::new();
    let service = world.agreement("service");
    let known = text(&world.offered(&service, "Alpina"), "id");
    let with_mail =
        json!({ "activation": { "message": "Hi", "email": "Desk@Bolt.example" }, "partner": { "name": "Bolt" } });
    let mailed = id(&world.api().post(&format!("agreements/{service}/contracts"), &with_mail).expect(201));
    let long = "x".repeat(65);
    let longer = "x".repeat(1_001);
    let sheet = vec![
        vec!["Ends on", "Colour", "name", "email", "Message", "Kind", "Note"],
        vec!["", "red", "Crux", "crux@partner.example", "Hi", "", ""],
        vec!["", "", "", "", "Hi", "", ""],
        vec!["", "", &long, "nobody", "Hi", "staging", ""],
        vec!["2020-01-31", "", "Dash", "", "Hi", "", ""],
        vec!["soon", "", "Echo", "", "Hi", "Test", ""],
        vec!["", "", " alpina ", "", "Hi", "", ""],
        vec!["", "", "Other", "desk@bolt.EXAMPLE", "Hi", "", ""],
        vec!["", "", "CRUX", "", "Hi", "", ""],
        vec!["", "", "Foxtrot", "CRUX@partner.example", "Hi", "", ""],
        vec!["", "", &longer, "", "Hi", "", ""],
        vec!["2199-12-31 00:00:00", "", "Golf", "", "Hi", "PRODUCTION", ""],
    ];
    let (head, below) = sheet.split_first().expect("a header");
    for (name, bytes) in [("p.csv", csv(head, below)), ("p.xlsx", xlsx(head, below))] {
        let batch = checked(&world, &service, name, bytes);
        assert_eq!(batch["ignored_columns"], json!([{ "name": "Colour" }]), "{name}");
        let counts = json!({ "total": 11, "ready": 2, "wrong": 7, "already": 2, "invited": 0, "refused": 0, "without_message": 0 });
        assert_eq!(batch["rows"], counts, "{name}");
        let rows = rows(&world, &text(&batch, "id"));
        let told: Vec<(i64, String, String)> = rows
            .iter()
            .map(|r| {
                (
                    r["row"].as_i64().expect("a row"),
                    text(r, "status"),
                    r["problem"].as_str().unwrap_or_default().to_owned(),
                )
            })
            .collect();
        let wanted: [(i64, &str, &[&str]); 11] = [
            (2, "ready", &[]),
            (3, "wrong", &["Partner: This field is required."]),
            (
                4,
                "wrong",
                &[
                    "Kind: There is no kind “staging”.",
                    "E-mail: “nobody” is not an e-mail address.",
                    "Partner: This is 65 characters long",
                ],
            ),
            (5, "wrong", &["Ends on: “2020-01-31” is in the past."]),
            (6, "wrong", &["Ends on: “soon” is not a date"]),
            (7, "already", &["Invited already", known.as_str(), "pending"]),
            (8, "already", &["Invited already", mailed.as_str()]),
            (9, "wrong", &["The partner CRUX is in row 2 already."]),
            (10, "wrong", &["The address CRUX@partner.example is in row 2 already."]),
            (11, "wrong", &["Partner: This cell holds more than 1,000 characters."]),
            (12, "ready", &[]),
        ];
        for ((row, status, problem), (wanted_row, wanted_status, words)) in told.iter().zip(wanted) {
            assert_eq!((*row, status.as_str()), (wanted_row, wanted_status), "{name}: {problem}");
            assert!(words.iter().all(|w| problem.contains(w)), "{name}, row {row}: {problem}");
            assert_eq!(problem.is_empty(), words.is_empty(), "{name}, row {row}: {problem}");
        }
        assert_eq!(rows[5]["contract"]["id"], known);
        let wrong = world
            .api()
            .get(&format!("invitations/{}/rows?eq(status,wrong)&search=echo", text(&batch, "id")))
            .expect(200);
        assert_eq!(wrong.header("content-range"), "items 0-0/1", "{}", wrong.body());
    }
}

#[test]
fn a_file_that_is_no_sheet_of_partners_is_refused_at_once() {
    let world = World::new();
    let program = world.agreement("program");
    let api = world.api();
    let many: String = std::iter::once("Partner\n".to_owned()).chain((0..2_001).map(|n| format!("P{n}\n"))).collect();
    for (name, bytes, words) in [
        ("p.pdf", b"%PDF-1.7 x".to_vec(), "Excel"),
        ("p.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest".to_vec(), "Excel"),
        ("p.csv", b"A,B\n1,2\n".to_vec(), "There is no column Partner."),
        ("p.csv", b"Partner,Name\n1,2\n".to_vec(), "two columns for Partner"),
        ("p.csv", b"Partner\n".to_vec(), "There are no partners"),
        ("p.csv", b"\xff\xfeP\0a\0".to_vec(), "UTF-8"),
        ("p.csv", many.into_bytes(), "2,00"),
    ] {
        let told = refused(upload(&api, &program, name, bytes), 400);
        assert!(told.contains(words), "{name}: {told}");
    }
    let large = upload(&api, &program, "p.csv", vec![b'x'; (5 << 20) + 1]);
    assert!(matches!(large.status, 400 | 413), "{}", large.body());
    refused(
        api.send(Method::POST, &format!("agreements/{program}/invitations"), |r| {
            r.multipart(Form::new().text("x", "y"))
        }),
        400,
    );
    refused(api.post(&format!("agreements/{program}/invitations"), &json!({})), 400);
    let none = "select count(*) as n from offer_batch";
    assert_eq!(world.server.database().number(none), 0);
    assert_eq!(
        world.server.database().number("select count(*) as n from file"),
        0,
        "nothing is kept of what was refused"
    );
}

#[test]
fn partners_are_invited_by_their_distributor_under_an_active_version_alone() {
    let world = World::new();
    let program = world.agreement("program");
    let (vendor, _) = world.partner(&program, "Maker");
    let sheet = || b"Partner,Message\nAcme,Hi\n".to_vec();
    refused(upload(&vendor.api(&world.server), &program, "p.csv", sheet()), 403);
    let other = Company::new(&world.server, "Southgate", Role::Distributor);
    refused(upload(&other.api(&world.server), &program, "p.csv", sheet()), 404);
    let reads = world.distributor.api_with(&world.server, &[(Module::Partners, Level::Act)]);
    refused(upload(&reads, &program, "p.csv", sheet()), 403);
    let market = world.marketplace("Nordics");
    let distribution = world.distribution(&program, &market, false);
    let told = refused(upload(&world.api(), &distribution, "p.csv", sheet()), 403);
    assert!(told.contains("are not offered"), "{told}");
    let draft = json!({ "type": "program", "title": "Draft", "description": "Terms", "document_type": "none", "active": false });
    let draft = id(&world.api().post("agreements", &draft).expect(201));
    let told = refused(upload(&world.api(), &draft, "p.csv", sheet()), 400);
    assert!(told.contains("no active version"), "{told}");

    let batch = text(&checked(&world, &program, "p.csv", sheet()), "id");
    for path in
        [format!("invitations/{batch}"), format!("invitations/{batch}/rows"), format!("invitations/{batch}/file")]
    {
        refused(other.api(&world.server).get(&path), 404);
        refused(reads.get(&path), 403);
    }
    for verb in ["start", "cancel"] {
        let path = format!("invitations/{batch}/{verb}");
        refused(other.api(&world.server).post(&path, &json!({})), 404);
        refused(vendor.api(&world.server).post(&path, &json!({})), 403);
        refused(reads.post(&path, &json!({})), 403);
    }
    assert_eq!(other.api(&world.server).get("invitations").expect(200).json(), json!([]));
    let listed = world.api().get("invitations?eq(status,ready)").expect(200).json();
    assert_eq!(listed[0]["id"], batch);
}

#[test]
fn so_many_lists_are_open_at_a_time() {
    let world = World::new();
    let program = world.agreement("program");
    let sheet = || b"Partner,Message\nAcme,Hi\n".to_vec();
    let all: Vec<String> = (0..20).map(|_| id(&upload(&world.api(), &program, "p.csv", sheet()).expect(201))).collect();
    let told = refused(upload(&world.api(), &program, "p.csv", sheet()), 409);
    assert!(told.starts_with("20 lists of invitations are open"), "{told}");
    let cancelled = world.api().post(&format!("invitations/{}/cancel", all[0]), &json!({})).expect(200).json();
    assert_eq!(text(&cancelled, "status"), "cancelled");
    refused(world.api().post(&format!("invitations/{}/cancel", all[0]), &json!({})), 400);
    refused(world.api().post(&format!("invitations/{}/start", all[0]), &json!({})), 400);
    upload(&world.api(), &program, "p.csv", sheet()).expect(201);
    world.server.settle();
}

#[test]
fn a_partner_in_two_lists_is_invited_once() {
    let world = World::new();
    let program = world.agreement("program");
    let first = text(&checked(&world, &program, "a.csv", b"Partner,Message\nAcme,Hi\nBolt,Hi\n".to_vec()), "id");
    let second = text(&checked(&world, &program, "b.csv", b"Partner,Message\nBOLT,Hi\nCrux,Hi\n".to_vec()), "id");
    for batch in [&first, &second] {
        world.api().post(&format!("invitations/{batch}/start"), &json!({})).expect(200);
    }
    world.server.settle();
    assert_eq!(contracts(&world), 3);
    let counts = |batch: &str| {
        let batch = world.api().get(&format!("invitations/{batch}")).expect(200).json();
        (batch["rows"]["invited"].as_i64().expect("a count"), batch["rows"]["already"].as_i64().expect("a count"))
    };
    let (one, two) = (counts(&first), counts(&second));
    assert_eq!((one.0 + two.0, one.1 + two.1), (3, 1), "{one:?} {two:?}");
}

#[test]
fn who_may_no_longer_make_contracts_invites_nobody() {
    let world = World::new();
    let program = world.agreement("program");
    let batch = text(&checked(&world, &program, "a.csv", b"Partner,Message\nAcme,Hi\n".to_vec()), "id");
    // A person who was allowed to confirm it, and is not allowed any more when the job comes to it.
    let weak = world.distributor.colleague(&world.server, "Weak", &[(Module::Partners, Level::Act)]);
    let seat = world.distributor.system().company().expect("a company").clone();
    let person = Actor::Person { user: weak.user, name: "Weak".to_owned(), seat };
    companies::act(&world.server, |tx| actions::start_batch(tx, &person, &batch, ""));
    world.server.settle();
    let after = world.api().get(&format!("invitations/{batch}")).expect(200).json();
    assert_eq!(text(&after, "status"), "failed", "{after:#}");
    assert_eq!(text(&after, "problem"), "Weak, who confirmed the invitations, may not make contracts any more.");
    assert_eq!(contracts(&world), 0);
}
