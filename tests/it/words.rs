//! Every word that the program says goes through a text: in the pseudo-locale, where texts come out with accents, nothing
//! is left in plain letters but the data.

mod said;

use std::collections::{BTreeMap, BTreeSet};

use causeway::kit::locale::Reader;
use causeway::kit::{Role, Text};
use causeway::routes;
use causeway::web::endpoint::{Endpoint, Who};
use reqwest::Method;
use serde_json::{Value, json};

use crate::chain::Chain;
use crate::orders::world::{World, text};
use crate::support::client::Client;
use crate::support::companies::{Company, sign_in};
use crate::support::page::Page;
use crate::support::server::Server;
use said::{plain, said};

/// The language of which every text can be told from data.
const PSEUDO: &str = "en-XA";

/// What of the API's answers is data: names and ids that somebody or the program made, never a status or a kind.
const DATA: &[&str] = &[
    "id",
    "name",
    "email",
    "title",
    "external_id",
    "external_uid",
    "verb",
    "mpn",
    "description",
    "body",
    "label",
    "currency",
    "first_name",
    "last_name",
    "address_line1",
    "city",
    "state",
    "country",
];

/// Where names are words of the program: of modules, of countries, of contact tags.
const WORDS: &[&str] = &["permissions", "countries", "tags"];

/// Data that no answer of the API has in these words, and names that are the same in every language: of the program, of
/// a language in itself, of the time zone, of the workbook that was uploaded, of what forms call their files; of records of
/// names and of what providers of single sign-on are asked for.
const NAMES: &[&str] = &[
    "Causeway",
    "English",
    "UTC",
    "usage_file.xlsx",
    "API",
    "icon",
    "thumbnail",
    "file",
    "SQLite",
    "PostgreSQL",
    "TXT",
    "_causeway.fixture.example",
    "fixture.example",
    "https://127.0.0.1",
    "causeway-verification",
    "openid email profile",
];

/// Collects what is data, from the answers of the API.
fn data(chain: &Chain) -> BTreeSet<String> {
    let of_modules = |path: &str| path.starts_with("/modules") || path.ends_with("/permissions");
    let lists = routes::api().into_iter().filter(|e| reads(e) && e.shape.is_some() && !of_modules(e.path));
    let paths: Vec<&str> = lists.map(|e| e.path).filter(|path| !path.contains("{category}")).collect();
    let mut found: BTreeSet<String> = NAMES.iter().map(|name| (*name).to_owned()).collect();
    found.extend(["", "/sign-in", "/sign-in/oidc/callback"].map(|path| format!("{}{path}", chain.server().base())));
    found.extend(causeway::flows::WORK.iter().map(|kind| kind.name.to_owned()));
    found.extend(causeway::kit::currency::CURRENCIES.iter().map(|(code, _)| (*code).to_owned()));
    for company in chain.companies() {
        let api = company.api(chain.server());
        for path in &paths {
            let answer = api.get(chain.fill(path, company.id.as_str()).trim_start_matches('/'));
            collect(&serde_json::from_slice(&answer.bytes).unwrap_or_default(), &mut found);
        }
    }
    found
}

fn collect(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Array(list) => list.iter().for_each(|value| collect(value, found)),
        Value::Object(object) => {
            for (key, value) in object {
                match value {
                    Value::String(text) if DATA.contains(&key.as_str()) => {
                        // Without the marks of Markdown.
                        let lines = text.lines().map(|line| {
                            line.trim_start_matches(['#', '-', ' ']).split_whitespace().collect::<Vec<_>>().join(" ")
                        });
                        found.extend(lines.filter(|line| line.len() > 1));
                    }
                    // Of a parameter somebody's answer is data too.
                    Value::Array(all) if key == "params" => {
                        let answers = all.iter().filter_map(|p| p["value"].as_str());
                        found.extend(answers.filter(|answer| answer.len() > 1).map(str::to_owned));
                        collect(value, found);
                    }
                    _ if WORDS.contains(&key.as_str()) => {}
                    _ => collect(value, found),
                }
            }
        }
        _ => {}
    }
}

fn reads(endpoint: &Endpoint) -> bool {
    endpoint.method.as_str() == "GET"
}

/// What is said in plain letters: each word with the first place where it stands.
struct Findings {
    data: BTreeSet<String>,
    words: BTreeMap<String, String>,
    heard: BTreeSet<String>,
    pages: usize,
}

