//! What all endpoints of the API share: short lists, wrong verbs and paths, values that are emptied, changes at the same
//! time.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::sync::Barrier;

use causeway::kit::Time;
use reqwest::Method;
use serde_json::{Value, json};

use crate::orders::world::{World, account, text};
use crate::support::client::Api;
use crate::support::clock::pass_days;
use crate::support::page::Page;

fn ids(answer: &Page) -> Vec<String> {
    answer.json().as_array().unwrap().iter().map(|one| text(one, "id")).collect()
}

/// A new customer of the distributor.
fn customer(buyer: &Api) -> String {
    let new = json!({ "name": "Spare", "type": "customer", "contact_info": account("Spare", "spare")["contact_info"] });
    text(&buyer.post("tier/accounts", &new).expect(201).json(), "id")
}

#[test]
fn short_lists_are_cut_and_filtered_as_the_others_are() {
    let world = World::new();
    let (buyer, seller) = (world.buyer(), world.seller());
    let asset = world.subscription("c-1");
    let product = world.product.clone();
    for (api, path, other) in [
        (&buyer, "modules".to_owned(), "id"),
        (&buyer, format!("products/{product}/versions/1/items"), "mpn"),
        (&seller, format!("products/{product}/versions/1/items"), "mpn"),
        (&buyer, format!("products/{product}/versions/1/media"), "id"),
        (&buyer, format!("products/{product}/media"), "id"),
        (&buyer, format!("assets/{asset}/requests"), "id"),
    ] {
        let all = api.get(&path).expect(200);
        let total = all.json().as_array().unwrap().len();
        let last = all.json()[total - 1].clone();
        let alone = api.get(&format!("{path}?limit=1&offset={}", total - 1)).expect(200);
        assert_eq!(
            (alone.json(), alone.header("content-range")),
            (json!([last]), &*format!("items {0}-{0}/{total}", total - 1))
        );
        let behind = api.get(&format!("{path}?offset={total}")).expect(200);
        assert_eq!(behind.json(), json!([]), "{path}");
        let one = api.get(&format!("{path}?eq({other},{})&limit=1", text(&last, other))).expect(200);
        assert_eq!((one.json(), one.header("content-range")), (json!([last]), "items 0-0/1"), "{path}");
        let rest = api.get(&format!("{path}?ne({other},{})", text(&last, other))).expect(200);
        assert_eq!(rest.json().as_array().unwrap().len(), total - 1, "{path}");
        let falling = ids(&api.get(&format!("{path}?ordering(-id)")).expect(200));
        assert!(falling.is_sorted_by(|one, other| one > other), "{path}: {falling:?}");
    }
    assert_eq!(ids(&buyer.get("modules?ilike(name,usage)").expect(200)), ["MD-0010"]);
    buyer.get("modules?ordering(nothing)").expect(400);
}

#[test]
fn the_versions_of_a_customer_are_picked() {
    let world = World::new();
    let buyer = world.buyer();
    let path = format!("tier/accounts/{}", customer(&buyer));
    for name in ["First", "Second"] {
        buyer.put(&path, &json!({ "name": name })).expect(200);
    }
    let versions = |query: &str| -> Vec<i64> {
        let answer = buyer.get(&format!("{path}/versions{query}")).expect(200).json();
        answer.as_array().unwrap().iter().map(|v| v["version"].as_i64().unwrap()).collect()
    };
    assert_eq!(versions(""), [3, 2, 1]);
    assert_eq!(versions("?ordering(version)&limit=2"), [1, 2]);
    assert_eq!(versions("?gt(version,1)&offset=1"), [2]);
    assert_eq!(versions("?eq(name,First)"), [2]);
}

#[test]
fn what_is_not_there_is_said_in_json() {
    let world = World::new();
    let buyer = world.buyer();
    let customer = customer(&buyer);
    let contract = text(&buyer.get("contracts").expect(200).json(), "0.id");
    let agreement = text(&buyer.get("agreements").expect(200).json(), "0.id");
    for path in [
        format!("tier/accounts/{customer}/versions/x"),
        format!("contracts/{contract}/versions/99999999999"),
        format!("agreements/{agreement}/versions/-1"),
        format!("agreements/{agreement}/versions/x/document"),
    ] {
        let answer = buyer.get(&path).expect(404);
        assert_eq!(answer.json()["error_code"], "SYS_404", "{path}");
    }
    for (method, path, allow) in [
        (Method::DELETE, "requests", "GET, HEAD, POST"),
        (Method::PATCH, "modules", "GET, HEAD"),
        (Method::DELETE, "usage/records/close-records", "POST"),
    ] {
        let answer = buyer.send(method.clone(), path, |request| request).expect(405);
        assert_eq!(answer.header("allow"), allow, "{path}");
        assert_eq!(answer.header("content-type"), "application/json");
        let body = answer.json();
        assert_eq!(body["error_code"], "SYS_405");
        assert!(text(&body, "errors.0").contains(method.as_str()), "{body}");
    }
}

