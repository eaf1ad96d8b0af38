//! Single sign-on set up by programs: the API's providers and domains.

use causeway::kit::{Level, Module, Role};
use serde_json::{Value, json};

use super::world::{SECRET, World, go, is_in};
use crate::support::client::Api;
use crate::support::companies::Company;
use crate::support::node::Node;
use crate::support::page::Page;
use crate::support::server::Server;

fn id(object: &Value) -> String {
    object["id"].as_str().expect("an id").to_owned()
}

#[track_caller]
fn refuses(answer: Page, status: u16, says: &str) {
    assert_eq!(answer.status, status, "{}", answer.body());
    assert!(answer.body().contains(says), "{}", answer.body());
}

fn provider(issuer: &str) -> Value {
    json!({
        "name": "Server", "description": "Everybody's", "external_id": "corp", "type": "openid",
        "settings": { "issuer": issuer, "client_id": "portal", "client_secret": SECRET, "scopes": "groups", "second_factors": true,
            "user": { "notice": "Use your badge." } },
    })
}

#[test]
fn programs_set_providers_up_and_never_read_their_secrets() {
    let world = World::new();
    let api = world.company.api(&world.server);
    let group = world.group("Readers", Some("readers"));
    for path in ["auth/idps", "idps"] {
        let made = api.post(path, &provider(&world.stranger.issuer)).expect(201);
        assert!(!made.body().contains(SECRET));
        let made = made.json();
        let one = format!("{path}/{}", id(&made));
        assert_eq!(api.get(&one).expect(200).json(), made);
        let settings = json!({
            "issuer": world.stranger.issuer, "client_id": "portal", "scopes": "groups", "second_factors": true,
            "user": { "notice": "Use your badge." }, "members": { "auto": false, "group": null },
            "group": { "attributes": { "external_id": "" }, "auto": false },
        });
        assert_eq!((&made["type"], &made["settings"]), (&json!("openid"), &settings));
        assert_eq!((&made["external_id"], &made["description"]), (&json!("corp"), &json!("Everybody's")));
        // What is absent stays.
        let change = json!({ "settings": { "members": { "auto": true, "group": { "id": group } }, "group": { "attributes": { "external_id": "roles" } } } });
        let changed = api.put(&one, &change).expect(200).json();
        assert_eq!(
            changed["settings"]["members"],
            json!({ "auto": true, "group": { "id": group, "name": "Readers" } })
        );
        assert_eq!(changed["settings"]["group"], json!({ "attributes": { "external_id": "roles" }, "auto": true }));
        assert_eq!((&changed["name"], &changed["settings"]["scopes"]), (&json!("Server"), &json!("groups")));
        let off = api.put(&one, &json!({ "settings": { "group": { "auto": false } } })).expect(200).json();
        assert_eq!(off["settings"]["group"], json!({ "attributes": { "external_id": "" }, "auto": false }));
        let listed = api.get(&format!("{path}?name=Server&select(id,name)")).expect(200).json();
        assert_eq!(listed.as_array().map(Vec::len), Some(1));
        refuses(api.put(&one, &json!({ "settings": { "members": { "group": null } } })), 400, "settings.members.group");
        refuses(
            api.put(&one, &json!({ "settings": { "group": { "auto": true } } })),
            400,
            "settings.group.attributes.external_id",
        );
        refuses(
            api.put(&one, &json!({ "settings": { "issuer": "https://x.example" } })),
            400,
            "settings.client_secret",
        );
        refuses(api.put(&one, &json!({ "settings": { "issuer": "http://10.0.0.1/" } })), 400, "settings.issuer");
        refuses(api.put(&one, &json!({ "settings": { "scopes": "a\"b" } })), 400, "settings.scopes");
        refuses(api.put(&one, &json!({ "type": "saml" })), 400, "openid");
        api.delete(&one).expect(204);
        api.get(&one).expect(404);
    }
    refuses(api.post("auth/idps", &json!({ "name": "x" })), 400, "Send the type openid");
    refuses(api.post("auth/idps", &json!({ "type": "openid" })), 400, "required");
    // Passwords are a provider that is there already.
    let system = api.get("auth/idps/IDP-000-000-000").expect(200).json();
    assert_eq!((&system["type"], &system["settings"]), (&json!("system"), &json!({})));
    refuses(api.put("auth/idps/IDP-000-000-000", &json!({})), 400, "built in");
    refuses(api.delete("auth/idps/IDP-000-000-000"), 400, "built in");
    assert_eq!(world.server.database().tables_with(SECRET), Vec::<String>::new());
}

