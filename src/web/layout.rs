//! The frame of every page: head, menu, top bar, messages; and the one way to render a template.
//!
//! A page's template begins with `{% extends "layout.html" %}` and fills `{% block main %}`; its struct has a field
//! `page: Page`. With an account the page stands in the portal's shell; without one (sign-in, activation, public forms,
//! errors before a session) in a narrow column under the brand's logo, with the brand's picture if `art` is set.
//!
//! ```
//! use askama::Template;
//! use causeway::kit::locale::Reader;
//! use causeway::web::filters;
//! use causeway::web::layout::{Page, render};
//!
//! #[derive(Template)]
//! #[template(ext = "html", source = r#"{% extends "layout.html" %}{% block main %}<h1>{{ "Hello"|t }}</h1>{% endblock %}"#)]
//! struct Hello { page: Page }
//!
//! let reader = Reader::plain();
//! let html = render(&Hello { page: Page::new("Hello", "/hello") }, &reader);
//! assert!(html.is_ok_and(|html| html.starts_with("<!doctype html>")));
//! ```

use std::any::Any;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::{Template, Values};

use super::button::Button;
use super::filters::READER;
use super::icons::Sprite;
use super::part::parts;
pub use super::seat::{Account, Portal, Who};
use super::status::Tone;
use super::theme::{self, Density, Theme};
use crate::kit::locale::Reader;
use crate::kit::text::Text;
use crate::web::filters;

/// Where a person changes what concerns themselves.
pub const PROFILE: &str = "/profile";
/// Where the form posts that ends the session.
pub const SIGN_OUT: &str = "/sign-out";

/// Where a person finds all their accounts.
pub const ACCOUNTS: &str = "/accounts";
/// Of a person's other accounts so many stand in the menu; beyond that it leads to the page of all.
pub const SHOWN_ACCOUNTS: usize = 8;

/// Renders a template, with all its parts, for a reader. The only way to do it: filters fail without a reader.
///
/// # Errors
/// What a filter or template of the caller's own failed with; the parts of this module do not fail.
pub fn render(template: &impl Template, reader: &Reader) -> askama::Result<String> {
    template.render_with_values(&For(reader.clone()))
}

/// Renders a template as an answer: a page, or a fragment for a part of one.
///
/// # Errors
/// As [`render`].
pub fn answer(status: StatusCode, template: &impl Template, reader: &Reader) -> askama::Result<HttpResponse> {
    let html = render(template, reader)?;
    Ok(HttpResponse::build(status).content_type("text/html; charset=utf-8").body(html))
}

/// The values of a template: who reads.
struct For(Reader);

impl Values for For {
    fn get_value<'a>(&'a self, key: &str) -> Option<&'a dyn Any> {
        (key == READER).then_some(&self.0 as &dyn Any)
    }
}

/// The look and the words of the tenant whose host name was asked for.
#[derive(Clone, Debug)]
pub struct Brand {
    /// The name in menu and title: `Northgate`.
    pub name: String,
    /// The name on the sign-in page: `Northgate Partner Portal`.
    pub title: String,
    /// The address of the logo, a square picture.
    pub logo: String,
    /// The address of the icon in the browser's tab.
    pub icon: String,
    /// The address of the theme, with the hash of its content; none for the house's own look.
    pub css: Option<String>,
    /// The line on the sign-in picture, and the smaller one under it.
    pub claim: Option<(String, String)>,
    /// Who stands behind the portal, at the foot of public pages.
    pub owner: Option<String>,
    /// Terms, privacy, imprint.
    pub links: Vec<(Text, String)>,
}

impl Default for Brand {
    fn default() -> Self {
        let logo = super::assets::url("img/causeway.svg");
        Self {
            name: "Causeway".to_owned(),
            title: "Causeway".to_owned(),
            icon: logo.clone(),
            logo,
            css: None,
            claim: None,
            owner: None,
            links: Vec::new(),
        }
    }
}

/// A section of the menu.
#[derive(Clone, Debug)]
pub struct MenuSection {
    /// Its heading; the first section has none.
    pub title: Option<Text>,
    /// Its entries.
    pub entries: Vec<MenuEntry>,
}

/// An entry of the menu.
#[derive(Clone, Debug)]
pub struct MenuEntry {
    /// The word.
    pub label: Text,
    /// The name of its icon.
    pub icon: &'static str,
    /// The address.
    pub href: String,
    /// True on the pages of this entry.
    pub current: bool,
    /// How many things wait there for this person; not a total.
    pub waiting: u64,
    /// The letter that follows `g` to go there.
    pub key: Option<&'static str>,
}

