//! The own second factors as the page about signing in shows them, and the hint to set one up.

use actix_web::HttpResponse;
use serde::Deserialize;

use super::second::place;
use crate::flows::accounts::FACTORS_PATH;
use crate::flows::accounts::actions::{self, passkeys};
use crate::flows::accounts::model::factors::{Policy, RECOVERY_CODES};
use crate::flows::accounts::store::{self, Factors};
use crate::kit::Text;
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::frames::Section;
use crate::web::parts::Notice;
use crate::web::status::{Status, Tone};
use crate::web::table::{Boxed, Column, Narrow, Row};
use crate::web::{Answer, Ctx, Error, Posted, theme};

pub(super) const APP_PATH: &str = "/profile/security/app";
pub(super) const APP_REMOVE_PATH: &str = "/profile/security/app/remove";
pub(super) const PASSKEY_PATH: &str = "/profile/security/passkeys/new";
pub(super) const PASSKEY_REMOVE_PATH: &str = "/profile/security/passkeys/remove";
pub(super) const CODES_PATH: &str = "/profile/security/codes";

/// Where to go on afterwards, and which passkey is meant.
#[derive(Default, Deserialize)]
pub struct Wanted {
    pub(super) next: Option<String>,
    pub(super) passkey: Option<String>,
}

impl Wanted {
    /// Where to go on: a path of ours.
    pub(super) fn next(&self) -> &str {
        theme::own_path(self.next.as_deref().unwrap_or(FACTORS_PATH))
    }
}

/// A path that leads on to another one afterwards.
pub(super) fn with_next(path: &str, next: &str) -> String {
    if next == FACTORS_PATH {
        return path.to_owned();
    }
    let next: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
    format!("{path}?next={next}")
}

/// The factors of whoever is signed in.
pub(super) async fn own_factors(ctx: &Ctx) -> Result<Factors, Error> {
    let user = ctx.signed_in()?.id.clone();
    ctx.read(move |tx, _| store::factors(tx, &user)).await
}

/// What the page about signing in says of factors: what is to be known first, and a section of each kind.
pub(super) async fn sections(ctx: &Ctx, wanted: &Wanted) -> Result<(Vec<Notice>, Vec<Section>), Error> {
    let factors = own_factors(ctx).await?;
    let next = wanted.next();
    let sections = vec![app_section(&factors, next), passkey_section(ctx, &factors, next), codes_section(&factors)];
    Ok((notices(ctx, &factors, next)?, sections))
}

fn notices(ctx: &Ctx, factors: &Factors, next: &str) -> Result<Vec<Notice>, Error> {
    let person = ctx.signed_in()?;
    let mut notices = vec![];
    let wanted = next.split(['/', '?']).nth(1).filter(|account| person.must_set_up(account));
    if let Some(member) = wanted.and_then(|account| person.member_of(account)) {
        let text = Text::new("Set one up here, then go on. Your other accounts can be used meanwhile.");
        let title = Text::new("{account} requires a second factor.").arg("account", &member.name);
        notices.push(Notice::new(text).title(title).tone(Tone::Warn));
    } else if let Some(account) = person.required_by().next().filter(|_| !factors.any()) {
        let text = Text::new("{account} requires a second factor. Set one up to work there.");
        notices.push(Notice::new(text.arg("account", account)).tone(Tone::Warn));
    }
    if factors.any() && factors.codes_left < 3 {
        let text = Text::new(
            "{left|One recovery code is|{left} recovery codes are} left. Make new ones before you need them.",
        );
        notices.push(Notice::new(text.arg("left", factors.codes_left)).tone(Tone::Warn));
    }
    Ok(notices)
}

