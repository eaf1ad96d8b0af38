//! Whom a provider makes a member of its account, and whom it does not.

use causeway::flows::accounts::{actions, store};
use causeway::kit::{Actor, Email, Events, Level, Module, Role};
use serde_json::{Value, json};

use super::world::{World, asks_for_own, asks_for_provider, go, is_in};
use crate::support::client::Client;
use crate::support::clock::pass_days;
use crate::support::companies::{Company, PASSWORD, act, database};
use crate::support::form::Form;
use crate::support::page::Page;

const NEW: &str = "new@example.com";

impl World {
    /// Makes a group of the company; it may read the account. Gives its id.
    pub fn group(&self, name: &str, external_id: Option<&str>) -> String {
        let api = self.company.api(&self.server);
        let words = json!({ "name": name, "description": name, "external_id": external_id });
        let made = api.post(&format!("accounts/{}/groups", self.company.id), &words).expect(201).json();
        let id = made["id"].as_str().expect("an id").to_owned();
        let path = format!("accounts/{}/groups/{id}/permissions", self.company.id);
        api.post(&path, &json!({ "object": { "id": "MD-0001" }, "level": "read" })).expect(201);
        id
    }

    /// The form of the provider, as its administrator sees it.
    pub fn settings(&self) -> (Client, Form) {
        let admin = self.company.browser(&self.server);
        let form = admin.open(&self.path(&format!("/account/sso/providers/{}", self.provider))).form_with("Save");
        (admin, form)
    }

    /// Lets the provider make members, who come into a group if nothing else says so.
    pub fn opened_to(&self, group: &str) {
        let (admin, form) = self.settings();
        admin.submit(form.check("joins", "yes").set("join_group", group)).must_say("The provider was saved");
    }

    /// Comes from the provider in a fresh browser, as somebody with this name for them and this address.
    pub fn comes(&self, subject: &str, email: &str, more: &[(&str, Value)]) -> (Page, Client) {
        let client = self.server.visitor();
        let ticket = go(&client, &self.provider);
        let mut claims = self.claims(&ticket);
        claims["sub"] = json!(subject);
        claims["email"] = json!(email);
        more.iter().for_each(|(name, value)| claims[*name] = value.clone());
        (self.back(&client, &ticket, &claims), client)
    }

    /// A user of the company by their address, as the API shows them.
    pub fn user(&self, email: &str) -> Option<Value> {
        let users = self.company.api(&self.server).get(&format!("accounts/{}/users?email={email}", self.company.id));
        users.expect(200).json().as_array().expect("a list").first().cloned()
    }

    /// The names of a user's groups.
    pub fn groups_of(&self, email: &str) -> Vec<String> {
        let user = self.user(email).unwrap_or_else(|| panic!("no {email}"));
        let mut names: Vec<String> = user["groups"].as_array().expect("groups").iter().map(name).collect();
        names.sort();
        names
    }

    /// The path of a user in the API.
    fn user_path(&self, email: &str) -> String {
        let id = self.user(email).unwrap_or_else(|| panic!("no {email}"));
        format!("accounts/{}/users/{}", self.company.id, id["id"].as_str().expect("an id"))
    }

    fn invited(&self, email: &str, group: &str) {
        let new = json!({ "email": email, "name": "Invited", "groups": [{ "id": group }] });
        let path = format!("accounts/{}/users", self.company.id);
        self.company.api(&self.server).post(&path, &new).expect(201);
    }
}

fn name(object: &Value) -> String {
    object["name"].as_str().expect("a name").to_owned()
}

#[test]
fn who_comes_for_the_first_time_becomes_a_member_where_the_account_says_so() {
    let world = World::new();
    let group = world.group("Readers", None);
    let refused = |email: &str, says: &str, more: &[(&str, Value)]| {
        let (page, client) = world.comes("s-new", email, more);
        page.expect(422).must_say(says);
        assert!(client.get("/profile").redirect().is_some(), "{email} came in");
    };
    refused(NEW, "No user of the account has the address", &[]);
    let (admin, form) = world.settings();
    admin.post(form.check("joins", "yes")).expect(422).must_say("Choose the default group");
    world.opened_to(&group);
    refused("new@elsewhere.example", "in no domain", &[]);
    refused("new@sub.example.com", "in no domain", &[]);
    refused(NEW, "email_verified", &[("email_verified", json!(false))]);
    assert!(world.user(NEW).is_none());
    let (page, client) = world.comes("s-new", NEW, &[("name", json!(" New\u{0} Person "))]);
    assert!(is_in(&page), "{}", page.body());
    client.open(&world.path("/users")).must_say(NEW);
    let user = world.user(NEW).expect("the new user");
    assert_eq!((&user["name"], &user["status"]), (&json!("New Person"), &json!("active")));
    assert_eq!(world.groups_of(NEW), ["Readers"]);
    admin.open(&world.path("/account")).must_say("new@example.com joined by Alpha's server");
    // From then on they are known.
    let (page, _) = world.comes("s-new", NEW, &[]);
    assert!(is_in(&page));
    assert_eq!(world.server.database().number("select count(*) as n from person where email = 'new@example.com'"), 1);
    // Without a name, the address is one. A member is one still when the account lets nobody join any more.
    assert!(is_in(&world.comes("s-2", "second@example.com", &[]).0));
    assert_eq!(name(&world.user("second@example.com").expect("a user")), "second");
    let (admin, form) = world.settings();
    admin.submit(form.uncheck("joins", "yes")).must_say("The provider was saved");
    assert!(is_in(&world.comes("s-2", "second@example.com", &[]).0));
    world.comes("s-3", "third@example.com", &[]).0.expect(422).must_say("No user of the account has the address");
}

