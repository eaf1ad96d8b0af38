//! What people are told by mail of their contracts, newer versions and reminders among it.

use serde_json::json;

use super::signatures::joins;
use super::world::{World, id};
use crate::support::companies::{Company, sign_in};
use causeway::kit::Role;

/// The subjects of the mails to an address, in the order in which they came.
fn subjects(world: &World, address: &str) -> Vec<String> {
    world.server.settle();
    world.server.mail().all_to(address).into_iter().map(|mail| mail.subject).collect()
}

#[test]
fn each_step_is_told_to_the_other_side_and_to_nobody_else() {
    let world = World::new();
    let api = world.api();
    let market = world.marketplace("Nordics");
    let program = world.agreement("program");
    let child = world.distribution(&program, &market, false);
    let stranger = Company::new(&world.server, "Elsewhere", Role::Distributor);
    let (client, account, contract) = joins(&world, &program, "Halden");
    let (issuer, partner) = (world.distributor.email.as_str(), "mara@halden.example");
    assert_eq!(subjects(&world, issuer), ["Halden accepted program agreement"]);

    let enrol = || {
        let page = client.open(&format!("/{account}/agreements/{child}/enrol"));
        client.submit(page.form_with("Enrol").check("accept", "yes")).expect(200);
        let found = api.get(&format!("agreements/{child}/contracts?eq(status,pending)")).expect(200).json();
        found[0]["id"].as_str().expect("an id").to_owned()
    };
    let first = enrol();
    api.post(&format!("contracts/{first}/reject"), &json!({ "termination_note": "Not this year" })).expect(200);
    let second = enrol();
    api.post(&format!("contracts/{second}/sign"), &json!({})).expect(200);
    api.post(&format!("contracts/{contract}/terminate"), &json!({})).expect(200);
    assert_eq!(subjects(&world, issuer)[1..], ["Halden wants to sell on Nordics", "Halden wants to sell on Nordics"]);
    let title = format!("Distribution on {market}");
    let mut told = subjects(&world, partner);
    told.sort();
    let mut want = vec![
        format!("Your contract under {title} was rejected"),
        "You can sell on Nordics".to_owned(),
        "The contract under program agreement has ended".to_owned(),
        format!("The contract under {title} has ended"),
    ];
    want.sort();
    assert_eq!(told, want);
    let mails = world.server.mail().all_to(partner);
    let rejected = mails.iter().find(|m| m.subject.contains("rejected")).expect("a mail");
    assert!(rejected.text.contains("Reason: Not this year"), "{}", rejected.text);
    let there = format!("{}/{account}/contracts/{first}", world.server.base());
    assert_eq!(rejected.link_with("/contracts/"), there);
    client.open(&there).must_say("Not this year");
    assert!(subjects(&world, &stranger.email).is_empty());
}

#[test]
fn whoever_wants_no_mails_about_contracts_gets_none() {
    let world = World::new();
    let program = world.agreement("program");
    let (client, _, contract) = joins(&world, &program, "Halden");
    let page = client.open("/profile/notifications");
    client.submit(page.form_with("Save").uncheck("mails", "contracts")).expect(200);
    world.api().post(&format!("contracts/{contract}/terminate"), &json!({})).expect(200);
    assert!(subjects(&world, "mara@halden.example").is_empty());
}

#[test]
fn whoever_was_invited_learns_that_the_offer_is_gone() {
    let world = World::new();
    let program = world.agreement("program");
    let body = json!({ "activation": { "message": "Welcome", "email": "office@quay.example" }, "partner": { "name": "Quay" } });
    let offered = id(&world.api().post(&format!("agreements/{program}/contracts"), &body).expect(201));
    world.api().delete(&format!("contracts/{offered}")).expect(204);
    let told = subjects(&world, "office@quay.example");
    assert_eq!(
        told,
        ["Northgate invites you to program agreement", "Northgate withdrew the offer of program agreement"]
    );
}

