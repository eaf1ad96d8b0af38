//! Signing in and out, passwords, profiles, users, tokens.

use causeway::flows::accounts::actions;
use causeway::flows::accounts::model::{FAILURES_COUNT_SECONDS, MAX_FAILURES};
use causeway::kit::{Actor, Email, Level, Module, Permissions, Role};
use reqwest::Method;
use serde_json::json;

use crate::support::client::Client;
use crate::support::page::Page;
use crate::support::server::Server;
use crate::world::{Company, PASSWORD, door, signed_in};

fn start() -> (Server, Company) {
    let server = Server::start();
    let company = Company::make(&door(&server), "Alpha", Role::Distributor);
    (server, company)
}

fn try_password(client: &Client, email: &str, password: &str) -> Page {
    client.post(client.open("/sign-in").form_with("Sign in").set("email", email).set("password", password))
}

fn cookie(page: &Page) -> String {
    let all = page.headers.get_all("set-cookie").iter().filter_map(|c| c.to_str().ok());
    let session = all.into_iter().find(|c| c.starts_with("causeway=")).expect("the session's cookie");
    session.split(';').next().unwrap_or_default().to_owned()
}

fn leads_to_sign_in(page: &Page) -> bool {
    page.redirect().is_some_and(|url| url.path() == "/sign-in")
}

#[test]
fn the_right_password_opens_the_portal_and_a_wrong_one_does_not() {
    let (server, company) = start();
    let client = server.visitor();
    assert!(leads_to_sign_in(&client.get(&company.path("/users"))));
    try_password(&client, &company.email, "Wrong-1-wrong").expect(422).must_say("No account fits");
    try_password(&client, "nobody@alpha.example", PASSWORD).expect(422).must_say("No account fits");
    let page = client.follow(try_password(&client, &company.email.to_uppercase(), PASSWORD)).expect(200);
    assert_eq!(page.url.path(), company.path(""));
}

#[test]
fn signing_in_leads_to_where_one_was_going_but_never_to_another_host() {
    let (server, company) = start();
    for (next, leads_to) in
        [("/profile", "/profile"), ("https://evil.example/", "/"), ("//evil.example", "/"), ("/\\evil.example", "/")]
    {
        let client = server.visitor();
        let page = client.send(Method::GET, "/sign-in", |request| request.query(&[("next", next)])).expect(200);
        let form = page.form_with("Sign in").set("email", &company.email).set("password", PASSWORD);
        let target = client.post(form).redirect().expect("a redirect");
        assert_eq!((target.path(), target.host_str()), (leads_to, Some("127.0.0.1")), "{next}");
    }
}

#[test]
fn too_many_wrong_passwords_block_the_address_for_a_while() {
    let (server, company) = start();
    let client = server.visitor();
    for _ in 0..MAX_FAILURES {
        try_password(&client, &company.email, "Wrong-1-wrong").expect(422);
    }
    try_password(&client, &company.email, PASSWORD).expect(429).must_say("Too many wrong passwords");
    server.clock().advance_seconds(30);
    try_password(&client, &company.email, PASSWORD).expect(429);
    server.clock().advance_seconds(31);
    try_password(&client, &company.email, PASSWORD).expect(303);
}

#[test]
fn a_session_belongs_to_its_host_and_ends_with_signing_out() {
    let (server, company) = start();
    let client = server.visitor();
    let session = cookie(&try_password(&client, &company.email, PASSWORD).expect(303));
    let with = |client: &Client| client.send(Method::GET, "/profile", |request| request.header("Cookie", &session));
    with(&server.visitor()).expect(200);
    assert!(leads_to_sign_in(&with(&Client::on_host(server.base(), "other.example"))));
    client.send(Method::POST, "/sign-out", |request| request.form(&[("x", "")])).expect(303);
    assert!(leads_to_sign_in(&client.get("/profile")));
    assert!(leads_to_sign_in(&with(&server.visitor())), "the session lives on after signing out");
}

#[test]
fn a_link_sets_a_password_once_and_ends_every_session() {
    let (server, company) = start();
    let earlier = company.browser(&server);
    earlier.get("/profile").expect(200);
    let secret = door(&server).write(|tx| actions::password_link(tx, &company.admin)).unwrap();
    let path = format!("/set-password?secret={}", secret.reveal());
    let client = server.visitor();
    let page = client.open(&path);
    page.must_say(&company.email);
    let form =
        |password: &str, again: &str| page.form_with("Set password").set("password", password).set("again", again);
    client.post(form("Ab1!x", "Ab1!x")).expect(422).must_say("too short");
    client.post(form("New-1-passphrase", "New-1-other")).expect(422).must_say("not the same password");
    client.post(form("New-1-passphrase", "New-1-passphrase")).expect(303);
    client.get("/profile").expect(200);
    assert!(leads_to_sign_in(&earlier.get("/profile")), "the earlier session lives on");
    client.post(form("New-2-passphrase", "New-2-passphrase")).expect(422).must_say("already sent with other answers");
    server.visitor().get(&path).expect(409).must_say("used already");
    try_password(&server.visitor(), &company.email, PASSWORD).expect(422);
    try_password(&server.visitor(), &company.email, "New-1-passphrase").expect(303);
}

