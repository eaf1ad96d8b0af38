//! Adding a company to the directory, changing it, taking it out.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use super::super::actions;
use super::super::model::{Details, Kind, TierSnapshot};
use super::{CompanyForm, company_fields, read_company};
use crate::kit::{AccountId, Text, TierAccountId};
use crate::web::button::Button;
use crate::web::form::{Choice, Field, Form};
use crate::web::frames::FormPage;
use crate::web::layout::{Crumb, Page};
use crate::web::parts::Head;
use crate::web::{Answer, Ctx, Error, Posted, explain, filters};

/// Most resellers that the form shows to choose from.
const RESELLERS: i64 = 500;

/// A page with the form of a company.
#[derive(Debug, Template)]
#[template(path = "customers/edit.html")]
struct EditPage {
    page: Page,
    head: Head,
    form: CompanyForm,
}

impl EditPage {
    /// A page with a form; if something was wrong with it, the page's title says so.
    fn new(mut page: Page, form: Form) -> Self {
        page.wrong = form.is_wrong();
        Self { head: Head::new(page.title.clone()), page, form: CompanyForm::new(form) }
    }
}

/// The resellers that may stand above a company.
async fn parents(ctx: &Ctx, own: Option<&str>) -> Result<Vec<TierSnapshot>, Error> {
    let found = ctx
        .read(|tx, actor| {
            let owner = actor.account()?.clone();
            actions::pick(tx, actor, &owner, Kind::Reseller, "", RESELLERS)
        })
        .await?;
    Ok(found.into_iter().filter(|r| Some(r.id.as_str()) != own).collect())
}

fn fields(mut form: Form, details: &Details, parents: &[TierSnapshot]) -> Form {
    let chosen = details.parent.as_ref().map(TierAccountId::as_str).unwrap_or_default();
    let (label, none) = match details.kind {
        Kind::Customer => ("Buys through", "Nobody: we sell to them directly"),
        Kind::Reseller => ("Stands under", "Nobody: they deal with us directly"),
    };
    let mut choices = vec![Choice::new("", none).selected(chosen.is_empty())];
    // A reseller's reseller is the end of the chain.
    let fits = |p: &&TierSnapshot| details.kind == Kind::Customer || p.parent.is_none();
    choices.extend(parents.iter().filter(fits).map(|p| {
        let label = Text::new("{name}, {id}").arg("name", &p.name).arg("id", &p.id);
        Choice::new(p.id.as_str(), label).selected(p.id == *chosen)
    }));
    for field in company_fields(details) {
        form = form.field(field);
    }
    form.field(Field::select("parent.id", label, choices).optional())
}

fn read(posted: &Posted, base: Details) -> Details {
    let details = read_company(posted, base);
    Details { parent: TierAccountId::parse(posted.get("parent.id")), ..details }
}

// ---- adding ----

fn kind_of(word: &str) -> Kind {
    Kind::parse(word).unwrap_or(Kind::Customer)
}

async fn new_page(ctx: &Ctx, kind: Kind, wrong: Option<(Error, &Posted)>) -> Result<HttpResponse, Error> {
    let parents = parents(ctx, None).await?;
    let (title, submit) = match kind {
        Kind::Customer => ("Add customer", "Add customer"),
        Kind::Reseller => ("Add reseller", "Add reseller"),
    };
    let form = ctx.form(ctx.url("/customers/new"), submit).hidden("type", kind);
    let mut form = fields(form, &Details::new(kind), &parents).cancel(ctx.url("/customers"));
    let mut status = StatusCode::OK;
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
        status = StatusCode::UNPROCESSABLE_ENTITY;
    }
    let page = ctx.page(title).crumb(Crumb::link("Customers", ctx.url("/customers"))).crumb(Crumb::here(title));
    ctx.render_as(status, &EditPage::new(page, form))
}

/// The form that adds a company.
pub async fn new_customer(ctx: Ctx) -> Result<HttpResponse, Error> {
    let kind = kind_of(Posted::of_query(ctx.query()).get("type"));
    new_page(&ctx, kind, None).await
}