#[test]
fn partners_learn_of_a_newer_version_and_are_reminded_once_a_day() {
    let world = World::new();
    let api = world.api();
    let program = world.agreement("program");
    let (client, account, contract) = joins(&world, &program, "Halden");
    let (_, _, other) = joins(&world, &program, "Ember");
    api.post(&format!("contracts/{other}/terminate"), &json!({})).expect(200);
    let version = json!({ "document_type": "text", "text": "# More", "active": true });
    api.post(&format!("agreements/{program}/versions"), &version).expect(201);
    let told = subjects(&world, "mara@halden.example");
    assert_eq!(told, ["Version 2 of program agreement is out"]);
    assert!(!subjects(&world, "mara@ember.example").iter().any(|s| s.contains("Version 2")), "its contract has ended");
    // It waits on the partner's home page, and in its list.
    client.open(&format!("/{account}")).must_say("One new version of an agreement to accept");
    client.open(&format!("/{account}/contracts?eq(newer,true)")).must_say(&contract);

    let boss = world.distributor.browser(&world.server);
    let list = format!("/{}/agreements/{program}/partners", world.distributor.id);
    let page = boss.open(&list);
    page.must_say("Halden").must_say("version 2 is out").must_say("Ember");
    boss.open(&format!("{list}?eq(behind,true)")).must_say("Halden");
    assert!(!boss.open(&format!("{list}?eq(behind,true)")).says("Ember"));
    let remind = |form| boss.submit(form).expect(200);
    let chosen = || boss.open(&list).form_with("Remind").check("pick", &contract);
    remind(chosen()).must_say("One partner was reminded");
    remind(chosen()).must_say("had a reminder within a day");
    remind(boss.open(&list).form_with("Remind")).must_say("Choose the partners to remind");
    assert_eq!(subjects(&world, "mara@halden.example").len(), 2);
    crate::support::clock::pass_days(world.server.clock(), 2);
    let boss = world.distributor.browser(&world.server);
    let page = boss.open(&list);
    boss.submit(page.form_with("Remind the one partner who is behind")).expect(200).must_say("One partner gets a mail");
    let told = subjects(&world, "mara@halden.example");
    assert_eq!(told[2..], ["Northgate asks you to accept version 2 of program agreement"]);
    boss.open(&format!("/{}/contracts/{contract}", world.distributor.id)).must_say("Halden was reminded of version 2");

    // Once it is accepted, nothing waits and nobody is reminded.
    let client = sign_in(&world.server, "mara@halden.example");
    let page = client.open(&format!("/{account}/contracts/{contract}/sign"));
    client.submit(page.form_with("Accept the new version").check("accept", "yes")).expect(200);
    assert!(!client.open(&format!("/{account}")).says("new version of an agreement to accept"));
    assert_eq!(
        subjects(&world, &world.distributor.email).last().map(String::as_str),
        Some("Halden accepted version 2 of program agreement")
    );
    assert!(!boss.open(&list).says("who is behind"));
    // Partners and strangers see no list of partners.
    client.get(&format!("/{account}/agreements/{program}/partners")).expect(403);
    let stranger = Company::new(&world.server, "Elsewhere", Role::Distributor);
    stranger.browser(&world.server).get(&format!("/{}/agreements/{program}/partners", stranger.id)).expect(404);
    // Going back to the first version leaves nobody behind.
    api.post(&format!("agreements/{program}/versions/1/activate"), &json!({})).expect(200);
    assert!(!client.open(&format!("/{account}")).says("new version of an agreement to accept"));
}

#[test]
fn an_offer_that_waited_for_long_leads_to_the_newer_version() {
    let world = World::new();
    let api = world.api();
    let program = world.agreement("program");
    let offered = world.offered(&program, "Late");
    let version = json!({ "document_type": "text", "text": "# More", "active": true });
    api.post(&format!("agreements/{program}/versions"), &version).expect(201);
    let code = offered["activation"]["code"].as_str().expect("a code");
    let users = json!({ "users": [{ "id": world.distributor.user.to_string() }] });
    api.post(&format!("accounts?code={code}"), &users).expect(201);
    let waits = "select count(*) as n from party where kind = 'contract' and status = 'active' and turn";
    assert_eq!(world.server.database().number(waits), 1);
    // Its own program accepted for the partner: nobody of the distributor needs a mail about that.
    assert!(subjects(&world, &world.distributor.email).iter().all(|s| !s.contains("accepted")));
}