impl Findings {
    fn new(data: BTreeSet<String>) -> Self {
        Self { data, words: BTreeMap::new(), heard: BTreeSet::new(), pages: 0 }
    }

    fn look_at(&mut self, place: &str, page: &Page) {
        if !page.header("content-type").starts_with("text/html") || page.bytes.is_empty() {
            return;
        }
        self.pages += 1;
        for piece in said(page) {
            self.hear(place, &piece);
        }
    }

    fn hear(&mut self, place: &str, piece: &str) {
        if !self.heard.insert(piece.to_owned()) {
            return;
        }
        for word in plain(piece, &self.data) {
            let piece: String = piece.trim().chars().take(300).collect();
            self.words.entry(word).or_insert_with(|| format!("{place}: {piece:?}"));
        }
    }

    #[track_caller]
    fn none(self, least: usize) {
        let all: Vec<String> = self.words.iter().map(|(word, place)| format!("{word} ({place})")).collect();
        assert!(all.is_empty(), "\n{}\n{} words", all.join("\n"), all.len());
        assert!(self.pages >= least, "only {} pages were read", self.pages);
    }
}

/// The pages that somebody who is signed in can read or send, with the companies that see their objects.
fn pages<'c>(chain: &'c Chain, companies: [&'c Company; 3]) -> Vec<(Endpoint, &'c Company, String)> {
    let asked = |e: &Endpoint| !matches!(e.who, Who::Guest | Who::Anyone) && !e.path.contains("/media/");
    let mut all = vec![];
    for endpoint in routes::pages().into_iter().filter(asked) {
        for company in companies.into_iter().filter(|c| chain.sees(c, endpoint.path)) {
            all.push((endpoint.clone(), company, chain.fill(endpoint.path, company.id.as_str())));
        }
    }
    all
}

/// A reader of the pseudo-locale who belongs to all three companies.
fn reader(chain: &Chain, companies: &[&Company; 3]) -> Client {
    let browser = sign_in(chain.server(), &companies[0].email);
    chain.server().database().execute(&format!("update person set locale = '{PSEUDO}'"));
    browser
}

#[test]
fn no_page_says_a_word_that_is_not_a_text() {
    let chain = Chain::new();
    let companies = chain.companies();
    let mut found = Findings::new(data(&chain));
    let browser = reader(&chain, &companies);
    for (endpoint, company, path) in pages(&chain, companies).iter().filter(|(e, ..)| reads(e)) {
        let page = browser.get(path);
        found.look_at(&format!("{} for {}", endpoint.path, company.name), &page);
    }
    found.none(60);
}

#[test]
fn no_refusal_says_a_word_that_is_not_a_text() {
    let chain = Chain::new();
    let companies = chain.companies();
    let mut found = Findings::new(data(&chain));
    let browser = reader(&chain, &companies);
    for (endpoint, company, path) in pages(&chain, companies) {
        let absent = chain.fill_absent(endpoint.path, company.id.as_str());
        let place = format!("{} {} for {}", endpoint.method, endpoint.path, company.name);
        let method = Method::from_bytes(endpoint.method.as_str().as_bytes()).expect("a method");
        let tries = if reads(&endpoint) { vec![absent] } else { vec![absent, path] };
        for path in tries {
            let page = browser.send(method.clone(), &path, |request| match reads(&endpoint) {
                true => request,
                false => request.form(&[("x", "")]),
            });
            // Where it was done, the next page says so.
            found.look_at(&place, &browser.follow(page));
        }
    }
    found.none(60);
}

#[test]
fn no_page_for_strangers_says_a_word_that_is_not_a_text() {
    let chain = Chain::new();
    let mut found = Findings::new(data(&chain));
    let visitor = chain.server().visitor();
    let open = |e: &Endpoint| matches!(e.who, Who::Anyone | Who::Guest) && !e.path.contains('{');
    for endpoint in routes::pages().into_iter().filter(open) {
        let method = Method::from_bytes(endpoint.method.as_str().as_bytes()).expect("a method");
        let page = visitor.send(method, endpoint.path, |request| {
            let request = request.header("accept-language", PSEUDO);
            if reads(&endpoint) { request } else { request.form(&[("x", "")]) }
        });
        found.look_at(&format!("{} {}", endpoint.method, endpoint.path), &page);
    }
    let nowhere = visitor.send(Method::GET, "/nowhere", |request| request.header("accept-language", PSEUDO));
    found.look_at("/nowhere", &nowhere);
    found.none(8);
}

