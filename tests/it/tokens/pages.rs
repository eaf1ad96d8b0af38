//! Tokens in the portal: the wizard, the key that is shown once, editing.

use causeway::kit::{Level, Module, Role};
use serde_json::json;

use crate::support::client::Client;
use crate::support::clock::pass_days;
use crate::support::companies::Company;
use crate::support::page::Page;
use crate::support::server::Server;

fn start() -> (Server, Company, Client) {
    let server = Server::start();
    let company = Company::new(&server, "Northgate", Role::Distributor);
    let client = company.browser(&server);
    (server, company, client)
}

/// Walks the wizard up to its last page; `permit` fills in the step of the permissions, `end` that of the expiry.
fn walk(client: &Client, company: &Company, name: &str, permit: &[(&str, &str)], end: &[(&str, &str)]) -> Page {
    let page = client.open(&format!("/{}/tokens/new", company.id));
    let page = client.submit(page.form_with("Continue").set("name", name).set("description", "For orders")).expect(200);
    let fill = |page: &Page, fields: &[(&str, &str)]| {
        fields.iter().fold(page.form_with("Continue"), |form, (field, value)| form.set(field, value))
    };
    let page = client.submit(fill(&page, permit)).expect(200);
    client.submit(fill(&page, end))
}

fn key(page: &Page) -> String {
    page.attribute("button[data-copy^=ApiKey]", "data-copy").expect("the key")
}

/// The path of the page of the token that a page with a key is about.
fn path_of(company: &Company, key: &str) -> String {
    format!("/{}/tokens/{}", company.id, key.trim_start_matches("ApiKey ").split(':').next().unwrap())
}

#[test]
fn the_wizard_makes_a_token_and_shows_its_key_once() {
    let (server, company, client) = start();
    let checked = walk(
        &client,
        &company,
        "Orders",
        &[("level.marketplaces", "read"), ("level.subscriptions", "act")],
        &[("term", "90")],
    );
    checked.must_say("Check your answers").must_say("Do the daily work").must_say("31 May 2026");
    let form = checked.form_with("Create token");
    let made = client.post(form).expect(200);
    made.must_say("kept nowhere");
    let key = key(&made);
    server.api(&key).get("hubs").expect(200);
    server.api(&key).post("hubs", &json!({ "name": "H" })).expect(403);
    server.api(&key).get("usage/files").expect(403);
    // The form once more makes no second token and shows no key.
    let again = client.submit(checked.form_with("Create token")).expect(200);
    again.must_say("its key was shown then").must_say("Orders");
    assert_eq!(again.url.path(), path_of(&company, &key));
    let secret = key.split(':').next_back().unwrap();
    assert!(!again.body().contains(secret));
    let api = company.api(&server);
    let made = api.get("auth/tokens?eq(name,Orders)").expect(200).json();
    assert_eq!((made.as_array().unwrap().len(), &made[0]["description"]), (1, &json!("For orders")));
    assert_eq!(server.database().tables_with(secret), Vec::<String>::new());
}

#[test]
fn the_wizard_keeps_what_was_typed_and_leads_to_what_is_wrong() {
    let (server, company, client) = start();
    let page = client.open(&format!("/{}/tokens/new", company.id));
    let page = client.submit(page.form_with("Continue").set("description", "Without a name")).expect(422);
    page.must_say("This field is required");
    assert_eq!(page.form_with("Continue").value("description"), Some("Without a name"));
    for (end, said) in
        [(&[("term", "own")][..], "Choose the last day"), (&[("term", "own"), ("until", "2020-01-01")], "has passed")]
    {
        walk(&client, &company, "Late", &[], end).expect(422).must_say(said);
    }
    let checked = walk(&client, &company, "All", &[("scope", "all")], &[("term", "own"), ("until", "2026-12-31")]);
    let made = client.post(checked.form_with("Create token")).expect(200);
    let token = company.api(&server).get("auth/tokens?eq(name,All)").expect(200).json();
    assert_eq!(token[0]["expiration_date"], "2026-12-31T23:59:59+00:00");
    assert_eq!(token[0]["permissions"].as_array().unwrap().len(), Module::ALL.len());
    client.open(&path_of(&company, &key(&made))).must_say("All").must_say("Manage");
    // Whoever writes the address by hand gives no more than they hold.
    let clerk = company.colleague(&server, "Clerk", &[(Module::Integrations, Level::Manage)]).browser;
    let wished = format!("/{}/tokens/new?step=4&name=X&term=90&scope=some&level.usage=manage", company.id);
    clerk.get(&wished).expect(422).must_say("you do not hold it yourself");
    clerk.get(&format!("/{}/tokens/new?step=2&name=X", company.id)).expect(200).must_say("Integrations");
}

