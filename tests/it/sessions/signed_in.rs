//! Who is signed in now, for the administrators of an account.

use causeway::flows::accounts::{actions, store};
use causeway::kit::{Actor, Level, Module, Role};

use crate::sign_on::world::{World, add_domain, add_provider};
use crate::support::client::Client;
use crate::support::clock::pass_hours;
use crate::support::companies::{Company, PASSWORD, act, sign_in};
use crate::support::server::Server;

/// Each row of the list in one text.
fn listed(client: &Client, company: &Company) -> Vec<String> {
    let page = client.open(&format!("/{}/users/signed-in", company.id));
    page.rows("table").into_iter().map(|cells| cells.join(" ")).collect()
}

#[test]
fn administrators_see_who_is_signed_in_now_and_nothing_of_where() {
    let server = Server::start_with(|config| config.trusted_proxies = vec!["127.0.0.1".parse().unwrap()]);
    let company = Company::new(&server, "Northgate", Role::Distributor);
    let clerk = company.colleague(&server, "Clerk", &[(Module::Account, Level::Read)]);
    let temp = company.colleague(&server, "Temp", &[]).browser;
    temp.post(temp.open(&format!("/{}", company.id)).form_with("Sign out")).expect(303);
    let second = Client::at(server.base(), "203.0.113.77");
    let form = second.open("/sign-in").form_with("Sign in").set("email", "clerk@northgate.example");
    second.submit(form.set("password", PASSWORD)).expect(200);
    let admin = company.browser(&server);
    let page = admin.open(&format!("/{}/users/signed-in", company.id));
    page.must_say("Clerk").must_say("Northgate").must_say("2 sessions").must_say("One session");
    assert!(!page.says("Temp") && !page.says("203.0.113.77"), "{}", page.body());
    admin.open(&format!("/{}/users", company.id)).must_say("Temp").must_say("2 sessions");
    let one = admin.open(&format!("/{}/users/{}", company.id, clerk.user));
    one.must_say("Signed in now").must_say("2 sessions");
    assert!(!one.says("203.0.113.77"));
    // The list is exported as it is shown.
    let file = admin.get(&format!("/{}/users/signed-in?_export=csv", company.id)).expect(200).body();
    assert!(file.contains("Clerk") && !file.contains("Temp"), "{file}");
    // Whoever may only look sees who works there, and not when.
    clerk.browser.get(&format!("/{}/users/signed-in", company.id)).expect(403);
    let list = clerk.browser.open(&format!("/{}/users", company.id));
    assert!(!list.says("Signed in now") && list.says("Temp"));
    // A session that nobody uses ends, and one that was ended is gone at once.
    pass_hours(server.clock(), 13);
    let admin = company.browser(&server);
    assert_eq!(listed(&admin, &company).len(), 1);
    sign_in(&server, "clerk@northgate.example");
    assert_eq!(listed(&admin, &company).len(), 2);
    act(&server, |tx| store::end_sessions(tx, &clerk.user, None));
    assert_eq!(listed(&admin, &company).len(), 1);
    // Somebody who may not work there any more is not signed in to it, whatever is open elsewhere.
    sign_in(&server, "clerk@northgate.example");
    let page = admin.open(&format!("/{}/users/{}/deactivate", company.id, clerk.user));
    admin.submit(page.form_with("Deactivate")).expect(200);
    assert_eq!(listed(&admin, &company).len(), 1);
    let list = admin.get(&format!("/{}/users/signed-in", company.id)).expect(200);
    assert!(statements(list.header("server-timing")) <= 8, "{}", list.header("server-timing"));
}

fn statements(timing: &str) -> u32 {
    timing.chars().filter(char::is_ascii_digit).collect::<String>().parse().unwrap()
}

#[test]
fn a_session_counts_in_the_accounts_that_it_opens() {
    let world = World::new();
    let beta = Company::new(&world.server, "Beta", Role::Vendor);
    act(&world.server, |tx| {
        actions::make_administrator(tx, &Actor::Operator, &beta.id, &world.company.user, "Alpha").map(drop)
    });
    let user = world.company.user.clone();
    act(&world.server, |tx| store::end_sessions(tx, &user, None));
    let looker = beta.browser(&world.server);
    let alpha_in = |looker: &Client| listed(looker, &beta).iter().any(|name| name.contains("Alpha"));
    // Alpha's provider opens Alpha, and nothing of Beta.
    let client = world.come_in();
    assert_eq!(listed(&client, &world.company).len(), 1);
    assert!(!alpha_in(&looker));
    // After something of their own, the same session opens both.
    let asked = client.open("/confirm?next=/profile");
    client.post(asked.form_with("Confirm").set("password", PASSWORD)).expect(303);
    assert!(alpha_in(&looker));
    assert_eq!(listed(&client, &world.company).len(), 1);
    // Where the account wants its provider, a password opens nothing.
    world.enforce();
    act(&world.server, |tx| store::end_sessions(tx, &user, None));
    sign_in(&world.server, &world.company.email);
    let inside = "select count(*) as n from session where own";
    assert!(world.server.database().number(inside) > 0);
    let signed_in = act(&world.server, |tx| {
        let ids = [user.to_string()];
        store::open_sessions(tx, &world.company.system(), &ids)
    });
    assert!(signed_in.is_empty(), "{signed_in:?}");
    assert!(alpha_in(&looker), "the password still opens Beta");
    // The word of a provider that is not the account's own any more opens nothing.
    let provider = add_provider(&world.server, &beta, &world.stranger.issuer, "Beta's server");
    add_domain(&world.server, &beta, "example.com", &provider);
    assert!(alpha_in(&looker), "a provider that is not enforced shuts nobody out");
}