#[test]
fn what_the_program_keeps_about_an_order_is_said_in_each_readers_language() {
    let world = World::new();
    let asset = world.subscription("u1");
    let typed = text(&world.ask("suspend", &asset).expect(201).json(), "id");
    world.seller().post(&format!("requests/{typed}/fail"), &json!({ "reason": "Sold out for good" })).expect(200);
    world.capabilities(|c| c.subscription.hold = false);
    let failed = text(&world.ask("suspend", &asset).expect(201).json(), "id");
    let mut order = world.order("u2");
    order["status"] = json!("draft");
    order["asset"]["params"] = json!([]);
    let draft = text(&world.buyer().post("requests", &order).expect(201).json(), "id");
    world.buyer().post(&format!("requests/{draft}/validate"), &json!({})).expect(200);

    let browser = sign_in(&world.server, &world.distributor.email);
    let page = |id: &str| browser.open(&format!("/{}/requests/{id}", world.distributor.id));
    let by_itself = "The product does not support requests of the type suspend.";
    let gap = "This field is required.";
    page(&typed).must_say("Sold out for good");
    page(&failed).must_say(by_itself);
    page(&draft).must_say(gap);
    world.server.database().execute(&format!("update person set locale = '{PSEUDO}'"));
    page(&typed).must_say("Sold out for good");
    let accented = |sentence: &str, id: &str| {
        let said = Reader::new(PSEUDO, "UTC", world.server.clock().now()).text(&Text::kept(sentence));
        let page = page(id);
        assert!(!page.says(sentence) && page.says(&said), "{said} is not on the page:\n{}", page.text("main"));
    };
    accented(gap, &draft);
    assert!(!page(&failed).says("does not support"), "{}", page(&failed).text("main"));
    // The API speaks English to everybody, and takes back what it said.
    assert_eq!(text(&world.seen(&world.buyer(), &failed), "reason"), by_itself);
    assert_eq!(text(&world.seen(&world.buyer(), &typed), "reason"), "Sold out for good");
    assert_eq!(text(&world.seen(&world.buyer(), &draft), "asset.params.0.value_error"), gap);
}

#[test]
fn no_mail_says_a_word_that_is_not_a_text() {
    let server = Server::start();
    let (first, second) =
        (Company::new(&server, "Northgate", Role::Distributor), Company::new(&server, "Halden", Role::Vendor));
    server.database().execute(&format!("update person set locale = '{PSEUDO}', proven_at = null"));
    let visitor = server.visitor();
    visitor.submit(visitor.open("/forgotten-password").form_with("Send a link").set("email", &second.email));
    let api = first.api(&server);
    let group = api.get(&format!("accounts/{}/groups", first.id)).expect(200).json()[0]["id"].clone();
    let user = json!({ "email": second.email, "name": second.name, "groups": [{ "id": group }] });
    api.post(&format!("accounts/{}/users", first.id), &user).expect(201);
    let terms =
        json!({ "type": "program", "title": "Terms", "description": "Terms", "document_type": "none", "active": true });
    let agreement = api.post("agreements", &terms).expect(201).json()["id"].clone();
    let offer = json!({ "kind": "production", "activation": { "message": "Welcome", "email": second.email }, "partner": { "name": "Alpina" } });
    let path = format!("agreements/{}/contracts", agreement.as_str().expect("an id"));
    api.post(&path, &offer).expect(201);
    let end = server.clock().now().plus_seconds(30 * 24 * 3600).wire();
    second.api(&server).post("auth/tokens", &json!({ "name": "Nightly", "expiration_date": end })).expect(201);
    server.clock().advance_seconds(20 * 24 * 3600);
    second.api(&server).get("auth/tokens").expect(200);
    server.settle();
    let names = ["Nightly", "Causeway", "Northgate", "Halden", "Alpina", "Terms", "Welcome", second.email.as_str()];
    let mut found = Findings::new(names.iter().map(|name| (*name).to_owned()).collect());
    let mails = server.mail().all_to(&second.email);
    for mail in &mails {
        let lines = mail.text.lines().filter(|line| !line.starts_with("http"));
        for line in std::iter::once(mail.subject.as_str()).chain(lines) {
            found.hear(&mail.subject, line);
        }
    }
    assert_eq!(mails.len(), 4);
    found.none(0);
}
