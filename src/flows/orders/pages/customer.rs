//! The page of a customer or reseller: what is known about it, and what was ordered for it.

use actix_web::{HttpResponse, web};

use super::super::actions::{self, AssetShown, RequestView};
use crate::flows::customers::actions as customers;
use crate::flows::customers::model::{Kind, Scope, TierSnapshot};
use crate::flows::customers::pages::{decommission_form, kind_word};
use crate::journal;
use crate::kit::{Level, Module, Role, Side, Text};
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::dialog::Dialog;
use crate::web::frames::{ObjectPage, Section};
use crate::web::layout::Crumb;
use crate::web::moments;
use crate::web::parts::{Facts, Head};
use crate::web::table::{Boxed, Column, Narrow, Row};
use crate::web::{Ctx, Error};

/// Most subscriptions, requests and customers that the page shows; the lists have them all.
const SHOWN: i64 = 10;

fn subscriptions(ctx: &Ctx, account: &TierSnapshot, assets: &[AssetShown]) -> Section {
    let field = match account.kind {
        Kind::Customer => "tiers.customer.id",
        Kind::Reseller => "tiers.tier1.id",
    };
    let all = ctx.url(&format!("/subscriptions?eq({field},{})", account.id));
    let section = Section::new("Subscriptions");
    if assets.is_empty() {
        return section.words(match account.kind {
            Kind::Customer => "Nothing has been ordered for this customer yet.",
            Kind::Reseller => "Nothing has been ordered through this reseller yet.",
        });
    }
    let row = |a: &AssetShown| {
        let href = ctx.url(&format!("/subscriptions/{}", a.view.id));
        Row::new(
            &a.view.id,
            vec![
                Cell::link(a.view.refs.product().name, href).strong().sub(Cell::id(&a.view.id)),
                Cell::data(&a.tiers.customer.name),
                Cell::status(super::asset_status(a.view.status)),
                Cell::time(a.view.created_at),
            ],
        )
    };
    let columns = vec![
        Column::new("product", "Product").grows().at(Narrow::Left1),
        Column::new("customer", "Customer").at(Narrow::Left2),
        Column::new("status", "Status").at(Narrow::Right1),
        Column::new("created", "Ordered").at(Narrow::Right2),
    ];
    section
        .link("All subscriptions", all)
        .part(Boxed::new("Subscriptions", columns, assets.iter().map(row).collect()).cards())
}

fn requests(ctx: &Ctx, account: &TierSnapshot, requests: &[RequestView]) -> Option<Section> {
    if requests.is_empty() {
        return None;
    }
    let all = ctx.url(&format!("/requests?eq(asset.tiers.customer.id,{})", account.id));
    let row = |r: &RequestView| {
        let href = ctx.url(&format!("/requests/{}", r.id));
        Row::new(
            &r.id,
            vec![
                Cell::id(&r.id).to(href),
                Cell::text(r.kind.title()),
                Cell::data(r.refs.product().name),
                Cell::status(super::request_status(r.status)),
                Cell::time(r.created_at),
            ],
        )
    };
    let columns = vec![
        Column::new("id", "Request").at(Narrow::Left1),
        Column::new("type", "Type").at(Narrow::Hidden),
        Column::new("product", "Product").grows().at(Narrow::Left2),
        Column::new("status", "Status").at(Narrow::Right1),
        Column::new("created", "Created").at(Narrow::Right2),
    ];
    let mut section = Section::new("Requests");
    if account.kind == Kind::Customer {
        section = section.link("All requests", all);
    }
    Some(section.part(Boxed::new("Requests", columns, requests.iter().map(row).collect()).cards()))
}

fn children(ctx: &Ctx, children: &[crate::kit::NamedRef]) -> Section {
    let section = Section::new("Who buys through it");
    if children.is_empty() {
        return section.words("No customer stands under this reseller.");
    }
    let row = |c: &crate::kit::NamedRef| {
        let href = ctx.url(&format!("/customers/{}", c.id));
        Row::new(&c.id, vec![Cell::link(&c.name, href).strong(), Cell::id(&c.id)])
    };
    let columns = vec![Column::new("name", "Company").grows(), Column::new("id", "Id")];
    section.part(Boxed::new("Who buys through it", columns, children.iter().map(row).collect()))
}