#[test]
fn programs_set_domains_up() {
    let mut names = Node::start("names.mjs");
    let fake = super::fake::Fake::start();
    let server = Server::start_with(|config| {
        config.name_server = Some(names.said("address").parse().expect("an address"));
        config.outgoing_allow = fake.issuer.parse().expect("an address");
    });
    let company = Company::new(&server, "Alpha", Role::Distributor);
    let api = company.api(&server);
    let verification = &api.get("modules/account/settings").expect(200).json()["domain"]["verification"];
    assert_eq!(*verification, json!({ "name": "_causeway", "type": "TXT", "prefix": "causeway-verification=" }));
    let made = api.post("auth/domains", &json!({ "domain": "Example.com" })).expect(201).json();
    let one = format!("auth/domains/{}", id(&made));
    let system = json!({ "idp": { "id": "IDP-000-000-000", "name": "Passwords and passkeys", "type": "system" }, "enforce": false });
    assert_eq!((&made["domain"], &made["status"], &made["auth"]), (&json!("example.com"), &json!("pending"), &system));
    refuses(api.post("auth/domains", &json!({ "domain": "EXAMPLE.com" })), 409, "one of your domains already");
    refuses(api.post("auth/domains", &json!({})), 400, "domain");
    let verify = format!("{one}/verify");
    assert_eq!(api.post(&verify, &json!({})).expect(200).json()["status"], "failed");
    let record = format!("causeway-verification={}", made["token"].as_str().expect("a token"));
    names.tell(&json!({ "name": "_causeway.example.com", "texts": [record] }));
    assert_eq!(api.post(&verify, &json!({})).expect(200).json()["status"], "verified");
    names.tell(&json!({ "name": "_causeway.example.com", "broken": true }));
    refuses(api.post(&verify, &json!({})), 409, "No server of names answered");
    let idp = id(&api.post("auth/idps", &provider(&fake.issuer)).expect(201).json());
    let change = json!({ "name": "Main", "description": "All of us", "auth": { "idp": { "id": idp } } });
    let changed = api.put(&one, &change).expect(200).json();
    assert_eq!(changed["auth"], json!({ "idp": { "id": idp, "name": "Server", "type": "openid" }, "enforce": false }));
    assert_eq!((&changed["name"], &changed["description"]), (&json!("Main"), &json!("All of us")));
    let users = api.get(&format!("{one}/users")).expect(200).json();
    assert_eq!((users.as_array().map(Vec::len), &users[0]["id"]), (Some(1), &json!(company.user)));
    assert_eq!(users[0]["auth"], changed["auth"]);
    for query in
        ["domain=example.com", "status=verified", "auth.enforce=false", &format!("auth.idp.id={idp}"), "name=Main"]
    {
        assert_eq!(api.get(&format!("auth/domains?{query}")).expect(200).json()[0]["id"], made["id"], "{query}");
    }
    refuses(api.put(&one, &json!({ "auth": { "idp": { "id": "IDP-000-000-001" } } })), 400, "auth.idp");
    refuses(
        api.put(&one, &json!({ "auth": { "enforce": true } })),
        400,
        "Nobody who can manage the account has signed in",
    );
    let back = api.put(&one, &json!({ "auth": { "idp": { "id": "IDP-000-000-000" } } })).expect(200).json();
    assert_eq!(back["auth"], system);
    api.delete(&one).expect(204);
    api.get(&one).expect(404);
    assert_eq!(api.get("auth/domains").expect(200).json(), json!([]));
}

#[test]
fn a_program_asks_for_the_provider_once_an_administrator_has_come_in_by_it() {
    let world = World::new();
    let (api, one) = (world.company.api(&world.server), format!("auth/domains/{}", world.domain));
    let enforce = json!({ "auth": { "enforce": true } });
    refuses(api.put(&one, &enforce), 400, "auth.enforce");
    world.opened_to(&world.group("Readers", None));
    assert!(is_in(&world.comes("s-new", "new@example.com", &[]).0));
    refuses(api.put(&one, &enforce), 400, "auth.enforce");
    world.come_in();
    assert_eq!(api.put(&one, &enforce).expect(200).json()["auth"]["enforce"], true);
    refuses(api.delete(&format!("auth/idps/{}", world.provider)), 409, "come in by this provider alone");
}

#[test]
fn a_foreign_program_finds_nothing_and_a_weak_one_may_nothing() {
    let world = World::new();
    let beta = Company::new(&world.server, "Beta", Role::Vendor);
    let weak = world.company.api_with(&world.server, &[(Module::Account, Level::Read)]);
    let all = |api: &Api| {
        let (idp, domain) = (format!("auth/idps/{}", world.provider), format!("auth/domains/{}", world.domain));
        let bare = format!("idps/{}", world.provider);
        let nothing = json!({});
        let mut answers: Vec<u16> =
            [&idp, &domain, &bare, &format!("{domain}/users")].map(|path| api.get(path).status).into();
        answers.extend([&idp, &domain, &bare].map(|path| api.put(path, &nothing).status));
        answers.extend([&idp, &domain, &bare].map(|path| api.delete(path).status));
        answers.push(api.post(&format!("{domain}/verify"), &nothing).status);
        answers
    };
    assert_eq!(all(&beta.api(&world.server)), [404; 11]);
    assert_eq!(all(&weak), [403; 11]);
    for list in ["auth/idps", "auth/domains", "idps"] {
        assert_eq!(beta.api(&world.server).get(list).expect(200).json(), json!([]));
        weak.get(list).expect(403);
    }
    // A group of somebody else is none.
    let group = world.group("Readers", None);
    let body = json!({ "name": "S", "type": "openid", "settings": { "issuer": world.stranger.issuer, "members": { "auto": true, "group": { "id": group } } } });
    refuses(beta.api(&world.server).post("auth/idps", &body), 400, "settings.members.group");
    go(&world.server.visitor(), &world.provider);
}