#[test]
fn whoever_the_provider_registered_has_no_password_until_they_set_one_by_mail() {
    let world = World::new();
    world.opened_to(&world.group("Readers", None));
    let (_, client) = world.comes("s-new", NEW, &[]);
    let visitor = world.server.visitor();
    let form = visitor.open("/sign-in").form_with("Sign in").set("email", NEW).set("password", PASSWORD);
    visitor.post(form).expect(422).must_say("No account fits");
    // What is their own takes something of their own, which they do not have yet.
    let asked = client.get("/profile/email");
    assert!(asks_for_own(&asked));
    let page = client.open(asked.redirect().expect("the page that asks").as_str());
    client.post(page.form_with("Confirm").set("password", PASSWORD)).expect(422).must_say("You have no password yet");
    // Nobody gets what is theirs by registering their address, or by being invited elsewhere with it.
    let beta = Company::new(&world.server, "Beta", Role::Vendor);
    let registered = database(&world.server).write(|tx| {
        let (email, hash) = (Email::parse(NEW).expect("an address"), actions::password::hash(PASSWORD)?);
        let person = actions::NewPerson { name: "Mallory", email: &email, password: Some(&hash) };
        actions::register_administrator(tx, &Actor::Guest { object: "x".to_owned() }, &beta.id, &person)
    });
    assert!(registered.is_err_and(|e| e.to_string().contains("registered already")));
    // By a link in a mail they set one. It opens what passwords open: not what the provider alone opens.
    visitor.post(visitor.open("/forgotten-password").form_with("Send a link").set("email", NEW)).expect(200);
    world.server.settle();
    let page = visitor.open(&world.server.mail().next_to(NEW).link_with("/set-password"));
    let own = "seven green bottles on a wall";
    visitor.post(page.form_with("Set password").set("password", own).set("again", own)).expect(303);
    visitor.open(&world.path("/users"));
    world.enforce();
    assert!(asks_for_provider(&visitor.get(&world.path("/users"))));
    let (page, client) = world.comes("s-new", NEW, &[]);
    assert!(is_in(&page));
    client.open(&world.path("/users"));
}

#[test]
fn somebody_of_another_company_joins_and_is_not_taken_over() {
    let world = World::new();
    let beta = Company::new(&world.server, "Beta", Role::Vendor);
    world.opened_to(&world.group("Readers", None));
    let (page, client) = world.comes("s-beta", &beta.email, &[("name", json!("Somebody else"))]);
    assert!(is_in(&page), "{}", page.body());
    client.open(&world.path("/users"));
    for path in [format!("/{}", beta.id), format!("/{}/users", beta.id), "/profile/email".to_owned()] {
        assert!(asks_for_own(&client.get(&path)), "{path}");
    }
    assert_eq!(name(&world.user(&beta.email).expect("a user")), "Beta");
    beta.browser(&world.server).open(&format!("/{}/users", beta.id));
    // A password that anybody may have made up for the address does not open the account by the back door.
    let (email, hash) = (Email::parse("made-up@example.com").expect("an address"), actions::password::hash(PASSWORD));
    let hash = hash.expect("a hash");
    act(&world.server, |tx| {
        let events = Events::created(tx.at(), None);
        store::insert_person(tx, "Made up", &email, Some(&hash), false, events).map(drop)
    });
    let (page, _) = world.comes("s-made-up", email.as_str(), &[]);
    page.expect(422).must_say("nobody has shown yet that they read its mail");
    assert!(world.user(email.as_str()).is_none());
    world.server.database().execute("update person set proven_at = 1 where email = 'made-up@example.com'");
    assert!(is_in(&world.comes("s-made-up", email.as_str(), &[]).0));
}

