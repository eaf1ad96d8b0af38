//! Memberships: invitations, groups and tags, deactivation; at once, also for whoever is signed in.

use causeway::flows::accounts::actions;
use causeway::kit::{GroupId, Level, Module, Role};
use serde_json::json;

use super::{administrators, at, below, colleague, delete, group, invite, member, refuses, shown, start};
use crate::support::companies::{Company, PASSWORD, act};

const DAY: i64 = 24 * 3600;

#[test]
fn an_invitation_expires_is_revoked_and_sent_again() {
    let (server, company) = start();
    let (api, browser) = (company.api(&server), company.browser(&server));
    let desk = group(&server, &company, "Desk", &[(Module::Account, Level::Read)]);
    let user = invite(&api, &company, "cy@alpha.example", desk.as_str()).expect(201).json();
    let id = user["id"].as_str().unwrap();
    assert_eq!((user["status"].as_str(), user["active"].as_bool()), (Some("invited"), Some(false)));
    server.settle();
    let first = server.mail().next_to("cy@alpha.example").link_with("/set-password");
    let page = browser.open(&at(&company, &format!("/users/{id}")));
    page.must_say("The link in the mail works until");

    // Sent again: the earlier link ends.
    browser.submit(page.form_with("Invite again")).expect(200).must_say("The invitation was sent again");
    server.settle();
    let second = server.mail().next_to("cy@alpha.example").link_with("/set-password");
    server.visitor().get(&first).expect(409);
    server.visitor().open(&second).must_say("cy@alpha.example");

    // Revoked: no link works, and the list says so.
    let page = browser.open(&at(&company, &format!("/users/{id}")));
    browser.submit(page.form_with("Revoke invitation")).expect(200).must_say("The invitation was revoked");
    server.visitor().get(&second).expect(409);
    assert_eq!(shown(&api, &company, id)["status"], "expired");
    refuses(api.post(&below(&company, &format!("users/{id}/revoke")), &json!({})), 400, "no open invitation");
    refuses(api.post(&below(&company, &format!("users/{id}/activate")), &json!({})), 400, "is not deactivated");
    refuses(api.post(&below(&company, &format!("users/{id}/deactivate")), &json!({})), 400, "Only a user who joined");

    // Left alone for a week: expired at once where it is shown, and for filters once the schedule has run.
    api.post(&below(&company, &format!("users/{id}/reinvite")), &json!({})).expect(200);
    server.settle();
    let third = server.mail().next_to("cy@alpha.example").link_with("/set-password");
    assert_eq!(shown(&api, &company, id)["status"], "invited");
    server.clock().advance_seconds(7 * DAY + 1);
    assert_eq!(shown(&api, &company, id)["status"], "expired");
    server.visitor().get(&third).expect(409);
    // What the schedule does; whoever of both is first does it.
    act(&server, |tx| actions::expire_invitations(tx, 10));
    let expired = api.get(&below(&company, "users?status=expired")).expect(200).json();
    assert_eq!(expired.as_array().unwrap().len(), 1, "{expired}");
    let browser = company.browser(&server);
    browser.open(&at(&company, &format!("/users/{id}"))).must_say("The invitation of cy@alpha.example expired");

    // The address is invited anew, into another group: nothing of the old invitation is left.
    let other = group(&server, &company, "Other", &[]);
    let again = invite(&api, &company, "CY@alpha.example", other.as_str()).expect(201).json();
    assert_eq!(again["id"], id);
    let names: Vec<_> = again["groups"].as_array().unwrap().iter().map(|g| g["name"].clone()).collect();
    assert_eq!(names, ["Other"]);
    server.settle();
    let link = server.mail().next_to("cy@alpha.example").link_with("/set-password");
    let newcomer = server.visitor();
    let form = newcomer.open(&link).form_with("Set password").set("password", PASSWORD).set("again", PASSWORD);
    newcomer.submit(form).expect(200);
    let joined = shown(&api, &company, id);
    assert_eq!((joined["status"].as_str(), joined["active"].as_bool()), (Some("active"), Some(true)));
    assert!(joined["events"]["activated"]["at"].is_string(), "{joined}");
    refuses(api.post(&below(&company, &format!("users/{id}/reinvite")), &json!({})), 400, "has joined already");
}

