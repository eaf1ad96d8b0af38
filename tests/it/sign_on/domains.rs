//! Domains are shown to be the account's by a record, which a real name server tells.

use causeway::flows::accounts::actions;
use causeway::flows::accounts::model::sso::DomainStatus;
use causeway::kit::Role;
use serde_json::json;

use super::world::{World, asks_for_own, send};
use crate::support::client::Client;
use crate::support::clock::{pass_days, pass_hours};
use crate::support::companies::{Company, act};
use crate::support::node::Node;
use crate::support::page::Page;
use crate::support::server::Server;
use crate::support::wait;

fn named() -> Node {
    Node::start("names.mjs")
}

fn server(names: &Node) -> Server {
    let address = names.said("address").parse().expect("an address");
    Server::start_with(|config| config.name_server = Some(address))
}

fn add(client: &Client, company: &Company, domain: &str) -> Page {
    let page = client.open(&format!("/{}/account/sso/domains/new", company.id));
    client.post(page.form_with("Add domain").set("domain", domain))
}

fn record(page: &Page) -> String {
    let shown = page.texts("code.id, .id").into_iter().find(|text| text.starts_with("causeway-verification="));
    shown.expect("the record's text")
}

#[test]
fn a_domain_is_the_accounts_when_its_record_says_so() {
    let mut names = named();
    let server = server(&names);
    let (alpha, beta) = (Company::new(&server, "Alpha", Role::Vendor), Company::new(&server, "Beta", Role::Vendor));
    let (one, other) = (alpha.browser(&server), beta.browser(&server));
    let page = one.follow(add(&one, &alpha, " @Example.COM ")).expect(200);
    page.must_say("Not verified yet").must_say("_causeway.example.com");
    let text = record(&page);
    let verify = |client: &Client, page: &Page| client.submit(page.form_with("Verify")).expect(200);
    verify(&one, &page).must_say("The record was not found").must_say("Record not found");
    names.tell(
        &json!({ "name": "_causeway.example.com", "texts": ["v=spf1", "causeway-verification=0", format!("x{text}")] }),
    );
    verify(&one, &page).must_say("The record was not found");
    names.tell(&json!({ "name": "_causeway.example.com", "texts": ["v=spf1", text] }));
    verify(&one, &page).must_say("the domain is yours").must_say("Verified");
    // Somebody else with the same domain has a record of their own.
    let theirs = other.follow(add(&other, &beta, "example.com")).expect(200);
    assert_ne!(record(&theirs), text);
    verify(&other, &theirs).must_say("The record was not found");
    names.tell(&json!({ "name": "_causeway.example.com", "texts": [text, record(&theirs)] }));
    verify(&other, &theirs).must_say("the domain is yours");
    // Nobody answers: nothing changes.
    names.tell(&json!({ "name": "_causeway.example.com", "broken": true }));
    verify(&one, &page).must_say("No server of names answered").must_say("Verified");
    for (wrong, says) in [
        ("", "required"),
        ("example", "is no domain"),
        ("127.0.0.1", "is no domain"),
        ("a_b.example", "is no domain"),
        ("EXAMPLE.com", "one of your domains already"),
    ] {
        let page = add(&one, &alpha, wrong).expect(422);
        assert!(page.says(says), "{wrong}: {}", page.text("main"));
    }
    one.open(&format!("/{}/account", alpha.id)).must_say("The domain example.com was added");
}

#[test]
fn a_record_that_is_gone_for_days_lets_nobody_in_any_more() {
    let mut names = named();
    let address = names.said("address").parse().expect("an address");
    let world = World::with(|config| config.name_server = Some(address));
    let admin = world.company.browser(&world.server);
    let path = world.path(&format!("/account/sso/domains/{}", world.domain));
    let text = record(&admin.open(&path));
    // The schedule looks it up each day.
    let looked = || {
        let before = world.server.database().number("select max(checked_at) as n from sso_domain");
        pass_hours(world.server.clock(), 25);
        let sql = format!("select count(*) as n from sso_domain where checked_at > {before}");
        wait::until("the domain to be looked up", || (world.server.database().number(&sql) == 1).then_some(()));
        world.server.settle();
        world.company.browser(&world.server).open(&path)
    };
    names.tell(&json!({ "name": "_causeway.example.com", "broken": true }));
    looked().must_say("Verified");
    names.tell(&json!({ "name": "_causeway.example.com", "texts": [] }));
    looked().must_say("Record is gone");
    names.tell(&json!({ "name": "_causeway.example.com", "texts": [text] }));
    looked().must_say("Verified");
    let gone = |days| {
        pass_days(world.server.clock(), days);
        act(&world.server, |tx| actions::note_sso_check(tx, &world.company.system(), &world.domain, Some(false)))
    };
    assert_eq!((gone(1), gone(2)), (DomainStatus::Verified, DomainStatus::Verified));
    let inside = world.come_in();
    inside.open(&world.path("/users"));
    assert_eq!(gone(1), DomainStatus::Failed);
    let page = inside.get(&world.path("/users"));
    assert!(asks_for_own(&page) || page.redirect().is_some_and(|url| url.path() == "/sign-in"), "{}", page.status);
    world.told(&[]).expect(422).must_say("in no domain");
}

#[test]
fn only_who_manages_the_account_sees_or_changes_any_of_it() {
    let world = World::new();
    let beta = Company::new(&world.server, "Beta", Role::Vendor);
    let stranger = beta.browser(&world.server);
    let reader = world.company.colleague(
        &world.server,
        "Reader",
        &[(causeway::kit::Module::Account, causeway::kit::Level::Read)],
    );
    let (domain, provider) = (&world.domain, &world.provider);
    for path in [format!("/account/sso/domains/{domain}"), format!("/account/sso/providers/{provider}")] {
        stranger.get(&world.path(&path)).expect(404);
        stranger.get(&format!("/{}{path}", beta.id)).expect(404);
        reader.browser.get(&world.path(&path)).expect(403);
        for verb in ["", "/delete", "/verify", "/test", "/unlink"] {
            let fields = [("domain", "x.example"), ("name", "x"), ("issuer", "https://x.example"), ("user", "UR-1")];
            let sent = send(&stranger, &format!("/{}{path}{verb}", beta.id), &fields);
            assert!([404, 422].contains(&sent.status), "{path}{verb}: {}", sent.status);
        }
    }
    let mine = world.company.browser(&world.server);
    mine.open(&world.path("/account/sso")).must_say("example.com").must_say("Alpha's server");
    assert!(!stranger.open(&format!("/{}/account/sso", beta.id)).says("Alpha's server"));
    // A provider of somebody else is none to choose.
    let own = super::world::add_provider(&world.server, &beta, &world.stranger.issuer, "Beta's server");
    let form = mine.open(&world.path(&format!("/account/sso/domains/{domain}"))).form_with("Save").tamper("idp", &own);
    mine.post(form).expect(422).must_say("Choose one of the account");
    assert!(!asks_for_own(&mine.get(&world.path("/account/sso"))));
}
