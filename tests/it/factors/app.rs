//! The authenticator app and the recovery codes.

use std::thread;

use causeway::flows::accounts::actions;
use causeway::flows::accounts::model::MAX_FAILURES;
use causeway::flows::accounts::model::factors::{SECOND_STEP_SECONDS, SET_UP_SECONDS};
use reqwest::Method;

use super::world::{World, asks_more, key, password_of, type_code};
use crate::support::client::Client;
use crate::support::companies::{Company, PASSWORD, act};
use crate::support::logs;

#[test]
fn an_app_is_set_up_by_its_first_code_and_asked_for_after_the_password() {
    let world = World::new();
    let client = world.company.browser(&world.server);
    let elsewhere = world.company.browser(&world.server);
    let page = client.open("/profile/security/app");
    assert!(page.attribute("img.qr", "src").expect("a picture").starts_with("data:image/svg+xml,"));
    let key = key(&page);
    let wrong = client.post(page.form_with("Set up").set("code", "000000")).expect(422);
    wrong.must_say("This code is not right");
    assert_eq!(super::world::key(&wrong), key, "another try is made with the same key");
    let shown = client.post(wrong.form_with("Set up").set("code", &world.code(&key))).expect(200);
    let codes = shown.texts("ol.codes li");
    assert_eq!(codes.len(), 10, "{codes:?}");
    assert!(world.is_in(&client), "who set it up stays signed in");
    assert!(!world.is_in(&elsewhere), "a session without the factor lives on");
    client.open("/profile/security").must_say("10 of 10 codes are left");
    world.server.settle();
    let mails = world.server.mail().all_to(&world.company.email);
    assert!(mails.iter().any(|mail| mail.text.contains("An authenticator app was added.")));

    let visitor = world.server.visitor();
    let step = world.password(&visitor);
    assert!(asks_more(&step) && !world.is_in(&visitor));
    type_code(&visitor, &step, "123456").expect(422).must_say("This code is not right");
    // The code that set it up does not sign in, nor does one of before.
    type_code(&visitor, &step, &world.code(&key)).expect(422);
    type_code(&visitor, &step, &world.code_in(&key, -30)).expect(422);
    world.next_step();
    let code = world.code(&key);
    let done = type_code(&visitor, &step, &format!("{} {}", &code[..3], &code[3..])).expect(303);
    assert_eq!(done.redirect().expect("the way in").path(), "/");
    assert!(world.is_in(&visitor));
    let third = world.server.visitor();
    let step = world.password(&third);
    type_code(&third, &step, &code).expect(422).must_say("was used already");
    assert!(!world.is_in(&third));
}

#[test]
fn a_code_of_the_next_step_works_and_makes_the_one_before_useless() {
    let world = World::new();
    let (_, app) = world.with_app();
    world.next_step();
    let visitor = world.server.visitor();
    let step = world.password(&visitor);
    type_code(&visitor, &step, &world.code_in(&app.key, 60)).expect(422);
    type_code(&visitor, &step, &world.code_in(&app.key, 30)).expect(303);
    let second = world.server.visitor();
    let step = world.password(&second);
    type_code(&second, &step, &world.code(&app.key)).expect(422);
    world.next_step();
    world.next_step();
    type_code(&second, &step, &world.code(&app.key)).expect(303);
}

#[test]
fn of_two_who_send_the_same_code_at_once_one_comes_in() {
    let world = World::new();
    let (_, app) = world.with_app();
    for _ in 0..3 {
        world.next_step();
        let code = world.code(&app.key);
        let ready: Vec<_> = (0..4)
            .map(|_| {
                let visitor = world.server.visitor();
                let step = world.password(&visitor);
                let page = visitor.open(step.redirect().expect("the second step").as_str());
                let form = page.form_with("Go on").set("code", &code);
                (visitor, form)
            })
            .collect();
        let outcomes: Vec<u16> = thread::scope(|scope| {
            let sent: Vec<_> =
                ready.into_iter().map(|(visitor, form)| scope.spawn(move || visitor.post(form).status)).collect();
            sent.into_iter().map(|one| one.join().expect("an answer")).collect()
        });
        assert_eq!(outcomes.iter().filter(|status| **status == 303).count(), 1, "{outcomes:?}");
    }
}

