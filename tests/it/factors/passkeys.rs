//! Passkeys, made and used by a software one that also does what it must not.

use reqwest::Method;

use super::authenticator::{From, Passkey};
use super::world::{World, asks_more, password_of, type_code};
use crate::support::client::Client;
use crate::support::companies::PASSWORD;
use crate::support::form::Form;
use crate::support::page::Page;

/// A program, somebody signed in at its name, and where answers come from.
struct Scene {
    world: World,
    client: Client,
    from: From,
}

impl Scene {
    fn new() -> Self {
        let world = World::new();
        let client = world.at_localhost();
        client.submit(sign_in_form(&client, &world.company.email)).expect(200);
        let from = From { origin: origin(&world), party: "localhost".to_owned() };
        Self { world, client, from }
    }

    /// Adds a passkey in a browser that is signed in.
    fn add(&self, client: &Client, name: &str) -> (Passkey, Page) {
        let page = client.open("/profile/security/passkeys/new");
        let (passkey, answer) = Passkey::make(&options(&page), &self.from);
        let form = page.form_with("Add").set("name", name).tamper("answer", &answer);
        (passkey, client.post(form))
    }

    /// Signs in with a passkey alone, in a browser of its own.
    fn enter(&self, passkey: &mut Passkey) -> (Page, Client) {
        let visitor = self.world.at_localhost();
        let page = visitor.open("/sign-in");
        let answer = passkey.answer(&options(&page), &self.from);
        (visitor.post(page.form_with("Sign in with a passkey").tamper("answer", &answer)), visitor)
    }
}

fn origin(world: &World) -> String {
    world.server.base().replace("127.0.0.1", "localhost")
}

fn sign_in_form(client: &Client, email: &str) -> Form {
    client.open("/sign-in").form_with("Sign in").set("email", email).set("password", PASSWORD)
}

fn options(page: &Page) -> String {
    page.attribute("[data-passkey]", "data-options").expect("a question")
}

#[test]
fn a_passkey_signs_in_without_a_password_and_after_it() {
    let scene = Scene::new();
    let elsewhere = scene.world.at_localhost();
    elsewhere.submit(sign_in_form(&elsewhere, &scene.world.company.email)).expect(200);
    let (mut passkey, page) = scene.add(&scene.client, "Laptop");
    assert_eq!(page.expect(200).texts("ol.codes li").len(), 10);
    assert!(!scene.world.is_in(&elsewhere) && scene.world.is_in(&scene.client));
    scene.client.open("/profile/security").must_say("Laptop");

    let (page, visitor) = scene.enter(&mut passkey);
    page.expect(303);
    assert!(visitor.open("/profile").says(&scene.world.company.email));

    let visitor = scene.world.at_localhost();
    let step = visitor.post(sign_in_form(&visitor, &scene.world.company.email));
    assert!(asks_more(&step) && !scene.world.is_in(&visitor));
    let page = visitor.open(step.redirect().expect("the second step").as_str());
    let asked: serde_json::Value = serde_json::from_str(&options(&page)).expect("options");
    assert_eq!(asked["publicKey"]["allowCredentials"].as_array().map(Vec::len), Some(1));
    let answer = passkey.answer(&options(&page), &scene.from);
    visitor.post(page.form_with("Use a passkey").tamper("answer", &answer)).expect(303);
    assert!(scene.world.is_in(&visitor));

    // At another name the passkey is of no use, and the page says so.
    let visitor = scene.world.server.visitor();
    let step = password_of(&visitor, &scene.world.company.email);
    let page = visitor.open(step.redirect().expect("the second step").as_str());
    page.must_say("your passkeys do not work at this address").must_say("Use a recovery code");
    scene.world.server.settle();
    let mails = scene.world.server.mail().all_to(&scene.world.company.email);
    assert!(mails.iter().any(|m| m.text.contains("The passkey Laptop was added.")));
}

