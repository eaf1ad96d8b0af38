//! Single sign-on of an account: the overview, a domain, a provider.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::company::tabs;
use super::sso_forms::domain_form;
use super::sso_provider_forms::idp_form;
use crate::flows::accounts::actions;
use crate::flows::accounts::model::sso::{DomainStatus, RECORD_PREFIX, SCOPES, record_name};
use crate::flows::accounts::store::{self, DomainUser, GroupRow, IdpRow, SsoDomainRow};
use crate::kit::{Level, Module, Text};
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::form::Form;
use crate::web::frames::{ObjectPage, Section};
use crate::web::layout::{Crumb, Page};
use crate::web::parts::{Facts, Head, Notice};
use crate::web::status::{Status, Tone};
use crate::web::table::{Boxed, Column, Narrow, Row};
use crate::web::{Ctx, Error, Posted, explain};

/// Where its pages are.
pub(super) const HOME: &str = "/account/sso";
/// How many people of a domain are shown.
const USERS: i64 = 200;

pub(super) fn domain_path(ctx: &Ctx, id: &str) -> String {
    ctx.url(&format!("{HOME}/domains/{id}"))
}

pub(super) fn idp_path(ctx: &Ctx, id: &str) -> String {
    ctx.url(&format!("{HOME}/providers/{id}"))
}

pub(super) fn page(ctx: &Ctx, title: impl Into<Text>) -> Page {
    ctx.page(title)
        .crumb(Crumb::link("Account", ctx.url("/account")))
        .crumb(Crumb::link("Single sign-on", ctx.url(HOME)))
}

fn status(row: &SsoDomainRow) -> Status {
    match row.status {
        DomainStatus::Pending => Status::waiting("Not verified yet"),
        DomainStatus::Verified if row.missing_since.is_some() => Status::caution("Record is gone"),
        DomainStatus::Verified => Status::good("Verified"),
        DomainStatus::Failed => Status::bad("Record not found"),
    }
}

fn readiness(row: &IdpRow) -> Status {
    match row.is_ready() {
        true => Status::good("Set up"),
        false => Status::waiting("Not set up yet"),
    }
}

/// How the people of a domain come in.
fn way(row: &SsoDomainRow) -> Text {
    match (&row.idp, row.enforce) {
        (None, _) => Text::new("By password"),
        (Some(_), false) => Text::new("By password or provider"),
        (Some(_), true) => Text::new("By the provider alone"),
    }
}

/// Domains and providers of the account.
pub async fn sso_home(ctx: Ctx) -> Result<HttpResponse, Error> {
    let (domains, idps) = ctx
        .read(|tx, actor| {
            actor.need(Module::Account, Level::Manage)?;
            Ok((store::sso_domains(tx, actor)?, store::idps(tx, actor)?))
        })
        .await?;
    let sections = vec![domains_section(&ctx, &domains, &idps), idps_section(&ctx, &idps)];
    let lede = "People come in with the user name that they have at their company: its server says who they are.";
    let page = ctx
        .page("Single sign-on")
        .crumb(Crumb::link("Account", ctx.url("/account")))
        .crumb(Crumb::here("Single sign-on"));
    ctx.render(&ObjectPage {
        page,
        head: Head::new("Single sign-on").lede(lede),
        turn: None,
        notices: vec![],
        tabs: Some(tabs(&ctx, HOME)),
        sections,
        about: Text::new("About single sign-on"),
        facts: Facts::new(),
        dialogs: vec![],
    })
}

fn domains_section(ctx: &Ctx, domains: &[SsoDomainRow], idps: &[IdpRow]) -> Section {
    let section = Section::new("Domains").link("Add domain", ctx.url(&format!("{HOME}/domains/new")));
    if domains.is_empty() {
        return section.words("None yet. Add the part after the @ of your addresses, and show that it is yours.");
    }
    let called = |row: &SsoDomainRow| {
        let idp = idps.iter().find(|idp| Some(&idp.id) == row.idp.as_ref());
        idp.map_or_else(Cell::nothing, |idp| Cell::data(&idp.name))
    };
    let rows = domains.iter().map(|row| {
        let link = Cell::link(&row.domain, domain_path(ctx, row.id.as_str()));
        Row::new(&row.id, vec![link, Cell::status(status(row)), called(row), Cell::text(way(row)).wrap()])
    });
    let columns = vec![
        Column::new("domain", "Domain").at(Narrow::Left1).grows(),
        Column::new("status", "Status").at(Narrow::Right1),
        Column::new("provider", "Provider").at(Narrow::Left2),
        Column::new("way", "How people come in").at(Narrow::Left3),
    ];
    section.part(Boxed::new("Domains", columns, rows.collect()).cards())
}