/// Adds a company.
pub async fn do_new_customer(ctx: Ctx, posted: Posted) -> Result<HttpResponse, Error> {
    let kind = kind_of(posted.get("type"));
    let (details, base) = (read(&posted, Details::new(kind)), ctx.url("/customers"));
    let done = ctx
        .act(&posted, move |tx, actor| {
            let made = actions::create(tx, actor, details.clone(), "")?;
            Ok(Answer::go(format!("{base}/{}", made.id)).flash(Text::new("{name} was added.").arg("name", &made.name)))
        })
        .await;
    match done {
        Ok(response) => Ok(response),
        Err(error) => new_page(&ctx, kind, Some((error, &posted))).await,
    }
}

// ---- changing ----

async fn edit_page(ctx: &Ctx, id: &str, wrong: Option<(Error, &Posted)>) -> Result<HttpResponse, Error> {
    let asked = id.to_owned();
    let (shown, details) = ctx
        .read(move |tx, actor| {
            let owner = actor.account()?.clone();
            let shown = actions::show(tx, actor, &asked)?;
            // Others see the company, and cannot change it.
            actions::must_own(&shown.account, &owner)?;
            let details = actions::details(tx, actor, &asked)?;
            Ok((shown, details))
        })
        .await?;
    let parents = parents(ctx, Some(id)).await?;
    let here = ctx.url(&format!("/customers/{id}"));
    let form = ctx.form(format!("{here}/edit"), "Save").revision(shown.revision);
    let mut form = fields(form, &details, &parents).cancel(&here);
    let mut status = StatusCode::OK;
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
        status = StatusCode::UNPROCESSABLE_ENTITY;
    }
    let page = ctx
        .page(Text::new("Edit {name}").arg("name", &shown.account.name))
        .crumb(Crumb::link("Customers", ctx.url("/customers")))
        .crumb(Crumb::link(Text::data(&shown.account.name), here))
        .crumb(Crumb::here("Edit"));
    let mut page = EditPage::new(page, form);
    page.head = page.head.lede("What was ordered before keeps the old data; new orders get the new.");
    ctx.render_as(status, &page)
}

/// The form that changes a company.
pub async fn edit_customer(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    edit_page(&ctx, &path.1, None).await
}

/// Changes a company.
pub async fn do_edit_customer(
    ctx: Ctx,
    path: web::Path<(String, String)>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let (back, customer, form) = (ctx.url(&format!("/customers/{id}")), id.clone(), posted.clone());
    let done = ctx
        .act(&posted, move |tx, actor| {
            let now = actions::edit(tx, actor, &customer, form.revision(), |old| Ok(read(&form, old)))?;
            Ok(Answer::go(&back).flash(Text::new("{name} was saved.").arg("name", &now.name)))
        })
        .await;
    match done {
        Ok(response) => Ok(response),
        Err(error) => edit_page(&ctx, &id, Some((error, &posted))).await,
    }
}

// ---- taking out ----

/// The form that takes a company out of the directory.
pub fn decommission_form(ctx: &Ctx, id: &str) -> Form {
    ctx.form(ctx.url(&format!("/customers/{id}/decommission")), "Decommission").hidden("confirmed", "yes")
}

/// Asks whether a company is to be taken out, where the dialog cannot.
pub async fn decommission_customer(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let asked = id.clone();
    let shown = ctx
        .read(move |tx, actor| {
            let owner: AccountId = actor.account()?.clone();
            let shown = actions::show(tx, actor, &asked)?;
            actions::must_own(&shown.account, &owner)?;
            Ok(shown)
        })
        .await?;
    let here = ctx.url(&format!("/customers/{id}"));
    let title = Text::new("Decommission {name}?").arg("name", &shown.account.name);
    let page = ctx
        .page(title)
        .crumb(Crumb::link("Customers", ctx.url("/customers")))
        .crumb(Crumb::link(Text::data(&shown.account.name), &here))
        .crumb(Crumb::here("Decommission"));
    let form = decommission_form(&ctx, &id).button(Button::link("Cancel", here));
    ctx.render(&FormPage::new(page, form))
}

/// Takes a company out of the directory.
pub async fn do_decommission_customer(
    ctx: Ctx,
    path: web::Path<(String, String)>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let back = ctx.url("/customers");
    ctx.act(&posted, move |tx, actor| {
        actions::decommission(tx, actor, &id)?;
        Ok(Answer::go(&back).flash(Text::new("The company was taken out of the directory.")))
    })
    .await
}