#[test]
fn a_link_grows_old() {
    let (server, company) = start();
    let secret = door(&server).write(|tx| actions::password_link(tx, &company.admin)).unwrap();
    server.clock().advance_seconds(7 * 24 * 3600 + 1);
    server.visitor().get(&format!("/set-password?secret={}", secret.reveal())).expect(409);
}

#[test]
fn a_forgotten_password_sends_one_mail_whose_link_works() {
    let (server, company) = start();
    let ask = |email: &str| {
        let client = server.visitor();
        client.post(client.open("/forgotten-password").form_with("Send a link").set("email", email)).expect(200);
    };
    ask(&company.email);
    ask(&company.email);
    ask("nobody@alpha.example");
    server.settle();
    assert_eq!(server.mail().all_to(&company.email).len(), 1);
    assert!(server.mail().all_to("nobody@alpha.example").is_empty());
    let link = server.mail().next_to(&company.email).link_with("/set-password");
    server.visitor().open(&link).must_say(&company.email);
}

#[test]
fn the_link_of_a_mail_leads_to_the_portal_whatever_host_was_asked() {
    let (server, company) = start();
    let client = Client::on_host(server.base(), "evil.example");
    let asked = client.post(client.open("/forgotten-password").form_with("Send a link").set("email", &company.email));
    asked.expect(200);
    server.settle();
    let mail = server.mail().next_to(&company.email);
    assert!(!mail.text.contains("evil.example"), "{}", mail.text);
    server.visitor().open(&mail.link_with("/set-password")).must_say(&company.email);
}

#[test]
fn the_mail_goes_to_the_registered_address() {
    let (server, company) = start();
    let client = server.visitor();
    // A Kelvin sign is a k when it is folded, and another letter in an address.
    let server_door = door(&server);
    let known = Email::parse("mike@kappa.example").unwrap();
    let hash = actions::password::hash(PASSWORD).unwrap();
    server_door
        .write(|tx| {
            let person = actions::NewPerson { name: "Mike", email: &known, password: Some(&hash) };
            actions::register_administrator(tx, &Actor::Operator, &company.id, &person)
        })
        .unwrap();
    let typed = "mi\u{212a}e@kappa.example";
    client.post(client.open("/forgotten-password").form_with("Send a link").set("email", typed)).expect(200);
    server.settle();
    assert!(server.mail().all_to(typed).is_empty());
}

#[test]
fn a_profile_has_a_real_time_zone() {
    let (server, company) = start();
    let client = company.browser(&server);
    let form = |zone: &str| client.open("/profile").form_with("Save").set("name", "Ada L.").set("timezone", zone);
    let wrong = client.post(form("Mars/Olympus")).expect(422);
    wrong.must_say("There is no time zone Mars/Olympus");
    assert_eq!(wrong.form_with("Save").value("timezone"), Some("Mars/Olympus"), "what was typed is lost");
    client.submit(form("Europe/Berlin")).expect(200).must_say("Your profile was saved");
    assert_eq!(client.open("/profile").form_with("Save").value("timezone"), Some("Europe/Berlin"));
}

#[test]
fn an_invited_user_comes_in_by_the_mail() {
    let (server, company) = start();
    let client = company.browser(&server);
    let page = client.open(&company.path("/users/new"));
    let empty = page.form_with("Send invitation").set("email", "not an address").set("name", "Cy");
    client.post(empty).expect(422).must_say("is not an e-mail address").must_say("Choose at least one group");
    let form = || {
        let form = page.form_with("Send invitation").set("email", "cy@alpha.example").set("name", "Cy");
        form.check("groups", company.group.as_str())
    };
    client.submit(form()).expect(200).must_say("cy@alpha.example was invited");
    // The same form once more: a double click, or the page reloaded.
    client.post(form()).expect(303);
    server.settle();
    assert_eq!(server.mail().all_to("cy@alpha.example").len(), 1);
    let twice = client.open(&company.path("/users/new")).form_with("Send invitation");
    let twice = twice.set("email", "CY@alpha.example").set("name", "Cy").check("groups", company.group.as_str());
    client.post(twice).expect(422).must_say("is a user of this account already");

    let link = server.mail().next_to("cy@alpha.example").link_with("/set-password");
    let newcomer = server.visitor();
    let form = newcomer.open(&link).form_with("Set password").set("password", PASSWORD).set("again", PASSWORD);
    let home = newcomer.submit(form).expect(200);
    assert_eq!(home.url.path(), company.path(""));
    newcomer.get(&company.path("/users")).expect(403);

    // The user's page tells the story, and so does the account's; another company reads only its own part of it.
    let list = client.open(&company.path("/users?like(email,cy*)"));
    let page = client.open(&list.attribute("tbody th a", "href").expect("a link to the user's page"));
    let story = ["The password was set", "cy@alpha.example joined", "cy@alpha.example was invited"];
    tells(&page, &story);
    tells(&client.open(&company.path("/account")), &story[1..]);
    let other = Company::make(&door(&server), "Beta", Role::Vendor);
    let user = page.url.path().rsplit('/').next().expect("an id").to_owned();
    invite(&server, &other, "cy@alpha.example", other.group.as_str()).expect(201);
    let theirs = other.browser(&server).open(&other.path(&format!("/users/{user}")));
    tells(&theirs, &["cy@alpha.example was invited", "The password was set"]);
    assert!(!theirs.says("joined"), "that was in another company");
}

