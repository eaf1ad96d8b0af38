//! What administrators change about the domains of single sign-on.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::sso::{HOME, domain_page, domain_path, page};
use crate::flows::accounts::actions;
use crate::flows::accounts::model::sso::{DomainStatus, DomainWords};
use crate::flows::accounts::store::{self, IdpRow, SsoDomainRow};
use crate::kit::{Level, Module, Text, UserId};
use crate::web::form::{Choice, Control, Field, Form};
use crate::web::frames::FormPage;
use crate::web::layout::Crumb;
use crate::web::{Answer, Ctx, Error, Posted, explain};

pub(super) const WRONG: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// The path of a page of a domain or a provider.
pub type Path = web::Path<(String, String)>;

fn new_domain_page(ctx: &Ctx, code: StatusCode, wrong: Option<(Error, &Posted)>) -> Result<HttpResponse, Error> {
    let field = Field::text("domain", "Domain").hint("The part after the @ of your addresses: example.com.");
    let mut form = ctx.form(ctx.url(&format!("{HOME}/domains/new")), "Add domain").field(field).cancel(ctx.url(HOME));
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    ctx.render_as(code, &FormPage::new(page(ctx, "Add domain").crumb(Crumb::here("Add domain")), form))
}

/// The form that adds a domain.
pub async fn new_sso_domain(ctx: Ctx) -> Result<HttpResponse, Error> {
    new_domain_page(&ctx, StatusCode::OK, None)
}

/// Adds a domain.
pub async fn do_new_sso_domain(ctx: Ctx, posted: Posted) -> Result<HttpResponse, Error> {
    let (domain, base) = (posted.get("domain").to_owned(), domain_path(&ctx, ""));
    let done = ctx
        .act(&posted, move |tx, actor| {
            let id = actions::add_sso_domain(tx, actor, &domain)?;
            Ok(Answer::go(format!("{base}{id}")).flash(Text::new("The domain was added. Show now that it is yours.")))
        })
        .await;
    match done {
        Ok(response) => Ok(response),
        Err(error) => new_domain_page(&ctx, WRONG, Some((error, &posted))),
    }
}

pub(super) fn domain_form(ctx: &Ctx, row: &SsoDomainRow, idps: &[IdpRow]) -> Form {
    let none = Choice::new("", "None: by password").selected(row.idp.is_none());
    let chosen = |idp: &IdpRow| Some(&idp.id) == row.idp.as_ref();
    let choice = |idp: &IdpRow| Choice::new(idp.id.as_str(), Text::data(&idp.name)).selected(chosen(idp));
    let choices = std::iter::once(none).chain(idps.iter().map(choice)).collect();
    let words = "People of this domain cannot use their passwords for this account";
    let alone = beside_box(
        Field::check("enforce", "By the provider alone", words),
        "At once, also for open sessions. If the provider is out of order, only the operator of the server can open the \
         account again.",
    );
    ctx.form(domain_path(ctx, row.id.as_str()), "Save")
        .revision(row.revision)
        .field(Field::select("idp", "Provider", choices).hint("The server that knows the people of this domain."))
        .field(if row.enforce { alone.value("yes") } else { alone })
}

/// A box with a hint beneath its words.
pub(super) fn beside_box(mut field: Field, hint: &'static str) -> Field {
    if let Control::Check(choice) = &mut field.control {
        choice.hint = Some(hint.into());
    }
    field
}

/// Says how the people of a domain come in.
pub async fn do_sso_domain(ctx: Ctx, path: Path, posted: Posted) -> Result<HttpResponse, Error> {
    let (id, back) = (path.1.clone(), domain_path(&ctx, &path.1));
    let (idp, enforce, revision) = (posted.get("idp").to_owned(), posted.checked("enforce"), posted.revision());
    let done = ctx
        .act(&posted, move |tx, actor| {
            let idp = Some(idp.clone()).filter(|idp| !idp.is_empty());
            actions::edit_sso_domain(tx, actor, &id, revision, |now| Ok(DomainWords { idp, enforce, ..now }))?;
            Ok(Answer::go(&back).flash(Text::new("The domain was saved.")))
        })
        .await;
    match done {
        Ok(response) => Ok(response),
        Err(error) => domain_page(&ctx, WRONG, &path.1, Some((error, &posted))).await,
    }
}