fn app_section(factors: &Factors, next: &str) -> Section {
    let section = Section::new("Authenticator app");
    match &factors.app {
        Some(app) => {
            let row = Row::new(
                "app",
                vec![
                    Cell::text("Authenticator app").strong(),
                    Cell::status(Status::good("Set up")),
                    Cell::time(app.created_at),
                    Cell::maybe(app.used_at, Cell::time),
                    Cell::part(Buttons(vec![
                        Button::link("Replace…", with_next(APP_PATH, next)).small(),
                        Button::link("Remove…", APP_REMOVE_PATH).small(),
                    ])),
                ],
            );
            let columns = vec![
                Column::new("name", "Factor").grows(),
                Column::new("status", "Status"),
                Column::new("created", "Added"),
                Column::new("used", "Last used"),
                Column::new("actions", "Actions"),
            ];
            section.part(Boxed::new("Authenticator app", columns, vec![row]))
        }
        None => section
            .words("An app on your phone or in your password manager shows a new code every thirty seconds.")
            .part(Buttons(vec![Button::link("Set up an app…", with_next(APP_PATH, next)).primary()])),
    }
}

fn passkey_section(ctx: &Ctx, factors: &Factors, next: &str) -> Section {
    let mut section = Section::new("Passkeys");
    if factors.passkeys.is_empty() {
        section = section.words(
            "A passkey lives in your device, password manager or security key. It signs you in without a password, and nobody can \
             get it from you by a false page.",
        );
    } else {
        let rows = factors.passkeys.iter().map(|p| {
            let remove = format!("{PASSKEY_REMOVE_PATH}?passkey={}", p.id);
            let about = Text::data(&p.name);
            Row::new(
                &p.id,
                vec![
                    Cell::data(&p.name).strong(),
                    Cell::data(&p.host),
                    Cell::time(p.created_at),
                    Cell::maybe(p.used_at, Cell::time),
                    Cell::part(Buttons(vec![Button::link("Remove…", remove).about(about).small()])),
                ],
            )
        });
        let columns = vec![
            Column::new("name", "Passkey").grows(),
            Column::new("host", "For").at(Narrow::Hidden),
            Column::new("created", "Added"),
            Column::new("used", "Last used"),
            Column::new("actions", "Actions"),
        ];
        section = section.part(Boxed::new("Passkeys", columns, rows.collect()));
    }
    match passkeys::not_here(&place(ctx)) {
        Some(reason) => section.part(Notice::new(reason)),
        None => {
            let button = Button::link("Add a passkey…", with_next(PASSKEY_PATH, next));
            let button = if factors.any() { button } else { button.primary() };
            section.part(Buttons(vec![button]))
        }
    }
}

fn codes_section(factors: &Factors) -> Section {
    let section = Section::new("Recovery codes");
    if !factors.any() {
        return section.words("You get them with your first factor: codes to write down, for the day when it is lost.");
    }
    let left = Text::new("{left} of {all} codes are left. Each lets you in once, in place of the other factors.");
    section
        .words(left.arg("left", factors.codes_left).arg("all", RECOVERY_CODES))
        .part(Buttons(vec![Button::link("Make new codes…", CODES_PATH)]))
}

/// Buttons beside each other.
#[derive(askama::Template)]
#[template(ext = "html", source = r#"<div class="actions">{% for button in self.0 %}{{ button }}{% endfor %}</div>"#)]
struct Buttons(Vec<Button>);

/// Puts the hint on the home page away.
pub async fn do_later(ctx: Ctx, posted: Posted) -> Result<HttpResponse, Error> {
    let user = ctx.signed_in()?.id.clone();
    let next = theme::own_path(posted.get("next")).to_owned();
    ctx.act(&posted, move |tx, _| {
        actions::later(tx, &user)?;
        Ok(Answer::go(&next))
    })
    .await
}

/// The hint that a company suggests a second factor; none for who has one or has put it away.
pub fn hint(ctx: &Ctx) -> Option<Notice> {
    let (person, seat) = (ctx.person()?, ctx.actor().seat()?);
    let member = person.member_of(seat.account.as_str())?;
    let suggested = member.factor_policy == Policy::Suggested;
    if !suggested || person.has_factor || person.factor_later {
        return None;
    }
    let title = Text::new("{account} suggests a second factor.").arg("account", &member.name);
    let here = format!("/{}", seat.account);
    let later = Button::post("Not now", "/profile/security/later").field("next", &here).quiet();
    Some(
        Notice::new("With it, nobody gets in who only knows your password. It takes two minutes.")
            .title(title)
            .action(Button::link("Set one up", with_next(FACTORS_PATH, &here)))
            .action(later),
    )
}
