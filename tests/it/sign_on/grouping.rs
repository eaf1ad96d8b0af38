//! Groups are what the provider says: those with an external id, at each sign-in.

use serde_json::{Value, json};

use super::world::{World, is_in};
use crate::support::client::Client;
use crate::support::page::Page;

const ANN: &str = "ann@example.com";

impl World {
    /// The id of the group Administrators.
    pub fn administrators(&self) -> String {
        let path = format!("accounts/{}/groups?name=Administrators", self.company.id);
        let found = self.company.api(&self.server).get(&path).expect(200).json();
        found[0]["id"].as_str().expect("an id").to_owned()
    }

    /// Says what a provider calls a group.
    fn called(&self, group: &str, external_id: &str) {
        let path = format!("accounts/{}/groups/{group}", self.company.id);
        self.company.api(&self.server).put(&path, &json!({ "external_id": external_id })).expect(200);
    }

    /// Lets the claim `groups` say who is in which groups.
    fn mapped(&self) {
        let (admin, form) = self.settings();
        admin.submit(form.set("groups_claim", "groups")).must_say("The provider was saved");
    }
}

/// A world with the groups Readers (readers), Writers (writers) and Own (without an external id), into which everybody else
/// comes; people join.
fn world() -> World {
    let world = World::new();
    world.group("Readers", Some("readers"));
    world.group("Writers", Some("writers"));
    world.opened_to(&world.group("Own", None));
    world.mapped();
    world
}

fn ann(world: &World, groups: Value) -> (Page, Client) {
    world.comes("s-ann", ANN, &[("groups", groups)])
}

#[track_caller]
fn in_groups(world: &World, told: Value, groups: &[&str]) {
    let (page, _) = ann(world, told.clone());
    assert!(is_in(&page), "{told}: {}", page.text("main"));
    assert_eq!(world.groups_of(ANN), groups, "{told}");
}

#[test]
fn people_are_put_into_groups_and_taken_out_at_each_sign_in() {
    let world = world();
    in_groups(&world, json!(["writers"]), &["Writers"]);
    in_groups(&world, json!(["readers", "writers", "elsewhere"]), &["Readers", "Writers"]);
    in_groups(&world, json!("readers"), &["Readers"]);
    let admin = world.company.browser(&world.server);
    let all = admin.open(&world.path("/audit")).text("main");
    assert!(all.contains("put ann@example.com into group Writers"), "{all}");
    assert!(all.contains("took ann@example.com out of group Writers"), "{all}");
    // Nobody says where they belong.
    in_groups(&world, json!([]), &["Own"]);
    // What the provider does not know stays as it is.
    in_groups(&world, json!(["readers"]), &["Own", "Readers"]);
    in_groups(&world, Value::Null, &["Own"]);
    // A group is gone in windows that are open.
    let (_, client) = ann(&world, json!(["readers"]));
    client.open(&world.path("/users"));
    // Off, nothing changes.
    let (admin, form) = world.settings();
    admin.submit(form.set("groups_claim", "")).expect(200);
    in_groups(&world, json!(["writers"]), &["Own", "Readers"]);
}

#[test]
fn who_would_be_in_no_group_does_not_come_in() {
    let world = world();
    in_groups(&world, json!(["writers"]), &["Writers"]);
    let (admin, form) = world.settings();
    admin.submit(form.uncheck("joins", "yes").set("join_group", "")).must_say("The provider was saved");
    for told in [json!([]), json!(["elsewhere", "Writers", "WRITERS"]), json!(7), Value::Null] {
        let (page, client) = ann(&world, told.clone());
        page.expect(422).must_say("names no group of yours that this account knows");
        assert!(client.get("/profile").redirect().is_some(), "{told}");
    }
    assert_eq!(world.groups_of(ANN), ["Writers"]);
    in_groups(&world, json!(["readers"]), &["Readers"]);
}

#[test]
fn the_last_administrator_is_kept() {
    let world = world();
    let admins = world.administrators();
    world.called(&admins, "admins");
    let email = world.company.email.clone();
    let told = |groups: Value| world.told(&[("groups", groups)]);
    assert!(is_in(&told(json!(["readers"]))));
    assert_eq!(world.groups_of(&email), ["Administrators", "Readers"]);
    let admin = world.company.browser(&world.server);
    admin.open(&world.path("/audit")).must_say("who stays in it: nobody else can manage the account");
    // With a second one, who may work, they go.
    in_groups(&world, json!(["admins", "readers"]), &["Administrators", "Readers"]);
    assert!(is_in(&told(json!(["readers"]))));
    assert_eq!(world.groups_of(&email), ["Readers"]);
    in_groups(&world, json!([]), &["Administrators"]);
}

#[test]
fn hostile_claims_are_bounded() {
    let world = world();
    in_groups(&world, json!(["writers"]), &["Writers"]);
    let many: Vec<String> = (0..10_000).map(|n| format!("g{n}")).collect();
    let (page, client) = ann(&world, json!(many));
    page.expect(422).must_say("names more of your groups");
    assert!(client.get("/profile").redirect().is_some());
    let (page, _) = world.comes("s-ann", ANN, &[("_claim_names", json!({ "groups": "src1" }))]);
    page.expect(422).must_say("names more of your groups");
    assert_eq!(world.groups_of(ANN), ["Writers"]);
    let long = "x".repeat(100_000);
    let odd = json!(["readers", 1, -1.5e300, null, true, ["writers"], { "writers": "writers" }, long, "' or 1=1 --", "\u{0}", ""]);
    in_groups(&world, odd, &["Readers"]);
    in_groups(&world, json!({ "writers": true }), &["Own"]);
    in_groups(&world, json!(123_456_789_012_345_678_901_234_567_890_f64), &["Own"]);
}

#[test]
fn groups_may_come_from_what_is_asked_for() {
    let world = world();
    let me = |groups: Value| {
        let me = json!({ "sub": "s-ann", "email": "other@example.com", "email_verified": true, "groups": groups });
        world.fake.put("/me", 200, &me);
        let (page, _) = world.comes("s-ann", ANN, &[]);
        assert!(is_in(&page), "{}", page.text("main"));
        world.groups_of(ANN)
    };
    assert_eq!(me(json!(["readers"])), ["Readers"]);
    assert_eq!(me(json!(["writers"])), ["Writers"]);
    // Further scopes are asked for.
    let (admin, form) = world.settings();
    let page = admin.submit(form.set("scopes", "groups openid  groups").set("notice", "Use your badge."));
    page.must_say("openid email profile groups");
    let ticket = super::world::go(&world.server.visitor(), &world.provider);
    assert_eq!(ticket.all["scope"], "openid email profile groups");
    let visitor = world.server.visitor();
    let page = visitor.post(visitor.open("/sign-in/sso").form_with("Next").set("email", ANN)).expect(200);
    page.must_say("Use your badge.");
}
