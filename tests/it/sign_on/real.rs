//! The whole way with a certified provider.

use std::collections::HashMap;

use causeway::kit::{Clock, Role};
use serde_json::json;

use super::world::{SECRET, add_domain, add_provider, is_in};
use crate::support::client::Client;
use crate::support::companies::Company;
use crate::support::node::Node;
use crate::support::page::Page;
use crate::support::server::Server;

/// A company whose people come in by a certified provider.
struct Certified {
    node: Node,
    server: Server,
    company: Company,
    provider: String,
}

impl Certified {
    fn start() -> Self {
        let mut node = Node::start("provider.mjs");
        let issuer = node.said("issuer");
        let server = Server::start_with(|config| config.outgoing_allow = issuer.parse().expect("an address"));
        // The provider has a clock of its own.
        server.clock().set(Clock::default().now());
        let company = Company::new(&server, "Alpha", Role::Distributor);
        let provider = add_provider(&server, &company, &issuer, "Alpha's server");
        add_domain(&server, &company, "example.com", &provider);
        let redirect = format!("{}/sign-in/oidc/callback/{provider}", server.base());
        let out = format!("{}/sign-in", server.base());
        node.tell(&json!({ "client_id": "portal", "client_secret": SECRET, "redirect_uris": [redirect], "post_logout_redirect_uris": [out] }));
        Self { node, server, company, provider }
    }

    /// Signs somebody in there; gives the answer to the way back.
    fn comes(&self, email: &str) -> (Page, Client) {
        let (client, issuer) = (self.server.visitor(), self.node.said("issuer"));
        let page = client.click(&client.open("/sign-in"), "Continue with single sign-on");
        let page = client.submit(page.form_with("Next").set("email", email)).expect(200);
        let login = client.click(&page, "Continue with Alpha's server");
        let form = login.form("form").set("login", email).set("password", "anything");
        let mut answer = client.post(form);
        // The provider leads on to itself, and then back to the portal.
        let mut steps = HashMap::new();
        while let Some(next) = answer.redirect().filter(|url| !url.as_str().starts_with(self.server.base())) {
            assert!(steps.insert(next.to_string(), ()).is_none(), "a circle at {next}");
            answer = client.get(next.as_str());
        }
        let back = answer.redirect().expect("the way back");
        assert!(back.query_pairs().any(|(name, value)| name == "iss" && value == issuer), "{back}");
        (client.get(back.as_str()), client)
    }
}

#[test]
fn somebody_comes_in_by_a_certified_provider() {
    let world = Certified::start();
    let (page, client) = world.comes(&world.company.email);
    assert!(is_in(&page), "{}", page.body());
    client.open(&format!("/{}/users", world.company.id)).must_say(&world.company.email);
    let link = client.post(client.open(&format!("/{}", world.company.id)).form_with("Sign out")).expect(200);
    let link = link.link("Sign out of Alpha's server too");
    client.get(&link).expect(200).must_say("sign-out");
}

#[test]
fn a_certified_provider_makes_members_and_says_in_which_groups_they_are() {
    let mut world = Certified::start();
    let api = world.company.api(&world.server);
    let of = |path: &str| format!("accounts/{}/{path}", world.company.id);
    let (new, users) = ("new@example.com", of("users?email=new@example.com"));
    let made: Vec<String> = ["Readers", "Writers"]
        .iter()
        .map(|name| {
            let words = json!({ "name": name, "description": name, "external_id": name.to_lowercase() });
            let id = api.post(&of("groups"), &words).expect(201).json()["id"].as_str().expect("an id").to_owned();
            api.post(
                &of(&format!("groups/{id}/permissions")),
                &json!({ "object": { "id": "MD-0001" }, "level": "read" }),
            );
            id
        })
        .collect();
    world.comes(new).0.expect(422).must_say("No user of the account has the address");
    let settings = json!({ "members": { "auto": true, "group": { "id": made[0] } }, "group": { "attributes": { "external_id": "groups" } } });
    api.put(&format!("auth/idps/{}", world.provider), &json!({ "settings": settings })).expect(200);
    let groups = || {
        let user = api.get(&users).expect(200).json();
        user[0]["groups"].as_array().expect("groups").iter().map(|g| g["name"].clone()).collect::<Vec<_>>()
    };
    let (page, client) = world.comes(new);
    assert!(is_in(&page), "{}", page.body());
    client.open(&format!("/{}/users", world.company.id)).must_say(new);
    assert_eq!(groups(), ["Readers"]);
    world.node.tell(&json!({ "address": new, "claims": { "name": "New Person", "groups": ["writers", "elsewhere"] } }));
    assert!(is_in(&world.comes(new).0));
    assert_eq!(groups(), ["Writers"]);
    world.node.tell(&json!({ "address": new, "claims": { "groups": ["readers", "writers"] } }));
    assert!(is_in(&world.comes(new).0));
    assert_eq!(groups(), ["Readers", "Writers"]);
}
