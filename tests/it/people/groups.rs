//! Groups: what is said about them, what they may do, who is in them; nobody gives more than they hold.

use causeway::kit::{Level, Module};
use serde_json::json;

use super::{administrators, at, below, colleague, delete, group, invite, member, refuses, shown, start};

#[test]
fn a_group_is_made_changed_and_deleted_on_pages() {
    let (server, company) = start();
    let browser = company.browser(&server);
    let page = browser.open(&at(&company, "/groups/new"));
    let empty = browser.post(page.form_with("Create group")).expect(422);
    empty.must_say("This field is required");
    let form =
        page.form_with("Create group").set("name", "Order desk").set("color", "#0f9488").set("external_id", "od");
    let made = browser.submit(form).expect(200);
    made.must_say("The group was created");
    assert!(made.url.path().ends_with("/permissions"), "{}", made.url);
    // One level for all but one: what is sent for all counts for each.
    let saved = browser.submit(made.form_with("Save").set("all", "read")).expect(200);
    saved.must_say("The permissions were saved");
    let form = saved.form_with("Save").set("usage", "act").set("devops", "none");
    let saved = browser.submit(form).expect(200);
    let form = saved.form_with("Save");
    let levels = ["all", "usage", "devops", "products"].map(|name| form.value(name).map(str::to_owned));
    assert_eq!(levels.each_ref().map(Option::as_deref), [Some(""), Some("act"), Some("none"), Some("read")]);

    let general = saved.url.path().trim_end_matches("/permissions").to_owned();
    let (one, stale) = (browser.open(&general), browser.open(&general));
    one.must_say("UsageReadAct").must_say("DevOpsRead");
    let renamed = browser.submit(one.form_with("Save").set("name", "Orders").set("color", "")).expect(200);
    renamed.must_say("The group was saved").must_say("NameOrder deskOrders");
    browser.post(stale.form_with("Save").set("name", "Late")).expect(422).must_say("Somebody changed group");
    let twice = browser.open(&at(&company, "/groups/new")).form_with("Create group");
    let twice = browser.post(twice.set("name", "ORDERS").set("external_id", "od")).expect(422);
    twice.must_say("has a group of this name already").must_say("has this external id already");

    // Users come and go, and nobody is left without a group.
    let desk = group(&server, &company, "Spare", &[]);
    let di = member(&server, &company, "di@alpha.example", &[&desk]);
    let page = browser.open(&format!("{general}/users"));
    page.must_say("Nobody is in this group");
    let add = browser.open(&format!("{general}/users/add")).form_with("Add user");
    browser.post(add.clone()).expect(422).must_say("Choose the user to be added");
    let list = browser.submit(add.set("user", di.as_str())).expect(200);
    list.must_say("The user was added").must_say("di@alpha.example");
    let spare = at(&company, &format!("/groups/{desk}"));
    let remove = browser.open(&format!("{spare}/users/{di}/remove")).form_with("Take out");
    browser.submit(remove).expect(200).must_say("taken out of the group");
    let page = browser.open(&format!("{general}/users/{di}/remove"));
    browser.post(page.form_with("Take out")).expect(422).must_say("is the only group of di@alpha.example");
    let page = browser.open(&format!("{general}/delete"));
    browser.post(page.form_with("Delete group")).expect(422).must_say("One user is in no other group");
    let page = browser.open(&format!("{spare}/delete"));
    browser.submit(page.form_with("Delete group")).expect(200).must_say("The group was deleted");
    browser.get(&spare).expect(404);
}

