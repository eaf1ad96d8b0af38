//! The home page: what waits and since when, by name; the first steps of a new company; nothing of what a reader may not open.

use causeway::kit::Role;

use crate::orders::world::World;
use crate::support::companies::sign_in;
use crate::support::page::Page;
use crate::support::server::Server;
use crate::world::{Company, door, signed_in};

/// How many statements an answer took.
fn statements(page: &Page) -> u32 {
    let digits: String = page.header("server-timing").chars().filter(char::is_ascii_digit).collect();
    digits.parse().expect("a count of statements")
}

#[test]
fn what_waits_is_grouped_named_and_leads_to_its_list() {
    let world = World::new();
    for uid in ["u1", "u2", "u3"] {
        world.purchased(uid);
    }
    let person = sign_in(&world.server, &world.distributor.email);
    let path = format!("/{}", world.vendor.id);
    let home = person.open(&path);
    home.must_say("Halden: 3 things wait for you.").must_say("3 requests to decide");
    home.must_say("Oldest: Purchase of Backup Cloud for").must_say("Requests by month").must_say("Recent events");
    assert_eq!(home.text(&format!("nav a[href='{path}/requests'] .count")), "3", "the menu says what waits where");
    assert!(statements(&home) <= 8, "{} statements", statements(&home));
    let list = person.click(&home, "3 requests to decide");
    assert!(list.url.query().is_some_and(|q| q.contains("waiting")), "{}", list.url);
    assert_eq!(list.texts(".table-cards tbody tr").len(), 3);
    // The newest event leads to its request by name, and the chart's numbers can be read.
    assert!(home.texts("ol.events a").iter().any(|name| name.starts_with("Purchase for ")), "events name nothing");
    assert_eq!(home.texts("figure table tbody tr").len(), 12);
    assert!(!home.has(".waits a[href$='/users/new']"), "whoever works already needs no first steps");
    // The next request is one click away.
    person.click(&home, "Take next request").must_say("Your turn");
    let other = person.open(&format!("/{}", world.reseller.id));
    other.must_say("Nothing waits for you").must_say("Place your first order");
}

#[test]
fn a_new_company_sees_first_steps_that_lead_somewhere() {
    let server = Server::start();
    for (name, role, steps) in
        [("Alpha", Role::Vendor, 4), ("Beta", Role::Distributor, 6), ("Gamma", Role::Reseller, 3)]
    {
        let company = Company::make(&door(&server), name, role);
        let admin = company.browser(&server);
        let home = admin.open(&company.path(""));
        home.must_say("First steps").must_say("Nothing waits for you.").must_say("Nothing has happened lately.");
        let links = home.texts(".waits .wait b");
        assert_eq!(links.len(), steps, "{links:?}");
        for link in &links {
            admin.click(&home, link).expect(200);
        }
        assert!(statements(&home) <= 8, "{} statements", statements(&home));
        let visitor = signed_in(&server, &company.bystander_email).open(&company.path(""));
        assert!(!visitor.says("First steps"), "steps that a reader may not take");
    }
}

#[test]
fn nobody_is_told_of_what_they_may_not_open() {
    let server = Server::start();
    let company = Company::make(&door(&server), "Alpha", Role::Vendor);
    server.database().execute(&format!(
        "insert into party (account_id, kind, object_id, side, position, status, turn, since, created_at) \
         values ('{}', 'contract', 'CRP-00000-00000-00000', 'vendor', 0, 'pending', true, 1795000000000000, 1795000000000000)",
        company.id
    ));
    let home = company.browser(&server).open(&company.path(""));
    home.must_say("One thing waits for you.").must_say("One contract to sign");
    let visitor = signed_in(&server, &company.bystander_email).open(&company.path(""));
    visitor.must_say("Nothing waits for you.");
    assert!(!visitor.says("contract") && !visitor.has("nav .count"));
}