#[test]
fn who_was_kept_out_stays_out_and_who_was_invited_joins() {
    let world = World::new();
    let (readers, group) = (world.group("Readers", None), world.group("Invited", None));
    let api = world.company.api(&world.server);
    // Off, an invitation is taken up by its mail alone.
    world.invited("invited@example.com", &group);
    world.comes("s-1i", "invited@example.com", &[]).0.expect(422).must_say("No user of the account has the address");
    world.opened_to(&readers);
    assert!(is_in(&world.comes("s-1i", "invited@example.com", &[]).0));
    let user = world.user("invited@example.com").expect("the user");
    assert_eq!(
        (&user["status"], world.groups_of("invited@example.com")),
        (&json!("active"), vec!["Invited".to_owned()])
    );
    world.server.settle();
    let link = world.server.mail().next_to("invited@example.com").link_with("/set-password");
    world.server.visitor().get(&link).expect(409);
    // An invitation that was taken back, and one whose time is over.
    world.invited("revoked@example.com", &group);
    api.post(&format!("{}/revoke", world.user_path("revoked@example.com")), &json!({})).expect(200);
    world.comes("s-r", "revoked@example.com", &[]).0.expect(422).must_say("Your invitation into the account");
    world.invited("late@example.com", &group);
    pass_days(world.server.clock(), 8);
    world.comes("s-l", "late@example.com", &[]).0.expect(422).must_say("Your invitation into the account");
    // Deactivated, by whatever address the provider knows them now.
    assert!(is_in(&world.comes("s-new", NEW, &[]).0));
    let path = world.user_path(NEW);
    api.put(&path, &json!({ "active": false })).expect(200);
    for email in [NEW, "another@example.com"] {
        world.comes("s-new", email, &[]).0.expect(422).must_say("You were deactivated");
    }
    world.comes("s-newer", NEW, &[]).0.expect(422).must_say("You were deactivated");
    assert_eq!(world.user(NEW).expect("the user")["status"], "inactive");
    assert!(world.user("another@example.com").is_none());
    api.post(&format!("{path}/activate"), &json!({})).expect(200);
    assert!(is_in(&world.comes("s-new", NEW, &[]).0));
    // Removed, they are unknown, and join anew; not by the name of somebody else.
    api.delete(&path).expect(204);
    world.comes("s-new", "another@example.com", &[]).0.expect(422).must_say("means somebody else");
    assert!(world.user("another@example.com").is_none());
    assert!(is_in(&world.comes("s-new", NEW, &[]).0));
    assert_eq!(world.groups_of(NEW), ["Readers"]);
}

#[test]
fn an_account_has_no_more_members_than_it_may_have() {
    let world = World::with(|config| config.limits = "users=2".parse().expect("limits"));
    world.opened_to(&world.group("Readers", None));
    assert!(is_in(&world.comes("s-new", NEW, &[]).0));
    world.comes("s-2", "second@example.com", &[]).0.expect(422).must_say("has as many users as it may have");
    assert!(is_in(&world.comes("s-new", NEW, &[]).0));
    // Somebody who was turned away is not registered.
    assert_eq!(world.server.database().number("select count(*) as n from person where email like 'second%'"), 0);
}

#[test]
fn nobody_lets_a_provider_give_more_than_they_hold() {
    let world = World::new();
    let group = world.group("Readers", None);
    let clerk = world.company.colleague(&world.server, "Clerk", &[(Module::Account, Level::Manage)]);
    let path = world.path(&format!("/account/sso/providers/{}", world.provider));
    let settings = || clerk.browser.open(&path).form_with("Save");
    let admins = world.administrators();
    let more = "The group Administrators may do more than you may";
    clerk.browser.post(settings().check("joins", "yes").set("join_group", &admins)).expect(422).must_say(more);
    clerk.browser.submit(settings().check("joins", "yes").set("join_group", &group)).must_say("The provider was saved");
    // By its external id a provider puts people into a group.
    let of_group = |id: &str| clerk.browser.open(&world.path(&format!("/groups/{id}"))).form_with("Save");
    clerk.browser.post(of_group(&admins).set("external_id", "all")).expect(422).must_say("You cannot give");
    clerk.browser.submit(of_group(&group).set("external_id", "readers")).expect(200);
    clerk.browser.submit(settings().set("groups_claim", "groups")).must_say("The provider was saved");
    let (admin, form) = world.settings();
    admin.submit(form.set("groups_claim", "")).expect(200);
    admin.submit(admin.open(&world.path(&format!("/groups/{admins}"))).form_with("Save").set("external_id", "all"));
    clerk.browser.post(settings().set("groups_claim", "groups")).expect(422).must_say(more);
    // What gives more than they hold they may end, and lead nowhere else.
    admin.submit(world.settings().1.set("join_group", &admins)).must_say("The provider was saved");
    let elsewhere = settings().set("issuer", &world.stranger.issuer).set("client_secret", "another");
    clerk.browser.post(elsewhere).expect(422).must_say(more);
    clerk.browser.submit(settings().uncheck("joins", "yes")).must_say("The provider was saved");
    admin.submit(world.settings().1.check("joins", "yes").set("join_group", &group)).expect(200);
    // A group that a provider needs stays; a group of somebody else is none.
    let page = admin.open(&world.path(&format!("/groups/{group}/delete")));
    admin.post(page.form_with("Delete group")).expect(422).must_say("puts people into this group");
    let (admin, form) = world.settings();
    admin.post(form.tamper("join_group", "UG-000-000-001")).expect(422).must_say("Choose one of the account's groups");
    // Asked again who it is.
    world.server.clock().advance_seconds(16 * 60);
    assert!(asks_for_own(&admin.post(admin.open(&world.path(&format!("/groups/{group}"))).form_with("Save"))));
}
