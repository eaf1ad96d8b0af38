//! The pages that each portal's menu offers, in the demo world: pictures for the documentation, and a look at each page
//! with the eyes of axe-core. `make screenshots` keeps the pictures in docs/screenshots.

use std::fs;
use std::path::{Path, PathBuf};

use crate::browser::{Browser, Theme};
use crate::support::demo::Demo;

#[test]
fn every_page_of_the_menus_is_accessible_and_has_its_picture() {
    let folder = folder();
    let demo = Demo::start();
    let mut pages = 0;
    for role in ["vendor", "distributor", "reseller"] {
        let account = demo.account(role);
        let browser = Browser::start(demo.base());
        browser.sign_in(account.email(), account.password());
        // Whoever works in two companies is offered the other one, too.
        let home = browser.path();
        let menu: Vec<String> = browser.menu().into_iter().filter(|path| path.starts_with(&home)).collect();
        assert!(!menu.is_empty(), "the {role}'s portal has no menu");
        for path in &menu {
            let name = path.trim_start_matches('/').split(['/', '?']).skip(1).collect::<Vec<_>>().join("-");
            let name = if name.is_empty() { "home" } else { &name };
            look(&browser, path, &folder, &format!("{role}-{name}"));
            pages += 1;
        }
    }
    let pictures = fs::read_dir(&folder).unwrap().count();
    assert_eq!(pictures, pages * 3, "a picture of each page in both themes, and a narrow one");
}

fn look(browser: &Browser, path: &str, folder: &Path, name: &str) {
    for (theme, word) in [(Theme::Light, "light"), (Theme::Dark, "dark")] {
        browser.theme(theme);
        browser.size(1280, 800);
        browser.open(path);
        browser.check_accessibility();
        browser.check_quiet();
        browser.picture(&folder.join(format!("{name}-{word}.png")), false);
    }
    browser.theme(Theme::Light);
    browser.size(360, 740);
    browser.open(path);
    assert!(!browser.scrolls_sideways(), "{path} is wider than 360 px");
    browser.picture(&folder.join(format!("{name}-narrow.png")), false);
}

/// An empty folder for the pictures.
fn folder() -> PathBuf {
    let chosen = std::env::var_os("CAUSEWAY_SCREENSHOTS").map(PathBuf::from);
    let folder = chosen.unwrap_or_else(|| Path::new(env!("CARGO_TARGET_TMPDIR")).join("screenshots"));
    fs::create_dir_all(&folder).unwrap();
    for picture in fs::read_dir(&folder).unwrap().flatten() {
        if picture.path().extension().is_some_and(|e| e == "png") {
            fs::remove_file(picture.path()).unwrap();
        }
    }
    folder
}