fn idps_section(ctx: &Ctx, idps: &[IdpRow]) -> Section {
    let section = Section::new("Providers").link("Add provider", ctx.url(&format!("{HOME}/providers/new")));
    if idps.is_empty() {
        return section.words("None yet. Add the server at which your people sign in. It has to know OpenID Connect.");
    }
    let rows = idps.iter().map(|row| {
        let link = Cell::link(&row.name, idp_path(ctx, row.id.as_str()));
        Row::new(&row.id, vec![link, Cell::status(readiness(row)), Cell::data(&row.issuer).wrap()])
    });
    let columns = vec![
        Column::new("name", "Name").at(Narrow::Left1),
        Column::new("status", "Status").at(Narrow::Right1),
        Column::new("issuer", "Issuer").at(Narrow::Whole2).grows(),
    ];
    section.part(Boxed::new("Providers", columns, rows.collect()).cards())
}

/// One domain: its record, how its people come in, who they are.
pub async fn sso_domain(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    domain_page(&ctx, StatusCode::OK, &path.1, None).await
}

pub(super) async fn domain_page(
    ctx: &Ctx,
    code: StatusCode,
    id: &str,
    wrong: Option<(Error, &Posted)>,
) -> Result<HttpResponse, Error> {
    let key = id.to_owned();
    let (row, idps, users) = ctx
        .read(move |tx, actor| {
            actor.need(Module::Account, Level::Manage)?;
            let row = store::sso_domain(tx, actor, &key)?;
            let users = store::sso_domain_users(tx, actor, &row, USERS)?;
            Ok((row, store::idps(tx, actor)?, users))
        })
        .await?;
    let here = domain_path(ctx, id);
    let mut form = domain_form(ctx, &row, &idps);
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    let mut page = page(ctx, Text::data(&row.domain)).crumb(Crumb::here(Text::data(&row.domain)));
    page.wrong = form.is_wrong();
    let verify = Button::post("Verify", format!("{here}/verify"));
    let head = Head::new(Text::data(&row.domain))
        .meta(Cell::copy(&row.id))
        .meta(status(&row))
        .action(if row.status == DomainStatus::Verified { verify } else { verify.primary() })
        .more(Button::link("Remove…", format!("{here}/delete")).danger());
    let facts = Facts::new()
        .fact("Added", Cell::maybe(row.events.0.at("created"), Cell::time_long))
        .fact("Verified", row.events.0.at("verified").map_or_else(|| Cell::text("Never").muted(), Cell::time_long))
        .fact("Looked up", row.checked_at.map_or_else(|| Cell::text("Never").muted(), Cell::time_long))
        .fact("How people come in", Cell::text(way(&row)));
    let sections =
        vec![record_section(&row), Section::new("How people come in").part(form), users_section(ctx, &row, users)];
    ctx.render_as(
        code,
        &ObjectPage {
            page,
            head,
            turn: None,
            notices: about_record(&row).into_iter().collect(),
            tabs: None,
            sections,
            about: Text::new("About this domain"),
            facts,
            dialogs: vec![],
        },
    )
}

fn about_record(row: &SsoDomainRow) -> Option<Notice> {
    let (title, text) = match (row.status, row.missing_since) {
        (DomainStatus::Pending, _) => (
            "Show that the domain is yours",
            "Put the record below into the domain's DNS, then verify it. It may take an hour until it is seen.",
        ),
        (DomainStatus::Failed, _) => (
            "The record was not found",
            "Put the record below into the domain's DNS, then verify it again. Until then nobody comes in by a provider.",
        ),
        (DomainStatus::Verified, Some(_)) => (
            "The record is gone",
            "Put it back into the domain's DNS. After three days without it nobody comes in by the provider any more.",
        ),
        (DomainStatus::Verified, None) => return None,
    };
    let notice = Notice::new(text).title(title);
    Some(if row.status == DomainStatus::Pending { notice } else { notice.tone(Tone::Warn) })
}

fn record_section(row: &SsoDomainRow) -> Section {
    let facts = Facts::new()
        .fact("Name", Cell::copy(record_name(&row.domain)))
        .fact("Type", Cell::data("TXT"))
        .fact("Text", Cell::copy(format!("{RECORD_PREFIX}{}", row.token)));
    Section::new("DNS record").note("It stays there: it is looked up again each day.").part(facts)
}

