//! Documents of agreements that are uploaded: kept as they were sent, read by those who are to sign, and nobody else.

use causeway::kit::Role;
use reqwest::Method;
use reqwest::blocking::multipart::{Form, Part};
use serde_json::{Value, json};

use super::world::{World, id, refused};
use crate::export::opened::exported;
use crate::support::client::Client;
use crate::support::companies::Company;
use crate::support::page::Page;

/// The start and the end of a document; what is between them is nobody's business here.
const PDF: &[u8] = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";

fn file(bytes: &[u8]) -> Part {
    Part::bytes(bytes.to_vec()).file_name("C:\\Legal\\Terms 2027.pdf").mime_str("application/pdf").expect("a type")
}

/// Sends a document with the other words as parts of their own.
fn send(world: &World, path: &str, words: &[(&str, &str)], bytes: &[u8]) -> Page {
    let form = words.iter().fold(Form::new(), |form, (name, value)| form.text((*name).to_owned(), (*value).to_owned()));
    let form = form.part("file", file(bytes));
    world.api().send(Method::POST, path, |r| r.multipart(form))
}

/// A program agreement whose first version is a document, and is active.
fn with_document(world: &World) -> String {
    let words = [("type", "program"), ("title", "Vendors"), ("description", "How we work"), ("active", "true")];
    id(&send(world, "agreements", &words, PDF).expect(201))
}

fn kept(world: &World) -> i64 {
    world.server.database().number("select count(*) as n from file where dropped_at is null")
}

#[track_caller]
fn is_shown(page: &Page) {
    page.must_say("Terms 2027.pdf").must_say("SHA-256");
    assert!(page.has("figure.paper iframe[title]"), "no document in {}", page.body());
}

/// Fetches what the frame of a page shows.
#[track_caller]
fn framed(client: &Client, page: &Page) -> Page {
    client.get(&page.attribute("figure.paper iframe", "src").expect("a frame")).expect(200)
}

#[test]
fn a_document_is_kept_as_it_was_sent_and_read_by_the_parties_alone() {
    let world = World::new();
    let agreement = with_document(&world);
    let path = format!("agreements/{agreement}/document");
    let found = world.api().get(&path).expect(200);
    assert_eq!((found.header("content-type"), found.bytes.as_slice()), ("application/pdf", PDF));
    assert_eq!(found.header("content-disposition"), "inline; filename=\"Terms 2027.pdf\"");
    let (partner, _) = world.partner(&agreement, "Halden");
    assert_eq!(partner.api(&world.server).get(&path).expect(200).bytes, PDF);
    let stranger = Company::new(&world.server, "Elsewhere", Role::Vendor);
    stranger.api(&world.server).get(&path).expect(404);
    let version = format!("/agreements/{agreement}/versions/1");
    let client = world.distributor.browser(&world.server);
    let page = client.open(&format!("/{}{version}", world.distributor.id));
    is_shown(&page);
    let shown = framed(&client, &page);
    assert_eq!(shown.bytes, PDF);
    assert_eq!(shown.header("x-frame-options"), "SAMEORIGIN");
    assert!(shown.header("content-security-policy").contains("frame-ancestors 'self'"));
    let there = format!("/{}{version}/document", world.distributor.id);
    stranger.browser(&world.server).get(&there).expect(404);
    world.server.visitor().get(&there).expect(303);
    let none = json!({ "document_type": "text", "text": "# Terms" });
    world.api().post(&format!("agreements/{agreement}/versions"), &none).expect(201);
    client.get(&format!("/{}/agreements/{agreement}/versions/2/document", world.distributor.id)).expect(404);
}