#[test]
fn a_token_is_edited_permitted_renewed_and_rotated_on_its_pages() {
    let (server, company, client) = start();
    let made = walk(&client, &company, "Orders", &[("level.marketplaces", "read")], &[("term", "30")]);
    let old = key(&client.post(made.form_with("Create token")).expect(200));
    let here = path_of(&company, &old);
    let edit = client.click(&client.open(&here), "Edit");
    let form = edit.form_with("Save").set("name", "Orders and more").set("external_id", "job-7");
    let late = client.open(edit.url.path()).form_with("Save").set("name", "Late");
    client.submit(form).expect(200).must_say("The token was saved.").must_say("job-7").must_say("Orders and more");
    client.post(late).expect(422).must_say("Somebody changed");
    // Its end kept the hour that it had.
    let end = server.clock().now().plus_seconds(30 * 24 * 3600).wire();
    let token = company.api(&server).get("auth/tokens?eq(external_id,job-7)").expect(200).json();
    assert_eq!(token[0]["expiration_date"].as_str().unwrap()[..13], end[..13]);

    server.api(&old).get("usage/files").expect(403);
    let page = client.open(&format!("{here}/permissions"));
    let form = page.form_with("Save").set("level.usage", "read").set("level.marketplaces", "none");
    client.submit(form).expect(200).must_say("What the token may do was saved.");
    server.api(&old).get("usage/files").expect(200);
    server.api(&old).get("hubs").expect(403);

    pass_days(server.clock(), 20);
    let client = company.browser(&server);
    client.open(&here).must_say("This token ends soon");
    let page = client.click(&client.open(&here), "Renew…");
    let answer = client.post(page.form_with("Renew").set("term", "365")).expect(200);
    let new = key(&answer);
    client.open(&here).must_say("Two keys work now").must_say("Renewed");
    for key in [&old, &new] {
        server.api(key).get("auth/context").expect(200);
    }
    client.submit(page.form_with("Renew").set("term", "365")).expect(200).must_say("its key was shown then");
    let page = client.click(&client.open(&here), "Rotate…");
    let last = key(&client.post(page.form_with("Rotate").set("term", "none")).expect(200));
    for (key, status) in [(&old, 401), (&new, 401), (&last, 200)] {
        server.api(key).get("auth/context").expect(status);
    }
    // Without an end there is nothing to renew, and the page says what to do.
    client.open(&format!("{here}/renew")).must_say("has no end");
    let story = client.open(&here);
    story.must_say("got a new key").must_say("What token Orders and more may do was changed");
}

#[test]
fn a_token_whose_maker_has_left_works_on_and_says_who_answers_for_it() {
    let (server, company, client) = start();
    let maker = company.colleague(&server, "Maria", &[(Module::Integrations, Level::Manage)]);
    let made = walk(&maker.browser, &company, "Marias", &[("level.integrations", "read")], &[("term", "none")]);
    let key = key(&maker.browser.post(made.form_with("Create token")).expect(200));
    let here = path_of(&company, &key);
    assert!(!client.open(&here).says("no longer works here"));
    company.api(&server).delete(&format!("accounts/{}/users/{}", company.id, maker.user)).expect(204);
    let page = client.open(&here);
    page.must_say("Maria no longer works here").must_say("keeps working").must_say("Northgate");
    server.api(&key).get("auth/context").expect(200);
}

#[test]
fn the_list_of_tokens_tells_apart_what_time_has_changed() {
    let (server, company, _) = start();
    for (name, days) in [("Old", 20), ("Young", 200)] {
        let end = server.clock().now().plus_seconds(days * 24 * 3600).wire();
        company.api(&server).post("auth/tokens", &json!({ "name": name, "expiration_date": end })).expect(201);
    }
    pass_days(server.clock(), 10);
    let names = |status: &str| {
        let page = company.browser(&server).open(&format!("/{}/tokens?eq(status,{status})", company.id));
        (page.says("Old"), page.says("Young"))
    };
    assert_eq!((names("expiring"), names("expired")), ((true, false), (false, false)));
    pass_days(server.clock(), 11);
    assert_eq!((names("expiring"), names("expired"), names("active")), ((false, false), (true, false), (false, true)));
}