impl MenuEntry {
    /// An entry.
    pub fn new(label: impl Into<Text>, icon: &'static str, href: impl Into<String>) -> Self {
        Self { label: label.into(), icon, href: href.into(), current: false, waiting: 0, key: None }
    }

    /// Whether the page belongs to it.
    #[must_use]
    pub fn current(mut self, current: bool) -> Self {
        self.current = current;
        self
    }

    /// How many things wait there.
    #[must_use]
    pub fn waiting(mut self, count: u64) -> Self {
        self.waiting = count;
        self
    }

    /// The letter that follows `g` to go there.
    #[must_use]
    pub fn key(mut self, key: &'static str) -> Self {
        self.key = Some(key);
        self
    }
}

/// A step of the way to a page.
#[derive(Clone, Debug)]
pub struct Crumb {
    /// The word or id.
    pub label: Text,
    /// Its address; the last step has none.
    pub href: Option<String>,
}

impl Crumb {
    /// A step that can be gone back to.
    pub fn link(label: impl Into<Text>, href: impl Into<String>) -> Self {
        Self { label: label.into(), href: Some(href.into()) }
    }

    /// The page itself.
    pub fn here(label: impl Into<Text>) -> Self {
        Self { label: label.into(), href: None }
    }
}

/// The answer to what was done on the page before.
#[derive(Clone, Debug)]
pub struct Flash {
    /// How it went.
    pub tone: Tone,
    /// What happened.
    pub text: Text,
    /// How it is undone.
    pub undo: Option<Button>,
}

/// The frame of a page.
#[derive(Clone, Debug)]
pub struct Page {
    /// The title in the browser's tab; the brand's name is added.
    pub title: Text,
    /// Path and query of this page.
    pub path: String,
    /// True if the page shows errors of a form: the title begins with "Error:".
    pub wrong: bool,
    /// The brand.
    pub brand: Brand,
    /// Who is signed in.
    pub who: Option<Who>,
    /// The account the page belongs to.
    pub account: Option<Account>,
    /// The person's other accounts, as many as the menu shows.
    pub others: Vec<Account>,
    /// How many accounts the person has, if the menu does not show them all.
    pub accounts: Option<usize>,
    /// The menu.
    pub menu: Vec<MenuSection>,
    /// The way to the page.
    pub crumbs: Vec<Crumb>,
    /// The answer to what was done before.
    pub flash: Option<Flash>,
    /// Said on every page of an environment that is not production.
    pub environment: Option<Text>,
    /// Where the search over everything is; none hides it.
    pub search: Option<String>,
    /// Where the notifications are and how many are unread; none hides them.
    pub notifications: Option<(String, u64)>,
    /// Light or dark.
    pub theme: Theme,
    /// How much room rows take.
    pub density: Density,
    /// False if the person turned off the keys that are single letters.
    pub single_keys: bool,
    /// True to show the brand's picture beside a page without account.
    pub art: bool,
}

impl Page {
    /// A page without account, in the house's own brand. `path` is path and query of the request.
    pub fn new(title: impl Into<Text>, path: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            path: path.into(),
            wrong: false,
            brand: Brand::default(),
            who: None,
            account: None,
            others: Vec::new(),
            accounts: None,
            menu: Vec::new(),
            crumbs: Vec::new(),
            flash: None,
            environment: None,
            search: None,
            notifications: None,
            theme: Theme::default(),
            density: Density::default(),
            single_keys: true,
            art: false,
        }
    }

    /// One more step of the way.
    #[must_use]
    pub fn crumb(mut self, crumb: Crumb) -> Self {
        self.crumbs.push(crumb);
        self
    }

    /// The address of a path within the page's account: `page.at("requests")`.
    #[must_use]
    pub fn at(&self, path: &str) -> String {
        self.account.as_ref().map_or_else(|| format!("/{path}"), |account| format!("/{}/{path}", account.id))
    }

    /// What stands in `head`.
    #[must_use]
    pub fn head(&self) -> DocumentHead<'_> {
        DocumentHead { page: self }
    }

    /// What stands before `main`: menu and top bar, or the logo.
    #[must_use]
    pub fn before(&self) -> Before<'_> {
        Before { page: self }
    }

    /// What stands at the top of `main`: messages.
    #[must_use]
    pub fn notes(&self) -> Notes<'_> {
        Notes { page: self }
    }

    /// What stands after `main`: the list of keys, or legal links and the picture.
    #[must_use]
    pub fn after(&self) -> After<'_> {
        After { page: self }
    }

    /// The value of `data-theme`, if the person chose one.
    #[must_use]
    pub fn forced_theme(&self) -> Option<&'static str> {
        (self.theme != Theme::Auto).then(|| self.theme.name())
    }

    fn home(&self) -> String {
        self.account.as_ref().map_or_else(|| "/".to_owned(), |account| format!("/{}", account.id))
    }
}