#[test]
fn whoever_is_to_sign_reads_the_document_first() {
    let world = World::new();
    let agreement = with_document(&world);
    let offered = world.offered(&agreement, "Halden");
    let guest = Client::new(world.server.base());
    let page = guest.open(offered["activation"]["link"].as_str().expect("a link"));
    is_shown(&page);
    let source = page.attribute("figure.paper iframe", "src").expect("a frame");
    assert_eq!(guest.get(&source).expect(200).bytes, PDF);
    guest.get("/contracts/activate/document?secret=wrong").expect(404);
    world.api().delete(&format!("contracts/{}", offered["id"].as_str().expect("an id"))).expect(204);
    guest.get(&source).expect(404);

    // A partner reads a new version before it accepts it, and a vendor what it enrols in.
    let market = world.marketplace("Nordics");
    let words = [("title", "Nordics"), ("description", "Terms"), ("active", "true"), ("marketplace", &market)];
    let child = id(&send(&world, &format!("agreements/{agreement}/agreements"), &words, PDF).expect(201));
    let (partner, contract) = world.partner(&agreement, "Alpha");
    let client = partner.browser(&world.server);
    let enrol = client.open(&format!("/{}/agreements/{child}/enrol", partner.id));
    is_shown(&enrol);
    assert_eq!(framed(&client, &enrol).bytes, PDF);
    let newer = [PDF, b"newer"].concat();
    send(&world, &format!("agreements/{agreement}/versions"), &[("active", "true")], &newer).expect(201);
    let page = client.open(&format!("/{}/contracts/{contract}/sign", partner.id));
    is_shown(&page);
    assert_eq!(framed(&client, &page).bytes, newer);
}

#[test]
fn what_is_no_document_is_refused_and_not_kept() {
    let world = World::new();
    let agreement = world.agreement("program");
    let versions = format!("agreements/{agreement}/versions");
    let text = [("document_type", "uploaded")];
    assert!(refused(send(&world, &versions, &text, b"<html>"), 400).contains("This file is no PDF"));
    let both = [("document_type", "external"), ("link", "https://terms.example")];
    assert!(refused(send(&world, &versions, &both, PDF), 400).contains("file: "));
    let body = json!({ "document_type": "uploaded" });
    assert!(refused(world.api().post(&versions, &body), 400).contains("file: Choose the PDF"));
    refused(send(&world, &versions, &text, &[PDF, &vec![b' '; 21 << 20]].concat()), 413);
    assert_eq!(kept(&world), 0);
    let client = world.distributor.browser(&world.server);
    let form = client.open(&format!("/{}/agreements/{agreement}/versions/new", world.distributor.id));
    let form = form.form_with("Add version").set("document_type", "uploaded");
    client.post(form.clone()).expect(422).must_say("Choose the PDF that holds the agreement.");
    let wrong = form.clone().attach("file", "a.pdf", "application/pdf", b"no document");
    client.post(wrong).expect(422).must_say("This file is no PDF");
    assert_eq!(kept(&world), 0);
    let page = client.submit(form.attach("file", "a.pdf", "application/pdf", PDF)).expect(200);
    page.must_say("Version 2 was added.");
    assert_eq!(kept(&world), 1);
}

#[test]
fn a_document_goes_with_its_version_and_is_in_the_archive_of_its_account() {
    let world = World::new();
    let agreement = with_document(&world);
    let versions = format!("agreements/{agreement}/versions");
    let second = send(&world, &versions, &[("active", "true")], PDF).expect(201).json();
    assert_eq!((second["version"].clone(), kept(&world)), (json!(2), 2));
    let (partner, _) = world.partner(&agreement, "Halden");
    let path = format!("files/agreements/{agreement}/2/Terms 2027.pdf");
    let archive = exported(&world.server, &world.distributor);
    assert_eq!(archive.bytes(&path), PDF);
    let listed: Vec<Value> = archive.objects("files").into_iter().filter(|f| f["path"] == json!(path)).collect();
    assert_eq!(listed.len(), 1);
    // It is the distributor's file: its partner has signed it, and does not own it.
    assert!(!exported(&world.server, &partner).names().contains(&path.as_str()));
    let before = kept(&world);
    world.api().delete(&format!("{versions}/1")).expect(204);
    assert_eq!(kept(&world), before - 1);
}