#[test]
fn whoever_is_deactivated_can_do_nothing_at_once_and_everything_after() {
    let (server, company) = start();
    let api = company.api(&server);
    let desk = group(&server, &company, "Desk", &[(Module::Account, Level::Read)]);
    let (user, window) = colleague(&server, &company, "di@alpha.example", &[&desk]);
    window.get(&at(&company, "/users")).expect(200);
    let browser = company.browser(&server);
    let page = browser.open(&at(&company, &format!("/users/{user}")));
    browser.submit(page.form_with("Deactivate")).expect(200).must_say("The user was deactivated");
    window.get(&at(&company, "/users")).expect(404);
    window.get(&at(&company, "")).expect(404);
    let now = shown(&api, &company, user.as_str());
    assert_eq!((now["status"].as_str(), now["active"].as_bool()), (Some("inactive"), Some(false)));
    let usable = api.get(&below(&company, "users?status=active")).expect(200).json();
    assert!(usable.as_array().unwrap().iter().all(|u| u["id"] != user.as_str()), "{usable}");
    // The same by PUT, and back.
    let path = below(&company, &format!("users/{user}"));
    assert_eq!(api.put(&path, &json!({ "active": true })).expect(200).json()["active"], true);
    window.get(&at(&company, "/users")).expect(200);
    assert_eq!(api.put(&path, &json!({ "active": false })).expect(200).json()["status"], "inactive");
    assert_eq!(api.post(&format!("{path}/activate"), &json!({})).expect(200).json()["status"], "active");
    browser.open(&at(&company, &format!("/users/{user}"))).must_say("di@alpha.example was deactivated");
}

#[test]
fn groups_and_tags_are_changed_at_once_and_seen_on_the_timeline() {
    let (server, company) = start();
    let api = company.api(&server);
    let desk = group(&server, &company, "Desk", &[(Module::Account, Level::Read)]);
    let blind = group(&server, &company, "Blind", &[]);
    let (user, window) = colleague(&server, &company, "di@alpha.example", &[&desk]);
    let browser = company.browser(&server);
    let edit = at(&company, &format!("/users/{user}/edit"));
    let (one, stale) = (browser.open(&edit), browser.open(&edit));
    window.get(&at(&company, "/groups")).expect(200);
    let form = one.form_with("Save").uncheck("groups", desk.as_str()).check("groups", blind.as_str());
    let saved = browser.submit(form.check("tags", "billing")).expect(200);
    saved.must_say("The user was saved").must_say("Billing").must_say("GroupsDeskBlind");
    window.get(&at(&company, "/groups")).expect(403);
    // Who comes second is told what happened.
    let late = browser.post(stale.form_with("Save").check("tags", "legal")).expect(422);
    late.must_say("Somebody changed user").must_say("di@alpha.example was changed");
    // By the API: absent keys stay; tags are filters.
    let path = below(&company, &format!("users/{user}"));
    let changed = api.put(&path, &json!({ "groups": [{ "id": desk }] })).expect(200).json();
    assert_eq!((&changed["tags"][0]["id"], &changed["groups"][0]["name"]), (&json!("billing"), &json!("Desk")));
    window.get(&at(&company, "/groups")).expect(200);
    for (filter, count) in
        [("tags.id=billing", 1), ("tags.name=Billing", 1), ("tags.id=legal", 0), ("groups.name=Desk", 1)]
    {
        let found = api.get(&below(&company, &format!("users?{filter}"))).expect(200).json();
        assert_eq!(found.as_array().unwrap().len(), count, "{filter}: {found}");
    }
    refuses(api.put(&path, &json!({ "groups": [] })), 400, "Choose at least one group");
    refuses(
        api.put(&path, &json!({ "groups": [{ "id": "UG-999-999-999" }] })),
        400,
        "There is no group UG-999-999-999",
    );
    refuses(api.put(&path, &json!({ "tags": [{ "id": "boss" }] })), 400, "There is no tag boss");
    assert_eq!(shown(&api, &company, user.as_str())["groups"][0]["name"], "Desk");
}

