//! Tokens for integrations: pending until somebody shows their handle, which fetches the key once.

use causeway::flows::accounts::actions;
use causeway::kit::{Level, Module, Permissions, Role};
use serde_json::{Value, json};

use crate::support::client::Api;
use crate::support::clock::{pass_days, pass_hours};
use crate::support::companies::{Company, act, key};
use crate::support::page::Page;
use crate::support::server::Server;

/// A company with tokens, and the program of another one, which may do nothing there.
struct World {
    server: Server,
    owner: Company,
    integrator: Company,
    program: String,
}

impl World {
    fn new() -> Self {
        let server = Server::start();
        let owner = Company::new(&server, "Northgate", Role::Distributor);
        let integrator = Company::new(&server, "Halden", Role::Vendor);
        let program = key(&server, &integrator.id, "Halden", Role::Vendor, &Permissions::default());
        Self { server, owner, integrator, program }
    }

    fn api(&self) -> Api {
        self.owner.api(&self.server)
    }

    fn program(&self) -> Api {
        self.server.api(&self.program)
    }

    /// Makes a pending token that may read hubs; gives its id and handle.
    fn make(&self) -> (String, String) {
        let body = json!({
            "name": "Billing", "status": "pending", "permissions": [{ "id": "MD-0004", "level": "read" }],
        });
        let made = self.api().post("auth/tokens", &body).expect(201).json();
        assert_eq!((&made["status"], made.get("token")), (&json!("pending"), None));
        let text = |name: &str| made[name].as_str().unwrap().to_owned();
        (text("id"), text("handle"))
    }

    fn token(&self, id: &str) -> Value {
        self.api().get(&format!("auth/tokens/{id}")).expect(200).json()
    }

    fn again(&self, id: &str) -> String {
        let made = self.api().post(&format!("auth/tokens/{id}/handle"), &json!({})).expect(200).json();
        made["handle"].as_str().unwrap().to_owned()
    }
}

fn redeem(api: &Api, handle: &str) -> Page {
    api.post("auth/tokens", &json!({ "handle": handle }))
}

#[test]
fn an_integration_fetches_the_key_and_the_owner_is_told() {
    let world = World::new();
    let (id, handle) = world.make();
    assert_eq!(world.server.database().tables_with(&handle), Vec::<String>::new(), "the handle is kept");
    assert!(world.token(&id).get("handle").is_none(), "the handle is shown again");
    assert_eq!(world.api().get("auth/tokens?eq(status,pending)").expect(200).json().as_array().unwrap().len(), 1);
    world.server.api(&format!("ApiKey {id}:{handle}")).get("auth/context").expect(401);
    let answer = redeem(&world.program(), &handle).expect(201).json();
    assert_eq!(answer.as_object().unwrap().keys().collect::<Vec<_>>(), ["id", "token"]);
    assert_eq!(answer["id"], json!(id));
    let fetched = world.server.api(&format!("ApiKey {id}:{}", answer["token"].as_str().unwrap()));
    fetched.get("hubs").expect(200);
    fetched.get("usage/files").expect(403);
    let token = world.token(&id);
    assert_eq!((&token["status"], &token["events"]["redeemed"]["by"]["name"]), (&json!("active"), &json!("Halden")));
    world.server.settle();
    let mail = world.server.mail().next_to(&world.owner.email);
    assert!(mail.text.contains("Halden") && mail.text.contains("deactivate"), "{}", mail.text);
    assert!(mail.link().ends_with(&format!("/{}/tokens/{id}", world.owner.id)));
    assert!(world.server.mail().all_to(&world.integrator.email).is_empty());
    let page = world.owner.browser(&world.server).open(&format!("/{}/tokens/{id}", world.owner.id));
    page.must_say(&format!("Halden ({}) fetched the key of token Billing", world.integrator.id));
    page.must_say("Key fetched");
    // The wrong one is stopped by the usual verb.
    world.api().post(&format!("auth/tokens/{id}/deactivate"), &json!({})).expect(200);
    fetched.get("hubs").expect(401);
}

