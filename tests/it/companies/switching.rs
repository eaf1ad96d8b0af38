//! One person in many companies.

use causeway::flows::accounts::actions;
use causeway::kit::{Actor, Role};

use crate::support::companies::{Company, act};
use crate::support::server::Server;

#[test]
fn a_person_of_many_companies_finds_each_of_them_and_no_other() {
    let server = Server::start();
    let home = Company::new(&server, "Alpha", Role::Vendor);
    let others: Vec<Company> = (0..11).map(|n| Company::new(&server, &format!("Beta {n:02}"), Role::Vendor)).collect();
    let stranger = Company::new(&server, "Gamma", Role::Reseller);
    let few = home.browser(&server).open(&format!("/{}", home.id));
    assert!(!few.has(".account-name ~ form, .menu-search"), "there is nothing to search");
    act(&server, |tx| {
        for other in &others {
            actions::make_administrator(tx, &Actor::Operator, &other.id, &home.user, "Alpha")?;
        }
        Ok(())
    });
    let client = home.browser(&server);
    let page = client.open(&format!("/{}", home.id));
    assert_eq!(page.texts(".sidebar a.menu-item .account-name").len(), 8);
    page.must_say("All 12 accounts");
    let found = client.submit(page.form(".menu-search").set("search", "beta 10")).expect(200);
    assert_eq!(found.rows("table").len(), 1);
    found.must_say("Beta 10").must_say(others[10].id.as_str());
    assert_eq!(client.open("/accounts").rows("table").len(), 12);
    let none = client.open("/accounts?search=Gamma");
    none.must_say("No account matches");
    assert!(!none.says(stranger.id.as_str()));
    // Each tab stays in its account: the address names it.
    client.open(&format!("/{}/users", others[3].id)).expect(200);
    client.open(&format!("/{}/users", home.id)).expect(200).must_say("Alpha");
    client.get(&format!("/{}", stranger.id)).expect(404);
    let visitor = server.visitor().get("/accounts");
    assert_eq!(visitor.redirect().map(|url| url.path().to_owned()).as_deref(), Some("/sign-in"));
}
