//! Which words of a provider are believed.

use serde_json::{Value, json};

use super::fake::{base64, with_secret};
use super::world::{SECRET, World, fits, go, is_in};

#[test]
fn a_provider_in_order_lets_in_with_each_of_its_algorithms() {
    let world = World::new();
    for alg in ["RS256", "PS256", "ES256"] {
        let client = world.server.visitor();
        let ticket = go(&client, &world.provider);
        world.fake.give(&world.fake.signed(alg, &world.claims(&ticket)));
        let page = client.get(&ticket.way_back());
        assert!(is_in(&page), "{alg}: {}", page.body());
        client.open(&world.path("/users")).must_say(&world.company.email);
        let sent = world.fake.seen("/token").pop().expect("a code was exchanged");
        let fields: Vec<(String, String)> = url::form_urlencoded::parse(sent.as_bytes()).into_owned().collect();
        let get = |name: &str| fields.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone()).unwrap_or_default();
        assert_eq!((get("code").as_str(), get("redirect_uri")), ("c-1", ticket.redirect.clone()));
        assert!(fits(&ticket, &get("code_verifier")), "{sent}");
        assert_eq!(ticket.all["code_challenge_method"], "S256");
        assert_eq!(ticket.all["response_type"], "code");
    }
}

#[test]
fn tokens_that_are_not_meant_for_this_sign_in_let_nobody_in() {
    let world = World::new();
    let now = world.now();
    let stale = [("iat", json!(now - 700)), ("exp", json!(now - 400))];
    let cases: Vec<(&str, Vec<(&str, Value)>, &str)> = vec![
        ("another issuer", vec![("iss", json!("https://elsewhere.example"))], "another issuer"),
        ("issuer with a slash", vec![("iss", json!(format!("{}/", world.fake.issuer)))], "another issuer"),
        ("another audience", vec![("aud", json!("someone"))], "another program"),
        ("no audience", vec![("aud", json!([]))], "another program"),
        ("one audience too many", vec![("aud", json!(["portal", "someone"]))], "another program"),
        ("another party", vec![("azp", json!("someone"))], "another program"),
        ("another nonce", vec![("nonce", json!("n"))], "another sign-in"),
        ("no nonce", vec![("nonce", Value::Null)], "another sign-in"),
        ("expired", stale.to_vec(), "too old"),
        ("just expired", vec![("exp", json!(now - 1))], "too old"),
        ("made long ago", vec![("iat", json!(now - 700))], "too old"),
        ("made in the future", vec![("iat", json!(now + 1_000)), ("exp", json!(now + 2_000))], "in the future"),
        ("address not checked", vec![("email_verified", json!(false))], "email_verified"),
        ("says nothing of the address", vec![("email_verified", Value::Null)], "email_verified"),
        ("address of another domain", vec![("email", json!("alpha@elsewhere.example"))], "in no domain"),
        ("address of a part of the domain", vec![("email", json!("alpha@sub.example.com"))], "in no domain"),
        ("two addresses in one", vec![("email", json!("alpha@evil.example@example.com"))], "did not tell"),
        ("nobody's address", vec![("email", json!("nobody@example.com"))], "No user of the account"),
    ];
    for (what, changes, says) in cases {
        let page = world.told(&changes);
        assert_eq!(page.status, 422, "{what}");
        assert!(page.says(says), "{what}: {}", page.text("main"));
    }
    assert_eq!(world.server.database().number("select count(*) as n from sso_link"), 0, "somebody was linked");
    assert!(is_in(&world.told(&[("azp", json!("portal"))])));
}

