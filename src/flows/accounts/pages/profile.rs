//! The pages on which people see and change what concerns themselves: one frame with tabs.
//!
//! They belong to no company; the menu beside them is that of the company worked in last.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use super::picture::PICTURE;
use crate::flows::accounts::model::{Look, Profile};
use crate::flows::accounts::{actions, role_word, store};
use crate::kit::locale::{Dates, Locale};
use crate::kit::{Refusal, Text};
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::form::{Choice, Field, Form};
use crate::web::frames::{ObjectPage, Section};
use crate::web::layout::{Crumb, PROFILE};
use crate::web::parts::{Facts, Head, Tab, Tabs};
use crate::web::table::{Boxed, Column, Row};
use crate::web::{Answer, Ctx, Error, Posted, explain, theme};

/// A page of the profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    General,
    Security,
    Sessions,
    Notifications,
}

impl Place {
    const ALL: [Self; 4] = [Self::General, Self::Security, Self::Sessions, Self::Notifications];

    pub(super) fn path(self) -> &'static str {
        match self {
            Self::General => PROFILE,
            Self::Security => "/profile/security",
            Self::Sessions => "/profile/sessions",
            Self::Notifications => "/profile/notifications",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::General => "General",
            Self::Security => "Security",
            Self::Sessions => "Sessions",
            Self::Notifications => "Notifications",
        }
    }
}

/// The frame of a page of the profile: name, tabs, its sections, facts beside them.
pub(super) fn frame(ctx: &Ctx, place: Place, sections: Vec<Section>) -> Result<ObjectPage, Error> {
    let person = ctx.signed_in()?;
    let tab = |at: Place| Tab::new(at.label(), at.path()).current(at == place);
    let facts = Facts::new().fact("Id", Cell::copy(&person.id)).fact("E-mail", Cell::data(&person.email).wrap());
    Ok(ObjectPage {
        page: ctx.page("Profile").crumb(Crumb::here("Profile")),
        head: Head::new(Text::data(&person.name)),
        turn: None,
        notices: vec![],
        tabs: Some(Tabs::new("Profile", Place::ALL.map(tab).into())),
        sections,
        about: Text::new("About you"),
        facts,
        dialogs: vec![],
    })
}

/// Name, language, time zone, accounts of the signed-in person.
pub async fn profile(ctx: Ctx) -> Result<HttpResponse, Error> {
    profile_page(&ctx, StatusCode::OK, None).await
}

/// Zones as people know them, by continent and city, and UTC.
fn zones() -> Vec<String> {
    const CONTINENTS: [&str; 9] =
        ["Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"];
    let known = |name: &String| name == "UTC" || name.split_once('/').is_some_and(|(c, _)| CONTINENTS.contains(&c));
    let mut zones: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).filter(known).collect();
    zones.sort();
    zones
}

fn profile_form(ctx: &Ctx, about: &Profile) -> Form {
    let languages = Locale::choices().map(|l| Choice::new(l.tag(), Text::data(l.name()))).collect();
    let dates = Dates::ALL.iter().map(|format| Choice::new(format.as_str(), format.label())).collect();
    let looks = Look::ALL.iter().map(|look| Choice::new(look.as_str(), look.label())).collect();
    ctx.form(PROFILE, "Save")
        .field(Field::text("name", "Name").value(&about.name).autocomplete("name"))
        .field(
            Field::text("title", "Title")
                .hint("What you do in your company.")
                .value(&about.title)
                .autocomplete("organization-title")
                .optional(),
        )
        .field(
            Field::text("timezone", "Time zone")
                .hint("Type the name of a large city near you, as in Europe/Berlin. UTC if empty.")
                .value(&about.timezone)
                .offers(zones())
                .optional(),
        )
        .field(Field::select("date_format", "Dates", dates).value(&about.date_format))
        .field(Field::select("locale", "Language", languages).value(&about.locale))
        .field(
            Field::select("theme", "Appearance", looks)
                .hint("For this browser, and for any in which you sign in from now on.")
                .value(&about.theme),
        )
}

async fn profile_page(ctx: &Ctx, status: StatusCode, wrong: Option<(Error, &Posted)>) -> Result<HttpResponse, Error> {
    let person = ctx.signed_in()?;
    let user = person.id.clone();
    let about = ctx.read(move |tx, _| store::profile(tx, &user)).await?;
    let about = about.ok_or_else(|| Refusal::not_found("user", &person.id))?;
    let mut form = profile_form(ctx, &about);
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    let wrong = form.is_wrong();
    let rows = person.memberships.iter().map(|m| {
        let cells =
            vec![Cell::link(&m.name, format!("/{}", m.account)), Cell::id(&m.account), Cell::text(role_word(m.role))];
        Row::new(&m.account, cells)
    });
    let columns = vec![Column::new("name", "Account").grows(), Column::new("id", "Id"), Column::new("role", "Role")];
    let accounts = Boxed::new("Accounts", columns, rows.collect());
    let sections = vec![Section::new("About you").part(form), Section::new("Accounts").part(accounts)];
    let mut shown = frame(ctx, Place::General, sections)?;
    shown.head = shown
        .head
        .action(Button::link("Change e-mail address", "/profile/email"))
        .action(Button::link("Change picture", PICTURE).icon("photo"));
    shown.page.wrong = wrong;
    ctx.render_as(status, &shown)
}

/// Saves the own profile.
pub async fn do_profile(ctx: Ctx, posted: Posted) -> Result<HttpResponse, Error> {
    let person = ctx.signed_in()?.id.clone();
    let text = |name: &str| posted.get(name).to_owned();
    let typed = Profile {
        name: text("name"),
        title: text("title"),
        locale: text("locale"),
        timezone: text("timezone"),
        date_format: text("date_format"),
        theme: text("theme"),
    };
    let theme = typed.theme.clone();
    let done = ctx
        .act(&posted, move |tx, _| {
            actions::edit_profile(tx, &person, &typed)?;
            Ok(Answer::go(PROFILE).flash(Text::new("Your profile was saved.")))
        })
        .await;
    match done {
        Ok(mut response) => {
            let cookie = theme::cookie(&theme, ctx.site().https);
            response.add_cookie(&cookie).map_err(|e| crate::web::error::broken(&e))?;
            Ok(response)
        }
        Err(error) => profile_page(&ctx, StatusCode::UNPROCESSABLE_ENTITY, Some((error, &posted))).await,
    }
}
