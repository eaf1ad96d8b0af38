//! A sign-in in a browser that the person has not used before is told by mail, once.

use super::{is_signed_in, sign_in_from, start};
use crate::support::clock::pass_days;
use crate::world::PASSWORD;

const CHROME: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36";

#[test]
fn a_new_browser_is_told_of_and_a_known_one_is_not() {
    let (server, company) = start();
    let (first, second) = (server.visitor(), server.visitor());
    sign_in_from(&first, "192.0.2.1", "x", &company.email, PASSWORD).expect(303);
    sign_in_from(&first, "192.0.2.1", "x", &company.email, PASSWORD).expect(303);
    server.settle();
    assert!(server.mail().all_to(&company.email).is_empty(), "the first one is no news");
    let answer = sign_in_from(&second, "198.51.100.7", CHROME, &company.email, PASSWORD).expect(303);
    let cookies: Vec<_> = answer.headers.get_all("set-cookie").iter().filter_map(|c| c.to_str().ok()).collect();
    let device = cookies.iter().find(|c| c.starts_with("causeway-device=")).expect("the browser's cookie");
    assert!(device.contains("HttpOnly") && device.contains("SameSite=Lax") && device.contains("Path=/"), "{device}");
    let value = device.split(['=', ';']).nth(1).expect("a value");
    assert_eq!(server.database().tables_with(value), Vec::<String>::new(), "it is kept as it is");
    server.settle();
    let mail = server.mail().next_to(&company.email);
    assert!(mail.text.contains("198.51.100.7") && mail.text.contains("Chrome on Windows"), "{}", mail.text);
    pass_days(server.clock(), 30);
    sign_in_from(&second, "203.0.113.1", CHROME, &company.email, PASSWORD).expect(303);
    server.settle();
    assert_eq!(server.mail().all_to(&company.email).len(), 1, "it is known by now");
    server.visitor().get(&mail.link_with("/set-password")).expect(409).must_say("too old");
}

#[test]
fn whoever_did_not_sign_in_themselves_takes_the_account_back() {
    let (server, company) = start();
    let (own, thief) = (company.browser(&server), server.visitor());
    sign_in_from(&thief, "198.51.100.7", CHROME, &company.email, PASSWORD).expect(303);
    server.settle();
    let page = own.open(&server.mail().next_to(&company.email).link_with("/set-password"));
    let new = "seven green bottles";
    own.post(page.form_with("Set password").set("password", new).set("again", new)).expect(303);
    assert!(is_signed_in(&own) && !is_signed_in(&thief));
    // The thief's browser is unknown again.
    sign_in_from(&thief, "198.51.100.7", CHROME, &company.email, PASSWORD).expect(422);
    assert_eq!(server.database().number("select count(*) as n from device"), 1);
}

#[test]
fn who_does_not_want_to_know_of_new_browsers_is_not_told() {
    let (server, company) = start();
    let client = company.browser(&server);
    let page = client.open("/profile/notifications");
    page.must_say("Mails that always come");
    let form = page.form_with("Save").uncheck("mails", "new_browser");
    client.submit(form).expect(200).must_say("Your choice was saved");
    sign_in_from(&server.visitor(), "198.51.100.7", CHROME, &company.email, PASSWORD).expect(303);
    server.settle();
    assert!(server.mail().all_to(&company.email).is_empty());
    client.open("/profile/security").must_say("Other mails were chosen").must_say("Chrome on Windows");
}

#[test]
fn what_happened_around_ones_sign_in_is_for_ones_own_eyes() {
    let (server, company) = start();
    let visitor = server.visitor();
    sign_in_from(&visitor, "198.51.100.7", CHROME, &company.bystander_email, "Wrong-1-wrong").expect(422);
    sign_in_from(&visitor, "198.51.100.7", CHROME, &company.bystander_email, PASSWORD).expect(303);
    let own = visitor.open("/profile/security");
    own.must_say("Signed in from 198.51.100.7").must_say("A wrong password was typed");
    let admin = company.browser(&server);
    let page = admin.open(&company.path(&format!("/users/{}", company.bystander)));
    assert!(!page.says("198.51.100.7") && !page.says("A wrong password"), "an administrator reads it");
    assert!(!admin.open("/profile/security").says("198.51.100.7"), "somebody else reads it");
}
