//! Signatures: kept with the hash of what was signed, certified as a file, and judged by anybody who has the code.

use reqwest::Method;
use reqwest::blocking::multipart::{Form, Part};
use serde_json::{Value, json};

use super::world::{World, id, refused};
use crate::support::client::Client;
use crate::support::companies::{Company, PASSWORD};
use crate::support::page::Page;
use causeway::kit::Role;

const FIRST: &str = "# Terms\n\nYou pay within 30 days.\n\nNothing else matters.";
const SECOND: &str = "# Terms\n\nYou pay within 14 days.\n\nNothing else matters.";

fn written(world: &World) -> String {
    let body = json!({ "type": "program", "title": "Vendors", "description": "How we work", "document_type": "text",
        "text": FIRST, "active": true });
    id(&world.api().post("agreements", &body).expect(201))
}

/// A new person accepts an offer by its link, in a browser.
pub fn joins(world: &World, agreement: &str, name: &str) -> (Client, String, String) {
    let offered = world.offered(agreement, name);
    let client = Client::new(world.server.base());
    let link = offered["activation"]["link"].as_str().expect("a link");
    let page = client.open(link);
    let page = client.submit(page.form_with("Continue").check("accept", "yes")).expect(200);
    let email = format!("mara@{}.example", name.to_lowercase());
    let who = page.form_with("Continue").set("name", "Mara Vale").set("email", &email).set("company", name);
    let page = client.submit(who).expect(200);
    let done = page.form_with("Activate").set("password", PASSWORD).set("again", PASSWORD);
    let done = client.submit(done).expect(200);
    done.must_say("The contract is active");
    let text = |value: &Value| value.as_str().expect("an id").to_owned();
    (client, text(&offered["partner"]["id"]), text(&offered["id"]))
}

fn signatures(world: &World, contract: &str) -> Vec<Value> {
    let found = world.api().get(&format!("contracts/{contract}/signatures")).expect(200).json();
    found.as_array().expect("a list").clone()
}

fn certificate(world: &World, contract: &str, signature: &Value) -> Vec<u8> {
    let code = signature["id"].as_str().expect("a code");
    let found = world.api().get(&format!("contracts/{contract}/signatures/{code}/certificate")).expect(200);
    assert_eq!(found.header("content-type"), "application/pdf");
    found.bytes
}

fn verify(world: &World, code: &str) -> Page {
    world.server.visitor().get(&format!("/verify/{code}"))
}

fn compare(world: &World, code: &str, bytes: &[u8]) -> Page {
    let part = Part::bytes(bytes.to_vec()).file_name("file.pdf").mime_str("application/pdf").expect("a type");
    let form = Form::new().text("code", code.to_owned()).part("file", part);
    world.server.visitor().send(Method::POST, "/verify", |r| r.multipart(form))
}

#[test]
fn whoever_signs_leaves_a_record_that_anybody_can_verify() {
    let world = World::new();
    let agreement = written(&world);
    let (client, account, contract) = joins(&world, &agreement, "Halden");
    let found = signatures(&world, &contract);
    assert_eq!(found.len(), 1);
    let one = &found[0];
    assert_eq!((one["act"].clone(), one["version"].clone()), (json!("accept"), json!(1)));
    assert_eq!((one["company"]["name"].clone(), one["signee"]["name"].clone()), (json!("Halden"), json!("Mara Vale")));
    assert_eq!(one["consent"], "I have read the agreement and accept it");
    assert_eq!(one["address"], "127.0.0.1");
    assert_eq!(one["sha256"], sha256(FIRST.as_bytes()));
    let code = one["id"].as_str().expect("a code");
    assert_eq!(one["verify"], format!("{}/verify/{code}", world.server.base()));

    // The page of the contract has the certificate, and so has the partner's.
    for (who, account) in
        [(&world.distributor.browser(&world.server), world.distributor.id.as_str()), (&client, &account)]
    {
        let page = who.open(&format!("/{account}/contracts/{contract}"));
        let file = who.get(&page.link_to("/signatures/")).expect(200);
        assert!(file.bytes.starts_with(b"%PDF-") && file.header("content-disposition").starts_with("attachment"));
        assert_eq!(file.bytes, certificate(&world, &contract, one));
    }
    let page = verify(&world, code).expect(200);
    page.must_say("Valid")
        .must_say("Halden")
        .must_say("Mara Vale")
        .must_say("Password")
        .must_say(&sha256(FIRST.as_bytes()));
    assert!(!page.says("127.0.0.1") && !page.says("mara@halden.example"), "more than is needed is public");
    verify(&world, &code.to_uppercase().replace('-', "")).expect(200).must_say("Valid");

    // Neither strangers nor the people of another company see it; the code alone opens it.
    let stranger = Company::new(&world.server, "Elsewhere", Role::Vendor);
    stranger.api(&world.server).get(&format!("contracts/{contract}/signatures")).expect(404);
    stranger.api(&world.server).get(&format!("contracts/{contract}/signatures/{code}")).expect(404);
    world.api().get(&format!("contracts/{contract}/signatures/{}", "0".repeat(32))).expect(404);
    let (_, _, other) = joins(&world, &agreement, "Ember");
    world.api().get(&format!("contracts/{other}/signatures/{code}")).expect(404);
    for wrong in ["0".repeat(32), "x".to_owned(), "%F0%9F%A6%80".to_owned(), "a".repeat(3_000)] {
        verify(&world, &wrong).expect(404).must_say("No signature has this code");
    }
}