fn users_section(ctx: &Ctx, row: &SsoDomainRow, users: Vec<DomainUser>) -> Section {
    let section = Section::new("Users with such an address");
    if users.is_empty() {
        return section.words("No user of this account has an address of this domain.");
    }
    let rows = users.into_iter().map(|user| {
        let came = match user.used_at {
            Some(at) => Cell::time(at),
            None => Cell::text("Not yet").muted(),
        };
        let unlink = match (&row.idp, user.used_at) {
            (Some(_), Some(_)) => {
                let action = format!("{}/unlink", domain_path(ctx, row.id.as_str()));
                Cell::part(
                    Button::post("Remove link", action).field("user", &user.id).small().about(Text::data(&user.email)),
                )
            }
            _ => Cell::nothing(),
        };
        let name = Cell::link(&user.name, ctx.url(&format!("/users/{}", user.id)));
        Row::new(&user.id, vec![name, Cell::data(&user.email).wrap(), came, unlink])
    });
    let columns = vec![
        Column::new("name", "Name").at(Narrow::Left1),
        Column::new("email", "E-mail").at(Narrow::Left2).grows(),
        Column::new("came", "Came in by the provider").at(Narrow::Right1),
        Column::new("unlink", "Link").at(Narrow::Right2),
    ];
    let note = "Removing a link lets the provider name this person anew, as after it gave somebody another account.";
    section.note(note).part(Boxed::new("Users with such an address", columns, rows.collect()).cards())
}

/// One provider: what it has to know, what is known of it.
pub async fn sso_idp(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    idp_page(&ctx, StatusCode::OK, &path.1, None, vec![]).await
}

/// How people become members whom the provider knows.
fn new_members(row: &IdpRow, groups: &[GroupRow]) -> Cell {
    let group = groups.iter().find(|group| Some(&group.id) == row.join_group.as_ref());
    match group.filter(|_| row.joins) {
        Some(group) => Cell::text(Text::new("By the provider: {group}").arg("group", &group.name)),
        None => Cell::text("By invitation"),
    }
}

/// What a form sent, and what was wrong with it.
pub(super) type Wrong<'a> = Option<(Error, &'a Posted)>;

pub(super) async fn idp_page(
    ctx: &Ctx,
    code: StatusCode,
    id: &str,
    wrong: Wrong<'_>,
    notices: Vec<Notice>,
) -> Result<HttpResponse, Error> {
    let key = id.to_owned();
    let (row, groups) = ctx
        .read(move |tx, actor| {
            actor.need(Module::Account, Level::Manage)?;
            Ok((store::idp(tx, actor, &key)?, store::groups(tx, actor)?))
        })
        .await?;
    let here = idp_path(ctx, id);
    let mut form: Form = idp_form(ctx, Some(&row), &groups);
    if let Some((error, posted)) = wrong {
        explain(&mut form, &posted.without("client_secret"), error)?;
    }
    let mut page = page(ctx, Text::data(&row.name)).crumb(Crumb::here(Text::data(&row.name)));
    page.wrong = form.is_wrong();
    let head = Head::new(Text::data(&row.name))
        .meta(Cell::copy(&row.id))
        .meta(readiness(&row))
        .action(Button::post("Test", format!("{here}/test")))
        .more(Button::link("Remove…", format!("{here}/delete")).danger());
    let theirs = Facts::new()
        .fact("Redirect address", Cell::copy(actions::way_back(&ctx.site().origin(), &row.id)))
        .fact("After signing out", Cell::copy(ctx.site().link("/sign-in")))
        .fact("Scopes", Cell::data(format!("{} {}", SCOPES.join(" "), row.scopes).trim()))
        .fact("Flow", Cell::text("Authorization code with PKCE (S256)"));
    let sections =
        vec![Section::new("What the provider has to know").part(theirs), Section::new("What is known here").part(form)];
    let facts = Facts::new()
        .fact("Added", Cell::maybe(row.events.0.at("created"), Cell::time_long))
        .fact("Changed", Cell::maybe(row.events.0.at("updated"), Cell::time_long))
        .fact("New members", new_members(&row, &groups))
        .fact(
            "Groups",
            if row.groups_claim.is_empty() { Cell::text("As they are here") } else { Cell::data(&row.groups_claim) },
        )
        .fact("Client secret", Cell::text(if row.sealed.is_some() { "Kept, sealed" } else { "None yet" }));
    ctx.render_as(
        code,
        &ObjectPage {
            page,
            head,
            turn: None,
            notices,
            tabs: None,
            sections,
            about: Text::new("About this provider"),
            facts,
            dialogs: vec![],
        },
    )
}