#[test]
fn between_password_and_second_step_nothing_is_open() {
    let world = World::new();
    world.with_app();
    let visitor = world.server.visitor();
    let step = world.password(&visitor);
    let account = format!("/{}", world.company.id);
    for path in ["/profile", "/profile/security", "/profile/security/app", &account, &format!("{account}/users")] {
        let page = visitor.get(path);
        assert!(page.redirect().is_some_and(|url| url.path() == "/sign-in"), "{path}: {}", page.status);
    }
    for path in ["/profile", "/profile/security/app/remove", "/profile/security/codes", "/profile/security/later"] {
        let page = visitor.send(Method::POST, path, |request| request.form(&[("x", "")]));
        assert!(page.redirect().is_some_and(|url| url.path() == "/sign-in"), "{path}: {}", page.status);
    }
    // Without the password there is no second step either.
    let stranger = world.server.visitor();
    let page = stranger.get(step.redirect().expect("the second step").as_str());
    assert_eq!(page.redirect().expect("back to the password").path(), "/sign-in");
    let page = stranger.send(Method::POST, "/sign-in/second", |r| r.form(&[("with", "app"), ("code", "123456")]));
    assert_eq!(page.redirect().expect("back to the password").path(), "/sign-in");
}

#[test]
fn the_way_between_password_and_second_step_is_short_and_belongs_to_its_host_and_password() {
    let world = World::new();
    let (_, app) = world.with_app();
    let is_over = |client: &Client, page: &crate::support::page::Page| {
        let page = client.get(page.redirect().expect("the second step").as_str());
        page.redirect().is_some_and(|url| url.path() == "/sign-in")
    };
    let visitor = world.server.visitor();
    let step = world.password(&visitor);
    let form = visitor.open(step.redirect().expect("the second step").as_str()).form_with("Go on");
    world.server.clock().advance_seconds(SECOND_STEP_SECONDS + 1);
    assert!(is_over(&visitor, &step));
    visitor.post(form.set("code", &world.code(&app.key))).expect(303);
    assert!(!world.is_in(&visitor), "the second step was taken too late");

    let visitor = world.server.visitor();
    let step = world.password(&visitor);
    let cookie = step.header("set-cookie").split(';').next().expect("a cookie").to_owned();
    let elsewhere = Client::on_host(world.server.base(), "other.example");
    let page = elsewhere.send(Method::GET, "/sign-in/second", |request| request.header("Cookie", &cookie));
    assert_eq!(page.redirect().expect("the password is asked for").path(), "/sign-in");

    let link = act(&world.server, |tx| actions::password_link(tx, &world.company.user));
    let newcomer = world.server.visitor();
    let form = newcomer.open(&format!("/set-password?secret={}", link.reveal())).form_with("Set password");
    let set = newcomer.post(form.set("password", "Other-2-password").set("again", "Other-2-password")).expect(303);
    assert!(is_over(&visitor, &step), "another password was set meanwhile");
    // Who comes by the mail has a second step to take too.
    assert!(asks_more(&set) && !world.is_in(&newcomer));
    type_code(&newcomer, &set, &world.code(&app.key)).expect(303);
    assert!(world.is_in(&newcomer));
}

#[test]
fn two_tabs_and_a_second_sign_in_do_no_harm() {
    let world = World::new();
    let (_, app) = world.with_app();
    let visitor = world.server.visitor();
    let step = world.password(&visitor);
    let first = visitor.open(step.redirect().expect("the second step").as_str());
    let second = visitor.open(step.redirect().expect("the second step").as_str());
    let before = step.header("set-cookie").to_owned();
    let done = visitor.post(first.form_with("Go on").set("code", &world.code(&app.key))).expect(303);
    assert_ne!(done.header("set-cookie"), before, "the key of the session stays");
    let late = visitor.post(second.form_with("Go on").set("code", "000000")).expect(303);
    assert_eq!(late.redirect().expect("the way on").path(), "/");
    assert!(world.is_in(&visitor));
    // A password of somebody else takes the place of what was begun.
    let (other, _) = world.other("Beta");
    let visitor = world.server.visitor();
    let step = world.password(&visitor);
    let form = visitor.open(step.redirect().expect("the second step").as_str()).form_with("Go on");
    password_of(&visitor, &other.email);
    world.next_step();
    visitor.post(form.set("code", &world.code(&app.key))).expect(303);
    assert!(visitor.open("/profile").says(&other.email), "the second step of one person was taken by another");
}

