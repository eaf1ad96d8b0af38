//! What people type does not make the program call what only its machine reaches.

use serde_json::json;

use super::world::{World, go, is_in};

#[test]
fn addresses_that_are_not_public_are_not_called() {
    let world = World::new();
    let admin = world.company.browser(&world.server);
    let test = |issuer: &str| {
        let sql = format!("update idp set issuer = '{issuer}' where id = '{}'", world.provider);
        world.server.database().execute(&sql);
        let page = admin.open(&world.path(&format!("/account/sso/providers/{}", world.provider)));
        admin.post(page.form_with("Test")).expect(422)
    };
    for issuer in [
        "https://127.0.0.1:4443",
        "https://127.1",
        "https://2130706433",
        "https://0x7f.0.0.1",
        "https://localhost",
        "https://[::1]",
        "https://[::ffff:127.0.0.1]",
        "https://[::ffff:10.0.0.1]",
        "https://10.0.0.1",
        "https://169.254.169.254",
        "https://192.168.0.1",
        "https://100.64.0.1",
        "https://0.0.0.0",
        "https://224.0.0.1",
        "https://[fe80::1]",
        "https://[fd00::1]",
    ] {
        let page = test(issuer);
        assert!(page.says("its address is not a public one"), "{issuer}: {}", page.text("main"));
    }
    for issuer in ["http://127.0.0.1:1", "http://login.example.com", "gopher://127.0.0.1", "ftp://127.0.0.1"] {
        let page = test(issuer);
        assert!(page.says("only addresses that begin with https://"), "{issuer}: {}", page.text("main"));
    }
    let page = admin.open(&world.path("/account/sso/providers/new"));
    let form = page.form_with("Add provider").set("name", "x").set("issuer", "http://169.254.169.254/latest");
    admin.post(form).expect(422).must_say("only addresses that begin with https://");
}

#[test]
fn what_a_provider_names_is_held_to_the_same_rules() {
    let world = World::new();
    let client = world.server.visitor();
    let way = format!("/sign-in/sso/go?provider={}", world.provider);
    for (field, address, says) in [
        ("jwks_uri", "https://127.0.0.1:1/jwks", "not a public one"),
        ("jwks_uri", "http://169.254.169.254/jwks", "only addresses that begin with https://"),
        ("authorization_endpoint", "javascript:alert(1)", "only addresses that begin with https://"),
        ("authorization_endpoint", "http://elsewhere.example/", "only addresses that begin with https://"),
        ("issuer", "https://elsewhere.example", "calls itself by another issuer"),
    ] {
        let mut description = world.fake.description();
        description[field] = json!(address);
        world.fake.put("/.well-known/openid-configuration", 200, &description);
        let page = client.get(&way).expect(422);
        assert!(page.says(says), "{field} {address}: {}", page.text("main"));
    }
    world.fake.put("/.well-known/openid-configuration", 200, &world.fake.description());
    let ticket = go(&client, &world.provider);
    let mut description = world.fake.description();
    description["token_endpoint"] = json!("https://10.0.0.1/token");
    world.fake.put("/.well-known/openid-configuration", 200, &description);
    world.back(&client, &ticket, &world.claims(&ticket)).expect(422).must_say("not a public one");
}

#[test]
fn redirects_are_not_followed_and_answers_have_a_limit() {
    let world = World::new();
    let client = world.server.visitor();
    let way = format!("/sign-in/sso/go?provider={}", world.provider);
    world.fake.put_text("/.well-known/openid-configuration", 302, &format!("{}/secret", world.fake.issuer));
    client.get(&way).expect(422).must_say("the answer was 302");
    assert!(world.fake.seen("/secret").is_empty(), "the redirect was followed");
    world.fake.put_text("/.well-known/openid-configuration", 200, &" ".repeat(600_000));
    client.get(&way).expect(422).must_say("sent more than is read");
    world.fake.put("/.well-known/openid-configuration", 200, &world.fake.description());
    assert!(is_in(&world.told(&[])));
}