#[test]
fn the_api_has_groups_as_published() {
    let (server, company) = start();
    let api = company.api(&server);
    let groups = below(&company, "groups");
    refuses(api.post(&groups, &json!({ "description": "x" })), 400, "This field is required");
    let body = json!({ "name": "Desk", "description": "Works", "color": "#2F5BD0", "external_id": "d1" });
    let made = api.post(&groups, &body).expect(201).json();
    let path = format!("{groups}/{}", made["id"].as_str().unwrap());
    assert_eq!((&made["color"], &made["stats"]["users"], &made["revision"]), (&json!("#2f5bd0"), &json!(0), &json!(2)));
    // An absent key stays, null empties.
    let changed = api.put(&path, &json!({ "external_id": null, "name": "Desks" })).expect(200).json();
    assert_eq!(
        (&changed["name"], &changed["external_id"], &changed["color"]),
        (&json!("Desks"), &json!(null), &json!("#2f5bd0"))
    );
    for (body, words) in [
        (json!({ "color": "red" }), "red is not a colour"),
        (json!({ "name": "x".repeat(33) }), "at most 32"),
        (json!({ "name": null }), "This field is required"),
        (json!({ "name": "Administrators" }), "of this name already"),
        (json!({ "external_id": "y".repeat(65) }), "at most 64"),
    ] {
        refuses(api.put(&path, &body), 400, words);
    }
    refuses(api.put(&path, &json!({ "revision": 1, "name": "Late" })), 409, "Somebody changed group");

    let held = format!("{path}/permissions");
    for (body, words) in [
        (json!({}), "Name the module"),
        (json!({ "object": { "id": "MD-9999" } }), "There is no module MD-9999"),
        (json!({ "object": { "id": "MD-0010" }, "level": "own" }), "There is no level own"),
    ] {
        refuses(api.post(&held, &body), 400, words);
    }
    let given = api.post(&held, &json!({ "object": { "id": "MD-0010" }, "level": "act" })).expect(201).json();
    assert_eq!((&given["id"], &given["level"]), (&json!("MD-0010"), &json!("act")));
    assert!(given["events"]["granted"]["at"].is_string(), "{given}");
    let more = api.post(&held, &json!({ "id": "MD-0006", "object": { "id": "MD-0006" } })).expect(201).json();
    assert_eq!(more["level"], "manage", "a client that knows no levels gives all");
    let all = api.get(&held).expect(200).json();
    assert_eq!(all.as_array().unwrap().len(), 2, "{all}");
    assert_eq!(api.get(&format!("{held}?object.id=MD-0010")).expect(200).json().as_array().unwrap().len(), 1);
    delete(&api, &held, &json!({ "object": { "id": "MD-0010" } })).expect(204);
    let found = api.get(&format!("{groups}?permissions.id=MD-0006&stats.users=0")).expect(200).json();
    assert_eq!(found[0]["name"], "Desks", "{found}");

    let users = format!("{path}/users");
    api.post(&users, &json!({ "id": company.user })).expect(201);
    refuses(api.post(&users, &json!({ "id": company.user })), 409, "is in the group Desks already");
    let listed = api.get(&users).expect(200).json();
    assert_eq!((&listed[0]["id"], listed.as_array().unwrap().len()), (&json!(company.user), 1));
    assert!(listed[0]["events"]["added"]["at"].is_string(), "{listed}");
    assert_eq!(api.get(&path).expect(200).json()["stats"]["users"], 1);
    delete(&api, &users, &json!({ "id": company.user })).expect(204);
    refuses(delete(&api, &users, &json!({ "id": company.user })), 404, "There is no user");
    api.delete(&path).expect(204);
    api.get(&path).expect(404);

    assert_eq!(api.get("modules/MD-0007").expect(200).json()["name"], "Integrations");
    assert_eq!(api.get("modules/integrations").expect(200).json()["id"], "MD-0007");
    api.get("modules/MD-9999").expect(404);
}

#[test]
fn nobody_gives_more_than_they_hold() {
    let (server, company) = start();
    let full = company.api(&server);
    let people = [(Module::Account, Level::Manage), (Module::Usage, Level::Act)];
    let hr = group(&server, &company, "HR", &people);
    let strong = group(&server, &company, "Strong", &[(Module::Products, Level::Read)]);
    let (user, window) = colleague(&server, &company, "hr@alpha.example", &[&hr]);
    let token = company.api_with(&server, &people);
    let admins = administrators(&full, &company);
    let no = "may do more than you may";
    let lacking = "you do not hold it yourself";
    // By the API.
    let path = below(&company, &format!("groups/{hr}/permissions"));
    refuses(token.post(&path, &json!({ "object": { "id": "products" }, "level": "read" })), 400, lacking);
    refuses(token.post(&path, &json!({ "object": { "id": "usage" } })), 400, lacking);
    token.post(&path, &json!({ "object": { "id": "usage" }, "level": "read" })).expect(201);
    token.post(&path, &json!({ "object": { "id": "usage" }, "level": "act" })).expect(201);
    for group in [admins.as_str(), strong.as_str()] {
        let own = below(&company, &format!("users/{user}"));
        refuses(token.put(&own, &json!({ "groups": [{ "id": hr }, { "id": group }] })), 400, no);
        let members = below(&company, &format!("groups/{group}/users"));
        refuses(token.post(&members, &json!({ "id": user })), 400, lacking);
        refuses(invite(&token, &company, "new@alpha.example", group), 400, no);
    }
    // On pages: to themselves, to others, by a copy, by a form that was tampered with.
    let edit = window.open(&at(&company, &format!("/users/{user}/edit"))).form_with("Save");
    window.post(edit.tamper("groups", &admins)).expect(422).must_say(no);
    let add = window.open(&at(&company, &format!("/groups/{admins}/users/add"))).form_with("Add user");
    window.post(add.set("user", user.as_str())).expect(422).must_say(lacking);
    let like = window.open(&at(&company, "/groups/new")).form_with("Create group").set("name", "Copy");
    window.post(like.set("like", &admins)).expect(422).must_say(lacking);
    let page = window.open(&at(&company, &format!("/groups/{hr}/permissions")));
    window.post(page.form_with("Save").tamper("all", "manage")).expect(422).must_say(lacking);
    // Somebody who may do more by now is not let in again by who may do less.
    let away = member(&server, &company, "away@alpha.example", &[&strong]);
    full.post(&below(&company, &format!("users/{away}/deactivate")), &json!({})).expect(200);
    refuses(token.post(&below(&company, &format!("users/{away}/activate")), &json!({})), 403, lacking);
    full.post(&below(&company, &format!("users/{away}/activate")), &json!({})).expect(200);
    // Nothing of that was done.
    let now = shown(&full, &company, user.as_str());
    assert_eq!(now["groups"].as_array().unwrap().len(), 1, "{now}");
    // What is there already stays, and what is taken away is not given.
    let form = window.open(&at(&company, &format!("/groups/{strong}/permissions"))).form_with("Save");
    window.submit(form.set("products", "none")).expect(200).must_say("The permissions were saved");
}
