//! What a company tells about itself, as pages show it: its own, that of its sub-accounts, and those of its partners.

use askama::Template;

use crate::flows::accounts::model::{AccountStatus, Company, industry_name};
use crate::kit::{Text, country, language};
use crate::web::cell::Cell;
use crate::web::filters;
use crate::web::frames::{Section, Words};
use crate::web::parts::Facts;
use crate::web::status::Status;

/// A company's logo, or the first letters of its name, before the name.
#[derive(Debug, Template)]
#[template(
    ext = "html",
    source = r#"<span class="named">{% if let Some(icon) = icon %}<img class="thumb" src="{{ icon }}" alt="" width="32" height="32" loading="lazy">{% else %}<span class="face face-l face-square" aria-hidden="true">{{ name|initials }}</span>{% endif %}{% if let Some(href) = href %}<a href="{{ href }}">{{ name }}</a>{% else %}<span>{{ name }}</span>{% endif %}</span>"#
)]
struct Mark {
    icon: Option<String>,
    name: String,
    href: Option<String>,
}

/// A company's logo and name, which may lead to its page.
pub fn mark(icon: Option<&str>, name: &str, href: Option<String>) -> Cell {
    Cell::part(Mark { icon: icon.map(str::to_owned), name: name.to_owned(), href }).strong()
}

/// Websites as links that tell the other side nothing.
#[derive(Debug, Template)]
#[template(
    ext = "html",
    source = r#"{% for site in sites %}<a class="line-of" href="{{ site }}" rel="noopener noreferrer nofollow">{{ site }}</a>{% endfor %}"#
)]
struct Websites {
    sites: Vec<String>,
}

/// A logo in its own size.
#[derive(Debug, Template)]
#[template(
    ext = "html",
    source = r#"<img class="logo" src="{{ src }}" alt="{{ "Logo of {name}"|with("name", name)|t }}" height="64">"#
)]
struct Logo {
    src: String,
    name: String,
}

/// How a company's standing is shown.
pub fn account_status(status: AccountStatus) -> Status {
    match status {
        AccountStatus::Active => Status::good("Active"),
        AccountStatus::Invited => Status::waiting("Invited"),
        AccountStatus::Inactive => Status::ended("Closed"),
    }
}

/// What a company tells about itself in a few words.
pub fn facts_of(company: &Company) -> Facts {
    let p = &company.profile;
    let listed = |words: Vec<Text>| {
        if words.is_empty() { Cell::nothing() } else { Cell::text(Text::listed(words)).wrap() }
    };
    let named = |codes: &[String], name: fn(&str) -> Option<&'static str>| {
        listed(codes.iter().map(|code| name(code).map_or_else(|| Text::data(code), Text::new)).collect())
    };
    let logo = |src: &String| Cell::part(Logo { src: src.clone(), name: company.name.clone() });
    let sites = Some(p.websites.clone()).filter(|sites| !sites.is_empty());
    Facts::new()
        .fact("Logo", Cell::maybe(company.icon.as_ref(), logo))
        .fact("Headquarters", Cell::data(&p.headquarters).wrap())
        .fact("Countries", named(&p.countries, country::name))
        .fact("Languages", named(&p.languages, language::name))
        .fact("Industries", named(&p.industries, industry_name))
        .fact("Websites", Cell::maybe(sites, |sites| Cell::part(Websites { sites }).wrap()))
}

/// What a company tells about itself at length; `empty` stands there if it tells nothing.
pub fn about_section(company: &Company, empty: &'static str) -> Section {
    let section = Section::new("About");
    let p = &company.profile;
    match (p.description.is_empty(), p.overview.is_empty()) {
        (true, true) => section.words(empty),
        (false, true) => section.part(Lede { words: p.description.clone() }),
        (true, false) => section.part(Words::new(&p.overview)),
        (false, false) => section.part(Lede { words: p.description.clone() }).part(Words::new(&p.overview)),
    }
}

/// A few sentences of somebody's.
#[derive(Debug, Template)]
#[template(ext = "html", source = r#"<p class="told">{{ words }}</p>"#)]
struct Lede {
    words: String,
}