#[test]
fn wrong_codes_are_slowed_down_told_of_and_shut_nobody_out() {
    let world = World::new();
    let (_, app) = world.with_app();
    world.server.settle();
    let before = world.server.mail().all_to(&world.company.email).len();
    let visitor = world.server.visitor();
    let step = world.password(&visitor);
    for _ in 0..MAX_FAILURES {
        type_code(&visitor, &step, "000000").expect(422);
    }
    world.next_step();
    type_code(&visitor, &step, &world.code(&app.key)).expect(429).must_say("Too many wrong tries");
    world.server.settle();
    let mails = world.server.mail().all_to(&world.company.email);
    assert_eq!(mails.len(), before + 1);
    assert!(mails.iter().any(|m| m.text.contains("failed several times at the second step")));
    let recovery = visitor.open(&format!("{}&with=recovery", step.redirect().expect("the second step")));
    visitor.post(recovery.form_with("Go on").set("code", &app.codes[0])).expect(303);
    assert!(world.is_in(&visitor), "the owner is shut out by a stranger's tries");
    world.server.clock().advance_seconds(61);
    let visitor = world.server.visitor();
    let step = world.password(&visitor);
    type_code(&visitor, &step, &world.code(&app.key)).expect(303);
}

#[test]
fn a_recovery_code_works_once_and_new_ones_take_the_place_of_the_old() {
    let world = World::new();
    let (client, app) = world.with_app();
    let (other, others) = world.other("Beta");
    let theirs = world.set_up(&others).codes;
    let enter = |code: &str| {
        let visitor = world.server.visitor();
        let step = world.password(&visitor);
        let page = visitor.open(&format!("{}&with=recovery", step.redirect().expect("the second step")));
        (visitor.post(page.form_with("Go on").set("code", code)), visitor)
    };
    let typed = app.codes[0].to_uppercase().replace('-', " ");
    let (page, visitor) = enter(&typed);
    visitor.follow(page.expect(303)).must_say("You used a recovery code. 9 are left");
    assert!(world.is_in(&visitor));
    enter(&app.codes[0]).0.expect(422).must_say("none of your recovery codes");
    enter(&theirs[0]).0.expect(422);
    enter("").0.expect(422);
    world.server.settle();
    let mails = world.server.mail().all_to(&world.company.email);
    assert!(mails.iter().any(|m| m.text.contains("A recovery code was used; 9 are left.")));
    let page = client.post(client.open("/profile/security/codes").form_with("Make new codes")).expect(200);
    let fresh = page.texts("ol.codes li");
    assert_eq!(fresh.len(), 10);
    enter(&app.codes[1]).0.expect(422);
    enter(&fresh[0]).0.expect(303);
    assert!(!world.server.mail().all_to(&other.email).is_empty());
}

#[test]
fn an_app_that_waits_too_long_for_its_code_is_shown_anew() {
    let world = World::new();
    let client = world.company.browser(&world.server);
    let page = client.open("/profile/security/app");
    let old = key(&page);
    world.server.clock().advance_seconds(SET_UP_SECONDS + 1);
    let late = client.post(page.form_with("Set up").set("code", &world.code(&old))).expect(422);
    late.must_say("took too long");
    assert_ne!(key(&late), old);
    let made_up = client.open("/profile/security/app").form_with("Set up").tamper("set_up", "00").set("code", "123456");
    client.post(made_up).expect(422);
    // What was sealed for one person sets up nothing for another.
    let (_, others) = world.other("Beta");
    let theirs = others.open("/profile/security/app");
    let sealed = theirs.form_with("Set up").value("set_up").expect("the sealed key").to_owned();
    let form = client.open("/profile/security/app").form_with("Set up").tamper("set_up", &sealed);
    client.post(form.set("code", &world.code(&key(&theirs)))).expect(422);
    client.open("/profile/security").must_say("Set up an app");
}

#[test]
fn the_same_form_sets_an_app_up_once() {
    let world = World::new();
    let client = world.company.browser(&world.server);
    let page = client.open("/profile/security/app");
    let code = world.code(&key(&page));
    client.post(page.form_with("Set up").set("code", &code)).expect(200);
    client.post(page.form_with("Set up").set("code", &code)).expect(422).must_say("set up already");
}