/// Checks what a page's timeline begins with.
#[track_caller]
fn tells(page: &Page, story: &[&str]) {
    let told = page.texts("ol.events .what");
    let same = told.len() >= story.len() && told.iter().zip(story).all(|(told, said)| told.starts_with(said));
    assert!(same, "{told:?}");
}

fn invite(server: &Server, company: &Company, email: &str, group: &str) -> Page {
    let body = json!({ "email": email, "name": "Cy", "groups": [{ "id": group }] });
    company.api(server).post(&format!("accounts/{}/users", company.id), &body)
}

#[test]
fn whoever_registered_an_address_without_its_mail_does_not_get_in_by_an_invitation_to_it() {
    let (server, company) = start();
    let other = Company::make(&door(&server), "Beta", Role::Vendor);
    let address = Email::parse("cfo@alpha.example").unwrap();
    let hash = actions::password::hash("Squatter-1-word").unwrap();
    door(&server)
        .write(|tx| {
            let system = Actor::system(other.id.clone(), "Beta".to_owned(), Role::Vendor);
            let person = actions::NewPerson { name: "Squatter", email: &address, password: Some(&hash) };
            actions::register_administrator(tx, &system, &other.id, &person)
        })
        .unwrap();
    invite(&server, &company, address.as_str(), company.group.as_str()).expect(201);
    server.settle();
    let squatter = server.visitor();
    try_password(&squatter, address.as_str(), "Squatter-1-word").expect(303);
    squatter.get(&company.path("")).expect(404);
    // The mail's reader gets in, and takes the address over.
    let owner = server.visitor();
    let link = server.mail().next_to(address.as_str()).link_with("/set-password");
    let form = owner.open(&link).form_with("Set password").set("password", PASSWORD).set("again", PASSWORD);
    owner.submit(form).expect(200);
    owner.get(&company.path("")).expect(200);
    assert!(leads_to_sign_in(&squatter.get("/profile")));
}

#[test]
fn an_invitation_ends_with_the_membership_and_not_with_another_one() {
    let (server, company) = start();
    let other = Company::make(&door(&server), "Beta", Role::Vendor);
    let user = invite(&server, &company, "cy@gamma.example", company.group.as_str()).expect(201).json();
    invite(&server, &other, "cy@gamma.example", other.group.as_str()).expect(201);
    company.api(&server).delete(&format!("accounts/{}/users/{}", company.id, user["id"].as_str().unwrap())).expect(204);
    server.settle();
    let mails = server.mail().all_to("cy@gamma.example");
    let [first, second] = mails.as_slice() else { panic!("{} mails", mails.len()) };
    server.visitor().get(&first.link_with("/set-password")).expect(409);
    let newcomer = server.visitor();
    let page = newcomer.open(&second.link_with("/set-password"));
    newcomer.submit(page.form_with("Set password").set("password", PASSWORD).set("again", PASSWORD)).expect(200);
    newcomer.get(&other.path("")).expect(200);
    newcomer.get(&company.path("")).expect(404);
}

#[test]
fn nobody_invites_into_a_group_that_may_do_more() {
    let (server, company) = start();
    let groups = company.api(&server).get(&format!("accounts/{}/groups", company.id)).expect(200).json();
    let named = |name: &str| groups.as_array().unwrap().iter().find(|g| g["name"] == name).unwrap()["id"].clone();
    let mut only_people = Permissions::default();
    only_people.grant(Module::Account, Level::Manage);
    let system = Actor::system(company.id.clone(), "Alpha".to_owned(), Role::Distributor);
    let token = door(&server).write(|tx| actions::create_token(tx, &system, "People", "", &only_people)).unwrap();
    let invite = |group: &serde_json::Value| {
        let body = json!({ "email": "di@alpha.example", "name": "Di", "groups": [{ "id": group }] });
        server.api(&token.key()).post(&format!("accounts/{}/users", company.id), &body)
    };
    let refused = invite(&named("Administrators")).expect(400).json();
    assert!(refused["errors"][0].as_str().unwrap().contains("may do more than you may"), "{refused}");
    invite(&named("Visitors")).expect(201);
}

