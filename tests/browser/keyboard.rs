//! The portal by keyboard alone: whatever has the focus is seen, menus and dialogs close with Escape and give it back.

use serde_json::json;
use thirtyfour::Key;

use crate::browser::{Browser, Theme};
use crate::support::demo::Demo;

/// What has the focus: its name, and what is wrong with how it shows. Nothing when the page's end is reached.
const STOP: &str = r"
const stop = document.activeElement;
if (stop === document.body) return null;
const label = stop.labels && stop.labels[0];
const name = `${stop.tagName} ${(stop.getAttribute('aria-label') || (label && label.innerText) || stop.innerText || '').trim()}`;
const style = getComputedStyle(stop);
const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1;
const box = stop.getBoundingClientRect();
const [left, right] = [Math.max(box.left, 0), Math.min(box.right, innerWidth)];
const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
const isOn = (x, y) => {
  const there = document.elementFromPoint(x, y);
  return there && (stop.contains(there) || there.contains(stop) || (label && label.contains(there)));
};
const middle = (left + right) / 2;
const seen = right - left > 1 && bottom - top > 1 && (isOn(middle, (top + bottom) / 2) || isOn(middle, top + 1) || isOn(middle, bottom - 1));
return [name.slice(0, 60), ring ? '' : 'no ring', seen ? '' : 'out of sight'];
";

/// Presses Tab through a whole page and tells the stops, and those that are not seen.
fn walk(browser: &Browser, path: &str) -> (Vec<String>, Vec<String>) {
    browser.open(path);
    let (mut stops, mut unseen) = (vec![], vec![]);
    while stops.len() < 200 {
        browser.press(Key::Tab);
        let stop = browser.run(STOP, vec![]);
        let Some(told) = stop.as_array() else { break };
        let told: Vec<&str> = told.iter().filter_map(|word| word.as_str()).collect();
        if told[1..].iter().any(|wrong| !wrong.is_empty()) {
            unseen.push(told.join(" "));
        }
        stops.push(told[0].to_owned());
    }
    (stops, unseen)
}

/// Goes on by Tab until what has the focus is called so.
#[track_caller]
fn tab_to(browser: &Browser, name: &str) {
    for _ in 0..100 {
        browser.press(Key::Tab);
        if browser.focused().contains(name) {
            return;
        }
    }
    panic!("Tab does not come to {name:?} at {}", browser.path());
}

/// The menus and dialogs that are open.
fn open(browser: &Browser) -> usize {
    browser.count("details.menu[open], dialog[open]")
}

fn link(browser: &Browser, css: &str) -> String {
    let path = browser.run("return document.querySelector(arguments[0]).pathname", vec![json!(css)]);
    path.as_str().expect("a link").to_owned()
}

#[test]
fn whatever_has_the_focus_is_seen() {
    let demo = Demo::start();
    let vendor = demo.account("vendor");
    let browser = Browser::start(demo.base());
    browser.sign_in(vendor.email(), vendor.password());
    let at = |path: &str| format!("/{}{path}", vendor.id());
    browser.open(&at("/requests"));
    let request = link(&browser, "tbody th a");
    let mut pages =
        ["", "/requests", "/subscriptions", "/usage", "/products", "/account", "/users/new"].map(at).to_vec();
    pages.extend([format!("{request}/inquire"), request]);
    for (theme, width, height) in [(Theme::Light, 1440, 900), (Theme::Dark, 360, 740)] {
        browser.theme(theme);
        browser.size(width, height);
        for page in &pages {
            let (stops, unseen) = walk(&browser, page);
            assert!(stops.len() > 5, "{page}: {stops:?}");
            assert_eq!(stops[0], "A Skip to content", "{page}");
            assert!(unseen.is_empty(), "{page} at {width} px: focus that is not seen:\n{}", unseen.join("\n"));
        }
    }
}

#[test]
fn menus_and_dialogs_give_the_focus_back() {
    let demo = Demo::start();
    let vendor = demo.account("vendor");
    let browser = Browser::start(demo.base());
    browser.sign_in(vendor.email(), vendor.password());
    let list = format!("/{}/requests", vendor.id());
    browser.open(&list);
    browser.press(Key::Tab);
    assert_eq!(browser.focused(), "Skip to content");
    browser.press(Key::Enter);
    browser.press(Key::Tab);
    let inside = browser.run("return document.activeElement.closest('main') !== null", vec![]);
    assert_eq!(inside, json!(true), "the next stop is in the page's own part: {}", browser.focused());

    // A menu: opened, closed by Escape, and left behind by going on.
    tab_to(&browser, "Filter");
    browser.press(Key::Enter);
    assert_eq!(open(&browser), 1);
    browser.press(Key::Tab);
    assert_eq!(browser.focused(), "Status");
    browser.press(Key::Escape);
    assert_eq!((open(&browser), browser.focused().as_str()), (0, "Filter"));
    browser.press(Key::Space);
    assert_eq!(open(&browser), 1);
    tab_to(&browser, "Request");
    assert_eq!(open(&browser), 0, "a menu that was left stays open");

    // A dialog that a menu's entry opens gives the focus back to the menu's button.
    let request = link(&browser, "tbody th a");
    browser.open(&request);
    tab_to(&browser, "More actions");
    browser.press(Key::Enter);
    tab_to(&browser, "Assign…");
    browser.press(Key::Enter);
    browser.see("Who processes it");
    assert_eq!((open(&browser), browser.count("dialog[open]")), (1, 1));
    browser.press(Key::Escape);
    assert_eq!((open(&browser), browser.focused().as_str()), (0, "More actions"));

    // One that a button opens gives it back to the button.
    tab_to(&browser, "Keyboard shortcuts");
    browser.press(Key::Enter);
    assert_eq!(browser.count("dialog[open]"), 1);
    browser.press(Key::Escape);
    assert_eq!((open(&browser), browser.focused().as_str()), (0, "Keyboard shortcuts"));
    browser.check_quiet();
}
