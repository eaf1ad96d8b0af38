//! Pages of marketplaces: list, one marketplace, editing, deleting.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::super::actions;
use super::super::model::{Marketplace, Zone};
use super::wizard::{all_fields, words};
use super::{may_change, opening, tabs};
use crate::journal;
use crate::kit::{Text, country, currency};
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::dialog::Dialog;
use crate::web::form::Form;
use crate::web::frames::{FormPage, ObjectPage, Panel, Section};
use crate::web::layout::Crumb;
use crate::web::list::{Col, Linked, List};
use crate::web::moments;
use crate::web::parts::{Facts, Head};
use crate::web::state::State;
use crate::web::table::{Boxed, Column, Narrow, Row};
use crate::web::{Answer, Ctx, Error, Posted, explain};

/// What stands beside a form about a marketplace.
const THE_MARKETPLACE: &str = "The marketplace";

type Line = Linked<Marketplace>;

/// The marketplaces.
pub async fn marketplaces(ctx: Ctx) -> Result<HttpResponse, Error> {
    let empty = State::nothing_yet(
        "building-store",
        "No marketplaces yet",
        "A marketplace is a channel on which products are sold: a region, an industry. Agreements with vendors name it.",
    );
    let create = Button::link("Create marketplace", ctx.url("/marketplaces/new")).primary().icon("plus");
    let (head, empty) = opening(&ctx, empty, create);
    let here = ctx.url("/marketplaces");
    let list = List::new("Marketplaces", here.clone(), &actions::MARKETPLACES, move |tx, actor, ids| {
        Ok(Linked::all(&here, actions::marketplaces(tx, actor, ids)?, |market| market.id.as_str()))
    })
    .column(
        Col::link("name", "Marketplace", |l: &Line| (&l.row.name, &l.href)).at(Narrow::Left1).grows().sorted("name"),
    )
    .column(Col::id("id", "Id", |l: &Line| &l.row.id).at(Narrow::Right1).sorted("id"))
    .column(
        Col::new("countries", "Countries", |l: &Line| Cell::data(codes(&l.row)), |l| codes(&l.row)).at(Narrow::Left2),
    )
    .column(
        Col::new("currency", "Currency", |l: &Line| Cell::data(&l.row.currency), |l| l.row.currency.clone())
            .at(Narrow::Right2)
            .sorted("currency"),
    )
    .column(Col::count("hubs", "Hubs", |l: &Line| l.row.hubs.len() as u64).sorted("stats.hubs"))
    .column(Col::count("contracts", "Active contracts", |l: &Line| l.row.contracts).sorted("stats.contracts"))
    .column(Col::moment("created", "Created", |l: &Line| l.row.events.at("created")).sorted("events.created.at"))
    .filter_text("currency", "Currency")
    .filter_text("hubs.name", "Hub")
    .filter_days("events.created.at", "Created")
    .search("Name, id, owner")
    .empty(empty);
    let page = ctx.page("Marketplaces").crumb(Crumb::here("Marketplaces"));
    ctx.list_page(list, page, head, Some(tabs(&ctx, "/marketplaces"))).await
}

fn codes(market: &Marketplace) -> String {
    market.details.countries.join(", ")
}

/// A currency as people read it: `EUR, Euro`.
pub(super) fn money_word(code: &str) -> Text {
    let words = |name| Text::new("{code}, {name:word}").arg("code", code).arg("name", name);
    currency::name(code).map_or_else(Text::default, words)
}

/// Countries as people read them.
pub(super) fn country_words(codes: &[String]) -> Text {
    Text::listed(codes.iter().map(|code| country::name(code).map_or_else(|| Text::data(code), Text::new)))
}

/// The zone as people read it.
pub(super) fn zone_word(zone: Zone) -> &'static str {
    match zone {
        Zone::Africa => "Africa",
        Zone::NorthAmerica => "North America",
        Zone::Oceania => "Oceania",
        Zone::Asia => "Asia",
        Zone::Europe => "Europe",
        Zone::SouthAmerica => "South America",
    }
}

