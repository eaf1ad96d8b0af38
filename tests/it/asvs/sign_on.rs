//! Chapter 6, providers of identities; chapters 1 and 15, calls of other servers.

use serde_json::json;

use crate::sign_on::fake::base64;
use crate::sign_on::world::{World, add_domain, add_provider, go, is_in};
use crate::support::companies::Company;

/// 6.8.1: who is known by one provider is not taken for the one of the same name at another.
/// How: a person is known by the provider's row and its name for them; each provider has a way back of its own, the issuer
/// of the token and of the answer is checked, and it opens its own account alone.
#[test]
fn v6_8_1_a_person_of_one_provider_is_nobody_at_another() {
    let world = World::new();
    world.come_in();
    let other = Company::new(&world.server, "Beta", causeway::kit::Role::Vendor);
    let theirs = add_provider(&world.server, &other, &world.stranger.issuer, "Beta's server");
    add_domain(&world.server, &other, "example.com", &theirs);
    let client = world.server.visitor();
    let ticket = go(&client, &theirs);
    let mut claims = world.claims(&ticket);
    world.stranger.give(&world.stranger.signed("RS256", &claims));
    client.get(&ticket.way_back()).expect(422).must_say("another issuer");
    let ticket = go(&client, &theirs);
    (claims["iss"], claims["nonce"]) = (json!(world.stranger.issuer), json!(ticket.nonce));
    world.stranger.give(&world.stranger.signed("RS256", &claims));
    client.get(&ticket.way_back()).expect(422).must_say("No user of the account");
}

/// 6.8.2: what a provider asserts is signed, and the signature is checked.
/// How: RS256, PS256 and ES256 by a key that the provider publishes now; never `none`, never a shared secret.
#[test]
fn v6_8_2_what_is_not_signed_is_not_believed() {
    let world = World::new();
    for alg in ["none", "HS256"] {
        let client = world.server.visitor();
        let ticket = go(&client, &world.provider);
        world.fake.give(&world.fake.signed(alg, &world.claims(&ticket)));
        client.get(&ticket.way_back()).expect(422).must_say("is not signed with");
    }
    let client = world.server.visitor();
    let ticket = go(&client, &world.provider);
    let good = world.fake.signed("RS256", &world.claims(&ticket));
    let (head, signature) = good.rsplit_once('.').expect("a signature");
    let claims = base64(b"{\"iss\":\"x\"}");
    let head = head.split('.').next().expect("a header");
    world.fake.give(&format!("{head}.{claims}.{signature}"));
    client.get(&ticket.way_back()).expect(422);
}

/// 6.8.3: an assertion is taken once.
/// How: `state` is found once, in the browser that began; nonce and PKCE belong to it; ten minutes. (The standard's wording
/// is about SAML, which is not there.)
#[test]
fn v6_8_3_an_answer_is_taken_once() {
    let world = World::new();
    let client = world.server.visitor();
    let ticket = go(&client, &world.provider);
    assert!(is_in(&world.back(&client, &ticket, &world.claims(&ticket))));
    client.get(&ticket.way_back()).expect(422).must_say("was used already");
    let other = world.server.visitor();
    let fresh = go(&other, &world.provider);
    // The token of the first sign-in, handed to a second one.
    other.get(&fresh.way_back()).expect(422).must_say("another sign-in");
}

/// 6.8.4: how strongly somebody was authenticated is read from what the provider says, and the least is assumed otherwise.
/// How: `acr` and `amr` count for the second factor only where the account says so; without them one factor is assumed.
#[test]
fn v6_8_4_strength_is_told_or_the_least_is_assumed() {
    let world = World::new();
    world.server.database().execute("update idp set trusts_factors = true");
    world.server.database().execute("update account set factor_policy = 'required'");
    for (amr, acr, open) in
        [(json!(null), json!(null), false), (json!(["pwd"]), json!("1"), false), (json!(["mfa"]), json!("x"), true)]
    {
        let client = world.server.visitor();
        let ticket = go(&client, &world.provider);
        let mut claims = world.claims(&ticket);
        if !amr.is_null() {
            (claims["amr"], claims["acr"]) = (amr.clone(), acr);
        }
        assert!(is_in(&world.back(&client, &ticket, &claims)));
        assert_eq!(client.get(&world.path("")).status == 200, open, "{amr}");
    }
}

/// 1.3.6, 15.3.2: an address that somebody typed does not make the program call what only it can reach, and redirects are
/// not followed.
/// How: one room for calls; HTTPS, public addresses, checked on the address that is connected to; a list in the settings.
#[test]
fn v1_3_6_addresses_that_people_type_are_called_within_limits() {
    let world = World::new();
    let admin = world.company.browser(&world.server);
    let page = |issuer: &str| {
        world.server.database().execute(&format!("update idp set issuer = '{issuer}'"));
        let page = admin.open(&world.path(&format!("/account/sso/providers/{}", world.provider)));
        admin.post(page.form_with("Test")).expect(422)
    };
    for inside in ["https://127.0.0.1", "https://169.254.169.254", "https://[::ffff:10.1.2.3]", "https://localhost"] {
        page(inside).must_say("its address is not a public one");
    }
    world.fake.put_text("/.well-known/openid-configuration", 302, &format!("{}/inside", world.fake.issuer));
    page(&world.fake.issuer).must_say("the answer was 302");
    assert!(world.fake.seen("/inside").is_empty());
}
