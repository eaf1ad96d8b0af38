//! Second factors in a real browser: a passkey of Chromium's virtual authenticator, and an authenticator app.

use std::path::Path;

use causeway::kit::Role;
use totp_rs::{Builder, Secret};

use crate::browser::{Browser, Theme};
use crate::support::companies::{Company, PASSWORD};
use crate::support::server::Server;

fn start() -> (Server, Company, Browser) {
    let server = Server::start();
    let company = Company::new(&server, "Alpha", Role::Distributor);
    let browser = Browser::start(&server.base().replace("127.0.0.1", "localhost"));
    browser.passkeys();
    (server, company, browser)
}

/// Gives the right password on the sign-in page, after which more is asked for.
fn give_password(browser: &Browser, company: &Company) {
    browser.fill("E-mail", &company.email);
    browser.fill("Password", PASSWORD);
    browser.click("Sign in");
}

/// Looks at a page wide and narrow, light and dark.
fn look(browser: &Browser, name: &str) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("factors");
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

#[test]
fn a_passkey_is_added_and_signs_in() {
    let (_server, company, browser) = start();
    browser.sign_in(&company.email, PASSWORD);
    browser.open("/profile/security");
    look(&browser, "no-factors");
    browser.click("Add a passkey…");
    look(&browser, "new-passkey");
    browser.fill("Name", "This laptop");
    browser.click("Add");
    browser.see("They are not shown again");
    look(&browser, "codes");
    browser.click("I have kept the codes");
    browser.see("This laptop");
    look(&browser, "factors");
    browser.click("Remove… This laptop");
    look(&browser, "passkey-remove");

    browser.open("/profile");
    browser.run("document.querySelector('form[action=\"/sign-out\"]').submit()", vec![]);
    browser.arrive("/sign-in");
    look(&browser, "sign-in");
    browser.click("Sign in with a passkey");
    browser.arrive(&format!("/{}", company.id));

    browser.run("document.querySelector('form[action=\"/sign-out\"]').submit()", vec![]);
    browser.arrive("/sign-in");
    give_password(&browser, &company);
    browser.see("with one of your passkeys");
    look(&browser, "second-by-passkey");
    browser.click("Use a passkey");
    browser.arrive(&format!("/{}", company.id));
    browser.check_quiet();

    // The same passkey is not added twice, and the page says so in words.
    browser.open("/profile/security/passkeys/new");
    browser.fill("Name", "Again");
    browser.click("Add");
    browser.see("No passkey was used");
}

#[test]
fn an_app_is_set_up_and_asked_for_with_and_without_script() {
    let (server, company, browser) = start();
    browser.sign_in(&company.email, PASSWORD);
    browser.open("/profile/security/app");
    look(&browser, "app");
    let secret = Secret::try_from_base32(browser.text("main p code.id").replace(' ', "")).unwrap();
    let app = Builder::new().with_secret(secret).build().unwrap();
    let code = || app.generate(u64::try_from(server.clock().now().0 / 1_000_000).unwrap()).to_string();
    browser.fill("Code", &code());
    browser.click("Set up");
    browser.see("They are not shown again");
    browser.click("I have kept the codes");
    look(&browser, "factors-with-app");
    browser.click("Remove…");
    look(&browser, "app-remove");
    browser.open(&format!("/{}/account/security", company.id));
    browser.tick("Required");
    look(&browser, "policy");

    for script in [true, false] {
        browser.script(script);
        server.clock().advance_seconds(30);
        browser.open("/profile");
        if script {
            browser.run("document.querySelector('form[action=\"/sign-out\"]').submit()", vec![]);
        } else {
            browser.forget_cookies();
        }
        browser.open("/sign-in");
        give_password(&browser, &company);
        browser.see("from your authenticator app");
        if script {
            look(&browser, "second");
        }
        browser.fill("Code", &code());
        browser.click("Go on");
        browser.arrive(&format!("/{}", company.id));
    }
}
