//! Entries as accounts read them.

use causeway::journal::seal;
use causeway::kit::Role;
use serde_json::{Value, json};

use crate::orders::world::{World, text};
use crate::support::client::Api;
use crate::support::companies::{Company, act};
use crate::support::server::Server;

fn entries(api: &Api, query: &str) -> Vec<Value> {
    api.get(&format!("audit?{query}")).expect(200).json().as_array().expect("a list").clone()
}

/// Gives an account another name, on its page.
fn rename(server: &Server, company: &Company, name: &str) {
    let browser = company.browser(server);
    let form = browser.open(&format!("/{}/account/edit", company.id)).form_with("Save").set("name", name);
    browser.submit(form).expect(200);
}

#[test]
fn an_entry_tells_who_what_when_and_from_where() {
    let server = Server::start();
    let company = Company::new(&server, "Northgate", Role::Distributor);
    rename(&server, &company, "Southgate");
    let browser = company.browser(&server);
    let list = browser.open(&format!("/{}/audit", company.id));
    list.must_say("The account was changed").must_say("Name: Northgate became Southgate.").must_say("127.0.0.1");
    let page = browser.click(&list, "The account was changed").expect(200);
    page.must_say("account.changed").must_say("Northgate").must_say("Southgate").must_say("Address");
    let found = entries(&company.api(&server), "eq(verb,account.changed)");
    assert_eq!(found.len(), 1, "{found:#?}");
    let entry = &found[0];
    assert_eq!((&entry["actor"]["id"], &entry["actor"]["kind"]), (&json!(company.user.as_str()), &json!("person")));
    assert_eq!(entry["origin"]["address"], "127.0.0.1");
    assert!(entry["origin"]["request"].as_str().is_some_and(|number| number.len() == 36), "{entry:#}");
    assert_eq!(entry["changes"], json!([{ "field": "Name", "before": "Northgate", "after": "Southgate" }]));
    assert_eq!(entry["object"], json!({ "id": company.id.as_str(), "kind": "account" }));
    let one = company.api(&server).get(&format!("audit/{}", text(entry, "id"))).expect(200).json();
    assert_eq!(one["verb"], entry["verb"]);
}

#[test]
fn a_program_that_changes_something_is_named_with_its_address() {
    let server = Server::start();
    let company = Company::new(&server, "Northgate", Role::Distributor);
    let api = company.api(&server);
    api.put(&format!("accounts/{}", company.id), &json!({ "name": "Southgate" })).expect(200);
    let entry = entries(&api, "eq(verb,account.changed)").remove(0);
    assert_eq!((&entry["actor"]["kind"], &entry["origin"]["address"]), (&json!("token"), &json!("127.0.0.1")));
    let token = text(&entry, "actor.id");
    assert_eq!(entries(&api, &format!("eq(actor.id,{token})&eq(object.kind,account)")).len(), 1);
}

#[test]
fn partners_read_what_concerns_them_and_not_from_where_it_was_done() {
    let world = World::new();
    let request = text(&world.purchased("c-1"), "id");
    let body = json!({ "email": world.vendor.email });
    world.seller().post(&format!("requests/{request}/assign"), &body).expect(200);
    let of = |api: &Api| entries(api, &format!("eq(object.id,{request})"));
    let verbs = |api: &Api| -> Vec<String> { of(api).iter().map(|e| text(e, "verb")).collect() };
    let (bought, sold) = (verbs(&world.buyer()), verbs(&world.seller()));
    assert!(sold.contains(&"request.assigned".to_owned()), "{sold:?}");
    assert!(!bought.contains(&"request.assigned".to_owned()), "the vendor's own matter is told to others: {bought:?}");
    let theirs = |api: &Api, account: &str| -> Vec<Value> {
        of(api).into_iter().filter(|e| e["account"]["id"] == account).collect()
    };
    let distributor = world.distributor.id.as_str();
    let (own, foreign) = (theirs(&world.buyer(), distributor), theirs(&world.seller(), distributor));
    assert!(!own.is_empty() && own.len() == foreign.len(), "{own:#?} {foreign:#?}");
    assert!(own.iter().all(|e| e["origin"]["address"] == "127.0.0.1"), "{own:#?}");
    assert!(foreign.iter().all(|e| e.get("origin").is_none()), "a partner reads addresses: {foreign:#?}");
    // Who has no part in it reads nothing.
    let stranger = Company::new(&world.server, "Stranger", Role::Vendor);
    assert_eq!(of(&stranger.api(&world.server)), Vec::<Value>::new());
    let entry = text(&own[0], "id");
    assert_eq!(stranger.api(&world.server).get(&format!("audit/{entry}")).status, 404);
    assert_eq!(stranger.browser(&world.server).get(&format!("/{}/audit/{entry}", stranger.id)).status, 404);
}

