//! Companies below a company, and closing accounts.

use causeway::flows::accounts::actions;
use causeway::kit::{AccountId, Level, Module, Role};
use reqwest::Method;
use serde_json::json;

use crate::partners::world::World;
use crate::support::client::Client;
use crate::support::companies::{Company, PASSWORD, act, key, sign_in};
use crate::support::page::Page;
use crate::support::server::Server;

fn opened(server: &Server, company: &Company, name: &str) -> (Client, AccountId) {
    let client = company.browser(server);
    let form = client.open(&format!("/{}/sub-accounts/new", company.id)).form_with("Open sub-account");
    let page = client.submit(form.set("name", name)).expect(200);
    page.must_say(&format!("The sub-account {name} was opened."));
    let id = page.url.path().rsplit('/').next().and_then(AccountId::parse).expect("the id of the sub-account");
    (client, id)
}

fn change(client: &Client, company: &Company, sub: &AccountId, verb: &str, button: &str) -> Page {
    let form = client.open(&format!("/{}/sub-accounts/{sub}/{verb}", company.id)).form_with(button);
    client.submit(form.set("reason", "Moving house")).expect(200)
}

#[test]
fn a_sub_account_is_a_company_of_its_own() {
    let server = Server::start();
    let company = Company::new(&server, "Alpha", Role::Vendor);
    let other = Company::new(&server, "Beta", Role::Vendor);
    let (client, sub) = opened(&server, &company, "Alpha Lab");
    client.open(&format!("/{sub}")).expect(200);
    client.open(&format!("/{sub}/account")).must_say("Sub-account of").must_say("Alpha");
    // From above there is its master data alone; its token sees nothing of what is above.
    let api = company.api(&server);
    let names = |page: Page| {
        page.json()
            .as_array()
            .expect("a list")
            .iter()
            .map(|a| a["name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(names(api.get("accounts").expect(200)), ["Alpha", "Alpha Lab"]);
    assert_eq!(names(api.get("accounts?eq(name,Alpha Lab)").expect(200)), ["Alpha Lab"]);
    assert_eq!(api.get(&format!("accounts/{sub}")).expect(200).json()["role"], "vendor");
    api.put(&format!("accounts/{sub}"), &json!({ "name": "Taken over" })).expect(404);
    api.get(&format!("accounts/{sub}/users")).expect(404);
    let below = server.api(&key(&server, &sub, "Alpha Lab", Role::Vendor, &causeway::kit::Permissions::all()));
    assert_eq!(names(below.get("accounts").expect(200)), ["Alpha Lab"]);
    below.get(&format!("accounts/{}", company.id)).expect(404);
    below.post("auth/tokens", &json!({ "name": "Secret" })).expect(201);
    assert!(!api.get("auth/tokens").expect(200).body().contains("Secret"), "what is inside stays inside");
    // Nobody else sees or touches it.
    other.api(&server).get(&format!("accounts/{sub}")).expect(404);
    other.browser(&server).get(&format!("/{}/sub-accounts/{sub}", other.id)).expect(404);
    other.browser(&server).get(&format!("/{}/sub-accounts/{sub}/close", other.id)).expect(404);
    // There is one level.
    let form = client.open(&format!("/{sub}/sub-accounts/new")).form_with("Open sub-account");
    client.post(form.set("name", "Deeper")).expect(422).must_say("cannot have sub-accounts of its own");
    let form = client.open(&format!("/{}/sub-accounts/new", company.id)).form_with("Open sub-account");
    client
        .post(form.clone().set("name", "alpha lab"))
        .expect(422)
        .must_say("You have a sub-account of this name already");
    let nobody = form.set("name", "Empty").uncheck("myself", "yes");
    client.post(nobody).expect(422).must_say("Somebody must administer the sub-account");
}

#[test]
fn whoever_is_invited_to_administer_it_comes_in_by_the_mail() {
    let server = Server::start();
    let company = Company::new(&server, "Alpha", Role::Reseller);
    let client = company.browser(&server);
    let form = client.open(&format!("/{}/sub-accounts/new", company.id)).form_with("Open sub-account");
    let form = form.set("name", "Branch").uncheck("myself", "yes");
    client.post(form.clone().set("email", "no address")).expect(422).must_say("is not an e-mail address");
    let page = client.submit(form.set("email", "cy@branch.example").set("person", "Cy")).expect(200);
    let sub = page.url.path().rsplit('/').next().expect("an id").to_owned();
    client.get(&format!("/{sub}")).expect(404);
    server.settle();
    let mail = server.mail().next_to("cy@branch.example");
    assert!(mail.text.contains("Alpha opened the account Branch"), "{}", mail.text);
    let cy = server.visitor();
    let form = cy.open(&mail.link_with("/set-password")).form_with("Set password");
    let home = cy.submit(form.set("password", PASSWORD).set("again", PASSWORD)).expect(200);
    assert_eq!(home.url.path(), format!("/{sub}"));
    cy.open(&format!("/{sub}/users")).must_say("cy@branch.example");
    cy.get(&format!("/{}", company.id)).expect(404);
}

#[test]
fn a_closed_sub_account_lets_nobody_act_at_once_and_can_be_opened_again() {
    let world = World::new();
    let program = world.agreement("program");
    let (vendor, _) = world.partner(&program, "Halden");
    let server = &world.server;
    let person = sign_in(server, &vendor.email);
    let (_, sub) = opened(server, &vendor, "Halden Lab");
    let token = server.api(&key(server, &sub, "Halden Lab", Role::Vendor, &causeway::kit::Permissions::all()));
    token.get("accounts").expect(200);
    person.get(&format!("/{sub}/users")).expect(200);
    let client = vendor.browser(server);
    let form = client.open(&format!("/{}/sub-accounts/{sub}/close", vendor.id)).form_with("Close sub-account");
    client.post(form).expect(422).must_say("This field is required.");
    let closed = change(&client, &vendor, &sub, "close", "Close sub-account");
    closed.must_say("Closed").must_say("Moving house").must_say("nobody can work in it");
    // Sessions and tokens that were open a moment ago.
    person.get(&format!("/{sub}/users")).expect(404);
    token.get("accounts").expect(401);
    assert!(!person.open(&format!("/{}", vendor.id)).says("Halden Lab"), "the menu leads nowhere");
    let again = client.open(&format!("/{}/sub-accounts/{sub}/close", vendor.id)).form_with("Close sub-account");
    client.post(again.set("reason", "Once more")).expect(422).must_say("is closed already");
    // Only those who manage the account do this.
    let reader = vendor.api_with(server, &[(Module::Account, Level::Read)]);
    assert_eq!(reader.get(&format!("accounts/{sub}")).expect(200).json()["status"], "inactive");
    change(&client, &vendor, &sub, "open", "Open sub-account again").must_say("The sub-account was opened again.");
    person.get(&format!("/{sub}/users")).expect(200);
    token.get("accounts").expect(200);
}

#[test]
fn an_account_is_closed_when_nothing_goes_on_in_it() {
    let world = World::new();
    let program = world.agreement("program");
    let (vendor, contract) = world.partner(&program, "Halden");
    let server = &world.server;
    let client = vendor.browser(server);
    let (_, sub) = opened(server, &vendor, "Halden Lab");
    let path = format!("/{}/account/close", vendor.id);
    let page = client.open(&path);
    page.must_say("One contract is in force or waits for an answer").must_say("One sub-account is open");
    let sent = client.send(Method::POST, &path, |r| r.form(&[("reason", "No")])).expect(422);
    sent.must_say("One contract is in force");
    vendor.api(server).get("accounts").expect(200);
    change(&client, &vendor, &sub, "close", "Close sub-account");
    world.api().post(&format!("contracts/{contract}/terminate"), &json!({})).expect(200);
    let form = client.open(&path).form_with("Close account");
    client.post(form.clone()).expect(422).must_say("This field is required.");
    client.submit(form.set("reason", "We stop")).expect(200).must_say("The account was closed.");
    let closed = format!("/{}", vendor.id);
    client.get(&closed).expect(404).must_say("The account Halden was closed, so nobody can work in it.");
    let again = client.send(Method::POST, &path, |r| r.form(&[("reason", "We stop")])).expect(404);
    again.must_say("The account Halden was closed");
    // Nobody else is told that there was such an account.
    let stranger = Company::new(server, "Elsewhere", Role::Vendor);
    assert!(!stranger.browser(server).get(&closed).expect(404).says("was closed"));
    vendor.api(server).get("accounts").expect(401);
    // Whoever dealt with it goes on seeing what there was.
    assert_eq!(world.status(&world.distributor, &contract), "terminated");
}

/// A distributor that runs the deployment, a vendor with an open sub-account, and the browsers of both.
fn operated(server: &Server) -> (Company, Client, Company, Client, AccountId) {
    let northgate = Company::new(server, "Northgate", Role::Distributor);
    act(server, |tx| actions::appoint_operator(tx, &northgate.id));
    let runs = northgate.browser(server);
    let vendor = Company::new(server, "Halden", Role::Vendor);
    let (client, sub) = opened(server, &vendor, "Halden Lab");
    (northgate, runs, vendor, client, sub)
}

fn switch(runs: &Client, northgate: &Company, id: &AccountId, button: &str) -> Page {
    let page = runs.open(&format!("/{}/operator/accounts/{id}", northgate.id));
    runs.submit(page.form_with(button).set("reason", "Bills are open")).expect(200)
}

#[test]
fn what_the_operator_has_closed_stays_closed() {
    let server = Server::start();
    let (northgate, runs, vendor, client, sub) = operated(&server);
    let path = format!("/{}/sub-accounts/{sub}", vendor.id);
    switch(&runs, &northgate, &sub, "Deactivate account").must_say("The operator of this portal");
    let page = client.open(&path);
    page.must_say("deactivated this account: Bills are open").must_say("Ask Northgate, who runs it.");
    assert!(!page.has(&format!("a[href='{path}/open']")), "the page offers what is refused");
    let refused = client.send(Method::POST, &format!("{path}/open"), |r| r.form(&[("reason", "We need it")]));
    refused.expect(422).must_say("alone can open it again. Ask Northgate, who runs it.");
    client.get(&format!("/{sub}")).expect(404);
    assert!(!client.open(&format!("{path}/open")).has("button[type=submit].primary"), "the form can be sent");
    switch(&runs, &northgate, &sub, "Activate account").must_say("The account was activated.");
    client.open(&path).must_say("activated this account again");
    client.open(&format!("/{sub}")).expect(200);
    // What those below the operator have closed, the operator can keep closed.
    change(&client, &vendor, &sub, "close", "Close sub-account").must_say("The account above it");
    switch(&runs, &northgate, &sub, "Deactivate account").must_say("The account was deactivated.");
    let refused = client.send(Method::POST, &format!("{path}/open"), |r| r.form(&[("reason", "We need it")]));
    refused.expect(422).must_say("Ask Northgate");
    let page = runs.open(&format!("/{}/operator/accounts/{sub}", northgate.id));
    assert!(!page.says("Deactivate account"), "it is closed by the operator already");
}

#[test]
fn a_sub_account_that_closed_itself_is_opened_from_above_and_the_operator_stays_open() {
    let server = Server::start();
    let (northgate, runs, vendor, client, sub) = operated(&server);
    let form = client.open(&format!("/{sub}/account/close")).form_with("Close account");
    client.submit(form.set("reason", "All is tried out")).expect(200);
    let page = client.open(&format!("/{}/sub-accounts/{sub}", vendor.id));
    page.must_say("closed itself: All is tried out").must_say("Its own people");
    change(&client, &vendor, &sub, "open", "Open sub-account again").must_say("The sub-account was opened again.");
    client.open(&format!("/{sub}")).expect(200);
    let path = format!("/{}/account/close", northgate.id);
    runs.open(&path).must_say("runs this portal and stays open").must_say("Something is in the way");
    let refused = runs.send(Method::POST, &path, |r| r.form(&[("reason", "We stop")]));
    refused.expect(422).must_say("runs this portal and stays open");
    runs.open(&format!("/{}/operator", northgate.id)).expect(200);
}
