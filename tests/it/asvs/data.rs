//! Chapters 11, 14 and 15: what is kept, what is answered, what the program is made of.

use causeway::flows::accounts::actions::password;
use causeway::kit::{Role, Secret};
use reqwest::Method;
use serde_json::{Value, json};

use crate::orders::world::{World, text};
use crate::support::companies::{Company, PASSWORD};
use crate::support::server::Server;

/// 11.4.2: passwords are kept by a function made for it, with parameters of today.
/// How: argon2id with 19 MiB or more and a salt of its own for each.
#[test]
fn v11_4_2_passwords_are_kept_by_argon2id() {
    let (one, other) = (
        password::hash("The same word twice").expect("a hash"),
        password::hash("The same word twice").expect("a hash"),
    );
    assert_ne!(one, other, "no salt");
    let parts: Vec<&str> = one.split('$').collect();
    assert_eq!((parts[1], parts[2]), ("argon2id", "v=19"));
    let memory: u32 =
        parts[3].split(',').find_map(|p| p.strip_prefix("m=")).and_then(|m| m.parse().ok()).expect("memory");
    assert!(memory >= 19_456, "{memory} KiB");
}

/// 11.5.1: what nobody may guess comes from the system's source of randomness and is long enough.
/// How: secrets have 256 bits of it; they are compared by their hashes.
#[test]
fn v11_5_1_secrets_cannot_be_guessed() {
    let secrets: std::collections::HashSet<String> =
        (0..1_000).map(|_| Secret::generate().reveal().to_owned()).collect();
    assert_eq!(secrets.len(), 1_000);
    for secret in secrets {
        // 32 bytes are 43 letters of base64 or 64 of hexadecimal.
        assert!(secret.len() >= 43, "{secret} is too short");
    }
}

/// 14.2.1: what is secret stands in bodies and headers, not in addresses.
/// How: keys travel in the header `Authorization`, passwords in bodies. Links in mails have a secret in their address, since a mail
/// can do nothing else: it works once and for a while, and logs keep no queries.
#[test]
fn v14_2_1_addresses_have_no_secrets() {
    let server = Server::start();
    let company = Company::new(&server, "Halden", Role::Vendor);
    let key = company.key.trim_start_matches("ApiKey ");
    let visitor = server.visitor();
    for query in [format!("authorization={key}"), format!("api_key={key}"), format!("token={key}")] {
        visitor.get(&format!("/public/v1/accounts?{query}")).expect(401);
    }
    let wrong = visitor.get(&format!("/sign-in?email={}&password={PASSWORD}", company.email));
    assert!(!wrong.body().contains(PASSWORD), "the page repeats a password of its address");
    let refused = visitor.post(
        visitor.open("/sign-in").form_with("Sign in").set("email", "x@y.example").set("password", "Wrong-1-wrong"),
    );
    assert!(!refused.body().contains("Wrong-1-wrong"), "a password is given back");
}

/// 14.3.2: nothing that is not public stays in a browser's cache.
/// How: `Cache-Control: no-store` with every answer but the program's own files and media.
#[test]
fn v14_3_2_answers_are_not_cached() {
    let server = Server::start();
    let company = Company::new(&server, "Halden", Role::Distributor);
    let browser = company.browser(&server);
    for path in ["", "/hubs", "/users", "/tokens", "/account", "/hubs?_export=csv"] {
        let page = browser.get(&format!("/{}{path}", company.id)).expect(200);
        assert!(page.header("cache-control").contains("no-store"), "{path}: {}", page.header("cache-control"));
    }
    assert!(company.api(&server).get("accounts").header("cache-control").contains("no-store"));
}

/// 14.3.3: scripts keep nothing that is not public in the browser.
/// How: the pages' scripts use no storage of the browser; htmx keeps no history of pages.
#[test]
fn v14_3_3_scripts_keep_nothing() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/static/js");
    for entry in std::fs::read_dir(folder).expect("the scripts").flatten() {
        let source = std::fs::read_to_string(entry.path()).expect("a script");
        for word in ["localStorage", "sessionStorage", "indexedDB", "document.cookie", "eval(", "innerHTML"] {
            assert!(!source.contains(word), "{word} in {}", entry.path().display());
        }
    }
}

/// 15.1.2, 15.2.1: what the program is made of is known, and nothing with a known hole.
/// How: `Cargo.lock` and the npm lock files name every part; `make check` checks licences, sources and advisories with cargo-deny
/// (advisories where their list can be reached).
#[test]
fn v15_1_2_the_parts_are_known() {
    let root = env!("CARGO_MANIFEST_DIR");
    let lock = std::fs::read_to_string(format!("{root}/Cargo.lock")).expect("the lock file");
    assert!(lock.matches("checksum = ").count() > 200);
    for file in ["deny.toml", "package-lock.json", "tests/browser/package-lock.json"] {
        assert!(std::path::Path::new(root).join(file).exists(), "{file}");
    }
    let checks = std::fs::read_to_string(format!("{root}/scripts/dependencies.sh")).expect("the check");
    for word in ["licenses", "bans", "sources", "advisories"] {
        assert!(checks.contains(word), "{word} is not checked");
    }
}

fn keys(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| {
            found.push(key.clone());
            keys(value, found);
        }),
        Value::Array(list) => list.iter().for_each(|value| keys(value, found)),
        _ => {}
    }
}

/// 15.3.1: an answer has the fields that its reader needs, and no others.
/// How: what is answered are types of their own for each side; rows of the database are never answered.
#[test]
fn v15_3_1_answers_have_what_is_needed() {
    let world = World::new();
    world.subscription("c-1");
    let (buyer, seller) = (world.buyer(), world.seller());
    for (api, path) in [
        (&buyer, "accounts".to_owned()),
        (&buyer, format!("accounts/{}/users", world.distributor.id)),
        (&buyer, "auth/tokens".into()),
        (&seller, "assets".into()),
        (&seller, "requests".into()),
        (&buyer, "contracts".into()),
        (&seller, "products".into()),
    ] {
        let mut found = vec![];
        keys(&api.get(&path).expect(200).json(), &mut found);
        for key in found {
            for word in ["password", "secret_hash", "folded", "sealed", "password_hash"] {
                assert!(!key.contains(word), "{path} answers {key}");
            }
        }
    }
}

/// 15.3.3: a field that is not for the sender to set is not set by sending it.
/// How: bodies are read field by field; keys that are not for writing are passed over.
#[test]
fn v15_3_3_read_only_fields_stay() {
    let world = World::new();
    let api = world.buyer();
    let before = api.get(&format!("accounts/{}", world.distributor.id)).expect(200).json();
    let hostile = json!({ "id": "PA-000-000", "role": "vendor", "type": "vendor", "status": "invited", "owner": { "id": "x" }, "events": {} });
    api.put(&format!("accounts/{}", world.distributor.id), &hostile);
    let after = api.get(&format!("accounts/{}", world.distributor.id)).expect(200).json();
    for key in ["id", "role", "type"] {
        assert_eq!(before[key], after[key], "{key}");
    }
    let id = text(&world.purchased("u1"), "id");
    let hostile =
        json!({ "status": "approved", "type": "cancel", "id": "PR-1", "asset": { "id": "AS-1", "status": "active" } });
    world.seller().send(Method::PUT, &format!("requests/{id}"), |r| r.json(&hostile));
    let seen = world.seen(&world.buyer(), &id);
    assert_eq!((text(&seen, "status"), text(&seen, "type")), ("pending".into(), "purchase".into()));
}
