//! Pages of the own company: what it tells about itself, and the forms that change that.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::about::{about_section, account_status, facts_of};
use super::company::tabs;
use super::pictures::{icon_fields, posted_with_picture, settle};
use crate::flows::accounts::actions::{self, Icon};
use crate::flows::accounts::model::{Company, CompanyWords, Grants, INDUSTRIES};
use crate::flows::accounts::role_word;
use crate::journal;
use crate::kit::{Level, Module, Role, Text};
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::form::{Choice, Field, Form, Width};
use crate::web::frames::{FormPage, ObjectPage, Panel};
use crate::web::layout::{Crumb, Page};
use crate::web::moments;
use crate::web::parts::{Facts, Head};
use crate::web::{Answer, Ctx, Error, Posted, explain};

/// What the page is called that changes what a company tells about itself.
const EDIT: &str = "Edit account";
/// What the page is called that changes the logo.
const LOGO: &str = "Logo";

/// Whether the person may change the account.
pub(super) fn may_manage(ctx: &Ctx) -> bool {
    ctx.actor().seat().is_some_and(|s| s.permissions.holds(Module::Account, Level::Manage))
}

/// The company's own page.
pub async fn account(ctx: Ctx) -> Result<HttpResponse, Error> {
    let (company, moments) = ctx
        .read(|tx, actor| {
            let company = actions::company(tx, actor)?;
            let moments = journal::seen_by(tx, actor, "account", company.id.as_str(), 50)?;
            Ok((company, moments))
        })
        .await?;
    let mut head = Head::new(Text::data(&company.name))
        .meta(Cell::copy(&company.id))
        .meta(Cell::text(role_word(company.role)))
        .meta(account_status(company.status));
    if may_manage(&ctx) {
        head = head
            .action(Button::link("Edit", ctx.url("/account/edit")).icon("edit").primary())
            .action(Button::link("Change logo", ctx.url("/account/logo")).icon("photo"))
            .action(Button::link("Close account", ctx.url("/account/close")).danger());
    }
    let page = ctx.page("Account").crumb(Crumb::here("Account"));
    let empty = "Nothing yet. Your partners read here what your company does.";
    ctx.render(&ObjectPage {
        page,
        head,
        turn: None,
        notices: vec![],
        tabs: Some(tabs(&ctx, "/account")),
        sections: vec![about_section(&company, empty), moments::story(&ctx, &company.id, moments)],
        about: Text::new("About this account"),
        facts: own_facts(&company),
        dialogs: vec![],
    })
}

/// What the own people know besides what partners read.
fn own_facts(company: &Company) -> Facts {
    let above = |parent: &crate::kit::NamedRef| Cell::data(&parent.name).sub(Cell::id(&parent.id));
    let mut facts = facts_of(company)
        .fact("External id", Cell::data(company.external_id.clone().unwrap_or_default()))
        .fact("Sub-account of", Cell::maybe(company.parent.as_ref(), above));
    if company.role == Role::Distributor {
        facts = facts.fact("Rights", rights(company.grants));
    }
    facts
        .fact("Since", Cell::maybe(company.events.at("created"), Cell::time_long))
        .fact("Changed", Cell::maybe(company.events.at("updated"), Cell::time_long))
}

fn rights(grants: Grants) -> Cell {
    let all = [
        (grants.program_create, "Invites vendors"),
        (grants.service_create, "Invites resellers"),
        (grants.service_delegate, "Gives these rights to others"),
    ];
    let held: Vec<Text> = all.into_iter().filter(|(held, _)| *held).map(|(_, word)| Text::new(word)).collect();
    if held.is_empty() { Cell::text("None") } else { Cell::text(Text::listed(held)).wrap() }
}

/// The page of a form below the account.
fn below(ctx: &Ctx, title: &'static str) -> Page {
    ctx.page(title).crumb(Crumb::link("Account", ctx.url("/account"))).crumb(Crumb::here(title))
}

fn fields(form: Form, words: &CompanyWords) -> Form {
    let industries = INDUSTRIES.iter().map(|(id, name)| Choice::new(*id, *name)).collect();
    let chosen: Vec<&str> = words.industries.iter().map(String::as_str).collect();
    form.field(Field::text("name", "Name").hint("As partners read it. At most 64 characters.").value(&words.name))
        .field(
            Field::area("description", "Description")
                .hint("One or two sentences, at most 512 characters.")
                .rows(3)
                .optional()
                .value(&words.description),
        )
        .field(
            Field::area("overview", "Overview")
                .hint("Markdown: # for headings, ** for bold, - for lists.")
                .rows(10)
                .optional()
                .value(&words.overview),
        )
        .field(
            Field::text("headquarters", "Headquarters")
                .hint("As in Hamburg, Germany.")
                .optional()
                .value(&words.headquarters),
        )
        .field(
            Field::text("countries", "Countries")
                .hint("Codes or English names, with commas between them: DE, Austria, CH.")
                .width(Width::Full)
                .optional()
                .value(words.countries.join(", ")),
        )
        .field(
            Field::text("languages", "Languages")
                .hint("Codes or English names, with commas between them: en, German.")
                .width(Width::Full)
                .optional()
                .value(words.languages.join(", ")),
        )
        .field(
            Field::area("websites", "Websites")
                .hint("One address on each line, each with https:// or http:// before it.")
                .rows(3)
                .optional()
                .value(words.websites.join("\n")),
        )
        .field(Field::checks("industries", "Industries", industries).values(&chosen))
        .field(
            Field::text("external_id", "External id")
                .hint("Your own number for this company. Partners do not see it.")
                .optional()
                .value(&words.external_id),
        )
}