fn sha256(bytes: &[u8]) -> String {
    openssl::sha::sha256(bytes).iter().map(|b| format!("{b:02x}")).collect()
}

#[test]
fn files_are_compared_with_what_was_issued() {
    let world = World::new();
    let agreement = written(&world);
    let (_, _, contract) = joins(&world, &agreement, "Halden");
    let one = &signatures(&world, &contract)[0];
    let code = one["id"].as_str().expect("a code");
    let file = certificate(&world, &contract, one);
    compare(&world, "", &file).expect(200).must_say("exactly as it was issued").must_say("Valid");
    for at in [9, file.len() / 2, file.len() - 150] {
        let mut bad = file.clone();
        bad[at] ^= 1;
        let page = compare(&world, code, &bad).expect(200);
        page.must_say("Your file was altered");
    }
    // A document is compared with the code of its certificate, not looked for.
    compare(&world, "", FIRST.as_bytes()).expect(422).must_say("is no certificate");
    compare(&world, code, FIRST.as_bytes()).expect(200).must_say("is the document that was signed");
    compare(&world, code, SECOND.as_bytes()).expect(200).must_say("is not the document that was signed");
    compare(&world, &"0".repeat(32), FIRST.as_bytes()).expect(404).must_say("No signature has this code");
    compare(&world, "what?", b"").expect(422).must_say("This is not a code");
    let nothing = world.server.visitor().send(Method::POST, "/verify", |r| r.multipart(Form::new().text("code", " ")));
    nothing.expect(422).must_say("Type the code");
    compare(&world, code, &vec![b' '; 21 << 20]).expect(413);
    // Nothing of it is kept.
    assert_eq!(world.server.database().number("select count(*) as n from file"), 0);
}

#[test]
fn a_newer_version_shows_what_changed_and_supersedes() {
    let world = World::new();
    let agreement = written(&world);
    let (client, account, contract) = joins(&world, &agreement, "Halden");
    let first = signatures(&world, &contract)[0]["id"].as_str().expect("a code").to_owned();
    let body = json!({ "document_type": "text", "text": SECOND, "active": true });
    world.api().post(&format!("agreements/{agreement}/versions"), &body).expect(201);
    let page = client.open(&format!("/{account}/contracts/{contract}/sign"));
    page.must_say("What changed since version 1, which you signed");
    assert!(
        page.text(".difference del").contains("30") && page.text(".difference ins").contains("14"),
        "{}",
        page.body()
    );
    // Both see the difference on the version's page, too.
    for (who, account) in
        [(&client, account.as_str()), (&world.distributor.browser(&world.server), world.distributor.id.as_str())]
    {
        let page = who.open(&format!("/{account}/agreements/{agreement}/versions/2"));
        assert!(page.text(".difference ins").contains("14"));
        who.open(&format!("/{account}/agreements/{agreement}/versions/2?since=2"));
        who.open(&format!("/{account}/agreements/{agreement}/versions/2?since=77"));
    }
    client.post(page.form_with("Accept the new version")).expect(422).must_say("Tick the box");
    client.submit(page.form_with("Accept the new version").check("accept", "yes")).expect(200);
    let found = signatures(&world, &contract);
    assert_eq!((found.len(), found[0]["act"].clone(), found[0]["version"].clone()), (2, json!("renew"), json!(2)));
    let second = found[0]["id"].as_str().expect("a code");
    verify(&world, &first).expect(200).must_say("Superseded").must_say("version 2");
    verify(&world, second).expect(200).must_say("Valid");
    world.api().post(&format!("contracts/{contract}/terminate"), &json!({})).expect(200);
    verify(&world, second).expect(200).must_say("Contract ended");
    verify(&world, &first).expect(200).must_say("Superseded");
}

