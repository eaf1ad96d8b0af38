//! What somebody may do, and why: the page, the API, and changes that count at once in open windows.

use causeway::kit::{Level, Module};
use serde_json::{Value, json};

use super::{at, below, colleague, delete, group, refuses, start};

fn of<'v>(effective: &'v Value, module: &str) -> &'v Value {
    let all = effective["permissions"].as_array().expect("permissions");
    all.iter().find(|p| p["id"] == module).expect("the module")
}

#[test]
fn why_somebody_may_do_something_is_told() {
    let (server, company) = start();
    let api = company.api(&server);
    let readers = group(&server, &company, "Readers", &[(Module::Usage, Level::Read), (Module::Account, Level::Read)]);
    let workers = group(&server, &company, "Workers", &[(Module::Usage, Level::Act)]);
    let bosses = group(&server, &company, "Bosses", &[(Module::Usage, Level::Manage)]);
    let (user, window) = colleague(&server, &company, "di@alpha.example", &[&readers, &workers]);
    let path = below(&company, &format!("users/{user}/permissions"));
    let told = api.get(&path).expect(200).json();
    let usage = of(&told, "MD-0010");
    assert_eq!((&usage["level"], &usage["groups"][0]["name"]), (&json!("act"), &json!("Workers")));
    assert_eq!(usage["groups"][1], json!({ "id": readers, "name": "Readers", "level": "read" }));
    let more: Vec<_> = usage["more"].as_array().unwrap().iter().map(|g| g["name"].clone()).collect();
    assert_eq!(more, ["Administrators", "Bosses"]);
    assert_eq!(of(&told, "MD-0002")["level"], Value::Null);
    // On the page, also for the person who may only read.
    for browser in [&company.browser(&server), &window] {
        let page = browser.open(&at(&company, &format!("/users/{user}/permissions")));
        page.must_say("Upload usage, submit it, accept or reject it").must_say("Workers").must_say("Bosses");
    }
    // It is what the program does: the level opens what it says, and no more.
    window.get(&at(&company, "/usage")).expect(200);
    window.get(&at(&company, "/products")).expect(403);
    // Whoever cannot work here may do nothing, whatever the groups would give.
    api.post(&below(&company, &format!("users/{user}/deactivate")), &json!({})).expect(200);
    let told = api.get(&path).expect(200).json();
    assert_eq!((&told["status"], &of(&told, "MD-0010")["level"]), (&json!("inactive"), &Value::Null));
    company.browser(&server).open(&at(&company, &format!("/users/{user}/permissions"))).must_say("Could do");
    assert!(!bosses.as_str().is_empty());
    refuses(company.api_with(&server, &[]).get(&path), 403, "it needs the permission read in Account");
}

#[test]
fn changes_of_groups_count_at_once_in_open_windows() {
    let (server, company) = start();
    let api = company.api(&server);
    let desk = group(&server, &company, "Desk", &[(Module::Account, Level::Read)]);
    let spare = group(&server, &company, "Spare", &[]);
    let (user, window) = colleague(&server, &company, "di@alpha.example", &[&desk, &spare]);
    let open = || window.get(&at(&company, "/groups")).status;
    let held = below(&company, &format!("groups/{desk}/permissions"));
    let members = below(&company, &format!("groups/{desk}/users"));
    let account = json!({ "object": { "id": "account" }, "level": "read" });
    assert_eq!(open(), 200);
    delete(&api, &held, &account).expect(204);
    assert_eq!(open(), 403);
    api.post(&held, &account).expect(201);
    assert_eq!(open(), 200);
    delete(&api, &members, &json!({ "id": user })).expect(204);
    assert_eq!(open(), 403);
    api.post(&members, &json!({ "id": user })).expect(201);
    assert_eq!(open(), 200);
    // A form that was open before is of no use after.
    api.post(&held, &json!({ "object": { "id": "account" } })).expect(201);
    let form = window.open(&at(&company, &format!("/groups/{spare}"))).form_with("Save").set("name", "Mine");
    api.post(&held, &account).expect(201);
    window.post(form).expect(403);
    api.delete(&below(&company, &format!("groups/{desk}"))).expect(204);
    assert_eq!(open(), 403);
    api.delete(&below(&company, &format!("users/{user}"))).expect(204);
    assert_eq!(open(), 404);
}