/// One marketplace.
pub async fn marketplace(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let (market, moments) = ctx
        .read(move |tx, actor| {
            Ok((actions::marketplace(tx, actor, &id)?, journal::seen_by(tx, actor, "marketplace", &id, 50)?))
        })
        .await?;
    let here = ctx.url(&format!("/marketplaces/{}", market.id));
    let page = ctx
        .page(Text::data(&market.name))
        .crumb(Crumb::link("Marketplaces", ctx.url("/marketplaces")))
        .crumb(Crumb::here(Text::data(market.id.as_str())));
    let mut head = Head::new(Text::data(&market.name)).meta(Cell::copy(&market.id));
    let mut dialogs = vec![];
    if market.own && may_change(&ctx) {
        head = head.action(Button::link("Edit", format!("{here}/edit")).icon("edit"));
        if market.uses == 0 {
            head = head.action(Button::dialog("Delete", "delete", format!("{here}/delete")).danger());
            let text = Text::new("{name} is taken away for good. No agreement names it.").arg("name", &market.name);
            dialogs.push(Dialog::new("delete", "Delete this marketplace?", delete_form(&ctx, &market)).text(text));
        } else {
            let reason = Text::new(
                "{count|One agreement or listing names|{count} agreements and listings name} this marketplace, so it stays.",
            );
            head = head.action(Button::not_now("Delete", reason.arg("count", market.uses)));
        }
    }
    let contracts = ctx.url(&format!("/contracts?eq(marketplace.id,{})", market.id));
    let there = |label: &'static str, list: &str| {
        Cell::text(label).to(ctx.url(&format!("/{list}?eq(marketplace.id,{})", market.id)))
    };
    let facts = facts(&market)
        .fact("Active contracts", Cell::number(market.contracts).to(contracts))
        .facts("On this marketplace", vec![there("Listings", "listings"), there("Agreements", "agreements")]);
    ctx.render(&ObjectPage {
        page,
        head,
        turn: None,
        notices: vec![],
        tabs: None,
        sections: vec![
            hubs_section(&ctx, &market),
            attributes_section(&market),
            moments::story(&ctx, &market.id, moments),
        ],
        about: Text::new("About this marketplace"),
        facts,
        dialogs,
    })
}

fn facts(market: &Marketplace) -> Facts {
    let d = &market.details;
    let others: Vec<&str> = [&d.alt_currency_1, &d.alt_currency_2].into_iter().flatten().map(String::as_str).collect();
    Facts::new()
        .fact("Owner", Cell::data(&market.owner.name))
        .fact("Description", Cell::data(&market.description).wrap())
        .fact("Countries", Cell::text(country_words(&d.countries)).wrap())
        .fact("Zone", Cell::maybe(d.zone, |z| Cell::text(zone_word(z))))
        .fact("Currency", Cell::text(money_word(&market.currency)))
        .fact("Other currencies", Cell::data(others.join(", ")))
        .fact("Created", Cell::maybe(market.events.at("created"), Cell::time_long))
        .fact("Changed", Cell::maybe(market.events.at("updated"), Cell::time_long))
}

fn hubs_section(ctx: &Ctx, market: &Marketplace) -> Section {
    let section = Section::new("Hubs").note("through which it is sold");
    if market.hubs.is_empty() {
        return section.words("No hub yet. A distribution agreement can be made once the marketplace has one.");
    }
    let row = |b: &super::super::model::Bound| {
        let name = if market.own {
            Cell::link(&b.hub.name, ctx.url(&format!("/hubs/{}", b.hub.id)))
        } else {
            Cell::data(&b.hub.name)
        };
        Row::new(
            &b.hub.id,
            vec![name.strong(), Cell::id(&b.hub.id), Cell::data(b.external_id.clone().unwrap_or_default())],
        )
    };
    let columns = vec![
        Column::new("name", "Hub").grows(),
        Column::new("id", "Id"),
        Column::new("external", "Account id in the hub"),
    ];
    section.part(Boxed::new("Hubs", columns, market.hubs.iter().map(row).collect()))
}

