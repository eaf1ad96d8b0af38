//! The pages on which people see and change what concerns themselves: one frame with tabs.
//!
//! They belong to no company; the menu beside them is that of the company worked in last.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use crate::flows::accounts::{actions, role_word};
use crate::kit::Text;
use crate::kit::locale::Locale;
use crate::web::cell::Cell;
use crate::web::form::{Choice, Field, Form};
use crate::web::frames::{ObjectPage, Section};
use crate::web::layout::{Crumb, PROFILE};
use crate::web::parts::{Facts, Head, Tab, Tabs};
use crate::web::table::{Boxed, Column, Row};
use crate::web::{Answer, Ctx, Error, Posted, explain};

/// A page of the profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    General,
    Security,
}

impl Place {
    const ALL: [Self; 2] = [Self::General, Self::Security];

    pub(super) fn path(self) -> &'static str {
        match self {
            Self::General => PROFILE,
            Self::Security => "/profile/security",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::General => "General",
            Self::Security => "Security",
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
    let form = profile_form(&ctx)?;
    profile_page(&ctx, StatusCode::OK, form)
}

fn profile_form(ctx: &Ctx) -> Result<Form, Error> {
    let person = ctx.signed_in()?;
    let chosen = person.locale.as_deref().unwrap_or("en");
    let languages =
        Locale::choices().map(|l| Choice::new(l.tag(), Text::data(l.name())).selected(l.tag() == chosen)).collect();
    Ok(ctx
        .form(PROFILE, "Save")
        .field(Field::text("name", "Name").value(&person.name).autocomplete("name"))
        .field(Field::select("locale", "Language", languages))
        .field(
            Field::text("timezone", "Time zone")
                .hint("As in Europe/Berlin; UTC if empty.")
                .value(person.timezone.as_deref().unwrap_or_default())
                .optional(),
        ))
}

fn profile_page(ctx: &Ctx, status: StatusCode, form: Form) -> Result<HttpResponse, Error> {
    let person = ctx.signed_in()?;
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
    shown.page.wrong = wrong;
    ctx.render_as(status, &shown)
}

/// Saves the own profile.
pub async fn do_profile(ctx: Ctx, posted: Posted) -> Result<HttpResponse, Error> {
    let person = ctx.signed_in()?.id.clone();
    let (name, locale, zone) =
        (posted.get("name").to_owned(), posted.get("locale").to_owned(), posted.get("timezone").to_owned());
    let done = ctx
        .act(&posted, move |tx, _| {
            actions::edit_profile(tx, &person, &name, &locale, &zone)?;
            Ok(Answer::go(PROFILE).flash(Text::new("Your profile was saved.")))
        })
        .await;
    match done {
        Ok(response) => Ok(response),
        Err(error) => {
            let mut form = profile_form(&ctx)?;
            explain(&mut form, &posted, error)?;
            profile_page(&ctx, StatusCode::UNPROCESSABLE_ENTITY, form)
        }
    }
}