#[test]
fn null_empties_a_text() {
    let world = World::new();
    let (buyer, seller) = (world.buyer(), world.seller());
    for (api, path, fields) in [
        (&seller, format!("products/{}", world.product), &["short_description", "detailed_description"][..]),
        (&buyer, format!("hubs/{}", world.hub), &["description"]),
        (&buyer, format!("marketplaces/{}", world.marketplace), &["description"]),
    ] {
        for field in fields {
            let full = api.put(&path, &json!({ *field: "Some words" })).expect(200).json();
            assert_eq!(full[*field], "Some words", "{path} {field}");
            let same = api.put(&path, &json!({ "unknown": null })).expect(200).json();
            assert_eq!(same[*field], "Some words", "{path} {field}");
            let empty = api.put(&path, &json!({ *field: null })).expect(200).json();
            assert!(matches!(&empty[*field], Value::String(s) if s.is_empty()), "{path} {field}: {}", empty[*field]);
        }
    }
    // What must not be empty is not passed over in silence.
    let agreement = text(&buyer.get("agreements?eq(type,program)").expect(200).json(), "0.id");
    let refused = buyer.put(&format!("agreements/{agreement}"), &json!({ "description": null })).expect(400).json();
    assert!(text(&refused, "errors.0").starts_with("description: "), "{refused}");
}

/// Two programs change different fields of one object at the same time; none takes back what the other wrote.
fn both_last(api: &Api, path: &str, fields: [&str; 2]) {
    for round in 0..12 {
        let start = Barrier::new(2);
        std::thread::scope(|scope| {
            for field in fields {
                let start = &start;
                scope.spawn(move || {
                    start.wait();
                    api.put(path, &json!({ field: format!("{field} {round}") })).expect(200);
                });
            }
        });
        let now = api.get(path).expect(200).json();
        for field in fields {
            assert_eq!(now[field], format!("{field} {round}"), "{path}");
        }
    }
}

#[test]
fn changes_at_the_same_time_all_last() {
    let world = World::new();
    let buyer = world.buyer();
    both_last(&buyer, &format!("hubs/{}", world.hub), ["name", "description"]);
    both_last(&buyer, &format!("marketplaces/{}", world.marketplace), ["name", "description"]);
    both_last(&buyer, &format!("tier/accounts/{}", customer(&buyer)), ["name", "external_id"]);
}

#[test]
fn a_token_has_an_end_and_a_number_of_its_own() {
    let world = World::new();
    let buyer = world.buyer();
    let refused = |body: &Value| text(&buyer.post("auth/tokens", body).expect(400).json(), "errors.0");
    assert!(refused(&json!({ "name": "Nightly", "expiration_date": "2001-01-01T00:00:00" })).contains("has passed"));
    assert!(refused(&json!({ "name": "Nightly", "expiration_date": "soon" })).contains("soon"));
    let body = json!({ "name": "Nightly", "external_id": "job-7", "expiration_date": "2199-01-31T10:00:00+00:00" });
    let made = buyer.post("auth/tokens", &body).expect(201).json();
    assert_eq!(
        (made["external_id"].as_str(), made["expiration_date"].as_str()),
        (Some("job-7"), Some("2199-01-31T10:00:00+00:00"))
    );
    let path = format!("auth/tokens/{}", text(&made, "id"));
    let shown = buyer.get(&path).expect(200).json();
    assert_eq!((&shown["external_id"], &shown["expiration_date"]), (&made["external_id"], &made["expiration_date"]));

    let soon = text(&made, "events.created.at");
    buyer.put(&path, &json!({ "expiration_date": soon })).expect(400);
    let changed =
        buyer.put(&path, &json!({ "name": "Weekly", "external_id": null, "expiration_date": null })).expect(200).json();
    assert_eq!((text(&changed, "name"), text(&changed, "external_id")), ("Weekly".to_owned(), String::new()));
    assert!(changed["expiration_date"].is_null() && changed.get("token").is_none(), "{changed:#}");
    let tomorrow = Time(world.server.clock().now().0 + 86_400_000_000).wire();
    buyer.put(&path, &json!({ "expiration_date": tomorrow })).expect(200);
    let nightly = world.server.api(&format!("ApiKey {}:{}", text(&made, "id"), text(&made, "token")));
    nightly.get("auth/context").expect(200);
    pass_days(world.server.clock(), 2);
    nightly.get("auth/context").expect(401);
    assert_eq!(buyer.get(&path).expect(200).json()["status"], "expired");
}