#[test]
fn whatever_is_changed_in_the_database_shows() {
    let changes = [
        "update signature set sha256 = '00'",
        "update signature set address = '10.0.0.1'",
        "update signature set created_at = created_at + 1",
        "update signature set title = 'Other terms'",
        "update agreement_version set text = 'Something else'",
    ];
    let world = World::new();
    let agreement = written(&world);
    let (_, _, contract) = joins(&world, &agreement, "Halden");
    let code = signatures(&world, &contract)[0]["id"].as_str().expect("a code").to_owned();
    verify(&world, &code).expect(200).must_say("Valid");
    world.server.database().execute("create table kept_signature as select * from signature");
    for change in changes {
        world.server.database().execute(change);
        let page = verify(&world, &code).expect(200);
        page.must_say("Altered").must_say("Do not rely on it");
        world.server.database().execute("delete from signature");
        world.server.database().execute("insert into signature select * from kept_signature");
        let text = FIRST.replace('\'', "''");
        world.server.database().execute(&format!("update agreement_version set text = '{text}'"));
        verify(&world, &code).expect(200).must_say("Valid");
    }
    world.server.database().execute("drop table kept_signature");
}

#[test]
fn a_document_whose_bytes_are_gone_or_changed_shows() {
    let world = World::new();
    let pdf: &[u8] = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";
    let part = Part::bytes(pdf.to_vec()).file_name("terms.pdf").mime_str("application/pdf").expect("a type");
    let form = [("type", "program"), ("title", "Vendors"), ("description", "D"), ("active", "true")]
        .into_iter()
        .fold(Form::new(), |form, (name, value)| form.text(name, value))
        .part("file", part);
    let agreement = id(&world.api().send(Method::POST, "agreements", |r| r.multipart(form)).expect(201));
    let (_, _, contract) = joins(&world, &agreement, "Halden");
    let one = &signatures(&world, &contract)[0];
    let code = one["id"].as_str().expect("a code");
    assert_eq!(one["sha256"], sha256(pdf));
    verify(&world, code).expect(200).must_say("Valid");
    compare(&world, code, pdf).expect(200).must_say("is the document that was signed");
    let kept = kept_file(world.server.dir());
    std::fs::write(&kept, [pdf, b"x"].concat()).expect("changed");
    verify(&world, code).expect(200).must_say("Altered");
    std::fs::remove_file(&kept).expect("gone");
    verify(&world, code).expect(200).must_say("Altered");
}

/// The one file that the server keeps and that begins as a PDF.
fn kept_file(dir: &std::path::Path) -> std::path::PathBuf {
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder").map(|e| e.expect("an entry").path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else if std::fs::read(&entry).is_ok_and(|bytes| bytes.starts_with(b"%PDF-")) {
                return entry;
            }
        }
    }
    panic!("no PDF is kept")
}

#[test]
fn enrolments_and_approvals_are_signed_and_what_is_accepted_by_itself_is_not() {
    let world = World::new();
    let program = world.agreement("program");
    let by_itself = world.distribution(&program, &world.marketplace("Alps"), true);
    let asked = world.distribution(&program, &world.marketplace("Nordics"), false);
    let (vendor, accepted) = world.partner(&program, "Maker");
    let maker = vendor.api(&world.server);
    // A program that activates a company is no person; its token is named.
    let scripted = &signatures(&world, &accepted)[0];
    assert_eq!(scripted["consent"], "Given by a call of the API");
    assert!(scripted["signee"]["id"].as_str().expect("an id").starts_with("SU-"));
    let browser = vendor.browser(&world.server);
    let page = browser.open(&format!("/{}/agreements/{asked}/enrol", vendor.id));
    browser.submit(page.form_with("Enrol").check("accept", "yes")).expect(200);
    let crd = maker.get(&format!("agreements/{asked}/contracts")).expect(200).json()[0]["id"].clone();
    let crd = crd.as_str().expect("an id");
    let approver = world.distributor.browser(&world.server);
    let page = approver.open(&format!("/{}/contracts/{crd}/sign", world.distributor.id));
    approver.submit(page.form_with("Approve")).expect(200);
    let found = signatures(&world, crd);
    let acts: Vec<&str> = found.iter().filter_map(|s| s["act"].as_str()).collect();
    assert_eq!(acts, ["approve", "enrol"]);
    assert_eq!(found[0]["company"]["name"], "Northgate");
    // Without a document of its own the description is what was signed; a later change of it alters nothing.
    assert_eq!(found[1]["sha256"], sha256(b"Terms"));
    world.api().put(&format!("agreements/{asked}"), &json!({ "description": "Other terms" })).expect(200);
    verify(&world, found[1]["id"].as_str().expect("a code")).expect(200).must_say("Valid").must_say("Terms");
    let auto = maker.get(&format!("agreements/{by_itself}/contracts")).expect(200).json()[0]["id"].clone();
    let auto = auto.as_str().expect("an id");
    assert!(signatures(&world, auto).is_empty());
    approver.open(&format!("/{}/contracts/{auto}", world.distributor.id)).must_say("Accepted by itself");
    refused(maker.post(&format!("contracts/{auto}/sign"), &json!({})), 403);
}