#[test]
fn the_last_who_can_manage_stays_whatever_is_tried() {
    let (server, company) = start();
    let api = company.api(&server);
    let desk = group(&server, &company, "Desk", &[]);
    let admins = administrators(&api, &company);
    let user = company.user.to_string();
    let last = "last user who can manage";
    let mine = below(&company, &format!("users/{user}"));
    let admin_group = below(&company, &format!("groups/{admins}"));
    // Somebody invited and somebody deactivated do not count.
    invite(&api, &company, "later@alpha.example", &admins).expect(201);
    let away = member(&server, &company, "away@alpha.example", &[&GroupId::parse(&admins).unwrap()]);
    api.post(&below(&company, &format!("users/{away}/deactivate")), &json!({})).expect(200);
    refuses(api.delete(&mine), 400, last);
    refuses(api.post(&format!("{mine}/deactivate"), &json!({})), 400, last);
    refuses(api.put(&mine, &json!({ "active": false })), 400, last);
    refuses(api.put(&mine, &json!({ "groups": [{ "id": desk }] })), 400, last);
    refuses(delete(&api, &format!("{admin_group}/permissions"), &json!({ "object": { "id": "MD-0001" } })), 400, last);
    let weaker = json!({ "object": { "id": "account" }, "level": "act" });
    refuses(api.post(&format!("{admin_group}/permissions"), &weaker), 400, last);
    api.post(&below(&company, &format!("groups/{desk}/users")), &json!({ "id": user })).expect(201);
    refuses(delete(&api, &format!("{admin_group}/users"), &json!({ "id": user })), 400, last);
    for email in ["later@alpha.example", "away@alpha.example"] {
        let known = api.get(&below(&company, &format!("users?email={email}"))).expect(200).json();
        let path = below(&company, &format!("groups/{desk}/users"));
        api.post(&path, &json!({ "id": known[0]["id"] })).expect(201);
    }
    refuses(api.delete(&admin_group), 400, last);
    // The page says so beside its form, and the account still has its administrator.
    let browser = company.browser(&server);
    let page = browser.open(&at(&company, &format!("/groups/{admins}/permissions")));
    browser.post(page.form_with("Save").set("account", "none")).expect(422).must_say(last);
    browser
        .post(browser.open(&at(&company, &format!("/users/{user}/remove"))).form_with("Remove"))
        .expect(422)
        .must_say(last);
    // With a second one who has joined, the first may go, and is out at once.
    api.post(&below(&company, &format!("users/{away}/activate")), &json!({})).expect(200);
    browser.get(&at(&company, "/users")).expect(200);
    api.delete(&mine).expect(204);
    browser.get(&at(&company, "/users")).expect(404);
}

#[test]
fn people_of_other_companies_are_not_there() {
    let (server, company) = start();
    let other = Company::new(&server, "Beta", Role::Vendor);
    let api = company.api(&server);
    for verb in ["activate", "deactivate", "reinvite", "revoke", "unblock"] {
        api.post(&below(&company, &format!("users/{}/{verb}", other.user)), &json!({})).expect(404);
    }
    api.get(&format!("users/{}", other.user)).expect(404);
    api.get(&format!("users/{}/accounts", other.user)).expect(404);
    api.get(&format!("users/{}/accounts/{}", company.user, other.id)).expect(404);
    api.get(&below(&company, &format!("users/{}/permissions", other.user))).expect(404);
    let own = api.get(&format!("users/{}/accounts", company.user)).expect(200).json();
    assert_eq!((own.as_array().unwrap().len(), &own[0]["id"]), (1, &json!(company.id)));
    let desk = group(&server, &company, "Desk", &[]);
    refuses(
        api.post(&below(&company, &format!("groups/{desk}/users")), &json!({ "id": other.user })),
        404,
        "There is no user",
    );
    let theirs = administrators(&other.api(&server), &other);
    api.get(&below(&company, &format!("groups/{theirs}"))).expect(404);
    let path = below(&company, &format!("users/{}", company.user));
    refuses(api.put(&path, &json!({ "groups": [{ "id": theirs }] })), 400, "There is no group");
}
