//! Every page of the portals in the demo world: pictures for the documentation, and a look at each page with the eyes of
//! axe-core. `make screenshots` keeps the pictures in docs/screenshots.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use crate::browser::{Browser, Theme};
use crate::support::demo::Demo;
use crate::tour::{self, Found};

/// The portals, and what is outside them.
const PLACES: [&str; 4] = ["vendor", "distributor", "reseller", "outside"];

#[test]
fn every_page_is_accessible_and_has_its_picture() {
    let folder = folder();
    let demo = Demo::start();
    let found: Vec<(&str, Found)> = thread::scope(|scope| {
        let walks = PLACES.map(|place| {
            let (demo, folder) = (&demo, &folder);
            scope.spawn(move || (place, visit(demo, place, folder)))
        });
        walks.into_iter().map(|walk| walk.join().expect("the walk ends")).collect()
    });
    let routes: BTreeSet<&str> = found.iter().flat_map(|(_, found)| found.keys().map(String::as_str)).collect();
    let missing: Vec<&str> =
        tour::pages().into_iter().filter(|page| !routes.iter().any(|route| tour::told_by(route, page))).collect();
    assert!(missing.is_empty(), "pages that nobody reaches in the demo world:\n{}", missing.join("\n"));
    let pages: usize = found.iter().map(|(_, found)| found.len()).sum();
    let pictures = fs::read_dir(&folder).unwrap().count();
    assert_eq!(pictures, pages * 3, "a picture of each page in both themes, and a narrow one");
}

/// Looks at every page of a place.
fn visit(demo: &Demo, place: &str, folder: &Path) -> Found {
    let browser = Browser::start(demo.base());
    let found = if place == "outside" {
        tour::outside(demo)
    } else {
        let account = demo.account(place);
        browser.sign_in(account.email(), account.password());
        tour::portal(demo, place)
    };
    for (route, address) in &found {
        look(&browser, address, &folder.join(format!("{place}-{}", name(route))));
    }
    found
}

/// `/{account}/requests/{request}/approve` is `requests-request-approve`.
fn name(route: &str) -> String {
    let inside = route.strip_prefix("/{account}").unwrap_or(route);
    let words: Vec<&str> = inside.split('/').filter(|word| !word.is_empty()).collect();
    let words: Vec<&str> = words.into_iter().map(|word| word.trim_matches(['{', '}'])).collect();
    if words.is_empty() { "home".to_owned() } else { words.join("-") }
}

fn look(browser: &Browser, path: &str, picture: &Path) {
    let keep = |word: &str| browser.picture(Path::new(&format!("{}-{word}.webp", picture.display())), false);
    for (theme, word) in [(Theme::Light, "light"), (Theme::Dark, "dark")] {
        browser.theme(theme);
        browser.size(1280, 800);
        browser.open(path);
        browser.check_accessibility();
        browser.check_quiet();
        keep(word);
    }
    browser.theme(Theme::Light);
    browser.size(360, 740);
    assert!(!browser.scrolls_sideways(), "{path} is wider than 360 px");
    keep("narrow");
}

/// An empty folder for the pictures.
fn folder() -> PathBuf {
    let chosen = std::env::var_os("CAUSEWAY_SCREENSHOTS").map(PathBuf::from);
    let folder = chosen.unwrap_or_else(|| Path::new(env!("CARGO_TARGET_TMPDIR")).join("screenshots"));
    fs::create_dir_all(&folder).unwrap();
    for picture in fs::read_dir(&folder).unwrap().flatten() {
        if picture.path().extension().is_some_and(|e| e == "png" || e == "webp") {
            fs::remove_file(picture.path()).unwrap();
        }
    }
    folder
}