fn words(posted: &Posted) -> CompanyWords {
    let text = |name: &str| posted.get(name).to_owned();
    let list = |name: &str| posted.get(name).split([',', ';', '\n']).map(str::to_owned).collect();
    CompanyWords {
        name: text("name"),
        external_id: text("external_id"),
        description: text("description"),
        overview: text("overview"),
        headquarters: text("headquarters"),
        countries: list("countries"),
        languages: list("languages"),
        websites: posted.get("websites").lines().map(str::to_owned).collect(),
        industries: posted.all("industries").to_vec(),
    }
}

async fn edit_page(ctx: &Ctx, status: StatusCode, wrong: Option<(Error, &Posted)>) -> Result<HttpResponse, Error> {
    let company = ctx.read(actions::company).await?;
    let form = ctx.form(ctx.url("/account/edit"), "Save").revision(company.revision);
    let mut form = fields(form, &company.words()).cancel(ctx.url("/account"));
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    ctx.render_as(status, &FormPage::new(below(ctx, EDIT), form))
}

/// The form of what a company tells about itself.
pub async fn edit_account(ctx: Ctx) -> Result<HttpResponse, Error> {
    edit_page(&ctx, StatusCode::OK, None).await
}

/// Saves what a company tells about itself.
pub async fn do_edit_account(ctx: Ctx, posted: Posted) -> Result<HttpResponse, Error> {
    let (words, revision, back) = (words(&posted), posted.revision(), ctx.url("/account"));
    let done = ctx
        .act(&posted, move |tx, actor| {
            actions::edit_company(tx, actor, revision, Icon::Keep, |_| Ok(words.clone()))?;
            Ok(Answer::go(&back).flash(Text::new("The account was saved.")))
        })
        .await;
    match done {
        Ok(response) => Ok(response),
        Err(error) => edit_page(&ctx, StatusCode::UNPROCESSABLE_ENTITY, Some((error, &posted))).await,
    }
}

async fn logo_page(ctx: &Ctx, status: StatusCode, wrong: Option<(Error, &Posted)>) -> Result<HttpResponse, Error> {
    let company = ctx.read(actions::company).await?;
    let form = ctx.form(ctx.url("/account/logo"), "Save").revision(company.revision);
    let hint = "A square picture, best a PNG without background. PNG, JPEG, GIF or WebP, at most 5 MB.";
    let remove = company.icon.is_some().then_some("Remove the present logo");
    let mut form = icon_fields(form, hint, remove).cancel(ctx.url("/account"));
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    let mut shown = FormPage::new(below(ctx, LOGO), form);
    if company.icon.is_some() {
        shown = shown.beside(Panel::about("At present", logo_fact(&company)));
    }
    ctx.render_as(status, &shown)
}

fn logo_fact(company: &Company) -> Facts {
    let mut facts = facts_of(company);
    facts.facts.truncate(1);
    facts
}

/// The form of the logo.
pub async fn edit_logo(ctx: Ctx) -> Result<HttpResponse, Error> {
    logo_page(&ctx, StatusCode::OK, None).await
}

/// Saves the logo, or takes it away.
pub async fn do_edit_logo(ctx: Ctx, req: HttpRequest, payload: web::Payload) -> Result<HttpResponse, Error> {
    let (posted, picture) = posted_with_picture(&ctx, &req, payload, "icon").await?;
    let wrong = |error: Error| (error, posted.clone());
    let picture = match picture {
        Ok(picture) => picture,
        Err(refusal) => {
            let (error, posted) = wrong(refusal.into());
            return logo_page(&ctx, StatusCode::UNPROCESSABLE_ENTITY, Some((error, &posted))).await;
        }
    };
    let (kept, revision, remove, back) =
        (picture.clone(), posted.revision(), posted.checked("remove"), ctx.url("/account"));
    let done = ctx
        .act(&posted, move |tx, actor| {
            let logo = Icon::chosen(kept.as_ref(), remove)?;
            actions::edit_company(tx, actor, revision, logo, |old| Ok(old.words()))?;
            Ok(Answer::go(&back).flash(Text::new("The logo was saved.")))
        })
        .await;
    settle(&ctx, picture).await;
    match done {
        Ok(response) => Ok(response),
        Err(error) => logo_page(&ctx, StatusCode::UNPROCESSABLE_ENTITY, Some((error, &posted))).await,
    }
}