#[test]
fn a_handle_that_fetches_nothing_is_answered_the_same_whatever_is_wrong_with_it() {
    let world = World::new();
    let program = world.program();
    let unknown = redeem(&program, "0123").expect(404).body();
    assert!(unknown.contains("No token waits for this handle"), "{unknown}");
    let (id, used) = world.make();
    redeem(&program, &used).expect(201);
    let (deleted_id, deleted) = world.make();
    world.api().delete(&format!("auth/tokens/{deleted_id}")).expect(204);
    let (renewed, old) = world.make();
    let new = world.again(&renewed);
    let (_, ended) = world.make();
    pass_days(world.server.clock(), 8);
    for handle in [&used, &deleted, &old, &new, &ended] {
        assert_eq!(redeem(&program, handle).expect(404).body(), unknown);
    }
    // One that has ended can be made anew; one whose key was fetched cannot.
    let fresh = world.again(&renewed);
    let refused = world.api().post(&format!("auth/tokens/{id}/handle"), &json!({})).expect(400).body();
    assert!(refused.contains("active") && refused.contains("Rotate"), "{refused}");
    for verb in ["renew", "rotate"] {
        let refused = world.api().post(&format!("auth/tokens/{renewed}/{verb}"), &json!({})).expect(400).body();
        assert!(refused.contains("pending") && refused.contains("new handle"), "{refused}");
    }
    for verb in ["activate", "deactivate"] {
        world.api().post(&format!("auth/tokens/{renewed}/{verb}"), &json!({})).expect(400);
    }
    assert_eq!(redeem(&program, &fresh).expect(201).json()["id"], json!(renewed));
    // Without a token nobody fetches anything.
    let (_, handle) = world.make();
    redeem(&world.server.api("ApiKey SU-000-000-000:none"), &handle).expect(401);
    program.post("auth/tokens", &json!({ "handle": ["x"] })).expect(400);
}

#[test]
fn a_key_whose_own_end_has_come_is_not_fetched() {
    let world = World::new();
    let end = world.server.clock().now().plus_seconds(24 * 3600).wire();
    let body = json!({ "name": "Short", "status": "pending", "expiration_date": end });
    let made = world.api().post("auth/tokens", &body).expect(201).json();
    pass_hours(world.server.clock(), 25);
    redeem(&world.program(), made["handle"].as_str().unwrap()).expect(404);
}

