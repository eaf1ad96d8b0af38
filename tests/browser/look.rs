//! Looking at a page with the eyes of its readers: both themes, wide and narrow, axe-core, a quiet console.
//! `CAUSEWAY_LOOK` names a folder for pictures.

use std::path::PathBuf;

use crate::browser::{Browser, Theme};

/// Looks at the page at `path`.
#[track_caller]
pub fn look(browser: &Browser, path: &str, name: &str) {
    look_at(browser, path, name, Browser::check_quiet);
}

/// Looks at a page that refuses something: of such an answer Chromium complains in any case.
#[track_caller]
pub fn look_refused(browser: &Browser, path: &str, name: &str) {
    look_at(browser, path, name, |browser| drop(browser.complaints()));
}

#[track_caller]
fn look_at(browser: &Browser, path: &str, name: &str, check_console: impl Fn(&Browser)) {
    for (theme, word) in [(Theme::Light, "light"), (Theme::Dark, "dark")] {
        browser.theme(theme);
        browser.size(1440, 900);
        browser.open(path);
        browser.check_accessibility();
        check_console(browser);
        picture(browser, name, word);
    }
    browser.theme(Theme::Light);
    browser.size(360, 740);
    browser.open(path);
    assert!(!browser.scrolls_sideways(), "{path} is wider than 360 px");
    picture(browser, name, "narrow");
    browser.complaints();
}

/// Looks at the page that is shown, without opening it anew: what was typed stays.
#[track_caller]
pub fn look_here(browser: &Browser, name: &str) {
    for (theme, word) in [(Theme::Light, "light"), (Theme::Dark, "dark")] {
        browser.theme(theme);
        browser.size(1440, 900);
        browser.check_accessibility();
        picture(browser, name, word);
    }
    browser.theme(Theme::Light);
    browser.size(360, 740);
    assert!(!browser.scrolls_sideways(), "{name} is wider than 360 px");
    picture(browser, name, "narrow");
    browser.size(1440, 900);
}

fn picture(browser: &Browser, name: &str, word: &str) {
    if let Some(folder) = std::env::var_os("CAUSEWAY_LOOK").map(PathBuf::from) {
        browser.picture(&folder.join(format!("{name}-{word}.png")), true);
    }
}