#[test]
fn what_is_gone_is_still_told() {
    let server = Server::start();
    let company = Company::new(&server, "Northgate", Role::Distributor);
    let api = company.api(&server);
    let hub = json!({ "name": "Shop", "description": "", "instance": { "id": "shop", "type": "API" } });
    let hub = text(&api.post("hubs", &hub).expect(201).json(), "id");
    api.delete(&format!("hubs/{hub}")).expect(204);
    let told = entries(&api, &format!("eq(object.id,{hub})"));
    let verbs: Vec<&Value> = told.iter().map(|e| &e["verb"]).collect();
    assert_eq!(verbs, ["hub.deleted", "hub.registered"], "newest first");
    let page = company.browser(&server).open(&format!("/{}/audit?eq(object.id,{hub})", company.id));
    assert!(!page.has(&format!("a[href='/{}/hubs/{hub}']", company.id)) || page.says("was registered"));
}

#[test]
fn a_list_can_be_filtered_and_taken_away() {
    let server = Server::start();
    let company = Company::new(&server, "Northgate", Role::Distributor);
    rename(&server, &company, "Southgate");
    rename(&server, &company, "=1+1");
    let browser = company.browser(&server);
    let path = format!("/{}/audit", company.id);
    let csv = browser.get(&format!("{path}?eq(verb,account.changed)&_export=csv")).expect(200);
    assert_eq!(csv.body().lines().count(), 3, "{}", csv.body());
    assert!(csv.body().contains("account.changed") && csv.body().contains("127.0.0.1"), "{}", csv.body());
    let book = browser.get(&format!("{path}?eq(object.kind,account)&_export=xlsx")).expect(200);
    assert!(book.bytes.starts_with(b"PK"));
    for (query, rows) in [
        ("eq(object.kind,token)", 1),
        (&format!("eq(actor.id,{})", company.user), 2),
        ("ge(at,2099-01-01)", 0),
        ("eq(verb,account.changed)&lt(at,2099-01-01)", 2),
    ] {
        let page = browser.open(&format!("{path}?{query}"));
        assert_eq!(page.texts(".list-table tbody tr, table.list tbody tr, main table tbody tr").len(), rows, "{query}");
    }
    browser.get(&format!("{path}?eq(nothing,1)")).expect(400);
    // Somebody without the permission is told so.
    let weak = company.api_with(&server, &[]);
    weak.get("audit").expect(403);
}

#[test]
fn what_is_erased_is_found_no_more() {
    let server = Server::start();
    let company = Company::new(&server, "Northgate", Role::Distributor);
    rename(&server, &company, "Southgate");
    let api = company.api(&server);
    let number = server.database().number("select id as n from event where verb = 'account.changed'");
    act(&server, |tx| {
        seal::run(tx)?;
        seal::erase(tx, number)?;
        assert_eq!(seal::verify(tx)?, None);
        Ok(())
    });
    assert_eq!(entries(&api, &format!("eq(actor.id,{})&eq(verb,account.changed)", company.user)).len(), 0);
    let entry = entries(&api, "eq(verb,account.changed)").remove(0);
    assert_eq!((entry["actor"].get("name"), entry.get("origin"), &entry["changes"]), (None, None, &json!([])));
    assert_eq!(server.database().tables_with("Southgate").iter().filter(|table| *table == "event").count(), 0);
}
