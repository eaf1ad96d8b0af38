//! Pages of partners: the directory, a partner, and what lies between both.

use actix_web::{HttpResponse, web};

use super::actions;
use super::model::{Brief, Partner};
use crate::flows::accounts::model::AccountStatus;
use crate::flows::accounts::model::people::ContactTag;
use crate::flows::accounts::pages::{about_section, account_status, facts_of, mark};
use crate::flows::accounts::role_word;
use crate::flows::contracts::pages::contract_list;
use crate::flows::listings::pages::listing_list;
use crate::kit::{Level, Module, Role, Text};
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::frames::ObjectPage;
use crate::web::layout::{Crumb, Page};
use crate::web::list::{Col, Linked, List};
use crate::web::moments;
use crate::web::parts::{Head, Notice, Tab, Tabs};
use crate::web::state::State;
use crate::web::table::{Narrow, Room};
use crate::web::{Ctx, Error};

type Line = Linked<Partner>;

/// Whether the person may invite partners.
fn may_invite(ctx: &Ctx) -> bool {
    ctx.actor()
        .seat()
        .is_some_and(|s| s.role == Role::Distributor && s.permissions.holds(Module::Partners, Level::Manage))
}

/// The directory of partners.
pub async fn partners(ctx: Ctx) -> Result<HttpResponse, Error> {
    let invite = || Button::link("Invite partner", ctx.url("/contracts/new")).primary().icon("user-plus");
    let mut head = Head::new("Partners");
    let mut empty = State::nothing_yet(
        "heart-handshake",
        "No partners yet",
        "Partners are the companies with which you have a program or service contract. They appear when you accept an invitation.",
    );
    if may_invite(&ctx) {
        head = head.action(invite());
        empty = State::nothing_yet(
            "heart-handshake",
            "No partners yet",
            "Partners are the vendors and resellers with which you have a contract. Offer one to invite a company.",
        )
        .action(invite());
    }
    let here = ctx.url("/partners");
    let path = here.clone();
    let list = List::new("Partners", here, &actions::PARTNERS, move |tx, actor, ids| {
        Ok(Linked::all(&path, actions::partners(tx, actor, ids)?, |p| p.company.id.as_str()))
    })
    .column(
        Col::new(
            "name",
            "Partner",
            |l: &Line| mark(l.row.company.icon.as_deref(), &l.row.company.name, Some(l.href.clone())),
            |l| l.row.company.name.clone(),
        )
        .at(Narrow::Left1)
        .grows()
        .sorted("name"),
    )
    .column(Col::id("id", "Id", |l: &Line| &l.row.company.id).at(Narrow::Left2).sorted("id"))
    .column(
        Col::new(
            "role",
            "Role",
            |l: &Line| Cell::text(role_word(l.row.company.role)),
            |l| l.row.company.role.to_string(),
        )
        .at(Narrow::Right2)
        .sorted("role"),
    )
    .column(Col::new(
        "headquarters",
        "Headquarters",
        |l: &Line| Cell::data(&l.row.company.profile.headquarters),
        |l| l.row.company.profile.headquarters.clone(),
    ))
    .column(contact_column("technical", ContactTag::Technical))
    .column(contact_column("business", ContactTag::Business))
    .column(Col::number(
        "contracts",
        "Contracts",
        |l: &Line| Cell::number(l.row.stats.contracts()).to(format!("{}/contracts", l.href)),
        |l| l.row.stats.contracts().to_string(),
    ))
    .column(
        Col::number(
            "listings",
            "Listings",
            |l: &Line| Cell::number(l.row.stats.listings).to(format!("{}/listings", l.href)),
            |l| l.row.stats.listings.to_string(),
        )
        .sorted("stats.listings"),
    )
    .column(
        Col::new(
            "status",
            "Status",
            |l: &Line| Cell::status(account_status(l.row.company.status)),
            |l| l.row.company.status.to_string(),
        )
        .at(Narrow::Right1)
        .sorted("status"),
    )
    .filter("role", "Role", &[("vendor", "Vendor"), ("distributor", "Distributor"), ("reseller", "Reseller")])
    .filter("status", "Status", &[("active", "Active"), ("invited", "Invited"), ("inactive", "Closed")])
    .search("Name, id")
    .empty(empty);
    let page = ctx.page("Partners").crumb(Crumb::here("Partners"));
    ctx.list_page(list, page, head, None).await
}

/// What somebody is called whom one may turn to for this.
fn contact_label(tag: ContactTag) -> &'static str {
    match tag {
        ContactTag::Technical => "Technical contact",
        ContactTag::Business => "Business contact",
        ContactTag::Billing => "Contact for bills",
        ContactTag::Legal => "Legal contact",
        ContactTag::Security => "Contact for security",
    }
}

/// A column with the first of those whom one may turn to for something; the export has their addresses, all of them.
fn contact_column(name: &'static str, tag: ContactTag) -> Col<Line> {
    Col::new(
        name,
        contact_label(tag),
        move |l: &Line| l.row.contacts_for(tag).next().map_or_else(Cell::nothing, |contact| Cell::data(&contact.name)),
        move |l| l.row.contacts_for(tag).map(|contact| contact.email.as_str()).collect::<Vec<_>>().join(", "),
    )
    .needs(Room::Wide)
}

