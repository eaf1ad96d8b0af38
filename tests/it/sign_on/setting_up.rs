//! Setting a provider up, and choosing one to come in by.

use causeway::kit::Role;

use super::world::{SECRET, World, add_domain, add_provider, asks_for_own};
use crate::support::companies::Company;

#[test]
fn a_provider_is_tested_and_told_of_in_words() {
    let world = World::new();
    let admin = world.company.browser(&world.server);
    let path = world.path(&format!("/account/sso/providers/{}", world.provider));
    let page = admin.open(&path);
    page.must_say(&format!("{}/sign-in/oidc/callback/{}", world.server.base(), world.provider));
    admin.post(page.form_with("Test")).expect(200).must_say("The provider was found");
    let mut description = world.fake.description();
    description["id_token_signing_alg_values_supported"] = serde_json::json!(["HS256"]);
    description["code_challenge_methods_supported"] = serde_json::json!(["plain"]);
    world.fake.put("/.well-known/openid-configuration", 200, &description);
    let page = admin.post(page.form_with("Test")).expect(200);
    page.must_say("signs with none of RS256, PS256 and ES256").must_say("does not know PKCE with S256");
    world.fake.put("/.well-known/openid-configuration", 404, &serde_json::json!({}));
    admin.post(page.form_with("Test")).expect(422).must_say("the answer was 404");
}

#[test]
fn our_secret_there_is_sealed_and_shown_nowhere() {
    let world = World::new();
    let admin = world.company.browser(&world.server);
    assert_eq!(world.server.database().tables_with(SECRET), Vec::<String>::new());
    let path = world.path(&format!("/account/sso/providers/{}", world.provider));
    let page = admin.open(&path);
    assert!(!page.body().contains(SECRET));
    // Without a new one it stays; with another issuer it is asked for, and nobody is known any more.
    world.come_in();
    admin.submit(page.form_with("Save").set("name", "Other name")).expect(200);
    world.come_in();
    let form = admin.open(&path).form_with("Save").set("issuer", &world.stranger.issuer);
    let wrong = admin.post(form).expect(422);
    wrong.must_say("With another issuer the client secret is another one too");
    let again = wrong.form_with("Save").set("client_secret", "another secret");
    let shown = admin.post(again).expect(303);
    assert!(!shown.body().contains("another secret"));
    assert_eq!(world.server.database().number("select count(*) as n from sso_link"), 0);
    admin.open(&world.path("/account")).must_say("Client secret");
    let stale = page.form_with("Save").set("name", "Too late");
    admin.post(stale).expect(422);
}

#[test]
fn one_that_is_not_set_up_lets_nobody_in() {
    let world = World::new();
    let admin = world.company.browser(&world.server);
    let page = admin.open(&world.path("/account/sso/providers/new"));
    let page = admin.submit(page.form_with("Add provider").set("name", "Half").set("issuer", &world.stranger.issuer));
    page.must_say("Not set up yet");
    let id = page.url.path().rsplit('/').next().expect("an id").to_owned();
    let visitor = world.server.visitor();
    visitor.get(&format!("/sign-in/sso/go?provider={id}")).expect(422).must_say("Half is not set up yet");
    admin.submit(admin.open(&world.path(&format!("/account/sso/providers/{id}/delete"))).form_with("Remove"));
    visitor.get(&format!("/sign-in/sso/go?provider={id}")).expect(422);
}

#[test]
fn what_is_offered_depends_on_the_domain_alone() {
    let world = World::new();
    let beta = Company::new(&world.server, "Beta", Role::Vendor);
    let theirs = add_provider(&world.server, &beta, &world.stranger.issuer, "Beta's server");
    let domain = add_domain(&world.server, &beta, "beta.example", &theirs);
    let ask = |email: &str| {
        let visitor = world.server.visitor();
        let page = visitor.click(&visitor.open("/sign-in"), "Continue with single sign-on");
        visitor.post(page.form_with("Next").set("email", email))
    };
    let words = |email: &str| ask(email).expect(200).text("main");
    assert_eq!(words("alpha@example.com"), words("nobody@example.com"));
    assert!(words("alpha@example.com").contains("Alpha's server") && !words("a@example.com").contains("Beta"));
    assert!(words("x@BETA.example").contains("Beta's server"));
    for (email, says) in [
        ("a@elsewhere.example", "No company here"),
        ("a@sub.beta.example", "No company here"),
        ("a", "is no e-mail address"),
    ] {
        ask(email).expect(422).must_say(says);
    }
    // Two accounts with the same domain: the person chooses.
    add_domain(&world.server, &beta, "example.com", &theirs);
    let both = words("alpha@example.com");
    assert!(both.contains("Alpha's server") && both.contains("Beta's server"));
    world.server.database().execute(&format!("update sso_domain set status = 'failed' where id = '{domain}'"));
    ask("x@beta.example").expect(422);
}

#[test]
fn changes_ask_for_a_proof() {
    let world = World::new();
    let admin = world.company.browser(&world.server);
    let page = admin.open(&world.path(&format!("/account/sso/domains/{}", world.domain)));
    world.server.clock().advance_seconds(16 * 60);
    assert!(asks_for_own(&admin.post(page.form_with("Save").set("idp", ""))));
    assert!(asks_for_own(&admin.get(&world.path("/account/sso/providers/new"))));
}
