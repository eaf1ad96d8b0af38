//! Chapter 6, second factors.

use std::collections::HashSet;

use causeway::flows::accounts::model::factors::SECOND_STEP_SECONDS;

use crate::factors::world::{World, asks_more, type_code};

/// 6.3.3: signing in asks for a second factor.
/// How: an authenticator app, passkeys and recovery codes; after the password nothing is open before the second step.
/// Otherwise: an account leaves it to its members, suggests it or requires it, so that a small company can begin without; where it
/// is required, nothing of the account is open to a member without one, from that moment on.
#[test]
fn v6_3_3_signing_in_asks_for_a_second_factor() {
    let world = World::new();
    let (_, app) = world.with_app();
    let visitor = world.server.visitor();
    let step = world.password(&visitor);
    assert!(asks_more(&step) && !world.is_in(&visitor));
    type_code(&visitor, &step, &world.code(&app.key)).expect(303);
    assert!(world.is_in(&visitor));
}

/// 6.5.1: what is shown or made for one use is used once.
/// How: the step of the last code is kept, and only later ones are taken; a recovery code is struck out when it is used.
#[test]
fn v6_5_1_codes_are_used_once() {
    let world = World::new();
    let (_, app) = world.with_app();
    for code in [world.code(&app.key), app.codes[0].clone()] {
        let (first, second) = (world.server.visitor(), world.server.visitor());
        let recovery = code.len() > 6;
        let sent = |client: &crate::support::client::Client| {
            let step = world.password(client);
            let step = step.redirect().expect("the second step");
            let path = if recovery { format!("{}?with=recovery", step.path()) } else { step.path().to_owned() };
            let page = client.open(&path);
            client.post(page.form_with("Go on").set("code", &code)).status
        };
        assert_eq!(sent(&first), 303, "{code}");
        assert_eq!(sent(&second), 422, "{code} was taken twice");
    }
}

/// 6.5.2: codes that are kept for later are kept as hashes.
/// How: recovery codes as keyed hashes, the app's key encrypted with a key made from the deployment's secret.
#[test]
fn v6_5_2_codes_are_kept_as_hashes() {
    let world = World::new();
    let (_, app) = world.with_app();
    for secret in app.codes.iter().chain([&app.key, &app.key.replace(' ', "")]) {
        assert_eq!(world.server.database().tables_with(secret), Vec::<String>::new(), "{secret} is kept as it is");
    }
}

/// 6.5.3, 6.5.4: codes come from the system's randomness, with at least 20 bits.
/// How: recovery codes have 50 bits or more; the app's key has 160.
#[test]
fn v6_5_3_codes_cannot_be_guessed() {
    let world = World::new();
    let (_, app) = world.with_app();
    let codes: HashSet<&String> = app.codes.iter().collect();
    assert_eq!(codes.len(), 10);
    for code in codes {
        assert!(code.chars().filter(char::is_ascii_alphanumeric).count() >= 10, "{code} is short");
    }
    assert!(app.key.replace(' ', "").len() >= 32, "{}", app.key);
}

/// 6.5.5: codes work for a short time.
/// How: a code of the app for its half minute and one step around it; the way between the password and the second step for ten
/// minutes.
#[test]
fn v6_5_5_codes_work_for_a_short_time() {
    let world = World::new();
    let (_, app) = world.with_app();
    let code = world.code(&app.key);
    world.server.clock().advance_seconds(120);
    let visitor = world.server.visitor();
    let step = world.password(&visitor);
    type_code(&visitor, &step, &code).expect(422);
    let form = visitor.open("/sign-in/second").form_with("Go on");
    world.server.clock().advance_seconds(SECOND_STEP_SECONDS + 1);
    visitor.post(form.set("code", &world.code(&app.key)));
    assert!(!world.is_in(&visitor));
}