#[test]
fn what_no_true_passkey_answers_is_refused() {
    let scene = Scene::new();
    let (mut passkey, _) = scene.add(&scene.client, "Laptop");
    let refused = |passkey: &mut Passkey, from: &From, what: &str| {
        let visitor = scene.world.at_localhost();
        let page = visitor.open("/sign-in");
        let answer = passkey.answer(&options(&page), from);
        let page = visitor.post(page.form_with("Sign in with a passkey").tamper("answer", &answer));
        assert_eq!(page.status, 422, "{what}");
        page.must_say("This passkey was not accepted");
        assert!(!scene.world.is_in(&visitor), "{what}");
    };
    let good = &scene.from;
    for origin in ["https://localhost", "http://localhost:1", "http://evil.example", "null", ""] {
        refused(&mut passkey, &From { origin: origin.to_owned(), ..good.clone() }, origin);
    }
    refused(&mut passkey, &From { party: "evil.example".to_owned(), ..good.clone() }, "another party");
    passkey.checks = false;
    refused(&mut passkey, good, "an owner who was not checked");
    passkey.checks = true;
    let own = passkey.handle.replace(vec![7; 16]);
    refused(&mut passkey, good, "another owner");
    passkey.handle = None;
    refused(&mut passkey, good, "no owner");
    passkey.handle = own;
    scene.enter(&mut passkey).0.expect(303);
    passkey.counter -= 1;
    refused(&mut passkey, good, "a counter that stands still");
    passkey.counter = 0;
    refused(&mut passkey, good, "a counter that went back");
    let id = std::mem::replace(&mut passkey.id, vec![9; 32]);
    passkey.counter = 100;
    refused(&mut passkey, good, "an unknown passkey");
    passkey.id = id;
    scene.enter(&mut passkey).0.expect(303);
}

#[test]
fn an_answer_counts_once_for_its_own_question_and_not_for_long() {
    let scene = Scene::new();
    let (mut passkey, _) = scene.add(&scene.client, "Laptop");
    let visitor = scene.world.at_localhost();
    let page = visitor.open("/sign-in");
    let form = |state: Option<&str>, answer: &str| {
        let form = page.form_with("Sign in with a passkey").tamper("answer", answer);
        state.map_or_else(|| form.clone(), |state| form.clone().tamper("state", state))
    };
    let answer = passkey.answer(&options(&page), &scene.from);
    visitor.post(form(None, &answer)).expect(303);
    // The same once more, by somebody who has seen it; and with the question of another page.
    let thief = scene.world.at_localhost();
    thief.post(form(None, &answer)).expect(422);
    let other = thief.open("/sign-in").form_with("Sign in with a passkey");
    let state = other.value("state").expect("a state").to_owned();
    thief.post(form(Some(&state), &answer)).expect(422);
    for state in ["", "00", "zz", &state[2..]] {
        let answer = passkey.answer(&options(&page), &scene.from);
        thief.post(form(Some(state), &answer)).expect(422);
    }
    for answer in ["", "{}", "null", "[]", "{\"id\":1}", &"[".repeat(100_000)] {
        let page = thief.open("/sign-in");
        thief.post(page.form_with("Sign in with a passkey").tamper("answer", answer)).expect(422);
    }
    assert!(!scene.world.is_in(&thief));
    let page = thief.open("/sign-in");
    let answer = passkey.answer(&options(&page), &scene.from);
    scene.world.server.clock().advance_seconds(601);
    thief.post(page.form_with("Sign in with a passkey").tamper("answer", &answer)).expect(422);
    // What was asked at another host is no question here.
    let elsewhere = Client::on_host(scene.world.server.base(), "other.localhost");
    let page = elsewhere.open("/sign-in");
    let answer = passkey.answer(&options(&page), &scene.from);
    let state = page.form_with("Sign in with a passkey").value("state").expect("a state").to_owned();
    let form = thief.open("/sign-in").form_with("Sign in with a passkey");
    thief.post(form.tamper("answer", &answer).tamper("state", &state)).expect(422);
}