#[test]
fn wrong_passwords_are_forgotten_after_hours() {
    let (server, company) = start();
    let client = server.visitor();
    for _ in 1..MAX_FAILURES {
        try_password(&client, &company.email, "Wrong-1-wrong").expect(422);
    }
    server.clock().advance_seconds(FAILURES_COUNT_SECONDS + 1);
    try_password(&client, &company.email, "Wrong-1-wrong").expect(422);
    try_password(&client, &company.email, PASSWORD).expect(303);
}

#[test]
fn the_last_who_can_manage_stays() {
    let (server, company) = start();
    let api = company.api(&server);
    let refused = api.delete(&format!("accounts/{}/users/{}", company.id, company.admin)).expect(400).json();
    assert!(refused["errors"][0].as_str().unwrap().contains("last user who can manage"), "{refused}");
    api.delete(&format!("accounts/{}/users/{}", company.id, company.bystander)).expect(204);
    api.get(&format!("accounts/{}/users/{}", company.id, company.bystander)).expect(404);
    let gone = signed_in(&server, &company.bystander_email);
    gone.get(&company.path("")).expect(404);
    company.browser(&server).get(&company.path("/users")).expect(200);
}

#[test]
fn a_new_token_shows_its_key_once() {
    let (server, company) = start();
    let client = company.browser(&server);
    let form = client.open(&company.path("/tokens/new")).form_with("Create token").set("name", "Robot");
    let made = client.post(form).expect(200);
    let key = made.attribute("input[name=key]", "value").expect("the key");
    server.api(&key).get("accounts").expect(200);
    let list = client.open(&company.path("/tokens"));
    list.must_say("Robot");
    let (id, secret) = key.trim_start_matches("ApiKey ").split_once(':').unwrap();
    assert!(!list.body().contains(secret), "the key is shown again");

    let api = company.api(&server);
    let token = api.post(&format!("auth/tokens/{id}/deactivate"), &json!({})).expect(200).json();
    assert_eq!(token["status"], "inactive");
    let refused = server.api(&key).get("accounts").expect(401).json();
    assert_eq!(refused["error_code"], "AUTH_001");
    api.post(&format!("auth/tokens/{id}/deactivate"), &json!({})).expect(400);
    api.post(&format!("auth/tokens/{id}/activate"), &json!({})).expect(200);
    server.api(&key).get("accounts").expect(200);
    api.delete(&format!("auth/tokens/{id}")).expect(204);
    server.api(&key).get("accounts").expect(401);
}

#[test]
fn a_token_is_stopped_started_and_deleted_on_its_page() {
    let (server, company) = start();
    let client = company.browser(&server);
    let page = client.click(&client.open(&company.path("/tokens")), "Main");
    page.must_say("Permissions").must_say("Manage").must_say("was created");
    let works = |status| server.api(&company.key).get("accounts").expect(status);
    let page = client.submit(page.form_with("Deactivate")).expect(200);
    page.must_say("The token was changed.").must_say("Inactive");
    works(401);
    // Without script the button leads to a page that asks.
    let asked = client.open(&format!("{}/activate", page.url.path()));
    asked.must_say("can work with this account again");
    client.submit(asked.form_with("Activate")).expect(200);
    works(200);
    // Somebody else was quicker.
    let late = client.post(page.form_with("Activate"));
    late.expect(422).must_say("is active, so this cannot be done");
    let page = client.submit(client.open(page.url.path()).form_with("Delete")).expect(200);
    assert!(!page.has("main form[action$=activate]"), "a deleted token cannot be used again");
    works(401);
}

#[test]
fn a_user_is_shown_with_groups_and_removed_on_the_page() {
    let (server, company) = start();
    let client = company.browser(&server);
    let here = company.path(&format!("/users/{}", company.bystander));
    assert!(client.open(&company.path("/users")).has(&format!("th a[href='{here}']")), "no link to the user's page");
    let page = client.open(&here);
    page.must_say("Visitors").must_say(&company.bystander_email);
    client.submit(page.form_with("Remove")).expect(200).must_say("The user was removed.");
    client.get(page.url.path()).expect(404);
    let own = client.open(&company.path(&format!("/users/{}/remove", company.admin)));
    client.post(own.form_with("Remove")).expect(422).must_say("last user who can manage");
}
