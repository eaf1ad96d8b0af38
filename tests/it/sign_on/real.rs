//! The whole way with a certified provider.

use std::collections::HashMap;

use causeway::kit::{Clock, Role};
use serde_json::json;

use super::world::{SECRET, add_domain, add_provider, is_in};
use crate::support::companies::Company;
use crate::support::node::Node;
use crate::support::server::Server;

#[test]
fn somebody_comes_in_by_a_certified_provider() {
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
    let client = server.visitor();
    let page = client.click(&client.open("/sign-in"), "Continue with single sign-on");
    let page = client.submit(page.form_with("Next").set("email", &company.email)).expect(200);
    let login = client.click(&page, "Continue with Alpha's server");
    let form = login.form("form").set("login", &company.email).set("password", "anything");
    let mut answer = client.post(form);
    // The provider leads on to itself, and then back to the portal.
    let mut steps = HashMap::new();
    while let Some(next) = answer.redirect().filter(|url| !url.as_str().starts_with(server.base())) {
        assert!(steps.insert(next.to_string(), ()).is_none(), "a circle at {next}");
        answer = client.get(next.as_str());
    }
    let back = answer.redirect().expect("the way back");
    assert!(back.query_pairs().any(|(name, value)| name == "iss" && value == issuer), "{back}");
    let page = client.get(back.as_str());
    assert!(is_in(&page), "{}", page.body());
    client.open(&format!("/{}/users", company.id)).must_say(&company.email);
    let link = client.post(client.open(&format!("/{}", company.id)).form_with("Sign out")).expect(200);
    let link = link.link("Sign out of Alpha's server too");
    client.get(&link).expect(200).must_say("sign-out");
}
