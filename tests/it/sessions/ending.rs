//! When sessions end, and what people see of them.

use causeway::flows::accounts::actions;
use reqwest::Method;

use super::{is_signed_in, sign_in_from, start, start_with};
use crate::support::clock::{pass_days, pass_hours};
use crate::world::{PASSWORD, door};

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0";

#[test]
fn a_session_ends_twelve_hours_after_its_last_use() {
    let (server, company) = start();
    let (used, idle) = (company.browser(&server), company.browser(&server));
    for _ in 0..3 {
        pass_hours(server.clock(), 11);
        assert!(is_signed_in(&used));
    }
    assert!(!is_signed_in(&idle));
    pass_hours(server.clock(), 13);
    assert!(!is_signed_in(&used));
}

#[test]
fn a_session_ends_after_so_many_days_however_much_it_is_used() {
    let (server, company) = start_with(|config| config.session_days = 2);
    let client = company.browser(&server);
    for _ in 0..4 {
        pass_hours(server.clock(), 11);
        assert!(is_signed_in(&client));
        // Another key does not make it longer.
        let form = client.open("/confirm?next=/profile").form_with("Confirm").set("password", PASSWORD);
        client.post(form).expect(303);
    }
    pass_hours(server.clock(), 3);
    assert!(is_signed_in(&client));
    pass_hours(server.clock(), 2);
    assert!(!is_signed_in(&client), "after 49 hours");
}

#[test]
fn the_cookie_lives_as_long_as_the_session_may() {
    let (server, company) = start();
    let answer = sign_in_from(&server.visitor(), "192.0.2.1", FIREFOX, &company.email, PASSWORD).expect(303);
    let session = answer.headers.get_all("set-cookie").iter().filter_map(|c| c.to_str().ok());
    let session = session.into_iter().find(|c| c.starts_with("causeway=")).expect("the session's cookie").to_owned();
    assert!(session.contains("Max-Age=604800") && session.contains("HttpOnly"), "{session}");
}

#[test]
fn people_see_their_sessions_and_end_them() {
    let (server, company) = start();
    let (own, other) = (server.visitor(), server.visitor());
    sign_in_from(&own, "192.0.2.1", FIREFOX, &company.email, PASSWORD).expect(303);
    sign_in_from(&other, "198.51.100.7", "<script>alert(1)</script>", &company.email, PASSWORD).expect(303);
    let page = own.open("/profile/sessions");
    page.must_say("Firefox on Linux").must_say("192.0.2.1").must_say("An unknown browser").must_say("198.51.100.7");
    page.must_say("This one");
    assert!(!page.body().contains("<script>alert"));
    own.submit(page.form("table form")).expect(200).must_say("The session has ended");
    assert!(is_signed_in(&own) && !is_signed_in(&other));
}

#[test]
fn all_others_end_at_once_and_this_one_stays() {
    let (server, company) = start();
    let (own, one, two) = (company.browser(&server), company.browser(&server), company.browser(&server));
    let bystander = crate::world::signed_in(&server, &company.bystander_email);
    let end = |fields: &[(&str, &str)]| own.send(Method::POST, "/profile/sessions/end", |r| r.form(&fields));
    end(&[("all", "yes")]).expect(303);
    assert!(is_signed_in(&own) && !is_signed_in(&one) && !is_signed_in(&two));
    assert!(is_signed_in(&bystander), "that is somebody else");
    assert!(is_signed_in(&own));
    end(&[]).expect(404);
}

#[test]
fn nobody_ends_the_session_of_somebody_else() {
    let (server, company) = start();
    let (own, stranger) = (company.browser(&server), crate::world::signed_in(&server, &company.bystander_email));
    let handle = {
        let page = company.browser(&server).open("/profile/sessions");
        page.form("table form").value("session").expect("a handle").to_owned()
    };
    let end = |value: &str| stranger.send(Method::POST, "/profile/sessions/end", |r| r.form(&[("session", value)]));
    end(&handle).expect(400).must_say("has ended already, or is not yours");
    end("' or 1=1 --").expect(400);
    assert!(is_signed_in(&own));
}

#[test]
fn a_new_password_ends_all_others_and_wants_the_present_one() {
    let (server, company) = start();
    let (own, other) = (company.browser(&server), company.browser(&server));
    let form = |old: &str, new: &str, again: &str| {
        let form = own.open("/profile/security").form_with("Change password");
        own.post(form.set("old", old).set("password", new).set("again", again))
    };
    let new = "violet umbrellas in the rain";
    form("Wrong-1-wrong", new, new).expect(422).must_say("This is not your password");
    form(PASSWORD, new, "another one").expect(422).must_say("not the same password");
    form(PASSWORD, "iloveyou1234", "x").expect(422).must_say("not the same");
    form(PASSWORD, "password1", "password1").expect(422).must_say("Many people use this password");
    form(PASSWORD, "alpha2026", "alpha2026").expect(422).must_say("little more than alpha");
    assert!(is_signed_in(&other));
    form(PASSWORD, new, new).expect(303);
    assert!(is_signed_in(&own) && !is_signed_in(&other));
    server.settle();
    let mails = server.mail().all_to(&company.email);
    let mail = mails.iter().find(|m| m.subject.contains("Your password was changed")).expect("a mail");
    // Whoever did not do it themselves gets everything back by the mail.
    let owner = server.visitor();
    let page = owner.open(&mail.link_with("/set-password"));
    let better = "seven green bottles on a wall";
    owner.post(page.form_with("Set password").set("password", better).set("again", better)).expect(303);
    assert!(!is_signed_in(&own) && is_signed_in(&owner));
    owner.open("/profile/security").must_say("The password was changed");
}

#[test]
fn a_session_with_the_password_before_is_none() {
    let (server, company) = start();
    let client = company.browser(&server);
    let db = door(&server);
    db.write(|tx| causeway::flows::accounts::store::end_sessions(tx, &company.admin, None)).unwrap();
    assert!(!is_signed_in(&client));
    // As if the password had been checked before the change, and the session were written after it.
    let client = company.browser(&server);
    server.database().execute("update person set session_epoch = session_epoch + 1");
    assert!(!is_signed_in(&client));
    let secret = db.write(|tx| actions::password_link(tx, &company.admin)).unwrap();
    let path = format!("/set-password?secret={}", secret.reveal());
    pass_days(server.clock(), 1);
    let form = client.open(&path).form_with("Set password");
    client.post(form.set("password", "seven green bottles").set("again", "seven green bottles")).expect(303);
    assert!(is_signed_in(&client));
}
