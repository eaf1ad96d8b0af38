//! Single sign-on in a real browser, with a certified provider on one side and the pages on the other.

use std::path::Path;

use causeway::flows::accounts::actions;
use causeway::kit::{Clock, Role};
use serde_json::json;

use crate::browser::{Browser, Theme};
use crate::support::companies::{Company, PASSWORD, act};
use crate::support::node::Node;
use crate::support::server::Server;

/// Looks at a page wide and narrow, light and dark.
fn look(browser: &Browser, name: &str) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sign_on");
    for theme in [Theme::Light, Theme::Dark] {
        browser.theme(theme);
        for width in [1280, 360] {
            browser.size(width, 800);
            browser.check_accessibility();
            assert!(!browser.scrolls_sideways(), "{name} in {theme:?} at {width} px");
            browser.picture(&folder.join(format!("{name}-{theme:?}-{width}.png").to_lowercase()), true);
        }
    }
    browser.theme(Theme::Light);
    browser.size(1280, 800);
}

fn sign_out(browser: &Browser) {
    browser.open("/profile");
    browser.run("document.querySelector('form[action=\"/sign-out\"]').submit()", vec![]);
}

#[test]
fn an_account_sets_single_sign_on_up_and_its_people_come_in_by_it() {
    let mut node = Node::start("provider.mjs");
    let issuer = node.said("issuer");
    let server = Server::start_with(|config| config.outgoing_allow = issuer.parse().expect("an address"));
    // The provider has a clock of its own.
    server.clock().set(Clock::default().now());
    let company = Company::new(&server, "Alpha", Role::Distributor);
    let browser = Browser::start(server.base());
    let home = format!("/{}", company.id);
    browser.sign_in(&company.email, PASSWORD);
    browser.open(&format!("{home}/account/sso"));
    look(&browser, "nothing-yet");
    browser.click("Add provider");
    look(&browser, "new-provider");
    browser.fill("Name", "Alpha login");
    browser.fill("Issuer", &issuer);
    browser.click("Add provider");
    browser.see("Not set up yet");
    let redirect = browser.run("return [...document.querySelectorAll('code, .id')].map(e => e.innerText)", vec![]);
    let redirect = redirect.as_array().expect("texts").iter().filter_map(|t| t.as_str());
    let redirect = redirect.into_iter().find(|t| t.contains("/callback/")).expect("the redirect address").to_owned();
    let out = format!("{}/sign-in", server.base());
    node.tell(&json!({
        "client_id": "portal", "client_secret": "s3cret", "redirect_uris": [redirect], "post_logout_redirect_uris": [out],
    }));
    browser.fill("Client id", "portal");
    browser.fill("Client secret", "s3cret");
    browser.click("Save");
    browser.see("The provider was saved");
    browser.click("Test");
    browser.see("The provider was found");
    look(&browser, "provider");

    browser.open(&format!("{home}/account/sso/domains/new"));
    browser.fill("Domain", "example.com");
    browser.click("Add domain");
    browser.see("Show now that it is yours");
    look(&browser, "domain");
    act(&server, |tx| {
        let rows = causeway::flows::accounts::store::sso_domains(tx, &company.system())?;
        actions::note_sso_check(tx, &company.system(), rows[0].id.as_str(), Some(true))
    });
    browser.open(&format!("{home}/account/sso"));
    browser.click("example.com");
    browser.choose("Provider", "Alpha login");
    browser.click("Save");
    browser.see("The domain was saved");
    sign_out(&browser);
    browser.arrive("/sign-in");
    look(&browser, "sign-in");

    come_in(&browser, &company);
    browser.arrive(&home);
    // What the provider's own page complained about.
    drop(browser.complaints());
    browser.open(&home);
    browser.check_quiet();
    // Whoever came in by it may ask it of everybody.
    browser.open(&format!("{home}/account/sso"));
    browser.click("example.com");
    browser.tick("People of this domain cannot use their passwords for this account");
    browser.click("Save");
    browser.see("The domain was saved");
    look(&browser, "enforced");
    browser.open(&format!("{home}/account/sso"));
    look(&browser, "overview");
    sign_out(&browser);
    browser.see("You are signed out here");
    look(&browser, "signed-out");
    browser.click("Sign out of Alpha login too");
    browser.see("sign-out");

    // A password leads to the provider now, and by it to the account.
    browser.open("/sign-in");
    browser.fill("E-mail", &company.email);
    browser.fill("Password", PASSWORD);
    browser.click("Sign in");
    browser.see("wants you to come in by its single sign-on");
    look(&browser, "wanted");
    browser.click("Continue with single sign-on");
    if browser.text("body").contains("Sign-in") {
        at_provider(&browser, &company);
    }
    browser.arrive(&home);
    // Dangerous changes are confirmed there, too.
    server.clock().advance_seconds(16 * 60);
    browser.open(&format!("{home}/users/new"));
    browser.see("Use single sign-on");
    look(&browser, "confirm");
}

fn come_in(browser: &Browser, company: &Company) {
    browser.open("/sign-in");
    browser.click("Continue with single sign-on");
    look(browser, "address");
    browser.fill("E-mail", &company.email);
    browser.click("Next");
    look(browser, "offered");
    browser.click("Continue with Alpha login");
    at_provider(browser, company);
}

/// The provider's own page, which takes any password.
fn at_provider(browser: &Browser, company: &Company) {
    browser.see("Sign-in");
    let fill = "document.querySelector('[name=login]').value = arguments[0]; \
        document.querySelector('[name=password]').value = 'x'; document.querySelector('form').submit()";
    browser.run(fill, vec![json!(company.email)]);
}
