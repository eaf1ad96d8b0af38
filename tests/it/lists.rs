//! Every list of the portal and of the API: few statements however many rows, and a state of its own when it cannot be read.

use causeway::kit::Role;
use causeway::rest::openapi::Reply;
use causeway::routes;
use causeway::web::endpoint::{Endpoint, Who};
use reqwest::Method;
use serde_json::json;

use crate::chain::Chain;
use crate::partners::world::id;
use crate::products::world::{PNG, seat, with_file};
use crate::support::client::Api;
use crate::support::companies::{Company, sign_in};
use crate::support::page::Page;
use crate::support::server::Server;

/// The most statements that a list may take, session and actor included.
const MOST: u32 = 8;
/// More rows than there may be statements, so that a statement for each row is seen.
const ROWS: usize = 10;

/// How many statements an answer took.
fn statements(page: &Page) -> u32 {
    let timing = page.header("server-timing");
    let digits: String = timing.chars().filter(char::is_ascii_digit).collect();
    digits.parse().unwrap_or_else(|_| panic!("Server-Timing: {timing:?}"))
}

/// A chain of companies with more of everything that there can be more of.
fn busy() -> Chain {
    let chain = Chain::new();
    let [distributor, vendor, _] = chain.companies();
    let (buyer, seller) = (distributor.api(chain.server()), vendor.api(chain.server()));
    let product = chain.id("product");
    let made = |api: &Api, path: &str, body: serde_json::Value| drop(api.post(path, &body).expect(201));
    for n in 0..ROWS {
        chain.order(&format!("more-{n}"));
        let hub = json!({ "name": format!("Hub {n}"), "description": "", "instance": { "id": format!("more-{n}"), "type": "API" } });
        made(&buyer, "hubs", hub);
        let market = json!({ "name": format!("Market {n}"), "currency": "EUR", "countries": [{ "id": "DE" }] });
        made(&buyer, "marketplaces", market);
        let agreement = json!({ "type": "program", "title": format!("Program {n}"), "description": "Terms", "document_type": "none", "active": true });
        made(&buyer, "agreements", agreement);
        let offer = json!({ "kind": "production", "activation": { "message": "Welcome" }, "partner": { "name": format!("Maker {n}") } });
        made(&buyer, &format!("agreements/{}/contracts", chain.id("agreement")), offer);
        made(&seller, "products", json!({ "name": format!("Product {n}") }));
        made(&buyer, "auth/tokens", json!({ "name": format!("Robot {n}") }));
        for list in ["users", "tokens"] {
            made(&buyer, &format!("acl/{list}/rules"), json!({ "value": format!("192.0.2.{n}") }));
        }
        let group = chain.id("group");
        made(&buyer, &format!("accounts/{}/groups", distributor.id), json!({ "name": format!("Group {n}") }));
        let user = json!({ "email": format!("more-{n}@example.com"), "name": format!("More {n}"), "groups": [{ "id": group }] });
        made(&buyer, &format!("accounts/{}/users", distributor.id), user);
        let item = seat(&format!("MORE-{n}"), &format!("More {n}"));
        made(&seller, &format!("products/{product}/items"), item);
        let template = json!({ "name": format!("More {n}"), "title": format!("More {n}"), "body": "Text", "scope": "asset", "type": "fulfillment" });
        made(&seller, &format!("products/{product}/templates"), template);
        let file = json!({ "name": format!("File {n}"), "product": { "id": product }, "contract": { "id": chain.id("distribution") },
                           "period": { "from": "2026-03-01", "to": "2026-03-31" } });
        made(&seller, "usage/files", file);
    }
    succeeded(&seller, product);
    chain
}