#[test]
fn signatures_that_are_not_the_providers_let_nobody_in() {
    let world = World::new();
    let stranger = super::fake::Fake::start();
    for what in ["none", "nothing", "public key as secret", "our secret", "stranger", "changed", "no token", "garbage"]
    {
        let client = world.server.visitor();
        let ticket = go(&client, &world.provider);
        let claims = world.claims(&ticket);
        let good = world.fake.signed("RS256", &claims);
        let parts: Vec<&str> = good.split('.').collect();
        let token = match what {
            "none" => world.fake.signed("none", &claims),
            "nothing" => format!("{}.{}.", parts[0], parts[1]),
            "public key as secret" => world.fake.signed("HS256", &claims),
            "our secret" => with_secret(SECRET, &claims),
            "stranger" => stranger.signed("RS256", &claims),
            "changed" => {
                let mut other = claims.clone();
                other["email"] = json!("somebody@example.com");
                format!("{}.{}.{}", parts[0], base64(other.to_string().as_bytes()), parts[2])
            }
            "garbage" => "a.b.c".to_owned(),
            _ => String::new(),
        };
        match what {
            "no token" => world.fake.put("/token", 200, &json!({ "access_token": "a", "token_type": "Bearer" })),
            _ => world.fake.give(&token),
        }
        let page = client.get(&ticket.way_back()).expect(422);
        page.must_say("Single sign-on did not work");
        assert!(client.get("/profile").redirect().is_some(), "{what} let somebody in");
    }
}

#[test]
fn the_address_may_come_from_the_userinfo_of_the_same_subject() {
    let world = World::new();
    let told = |me: Value| {
        world.fake.put("/me", 200, &me);
        world.told(&[("email", Value::Null), ("email_verified", Value::Null)])
    };
    let email = &world.company.email;
    let page = told(json!({ "sub": "s-2", "email": email, "email_verified": true })).expect(422);
    page.must_say("cannot be read");
    told(json!({ "sub": "s-1", "email": email })).expect(422).must_say("email_verified");
    told(json!({ "sub": "s-1" })).expect(422).must_say("did not tell your e-mail address");
    assert!(is_in(&told(json!({ "sub": "s-1", "email": email, "email_verified": true }))));
}

#[test]
fn a_person_is_known_by_the_subject_from_the_first_time_on() {
    let world = World::new();
    assert!(is_in(&world.told(&[])));
    // The provider calls them otherwise now, or knows no address of theirs.
    assert!(is_in(&world.told(&[("email", json!("renamed@example.com"))])));
    assert!(is_in(&world.told(&[("email", json!("alpha@elsewhere.example")), ("email_verified", json!(false))])));
    // Somebody else has got their address there.
    let page = world.told(&[("sub", json!("s-2"))]).expect(422);
    page.must_say("means somebody else by your address than before");
    let admin = world.come_in();
    let path = world.path(&format!("/account/sso/domains/{}", world.domain));
    let page = admin.open(&path);
    page.must_say(&world.company.email);
    admin.submit(page.form_with("Remove link alpha@example.com")).expect(200).must_say("The link was removed");
    assert!(is_in(&world.told(&[("sub", json!("s-2"))])));
    let journal = "select count(*) as n from event where verb = 'person.sso_linked'";
    assert_eq!(world.server.database().number(journal), 2);
}

#[test]
fn a_provider_that_is_out_of_order_is_told_of_in_words() {
    let world = World::new();
    let page = world.told(&[]);
    assert!(is_in(&page));
    let client = world.server.visitor();
    let ticket = go(&client, &world.provider);
    world.fake.put("/token", 400, &json!({ "error": "invalid_client" }));
    client.get(&ticket.way_back()).expect(422).must_say("did not accept the code");
    let ticket = go(&client, &world.provider);
    let denied = format!("{}?error=access_denied&error_description=<b>x</b>&state={}", ticket.redirect, ticket.state);
    let page = client.get(&denied).expect(422);
    page.must_say("The provider did not sign you in");
    assert!(!page.body().contains("<b>x"));
    world.fake.put("/jwks", 500, &json!({}));
    let go = format!("/sign-in/sso/go?provider={}", world.provider);
    client.get(&go).expect(422).must_say("the answer was 500");
    world.fake.put_text("/.well-known/openid-configuration", 200, "{");
    client.get(&go).expect(422).must_say("cannot be read");
}