/// The tabs of a partner.
fn tabs(ctx: &Ctx, partner: &Brief, current: &str) -> Tabs {
    let here = ctx.url(&format!("/partners/{}", partner.id));
    let tab = |label: &'static str, path: &str| Tab::new(label, format!("{here}{path}")).current(path == current);
    let mut all = vec![tab("General", ""), tab("Contracts", "/contracts")];
    // Listings are between vendors and those who sell.
    let sells = ctx.actor().seat().is_some_and(|s| s.role != Role::Vendor) && partner.role == Role::Vendor;
    let made = ctx.actor().seat().is_some_and(|s| s.role == Role::Vendor);
    let sees = ctx.actor().seat().is_some_and(|s| s.permissions.holds(Module::Listings, Level::Read));
    if (sells || made) && sees {
        all.push(tab("Listings", "/listings"));
    }
    Tabs::new("Partner", all)
}

fn head(partner: &Brief) -> Head {
    Head::new(Text::data(&partner.name))
        .meta(Cell::copy(&partner.id))
        .meta(Cell::text(role_word(partner.role)))
        .meta(account_status(partner.status))
}

/// The frame of a page of a partner; `last` names the page below the partner's own.
fn frame(ctx: &Ctx, partner: &Brief, last: Option<&'static str>) -> Page {
    let name = Text::data(&partner.name);
    let there = |page: Page| page.crumb(Crumb::link("Partners", ctx.url("/partners")));
    match last {
        None => there(ctx.page(name.clone())).crumb(Crumb::here(name)),
        Some(words) => {
            let title = Text::new("{page:word} · {partner}").arg("page", words).arg("partner", &partner.name);
            there(ctx.page(title))
                .crumb(Crumb::link(name, ctx.url(&format!("/partners/{}", partner.id))))
                .crumb(Crumb::here(words))
        }
    }
}

/// A partner: what it tells about itself, and what happened between both.
pub async fn partner(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let (partner, history) = ctx
        .read(move |tx, actor| {
            let (partner, between) = actions::partner(tx, actor, &id)?;
            Ok((partner, actions::history(tx, actor, &between)?))
        })
        .await?;
    let (company, brief) = (&partner.company, partner.brief());
    let here = ctx.url(&format!("/partners/{}", company.id));
    let stats = partner.stats;
    let mut facts = facts_of(company)
        .fact("Contracts", Cell::number(stats.contracts()).to(format!("{here}/contracts")))
        .fact("Listings", Cell::number(stats.listings));
    for tag in ContactTag::ALL.iter().copied() {
        let mut lines = partner.contacts_for(tag).map(|c| Cell::data(&c.name).sub(Cell::data(&c.email)));
        if let Some(first) = lines.next() {
            facts = facts.fact(contact_label(tag), lines.fold(first, Cell::sub).wrap());
        }
    }
    let reads = |module| ctx.actor().seat().is_some_and(|s| s.permissions.holds(module, Level::Read));
    if company.role == Role::Vendor && reads(Module::Products) {
        let there = ctx.url(&format!("/products?eq(owner.id,{})", company.id));
        facts = facts.fact("Products", Cell::text("Products you can see").to(there));
    }
    let notices = match company.status {
        AccountStatus::Active => vec![],
        AccountStatus::Invited => vec![Notice::new("Nobody has accepted the invitation yet.")],
        AccountStatus::Inactive => {
            vec![Notice::new("This partner has closed its account: nobody works in it now. What you share stays.")]
        }
    };
    let link = |kind: &str, id: &str| {
        let place = crate::web::places::open_to(ctx.actor(), kind)?;
        Some((Text::data(id), ctx.url(&format!("{}/{id}", place.path))))
    };
    let told = moments::section_with("What happened between you", history, link);
    ctx.render(&ObjectPage {
        page: frame(&ctx, &brief, None),
        head: head(&brief),
        turn: None,
        notices,
        tabs: Some(tabs(&ctx, &brief, "")),
        sections: vec![about_section(company, "This partner tells nothing about itself yet."), told],
        about: Text::new("About this partner"),
        facts,
        dialogs: vec![],
    })
}

async fn opened(ctx: &Ctx, id: &str) -> Result<Brief, Error> {
    let id = id.to_owned();
    ctx.read(move |tx, actor| actions::brief(tx, actor, &id)).await
}

/// The contracts between the company and a partner.
pub async fn partner_contracts(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let partner = opened(&ctx, &path.1).await?;
    let here = ctx.url(&format!("/partners/{}/contracts", partner.id));
    let list = contract_list(&ctx, here).within("with", &partner.id);
    let page = frame(&ctx, &partner, Some("Contracts"));
    ctx.list_page(list, page, head(&partner), Some(tabs(&ctx, &partner, "/contracts"))).await
}

/// The listings between the company and a partner.
pub async fn partner_listings(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let partner = opened(&ctx, &path.1).await?;
    let here = ctx.url(&format!("/partners/{}/listings", partner.id));
    let empty = State::nothing_yet(
        "building-store",
        "Nothing is listed yet",
        "A listing puts a vendor's product on a marketplace. The vendor asks for it under a distribution contract.",
    );
    let list = listing_list(&ctx, here).within("with", &partner.id).empty(empty);
    let page = frame(&ctx, &partner, Some("Listings"));
    ctx.list_page(list, page, head(&partner), Some(tabs(&ctx, &partner, "/listings"))).await
}
