//! Changing the own address: proved by a mail to the new one, taken back by a mail to the old one.

use causeway::web::confirm::CONFIRM_SECONDS;

use super::{is_signed_in, sign_in_from, start};
use crate::support::client::Client;
use crate::support::clock::{pass_days, pass_hours};
use crate::support::page::Page;
use crate::support::server::Server;
use crate::world::{Company, PASSWORD, signed_in};

const NEW: &str = "ada@new.example";

fn ask(client: &Client, email: &str) -> Page {
    client.post(client.open("/profile/email").form_with("Send a link").set("email", email))
}

fn use_link(client: &Client, link: &str, button: &str) -> Page {
    client.post(client.open(link).form_with(button))
}

fn changed(server: &Server, company: &Company) -> Client {
    let client = company.browser(server);
    ask(&client, NEW).expect(303);
    server.settle();
    let link = server.mail().next_to(NEW).link_with("/new-email");
    use_link(&server.visitor(), &link, "Use this address").expect(303);
    server.settle();
    client
}

#[test]
fn the_new_address_is_proved_and_the_old_one_is_told() {
    let (server, company) = start();
    let client = company.browser(&server);
    ask(&client, "not an address").expect(422).must_say("is not an e-mail address");
    ask(&client, &company.email).expect(422).must_say("This is your address already");
    ask(&client, NEW).expect(303);
    server.settle();
    let link = server.mail().next_to(NEW).link_with("/new-email");
    client.open(&link).must_say(NEW);
    client.open("/profile").must_say(&company.email);
    use_link(&server.visitor(), &link, "Use this address").expect(303);
    assert!(!is_signed_in(&client), "a session outlives the change");
    sign_in_from(&client, "192.0.2.1", "x", &company.email, PASSWORD).expect(422);
    sign_in_from(&client, "192.0.2.1", "x", NEW, PASSWORD).expect(303);
    client.open("/profile/security").must_say("The e-mail address was changed").must_say(NEW);
    server.visitor().get(&link).expect(409).must_say("used already");
    server.settle();
    assert!(server.mail().next_to(&company.email).text.contains(NEW));
}

#[test]
fn the_old_address_takes_the_change_back() {
    let (server, company) = start();
    changed(&server, &company);
    let thief = signed_in(&server, NEW);
    let undo = server.mail().next_to(&company.email).link_with("/old-email");
    // Whoever has the account moves on to one more address meanwhile.
    ask(&thief, "third@new.example").expect(303);
    server.settle();
    let third = server.mail().next_to("third@new.example").link_with("/new-email");
    use_link(&server.visitor(), &third, "Use this address").expect(303);
    server.settle();
    let second = server.mail().all_to(NEW).into_iter().find(|m| m.text.contains("/old-email")).expect("a mail");
    pass_days(server.clock(), 6);
    let owner = server.visitor();
    owner.open(&undo).must_say(&company.email);
    let page = owner.follow(use_link(&owner, &undo, "Take the change back")).expect(200);
    let new = "seven green bottles";
    owner.post(page.form_with("Set password").set("password", new).set("again", new)).expect(303);
    owner.open("/profile").must_say(&company.email);
    assert!(!is_signed_in(&thief));
    // Nobody at one of the later addresses gets anything back.
    server.visitor().get(&second.link_with("/old-email")).expect(409);
    server.visitor().get(&undo).expect(409);
    sign_in_from(&thief, "198.51.100.7", "x", "third@new.example", PASSWORD).expect(422);
}

#[test]
fn links_grow_old() {
    let (server, company) = start();
    let client = company.browser(&server);
    ask(&client, NEW).expect(303);
    server.settle();
    let link = server.mail().next_to(NEW).link_with("/new-email");
    pass_hours(server.clock(), 25);
    server.visitor().get(&link).expect(409);
    let (server, company) = start();
    changed(&server, &company);
    let undo = server.mail().next_to(&company.email).link_with("/old-email");
    pass_days(server.clock(), 8);
    server.visitor().get(&undo).expect(409);
    server.visitor().get("/old-email?secret=").expect(409);
    server.visitor().get("/new-email").expect(409);
}

#[test]
fn nobody_learns_from_the_form_whether_an_address_is_registered() {
    let (server, company) = start();
    let client = company.browser(&server);
    let (taken, free) = (ask(&client, &company.bystander_email), ask(&client, "free@new.example"));
    assert_eq!((taken.status, taken.redirect()), (free.status, free.redirect()));
    server.settle();
    assert!(server.mail().all_to(&company.bystander_email).is_empty());
    // Free when it was asked for, registered when the link is used.
    let link = server.mail().next_to("free@new.example").link_with("/new-email");
    server.database().execute(&format!(
        "update person set email = 'free@new.example', email_folded = 'free@new.example' where id = '{}'",
        company.bystander
    ));
    use_link(&server.visitor(), &link, "Use this address").expect(409).must_say("belongs to somebody else");
    assert!(is_signed_in(&client));
}

#[test]
fn links_to_the_old_address_end_with_it() {
    let (server, company) = start();
    let visitor = server.visitor();
    let form = visitor.open("/forgotten-password").form_with("Send a link").set("email", &company.email);
    visitor.post(form).expect(200);
    server.settle();
    let link = server.mail().next_to(&company.email).link_with("/set-password");
    changed(&server, &company);
    visitor.get(&link).expect(409);
}

#[test]
fn asking_has_a_limit_and_wants_a_proof() {
    let (server, company) = start();
    let client = company.browser(&server);
    for n in 0..5 {
        ask(&client, &format!("p{n}@new.example")).expect(303);
    }
    let refused = client.post(client.open("/profile/email").form_with("Send a link").set("email", NEW));
    refused.expect(422).must_say("several changes today");
    server.clock().advance_seconds(CONFIRM_SECONDS + 1);
    assert!(client.get("/profile/email").redirect().is_some_and(|url| url.path() == "/confirm"));
}