#[test]
fn filters_that_clients_send_pick_what_they_say() {
    let world = World::new();
    let (buyer, seller) = (world.buyer(), world.seller());
    for module in buyer.get("modules").expect(200).json().as_array().unwrap() {
        let body = json!({ "name": "One", "permissions": [{ "object": { "id": module["id"] } }] });
        let made = buyer.post("auth/tokens", &body).expect(201).json();
        for property in ["permissions.id", "permissions.object.id"] {
            let query = format!("auth/tokens?eq({property},{})&eq(name,One)", text(module, "id"));
            assert_eq!(ids(&buyer.get(&query).expect(200)), [text(&made, "id")], "{query}");
        }
    }
    for word in ["pending", "expiring", "revitalised"] {
        assert_eq!(buyer.get(&format!("auth/tokens?eq(status,{word})")).expect(200).json(), json!([]));
    }
    let custom = buyer.get("auth/tokens?eq(extension.name,Custom)&eq(extension.id,EXT-000)").expect(200).json();
    assert_eq!(custom.as_array().map(Vec::len), buyer.get("auth/tokens").json().as_array().map(Vec::len));
    let order = text(&world.purchased("c-1"), "id");
    for sort in ["sli.days", "-sli.zone"] {
        assert_eq!(ids(&seller.get(&format!("requests?ordering({sort})")).expect(200)), std::slice::from_ref(&order));
    }
    assert_eq!(ids(&seller.get("requests?eq(sli.zone,0)&le(sli.days,0)").expect(200)), [order]);
    assert_eq!(seller.get("requests?gt(sli.days,3)").expect(200).json(), json!([]));
    assert_eq!(ids(&seller.get("accounts?eq(type,Vendor)").expect(200)), [world.vendor.id.to_string()]);
    assert_eq!(seller.get("accounts?eq(type,Provider)").expect(200).json(), json!([]));
    assert_eq!(ids(&buyer.get("accounts?in(type,(Provider))").expect(200)), [world.distributor.id.to_string()]);
    let market = format!("marketplaces/{}", world.marketplace);
    buyer.put(&market, &json!({ "countries": [{ "id": "DE" }, { "id": "AT" }] })).expect(200);
    for (query, found) in [
        ("eq(countries.id,AT)", 1),
        ("in(countries.id,(FR,DE))", 1),
        ("eq(countries.id,FR)", 0),
        ("ilike(countries.id,d*)", 1),
        ("ne(countries.id,DE)", 0),
    ] {
        assert_eq!(ids(&buyer.get(&format!("marketplaces?{query}")).expect(200)).len(), found, "{query}");
    }
}

#[test]
fn saving_without_a_change_writes_nothing() {
    let world = World::new();
    let seller = world.seller();
    let product = format!("products/{}", world.product);
    let entries = || world.server.database().number("select count(*) as n from event");
    for part in ["parameters", "templates", "items"] {
        let before = seller.get(&format!("{product}/{part}")).expect(200).json();
        pass_days(world.server.clock(), 1);
        let written = entries();
        for one in before.as_array().unwrap() {
            let path = format!("{product}/{part}/{}", text(one, "id"));
            seller.put(&path, one).expect(200);
            seller.put(&path, &json!({})).expect(200);
        }
        assert_eq!(seller.get(&format!("{product}/{part}")).expect(200).json(), before, "{part}");
        assert_eq!(entries(), written, "{part}");
    }
}

#[test]
fn short_lists_that_clients_ask_for_are_there() {
    let world = World::new();
    let buyer = world.buyer();
    assert_eq!(buyer.get("countries?eq(id,NL)").expect(200).json(), json!([{ "id": "NL", "name": "Netherlands" }]));
    let none = buyer.get("conversations?instance_id=PR-1234-5678-9012-001").expect(200);
    assert_eq!((none.json(), none.header("content-range")), (json!([]), "items 0-0/0"));
    for part in ["parameters", "templates"] {
        let master = format!("products/{}/{part}", world.product);
        let version = format!("products/{}/versions/1/{part}", world.product);
        let id = text(&world.seller().get(&master).expect(200).json(), "0.id");
        let shown = world.seller().get(&format!("{version}/{id}")).expect(200).json();
        assert_eq!(shown, world.seller().get(&format!("{master}/{id}")).expect(200).json());
        buyer.get(&format!("products/{}/versions/9/{part}/{id}", world.product)).expect(404);
    }
}

#[test]
fn a_body_that_breaks_off_is_not_too_large() {
    let world = World::new();
    let base = reqwest::Url::parse(world.server.base()).unwrap();
    let answered = |head: &str, body: &str| {
        let mut stream = TcpStream::connect((base.host_str().unwrap(), base.port().unwrap())).unwrap();
        let (host, key) = (base.authority(), &world.distributor.key);
        write!(
            stream,
            "POST /public/v1/requests HTTP/1.1\r\nHost: {host}\r\nAuthorization: {key}\r\nConnection: close\r\n{head}\r\n\r\n{body}"
        )
        .unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        // The server may cut the line once it has answered.
        let mut answer = vec![];
        drop(stream.read_to_end(&mut answer));
        String::from_utf8(answer).unwrap()
    };
    let broken = answered("Content-Length: 10", "{");
    assert!(broken.starts_with("HTTP/1.1 400"), "{broken}");
    let large = answered(&format!("Content-Length: {}", causeway::rest::MAX_BODY + 1), "");
    assert!(large.starts_with("HTTP/1.1 413") && large.contains("too large"), "{large}");
}