fn facts(ctx: &Ctx, account: &TierSnapshot, side: Side) -> Facts {
    let info = &account.contact_info;
    let mut lines: Vec<Cell> = info.lines().into_iter().map(Cell::data).collect();
    lines.extend(crate::kit::country::name(&info.country).map(Cell::text));
    let mut lines = lines.into_iter();
    let place = lines.next().map_or_else(Cell::nothing, |first| lines.fold(first, |cell, line| cell.sub(line)));
    let person = format!("{} {}", info.contact.first_name, info.contact.last_name);
    let contact = [&info.contact.email, &info.contact.phone_number.line()]
        .into_iter()
        .filter(|l| !l.is_empty())
        .fold(Cell::data(person.trim()), |cell, line| cell.sub(Cell::data(line)));
    let parent = Cell::maybe(account.parent.as_ref(), |p| {
        // A vendor may see a company without seeing who stands above it.
        if side == Side::Distributor {
            Cell::link(&p.name, ctx.url(&format!("/customers/{}", p.id)))
        } else {
            Cell::data(&p.name)
        }
    });
    let optional = |value: &Option<String>| Cell::maybe(value.clone().filter(|v| !v.is_empty()), Cell::copy);
    let part = |scope: &Scope| {
        Cell::text(match scope {
            Scope::Customer => "Customer",
            Scope::Tier1 => "Tier 1",
            Scope::Tier2 => "Tier 2",
        })
    };
    let mut parts: Vec<Cell> = account.scopes.iter().map(part).collect();
    if parts.is_empty() {
        parts.push(Cell::nothing());
    }
    Facts::new()
        .fact("Address", place)
        .fact("Contact", contact)
        .fact("Buys through", parent)
        .fact("Distributor", Cell::data(&account.owner.name))
        .fact("External id", optional(&account.external_id))
        .fact("External UUID", Cell::copy(&account.external_uid))
        .fact("Tax number", optional(&account.tax_id))
        .facts("Parts played", parts)
        .fact("Version", Cell::number(account.version))
        .fact("Added", Cell::maybe(account.events.at("created"), Cell::time_long))
        .fact("Changed", Cell::maybe(account.events.at("updated"), Cell::time_long))
}

/// One customer or reseller.
pub async fn customer(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let asked = id.clone();
    let (shown, below, assets, orders, moments) = ctx
        .read(move |tx, actor| {
            let shown = customers::show(tx, actor, &asked)?;
            let below = customers::below(tx, actor, &shown.account, SHOWN)?;
            let (assets, orders) = actions::of_company(tx, actor, &asked, SHOWN)?;
            let moments = journal::seen_by(tx, actor, "tier_account", &asked, 50)?;
            Ok((shown, below, assets, orders, moments))
        })
        .await?;
    let account = &shown.account;
    let here = ctx.url(&format!("/customers/{}", account.id));
    let seat = ctx.actor().seat();
    let may = |level| seat.is_some_and(|s| s.permissions.holds(Module::Customers, level));
    let mut head =
        Head::new(Text::data(&account.name)).meta(Cell::copy(&account.id)).meta(Cell::text(kind_word(account.kind)));
    let mut dialogs = vec![];
    if account.kind == Kind::Customer && super::order::may_order(&ctx) {
        head = head.action(super::order::new_order_button(&ctx));
    }
    if shown.side == Side::Distributor && may(Level::Act) && seat.is_some_and(|s| s.role == Role::Distributor) {
        head = head.action(Button::link("Edit", format!("{here}/edit")).icon("edit"));
        if may(Level::Manage) {
            let button = Button::dialog("Decommission…", "decommission", format!("{here}/decommission")).danger();
            let open = assets.iter().any(|a| a.view.status.as_str() != "terminated");
            head = head.action(if open {
                Button::not_now("Decommission…", "It has subscriptions that are not terminated. Cancel them first.")
            } else if !below.is_empty() {
                Button::not_now("Decommission…", "Customers stand under it. Move them first.")
            } else {
                let words =
                    Text::new("{name} is taken out of the directory for good. What was ordered before still shows it.");
                dialogs.push(
                    Dialog::new("decommission", "Decommission this company?", decommission_form(&ctx, &id))
                        .text(words.arg("name", &account.name)),
                );
                button
            });
        }
    }
    let mut sections = vec![subscriptions(&ctx, account, &assets)];
    sections.extend(requests(&ctx, account, &orders));
    if account.kind == Kind::Reseller {
        sections.push(children(&ctx, &below));
    }
    sections.push(moments::story(&ctx, &account.id, moments));
    let page = ctx
        .page(Text::data(&account.name))
        .crumb(Crumb::link("Customers", ctx.url("/customers")))
        .crumb(Crumb::here(Text::data(account.id.as_str())));
    ctx.render(&ObjectPage {
        page,
        head,
        turn: None,
        notices: vec![],
        tabs: None,
        sections,
        about: Text::new("About this company"),
        facts: facts(&ctx, account, shown.side),
        dialogs,
    })
}