/// What stands in `head`.
#[derive(Debug, Template)]
#[template(path = "web/head.html")]
pub struct DocumentHead<'a> {
    page: &'a Page,
}

/// What stands before `main`.
#[derive(Debug, Template)]
#[template(path = "web/before.html")]
pub struct Before<'a> {
    page: &'a Page,
}

/// What stands at the top of `main`.
#[derive(Debug, Template)]
#[template(path = "web/notes.html")]
pub struct Notes<'a> {
    page: &'a Page,
}

/// What stands after `main`.
#[derive(Debug, Template)]
#[template(path = "web/after.html")]
pub struct After<'a> {
    page: &'a Page,
}

parts!(DocumentHead<'_>, Before<'_>, Notes<'_>, After<'_>);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::state::{State, StatePage};

    fn html(page: Page) -> String {
        render(&StatePage::new(page, State::not_found("/")), &Reader::plain()).expect("the page is rendered")
    }

    fn portal_page() -> Page {
        let account = |id: &str, name: &str| Account {
            id: id.to_owned(),
            name: name.to_owned(),
            portal: Portal::Vendor,
            icon: None,
        };
        let mut page = Page::new("", "/VA-1/x?a=1&b=\"2\"");
        page.who = Some(Who { name: "<i>Mara".to_owned(), email: "mara@halden.example".to_owned(), icon: None });
        page.account = Some(account("VA-1", "Halden & Sons"));
        page.others = vec![account("VA-2", "Other")];
        let entry = MenuEntry::new("Usage", "chart-bar", "/VA-1/usage").current(true).waiting(1200).key("u");
        page.menu = vec![MenuSection { title: Some(Text::new("Operate")), entries: vec![entry] }];
        page
    }

    #[test]
    fn a_portal_page_has_menu_accounts_and_ways_out() {
        let html = html(portal_page());
        for expected in [
            r##"<a class="skip" href="#main">"##,
            r#"<title>There is nothing at this address · Causeway</title>"#,
            r#"href="/VA-1/usage" aria-current="page" data-go="u">"#,
            r#"title="1,200 waiting for you">1,200</span>"#,
            r#"Halden &#38; Sons<small>Vendor · VA-1</small>"#,
            r#"<a class="menu-item" href="/VA-2">"#,
            r#"name="back" value="/VA-1/x?a=1&#38;b=&#34;2&#34;""#,
            r#"<form method="post" action="/sign-out">"#,
            r#"<b>&#60;i&#62;Mara</b>"#,
        ] {
            assert!(html.contains(expected), "{expected}\n{html}");
        }
        assert!(!html.contains("<i>") && !html.contains("d=\"\""), "{html}");
    }

    #[test]
    fn a_page_without_account_has_the_brand_only() {
        let mut page = Page::new("", "/");
        page.wrong = true;
        page.theme = Theme::Dark;
        page.brand.owner = Some("Northgate GmbH".to_owned());
        let html = html(page);
        assert!(!html.contains("sidebar") && !html.contains("topbar"), "{html}");
        assert!(html.contains("<title>Error: ") && html.contains(r#"<html lang="en" data-theme="dark""#), "{html}");
        assert!(html.contains(r#"<body class="bare""#) && html.contains("Northgate GmbH"), "{html}");
    }

    #[test]
    fn messages_stand_in_their_tone() {
        let mut page = portal_page();
        page.environment = Some(Text::new("Test environment."));
        page.flash = Some(Flash { tone: Tone::Bad, text: Text::new("Not sent."), undo: None });
        let html = html(page);
        assert!(html.contains(r#"data-tone="warn">"#) && html.contains(r#"data-tone="bad" role="alert">"#), "{html}");
    }
}
