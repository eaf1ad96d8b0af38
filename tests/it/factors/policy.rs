//! What an account asks of its members.

use causeway::flows::accounts::actions;
use causeway::kit::{Actor, Role};

use super::world::World;
use crate::support::client::Client;
use crate::support::companies::{Company, act};
use crate::support::page::Page;

fn set(client: &Client, company: &Company, policy: &str) -> Page {
    let page = client.open(&format!("/{}/account/security", company.id));
    client.submit(page.form_with("Save").set("policy", policy)).expect(200)
}

fn leads_to_set_up(page: &Page) -> bool {
    page.redirect().is_some_and(|url| url.path() == "/profile/security")
}

#[test]
fn where_a_factor_is_required_members_set_one_up_first_at_once_and_in_that_account_alone() {
    let world = World::new();
    let (admin, _) = world.with_app();
    let (other, member) = world.other("Beta");
    act(&world.server, |tx| actions::make_administrator(tx, &Actor::Operator, &world.company.id, &other.user, "Beta"));
    let home = format!("/{}", world.company.id);
    member.open(&format!("{home}/users"));
    let form = member.open(&format!("{home}/account/edit")).form_with("Save").set("name", "Taken over");
    let page = admin.open(&format!("{home}/account/security"));
    page.must_say("1 of 2");
    set(&admin, &world.company, "required").must_say("The rule for second factors was saved");
    // The open session of the member, pages and forms alike.
    for path in [home.clone(), format!("{home}/users"), format!("{home}/account/security")] {
        assert!(leads_to_set_up(&member.get(&path)), "{path}");
    }
    assert!(leads_to_set_up(&member.post(form)));
    admin.open(&home);
    assert!(!admin.open(&format!("{home}/account")).says("Taken over"));
    member.open(&format!("/{}", other.id));
    // Programs have no second factor.
    world.company.api(&world.server).get("accounts").expect(200);

    let page = member.open(&format!("{home}/users"));
    page.must_say("Alpha requires a second factor");
    let page = member.click(&page, "Set up an app…");
    let code = world.code(&super::world::key(&page));
    let shown = member.post(page.form_with("Set up").set("code", &code)).expect(200);
    let on = member.submit(shown.form_with("I have kept the codes"));
    assert_eq!(on.expect(200).url.path(), format!("{home}/users"));
    let remove = member.open("/profile/security/app/remove").form_with("Remove");
    member.post(remove).expect(422).must_say("Alpha requires a second factor, and this is your last one");
    admin.open(&format!("{home}/account/security")).must_say("2 of 2");
    admin.open(&format!("{home}/account")).must_say("The rule for second factors was changed");
}

#[test]
fn a_suggestion_is_put_away() {
    let world = World::new();
    let (admin, _) = world.with_app();
    let (other, member) = world.other("Beta");
    act(&world.server, |tx| actions::make_administrator(tx, &Actor::Operator, &world.company.id, &other.user, "Beta"));
    let home = format!("/{}", world.company.id);
    let hint = "Alpha suggests a second factor";
    assert!(!member.open(&home).says(hint));
    set(&admin, &world.company, "suggested");
    assert!(!admin.open(&home).says(hint), "who has one needs no hint");
    let page = member.open(&home);
    page.must_say(hint);
    let back = member.submit(page.form_with("Not now"));
    assert_eq!(back.url.path(), home);
    assert!(!back.says(hint) && !member.open(&home).says(hint));
}

#[test]
fn the_rule_is_on_the_api_and_changed_by_who_manages_the_account() {
    let world = World::new();
    let api = world.company.api(&world.server);
    let policy = || api.get("modules/account/settings").expect(200).json()["mfa"]["policy"].clone();
    assert_eq!(policy(), "optional");
    let (admin, _) = world.with_app();
    set(&admin, &world.company, "required");
    assert_eq!(policy(), "required");
    let path = format!("/{}/account/security", world.company.id);
    let form = admin.open(&path).form_with("Save").without("policy").tamper("policy", "whatever");
    admin.post(form).expect(422).must_say("There is no rule whatever");
    assert_eq!(policy(), "required");
    let stranger = Company::new(&world.server, "Beta", Role::Vendor);
    stranger.browser(&world.server).get(&path).expect(404);
    let page = stranger.browser(&world.server);
    let sent = page.send(reqwest::Method::POST, &path, |r| r.form(&[("policy", "optional")]));
    sent.expect(404);
    assert_eq!(policy(), "required");
}