/// Looks the record of a domain up.
pub async fn do_verify_domain(ctx: Ctx, path: Path, posted: Posted) -> Result<HttpResponse, Error> {
    let (id, back) = (path.1.clone(), domain_path(&ctx, &path.1));
    let key = id.clone();
    let row = ctx
        .read(move |tx, actor| {
            actor.need(Module::Account, Level::Manage)?;
            store::sso_domain(tx, actor, &key)
        })
        .await?;
    let dns = ctx.services().dns.clone();
    let Ok(there) = web::block(move || actions::proves(&dns, &row)).await? else {
        let text = "No server of names answered, so nothing was changed. Try again in a minute.";
        return ctx.go(Answer::go(&back).flash(Text::new(text)));
    };
    ctx.act(&posted, move |tx, actor| {
        let text = match (actions::note_sso_check(tx, actor, &id, Some(there))?, there) {
            (DomainStatus::Verified, true) => "The record was found: the domain is yours.",
            _ => "The record was not found. It may take an hour until a new one is seen.",
        };
        Ok(Answer::go(&back).flash(Text::new(text)))
    })
    .await
}

/// Forgets whom the provider means by a user.
pub async fn do_unlink(ctx: Ctx, path: Path, posted: Posted) -> Result<HttpResponse, Error> {
    let (id, back) = (path.1.clone(), domain_path(&ctx, &path.1));
    let user = UserId::parse(posted.get("user"))
        .ok_or_else(|| Ctx::wrong("user", Text::new("Choose one of the users with an address of this domain.")))?;
    ctx.act(&posted, move |tx, actor| {
        actions::unlink(tx, actor, &id, &user)?;
        Ok(Answer::go(&back).flash(Text::new("The link was removed.")))
    })
    .await
}

pub(super) fn delete_page(
    ctx: &Ctx,
    (title, consequence, back): (Text, &'static str, &str),
    wrong: Option<(Error, &Posted)>,
) -> Result<HttpResponse, Error> {
    let code = if wrong.is_some() { WRONG } else { StatusCode::OK };
    let mut form = ctx.form(format!("{back}/delete"), "Remove").hidden("confirmed", "yes").cancel(back);
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    let page = page(ctx, title).crumb(Crumb::here("Remove"));
    let mut shown = FormPage::new(page, form);
    shown.head = shown.head.lede(Text::new(consequence));
    ctx.render_as(code, &shown)
}

const DOMAIN_GOES: &str =
    "Its people come in by their passwords then. Sessions that the provider opened end in this account at once.";

async fn delete_domain_page(ctx: &Ctx, id: &str, wrong: Option<(Error, &Posted)>) -> Result<HttpResponse, Error> {
    let key = id.to_owned();
    let row = ctx
        .read(move |tx, actor| {
            actor.need(Module::Account, Level::Manage)?;
            store::sso_domain(tx, actor, &key)
        })
        .await?;
    let title = Text::new("Remove {name}").arg("name", &row.domain);
    delete_page(ctx, (title, DOMAIN_GOES, &domain_path(ctx, id)), wrong)
}

/// Asks whether a domain is to be removed.
pub async fn delete_sso_domain(ctx: Ctx, path: Path) -> Result<HttpResponse, Error> {
    delete_domain_page(&ctx, &path.1, None).await
}

/// Takes a domain away.
pub async fn do_delete_sso_domain(ctx: Ctx, path: Path, posted: Posted) -> Result<HttpResponse, Error> {
    let (id, home) = (path.1.clone(), ctx.url(HOME));
    let done = ctx
        .act(&posted, move |tx, actor| {
            actions::delete_sso_domain(tx, actor, &id)?;
            Ok(Answer::go(&home).flash(Text::new("The domain was removed.")))
        })
        .await;
    match done {
        Ok(response) => Ok(response),
        Err(error) => delete_domain_page(&ctx, &path.1, Some((error, &posted))).await,
    }
}