fn attributes_section(market: &Marketplace) -> Section {
    let section = Section::new("Price-list attributes");
    let attributes = &market.details.attributes;
    if attributes.is_empty() {
        return section.words("No attributes: price lists have nothing to fill in yet.");
    }
    let columns =
        vec![Column::new("name", "Attribute"), Column::new("id", "Id"), Column::new("description", "Meaning").grows()];
    let row = |a: &super::super::model::Attribute| {
        Row::new(&a.id, vec![Cell::data(&a.name).strong(), Cell::id(&a.id), Cell::data(&a.description).wrap()])
    };
    section.part(Boxed::new("Price-list attributes", columns, attributes.iter().map(row).collect()))
}

fn delete_form(ctx: &Ctx, market: &Marketplace) -> Form {
    let action = ctx.url(&format!("/marketplaces/{}/delete", market.id));
    ctx.form(action, "Delete marketplace").hidden("confirmed", "yes")
}

/// Asks whether a marketplace is to be deleted, where the dialog cannot.
pub async fn delete_marketplace(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let market = ctx.read(move |tx, actor| actions::marketplace(tx, actor, &id)).await?;
    let here = ctx.url(&format!("/marketplaces/{}", market.id));
    let page = ctx
        .page("Delete this marketplace?")
        .crumb(Crumb::link("Marketplaces", ctx.url("/marketplaces")))
        .crumb(Crumb::link(Text::data(&market.name), &here))
        .crumb(Crumb::here("Delete"));
    let form = delete_form(&ctx, &market).cancel(here);
    ctx.render(&FormPage::new(page, form).beside(Panel::about(THE_MARKETPLACE, facts(&market))))
}

/// Deletes a marketplace.
pub async fn do_delete_marketplace(
    ctx: Ctx,
    path: web::Path<(String, String)>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let back = ctx.url("/marketplaces");
    ctx.act(&posted, move |tx, actor| {
        actions::delete_marketplace(tx, actor, &id)?;
        Ok(Answer::go(&back).flash(Text::new("The marketplace was deleted.")))
    })
    .await
}

async fn edit_page(
    ctx: &Ctx,
    status: StatusCode,
    id: &str,
    wrong: Option<(Error, &Posted)>,
) -> Result<HttpResponse, Error> {
    let asked = id.to_owned();
    let (market, hubs) = ctx
        .read(move |tx, actor| Ok((actions::marketplace(tx, actor, &asked)?, actions::own_hubs(tx, actor)?)))
        .await?;
    let here = ctx.url(&format!("/marketplaces/{}", market.id));
    let mut form = ctx.form(format!("{here}/edit"), "Save").revision(market.revision);
    for field in all_fields(&market.words(), &hubs) {
        form = form.field(field);
    }
    form = form.cancel(&here);
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, super::wizard::at_fields(error, posted))?;
    }
    let page = ctx
        .page("Edit marketplace")
        .crumb(Crumb::link("Marketplaces", ctx.url("/marketplaces")))
        .crumb(Crumb::link(Text::data(&market.name), here))
        .crumb(Crumb::here("Edit"));
    ctx.render_as(status, &FormPage::new(page, form).beside(Panel::about(THE_MARKETPLACE, facts(&market))))
}

/// The form that changes a marketplace.
pub async fn edit_marketplace(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    edit_page(&ctx, StatusCode::OK, &path.1, None).await
}

/// Changes a marketplace.
pub async fn do_edit_marketplace(
    ctx: Ctx,
    path: web::Path<(String, String)>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let (typed, revision, back, market) =
        (posted.clone(), posted.revision(), ctx.url(&format!("/marketplaces/{id}")), id.clone());
    let again = async |code, error| edit_page(&ctx, code, &id, Some((error, &posted))).await;
    ctx.act_or(&posted, again, move |tx, actor| {
        actions::edit_marketplace(tx, actor, &market, revision, |old| Ok(words(&typed, Some(&old.words()))))?;
        Ok(Answer::go(&back).flash(Text::new("The marketplace was saved.")))
    })
    .await
}
