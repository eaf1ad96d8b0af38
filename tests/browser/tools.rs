//! The browser tests' own tools, on the first page of the portal: a tool that sees nothing would let every test pass.

use crate::browser::{Browser, Theme};
use crate::support::server::Server;

#[test]
fn the_first_page_is_quiet_and_accessible_in_both_themes() {
    let server = Server::start();
    let browser = Browser::start(server.base());
    for theme in [Theme::Light, Theme::Dark] {
        browser.theme(theme);
        for width in [320, 1280] {
            browser.size(width, 800);
            browser.open("/");
            browser.check_accessibility();
            browser.check_quiet();
            assert!(!browser.scrolls_sideways(), "{theme:?} at {width} px: {}", browser.path());
        }
    }
}

#[test]
fn faults_are_seen() {
    let server = Server::start();
    let browser = Browser::start(server.base());
    browser.open("/");
    let page = "document.body.innerHTML = '<main><img src=\"/healthz\"><p>a</p></main>'; \
        document.querySelector('main').style.width = '3000px'; console.error('complaint');";
    browser.run(page, vec![]);
    let findings = crate::axe::check(&browser).join("\n");
    assert!(findings.contains("image-alt (critical) at \"img\""), "{findings}");
    assert!(browser.complaints().iter().any(|line| line.contains("complaint")));
    assert!(browser.scrolls_sideways());
}

#[test]
fn the_page_area_and_the_theme_are_what_the_test_asked_for() {
    let server = Server::start();
    let browser = Browser::start(server.base());
    browser.open("/");
    browser.size(320, 640);
    browser.theme(Theme::Dark);
    let seen = "return [innerWidth, innerHeight, matchMedia('(prefers-color-scheme: dark)').matches, \
        matchMedia('(prefers-reduced-motion: reduce)').matches]";
    assert_eq!(browser.run(seen, vec![]), serde_json::json!([320, 640, true, true]));
}