#[test]
fn an_app_is_removed_with_its_codes() {
    let world = World::new();
    let (client, app) = world.with_app();
    client.submit(client.open("/profile/security/app/remove").form_with("Remove")).expect(200);
    let page = client.open("/profile/security");
    page.must_say("Set up an app");
    assert!(!asks_more(&world.password(&world.server.visitor())));
    assert_eq!(world.server.database().number("select count(*) as n from recovery_code"), 0);
    world.server.settle();
    let mails = world.server.mail().all_to(&world.company.email);
    assert!(mails.iter().any(|m| m.text.contains("The authenticator app was removed.")));
    // The page tells its person what happened, without a secret.
    let page = client.open("/profile/security");
    page.must_say("An authenticator app was added").must_say("The authenticator app was removed");
    assert!(!page.says(&app.key));
}

#[test]
fn what_opens_an_account_is_kept_nowhere() {
    logs::keep_lines();
    let world = World::new();
    let (_, app) = world.with_app();
    world.server.settle();
    let plain = app.key.replace(' ', "");
    let bytes = totp_rs::Secret::try_from_base32(&plain).expect("base 32");
    let digits = hex::encode(bytes.as_bytes());
    let code = app.codes[0].replace('-', "");
    for secret in [&app.key, &plain, &digits, &app.codes[0], &code] {
        assert_eq!(world.server.database().tables_with(secret), Vec::<String>::new(), "{secret} is kept");
        if logs::one_test_per_process() {
            assert!(!logs::kept_lines().contains(secret.as_str()), "the log has {secret}");
        }
    }
}

#[test]
fn whoever_has_lost_everything_is_let_in_by_the_operator() {
    let world = World::new();
    let (client, _) = world.with_app();
    act(&world.server, |tx| actions::reset_factors(tx, &world.company.user));
    assert!(!world.is_in(&client), "sessions live on");
    let visitor = world.server.visitor();
    assert!(!asks_more(&world.password(&visitor)) && world.is_in(&visitor));
    world.server.settle();
    let mails = world.server.mail().all_to(&world.company.email);
    assert!(mails.iter().any(|m| m.text.contains("The operator removed all second factors.")));
}

/// A company that the pages of this file do not know.
#[test]
fn factors_belong_to_the_person_in_every_company() {
    let world = World::new();
    let (client, _) = world.with_app();
    let second = Company::new(&world.server, "Gamma", causeway::kit::Role::Vendor);
    act(&world.server, |tx| {
        let operator = causeway::kit::Actor::Operator;
        actions::make_administrator(tx, &operator, &second.id, &world.company.user, "Alpha")
    });
    client.open(&format!("/{}", second.id));
    assert!(asks_more(&world.password(&world.server.visitor())));
}

#[test]
fn who_has_a_factor_confirms_with_it_and_the_password() {
    let world = World::new();
    let (client, app) = world.with_app();
    world.server.clock().advance_seconds(16 * 60);
    let page = client.open("/profile/security/app/remove");
    assert_eq!(page.url.path(), "/confirm", "a session that is a while old changes no factors");
    let form = |password: &str, code: &str| page.form_with("Confirm").set("password", password).set("code", code);
    client.post(form(PASSWORD, "000000")).expect(422).must_say("This code is not right");
    client.post(form(PASSWORD, "")).expect(422);
    client.post(form("Wrong-1-password", &world.code(&app.key))).expect(422).must_say("This is not your password");
    // Without saying that there is a factor, or saying that it is another one.
    let code = world.code(&app.key);
    client.post(form(PASSWORD, "").without("with").without("code")).expect(422);
    client.post(form(PASSWORD, &code).tamper("with", "recovery")).expect(422);
    client.post(form("", &code).tamper("with", "passkey").tamper("state", "").tamper("answer", "")).expect(422);
    assert_eq!(client.open("/profile/security/app/remove").url.path(), "/confirm");
    let page = client.submit(form(PASSWORD, &code)).expect(200);
    assert_eq!(page.url.path(), "/profile/security/app/remove");
    client.submit(page.form_with("Remove")).expect(200).must_say("Set up an app");
}