/// Publishes what was added to a product, then ends its sale and that of an item, each in favour of another: what is
/// replaced takes one more statement to show.
fn succeeded(seller: &Api, product: &str) {
    let save = |product: &str| {
        let body = json!({ "changes_description": "More", "public": true });
        seller.post(&format!("products/{product}/versions"), &body).expect(201);
    };
    save(product);
    let end = |path: &str, by: &str| {
        seller.post(&format!("{path}/endsale"), &json!({ "replacement": { "id": by } })).expect(200);
    };
    end(&format!("products/{product}/items/{product}-0001"), &format!("{product}-0002"));
    let successor = id(&seller.post("products", &json!({ "name": "Successor" })).expect(201));
    let general =
        json!({ "category": { "id": "CAT-59128" }, "short_description": "Short", "detailed_description": "Long" });
    seller.put(&format!("products/{successor}"), &general).expect(200);
    let picture = with_file(&json!({ "position": "1", "type": "image" }), "thumbnail", PNG);
    seller.send(Method::POST, &format!("products/{successor}/media"), |r| r.multipart(picture)).expect(201);
    seller.post(&format!("products/{successor}/items"), &seat("SEAT", "Seats")).expect(201);
    save(&successor);
    end(&format!("products/{product}"), &successor);
}

fn lists(endpoint: &Endpoint) -> bool {
    matches!(endpoint.shape.as_ref().map(|shape| &shape.gives), Some(Reply::List(_)))
        && endpoint.method.as_str() == "GET"
}

#[test]
fn no_list_takes_more_statements_for_more_rows() {
    let chain = busy();
    let mut found = vec![];
    let (mut tried, mut long) = (0, 0);
    for company in chain.companies() {
        let api = company.api(chain.server());
        for endpoint in routes::api().iter().filter(|e| lists(e) && chain.sees(company, e.path)) {
            let path = chain.fill(endpoint.path, company.id.as_str());
            let answer = api.get(path.trim_start_matches('/'));
            if answer.status != 200 {
                continue;
            }
            tried += 1;
            long += usize::from(answer.json().as_array().is_some_and(|rows| rows.len() >= ROWS));
            if statements(&answer) > MOST {
                found.push(format!("{}: GET {} takes {} statements", company.name, endpoint.path, statements(&answer)));
            }
        }
    }
    let browser = sign_in(chain.server(), &chain.companies()[0].email);
    for company in chain.companies() {
        for endpoint in routes::pages() {
            let member = !matches!(endpoint.who, Who::Anyone | Who::Guest | Who::Person);
            if endpoint.method.as_str() != "GET" || !member || !chain.sees(company, endpoint.path) {
                continue;
            }
            let page = browser.get(&chain.fill(endpoint.path, company.id.as_str()));
            let listed = page.status == 200 && page.header("content-type").starts_with("text/html") && page.has(LIST);
            if !listed {
                continue;
            }
            tried += 1;
            long += usize::from(page.texts("table tbody tr").len() >= ROWS);
            if statements(&page) > MOST {
                found.push(format!("{}: page {} takes {} statements", company.name, endpoint.path, statements(&page)));
            }
        }
    }
    assert!(tried >= 60, "only {tried} lists were found");
    assert!(long >= 20, "only {long} lists have {ROWS} rows");
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

/// What a list has on a page, besides small tables.
const LIST: &str = ".list-tools";

#[test]
fn a_list_that_cannot_be_read_says_so_and_keeps_its_page() {
    let mut server = Server::start();
    server.expect_faults();
    let company = Company::new(&server, "Northgate", Role::Distributor);
    let browser = company.browser(&server);
    let path = format!("/{}/agreements", company.id);
    browser.open(&path).must_say("No agreements yet");
    browser.open(&format!("{path}?like(title,*none*)")).must_say("Nothing matches");
    server.database().execute("alter table agreement rename to gone");
    let page = browser.get(&path).expect(500);
    page.must_say("The list could not be loaded").must_say("Try again").must_say("Contracts");
    assert!(!page.says("No agreements yet"), "an empty list and an unread one are two things");
    server.database().execute("alter table gone rename to agreement");
    browser.open(&path).must_say("No agreements yet");
}