#[test]
fn of_several_that_show_a_handle_at_once_one_gets_the_key() {
    let world = World::new();
    for _ in 0..3 {
        let (id, handle) = world.make();
        let program = || key(&world.server, &world.owner.id, "Northgate", Role::Distributor, &Permissions::default());
        let programs: Vec<Api> = (0..4).map(|_| world.server.api(&program())).collect();
        let answers: Vec<Page> = std::thread::scope(|scope| {
            let handle = &handle;
            let all: Vec<_> = programs.iter().map(|api| scope.spawn(move || redeem(api, handle))).collect();
            all.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let (won, lost): (Vec<&Page>, Vec<&Page>) = answers.iter().partition(|answer| answer.status == 201);
        assert_eq!((won.len(), lost.iter().filter(|answer| answer.status == 404).count()), (1, 3));
        let secret = won[0].json()["token"].as_str().unwrap().to_owned();
        world.server.api(&format!("ApiKey {id}:{secret}")).get("hubs").expect(200);
        let noted = format!("select count(*) as n from event where verb = 'token.redeemed' and object_id = '{id}'");
        assert_eq!(world.server.database().number(&noted), 1);
        pass_hours(world.server.clock(), 7);
    }
}

#[test]
fn whoever_tries_many_handles_waits_and_others_do_not() {
    let world = World::new();
    let (_, handle) = world.make();
    let program = world.program();
    for n in 0..8 {
        redeem(&program, &format!("guess-{n}")).expect(404);
    }
    let refused = redeem(&program, &handle).expect(429);
    let wait: i64 = refused.header("retry-after").parse().unwrap();
    let other = Company::new(&world.server, "Corvin", Role::Reseller);
    redeem(&other.api(&world.server), "guess").expect(404);
    world.server.clock().advance_seconds(wait);
    redeem(&program, &handle).expect(201);
}

#[test]
fn the_same_call_again_gives_no_second_key() {
    let world = World::new();
    let (id, handle) = world.make();
    let program = world.program();
    let send = || {
        program.send(reqwest::Method::POST, "auth/tokens", |request| {
            request.header("idempotency-key", "once").json(&json!({ "handle": handle }))
        })
    };
    assert!(send().expect(201).json()["token"].is_string());
    assert_eq!(send().expect(201).json(), json!({ "id": id }));
}

#[test]
fn nobody_gets_more_by_a_handle_than_they_hold() {
    let world = World::new();
    let mut little = Permissions::default();
    little.grant(Module::Integrations, Level::Manage);
    let clerk = act(&world.server, |tx| actions::create_token(tx, &world.owner.system(), "Clerk", "", &little));
    let clerk = world.server.api(&clerk.key());
    let (id, _) = world.make();
    clerk.post(&format!("auth/tokens/{id}/handle"), &json!({})).expect(403);
    let more = json!([{ "id": "MD-0001", "level": "manage" }]);
    clerk.post("auth/tokens", &json!({ "name": "More", "status": "pending", "permissions": more })).expect(400);
    // To make a token takes the permission, with or without a handle.
    for status in ["pending", "active"] {
        let body = json!({ "name": "Mine", "status": status, "permissions": [] });
        world.program().post("auth/tokens", &body).expect(403);
        world.program().post("auth/tokens", &json!({ "status": status })).expect(403);
    }
}

#[test]
fn a_token_for_an_integration_is_made_on_the_pages() {
    let world = World::new();
    let client = world.owner.browser(&world.server);
    let page = client.open(&format!("/{}/tokens/new", world.owner.id));
    let page = client.submit(page.form_with("Continue").set("name", "Billing").set("way", "handle")).expect(200);
    let page = client.submit(page.form_with("Continue").set("level.marketplaces", "read")).expect(200);
    let page = client.submit(page.form_with("Continue").set("term", "365")).expect(200);
    page.must_say("An integration fetches it with a handle");
    let made = client.post(page.form_with("Create token")).expect(200);
    made.must_say("Copy the handle now").must_say("Works until");
    let handle = made.attribute("button[data-copy]", "data-copy").expect("the handle");
    client.submit(page.form_with("Create token")).expect(200).must_say("its handle was shown then");
    let id = world.api().get("auth/tokens?eq(name,Billing)").expect(200).json()[0]["id"].as_str().unwrap().to_owned();
    let here = format!("/{}/tokens/{id}", world.owner.id);
    let page = client.open(&here);
    page.must_say("This token waits for its integration").must_say("Pending");
    let page = client.click(&page, "New handle…");
    let made = client.post(page.form_with("Make a new handle")).expect(200);
    let newer = made.attribute("button[data-copy]", "data-copy").expect("the handle");
    redeem(&world.program(), &handle).expect(404);
    let late = client.open(&format!("{here}/handle"));
    redeem(&world.program(), &newer).expect(201);
    client.post(late.form_with("Make a new handle")).expect(422);
    client.open(&format!("{here}/handle")).must_say("Rotate it to get a new key");
    client.open(&here).must_say("Active").must_say("Halden");
    // Nobody came in time.
    let (id, _) = world.make();
    pass_days(world.server.clock(), 8);
    let page = world.owner.browser(&world.server).open(&format!("/{}/tokens/{id}", world.owner.id));
    page.must_say("The handle has ended");
}