#[test]
fn nobody_takes_the_second_step_with_somebody_elses_passkey() {
    let scene = Scene::new();
    let (_own, _) = scene.add(&scene.client, "Laptop");
    let (other, _) = scene.world.other("Beta");
    let others = scene.world.at_localhost();
    others.submit(sign_in_form(&others, &other.email)).expect(200);
    let (mut theirs, page) = scene.add(&others, "Phone");
    page.expect(200);
    let visitor = scene.world.at_localhost();
    let step = visitor.post(sign_in_form(&visitor, &scene.world.company.email));
    let page = visitor.open(step.redirect().expect("the second step").as_str());
    let answer = theirs.answer(&options(&page), &scene.from);
    visitor.post(page.form_with("Use a passkey").tamper("answer", &answer)).expect(422).must_say("was not accepted");
    // The state of a sign-in without a password, which names nobody, does not serve either.
    let free = scene.world.at_localhost().open("/sign-in");
    let answer = theirs.answer(&options(&free), &scene.from);
    let state = free.form_with("Sign in with a passkey").value("state").expect("a state").to_owned();
    let page = visitor.open(step.redirect().expect("the second step").as_str());
    let form = page.form_with("Use a passkey").tamper("answer", &answer).tamper("state", &state);
    visitor.post(form).expect(422);
    assert!(!scene.world.is_in(&visitor));
    // Nor does anybody take somebody else's away, or learn of it.
    let id = scene.client.open("/profile/security").link_to("passkeys/remove?passkey=");
    others.get(&id).expect(404);
    let passkey = id.split_once("passkey=").expect("an id").1.to_owned();
    let sent = others.send(Method::POST, "/profile/security/passkeys/remove", |r| r.form(&[("passkey", &passkey)]));
    sent.expect(404);
    scene.client.open("/profile/security").must_say("Laptop");
}

#[test]
fn a_passkey_is_added_once_by_whom_it_was_asked_of() {
    let scene = Scene::new();
    let page = scene.client.open("/profile/security/passkeys/new");
    let (_, answer) = Passkey::make(&options(&page), &scene.from);
    let form = || page.form_with("Add").set("name", "Laptop").tamper("answer", &answer);
    scene.client.post(form()).expect(200);
    scene.client.post(form()).expect(422).must_say("could not be added");
    let (_, others) = scene.world.other("Beta");
    drop(others);
    let others = scene.world.at_localhost();
    others.submit(sign_in_form(&others, "beta@example.com")).expect(200);
    others.post(form()).expect(422).must_say("could not be added");
    let nameless = others.open("/profile/security/passkeys/new");
    let (_, answer) = Passkey::make(&options(&nameless), &scene.from);
    others.post(nameless.form_with("Add").tamper("answer", &answer)).expect(422).must_say("This field is required");
    for from in [
        From { origin: "http://evil.example".to_owned(), ..scene.from.clone() },
        From { party: "evil.example".to_owned(), ..scene.from.clone() },
    ] {
        let page = others.open("/profile/security/passkeys/new");
        let (_, answer) = Passkey::make(&options(&page), &from);
        others.post(page.form_with("Add").set("name", "Phone").tamper("answer", &answer)).expect(422);
    }
    assert_eq!(scene.world.server.database().number("select count(*) as n from passkey"), 1);
}

#[test]
fn passkeys_are_several_named_and_removed_one_by_one() {
    let scene = Scene::new();
    let (mut first, page) = scene.add(&scene.client, "Laptop");
    assert_eq!(page.texts("ol.codes li").len(), 10);
    let (mut second, page) = scene.add(&scene.client, "Key <b>");
    page.expect(303);
    let page = scene.client.open("/profile/security");
    page.must_say("Laptop").must_say("Key <b>");
    let page = scene.client.open(&page.link_to("passkeys/remove?passkey="));
    scene.client.submit(page.form_with("Remove")).expect(200);
    scene.enter(&mut first).0.expect(422);
    scene.enter(&mut second).0.expect(303);
    let page = scene.client.open("/profile/security");
    page.must_say("10 of 10 codes are left");
    let page = scene.client.open(&page.link_to("passkeys/remove?passkey="));
    scene.client.submit(page.form_with("Remove")).expect(200);
    scene.enter(&mut second).0.expect(422);
    assert_eq!(scene.world.server.database().number("select count(*) as n from recovery_code"), 0);
}

#[test]
fn a_bare_address_has_no_passkeys_and_says_why() {
    let world = World::new();
    let (client, app) = world.with_app();
    let reason = "this portal was opened by a bare IP address";
    client.open("/profile/security").must_say(reason);
    let page = client.open("/profile/security/passkeys/new");
    page.must_say(reason);
    assert!(!page.has("[data-passkey]"));
    client.send(Method::POST, "/profile/security/passkeys/new", |r| r.form(&[("name", "x")])).expect(422);
    assert!(!world.server.visitor().open("/sign-in").has("[data-passkey]"));
    let named = Client::on_host(world.server.base(), "portal.example");
    let step = named.post(sign_in_form(&named, &world.company.email));
    named.follow(type_code(&named, &step, &world.code(&app.key)).expect(303)).expect(200);
    named.open("/profile/security").must_say("opened without HTTPS");
}
