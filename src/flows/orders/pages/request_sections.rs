//! What the pages of a request and of a subscription have in common: items, parameters, the customer's text, facts.

use super::super::actions::RequestView;
use super::super::model::{Line, Param, Tiers};
use super::super::store::Refs;
use super::quantity;
use crate::flows::customers::model::TierSnapshot;
use crate::flows::products::model::ItemKind;
use crate::journal::Moment;
use crate::kit::{Quantity, Role, Side, Text};
use crate::web::Ctx;
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::filters;
use crate::web::form::REVISION;
use crate::web::frames::{Section, Words};
use crate::web::moments;
use crate::web::parts::Facts;
use crate::web::status::Tone;
use crate::web::table::{Boxed, Column, Narrow, Row};
use crate::web::timeline::Timeline;

/// A password: shown when asked for.
#[derive(Debug, askama::Template)]
#[template(ext = "html", source = r#"<details class="covered"><summary>{{ "Show"|t }}</summary>{{ value }}</details>"#)]
struct Covered {
    value: String,
}

/// The timeline of a request or subscription: each entry with the person and their company.
pub(super) fn story(
    refs: &Refs,
    tiers: &Tiers,
    moments: Vec<Moment>,
    link: impl Fn(&str, &str) -> Option<String>,
) -> Timeline {
    let company = |id: &str| {
        if id == refs.vendor_id.as_str() {
            Some(refs.vendor_name.as_str())
        } else if id == refs.provider_id.as_str() {
            Some(refs.provider_name.as_str())
        } else {
            tiers.tier1.as_ref().map(|t| t.name.as_str())
        }
    };
    let event = |moment: Moment| {
        let company = moment.account_id.as_deref().and_then(company);
        let who = moment.actor_name.clone().zip(company).filter(|(name, company)| name != company);
        let event = moments::event(moment, |kind, id| Some((Text::data(id), link(kind, id)?)));
        match who {
            Some((name, company)) => {
                event.note(Text::new("{name}, {company}").arg("name", name).arg("company", company))
            }
            None => event,
        }
    };
    Timeline::new(moments.into_iter().map(event).collect())
}

/// A section with what the customer reads, as Markdown that was written with values already.
pub(super) fn customer_text(title: &'static str, text: &str) -> Option<Section> {
    (!text.trim().is_empty()).then(|| Section::new(title).note("what the customer reads").part(Words::new(text)))
}

fn unit(line: &Line) -> Cell {
    match line.kind {
        ItemKind::Reservation => Cell::data(&line.unit),
        ItemKind::Ppu => Cell::text(Text::new("{unit}, pay as you go").arg("unit", &line.unit)),
    }
}

fn name(line: &Line) -> Cell {
    Cell::data(&line.name).strong().beside(&line.mpn)
}

/// The period of the items, if they have one in common.
fn period(lines: &[Line]) -> Option<Text> {
    let first = lines.first()?.period;
    lines.iter().all(|l| l.period == first).then(|| Text::new(first.title()))
}

/// The items of a request, with what there was before and what is asked for.
pub(super) fn asked_items(lines: &[Line]) -> Section {
    let row = |line: &Line| {
        let (old, new, change) = (quantity(line.old).muted(), quantity(line.quantity), line.difference());
        let change = match change.filter(|c| !c.is_zero()) {
            Some(change) => Cell::signed(change).strong(),
            None => Cell::nothing(),
        };
        let new = if line.is_changed() { new.strong() } else { new };
        Row::new(&line.id, vec![name(line), unit(line), old, new, change])
    };
    let columns = vec![
        Column::new("item", "Item").grows(),
        Column::new("unit", "Unit").at(Narrow::Hidden),
        Column::number("now", "Now"),
        Column::number("requested", "Requested"),
        Column::number("change", "Change"),
    ];
    let section = Section::new("Items");
    let section = match period(lines) {
        Some(period) => section.note(period),
        None => section,
    };
    section.part(Boxed::new("Items", columns, lines.iter().map(row).collect()))
}

/// The items that a subscription has.
pub(super) fn items(lines: &[Line]) -> Section {
    let section = Section::new("Items");
    if lines.is_empty() {
        return section.words("It has no items any more.");
    }
    let row = |line: &Line| {
        let period = Cell::text(line.period.title());
        Row::new(&line.id, vec![name(line), unit(line), period, quantity(line.quantity).strong()])
    };
    let columns = vec![
        Column::new("item", "Item").grows(),
        Column::new("unit", "Unit").at(Narrow::Hidden),
        Column::new("period", "Period").at(Narrow::Hidden),
        Column::number("quantity", "Quantity"),
    ];
    section.part(Boxed::new("Items", columns, lines.iter().map(row).collect()))
}

/// What can be done beside each parameter: marking it as wrong, and taking the mark away.
pub(super) struct Marking {
    /// Where marking is done.
    pub path: String,
    /// The revision of the request.
    pub revision: i64,
}

impl Marking {
    fn cell(&self, param: &Param) -> Cell {
        if !param.is_ordering() {
            return Cell::text("");
        }
        if param.error.is_none() {
            let name: String = url::form_urlencoded::byte_serialize(param.name().as_bytes()).collect();
            let about = Text::new("Mark wrong");
            return Cell::text(about).muted().to(format!("{}?parameter={name}", self.path));
        }
        Cell::part(
            Button::post("Remove mark", &self.path)
                .field(crate::web::posted::KEY_FIELD, crate::kit::Secret::generate().reveal())
                .field(REVISION, self.revision)
                .field("parameter", param.name())
                .field("value_error", "")
                .about(Text::data(param.title()))
                .quiet()
                .small(),
        )
    }
}

fn value(param: &Param, all: &[Param], side: Side, open: bool) -> Cell {
    let text = param.plain_for(side);
    let cell = if param.is_secret() && side == Side::Vendor && !text.is_empty() {
        Cell::part(Covered { value: text }).wrap()
    } else if !text.is_empty() {
        Cell::data(text).wrap()
    } else if !open {
        Cell::nothing()
    } else if param.is_fulfillment() {
        let needed = param.flags(all).required;
        Cell::text(if needed { "Needed before approval" } else { "Filled on approval" }).muted()
    } else if param.flags(all).required {
        Cell::text("Missing").tone(Tone::Bad)
    } else {
        Cell::nothing()
    };
    match &param.error {
        None => cell,
        Some(error) => cell.sub(Cell::text(error.clone()).tone(Tone::Bad).wrap()),
    }
}

/// The parameters that a side may see. `marking` is there for a vendor that may mark them.
pub(super) fn parameters(all: &[Param], side: Side, open: bool, marking: Option<&Marking>) -> Section {
    let seen: Vec<&Param> = all.iter().filter(|p| p.is_visible_to(side) && p.takes_value()).collect();
    let section = Section::new("Parameters");
    if seen.is_empty() {
        return section.words("There are no parameters.");
    }
    let row = |param: &&Param| {
        let title = Cell::data(param.title()).strong().sub(Cell::id(param.name()));
        let mut cells = vec![title, value(param, all, side, open), Cell::text(param.definition.phase.title()).muted()];
        cells.extend(marking.map(|m| m.cell(param)));
        let row = Row::new(param.name(), cells);
        if param.error.is_none() { row } else { row.wrong() }
    };
    let mut columns = vec![
        Column::new("parameter", "Parameter").at(Narrow::Left1),
        Column::new("value", "Value").at(Narrow::Whole2).grows(),
        Column::new("phase", "Phase").at(Narrow::Hidden),
    ];
    if marking.is_some() {
        columns.push(Column::number("mark", "Mark").at(Narrow::Right1));
    }
    let wrong = seen.iter().filter(|p| p.error.is_some()).count();
    let section = if wrong > 0 {
        section.note(Text::new("{wrong} of {all} marked wrong").arg("wrong", wrong).arg("all", seen.len()))
    } else {
        section
    };
    section.part(Boxed::new("Parameters", columns, seen.iter().map(row).collect()).cards())
}

/// A company of the chain. Its page is there for those whose directory it stands in.
fn tier(ctx: &Ctx, tier: &TierSnapshot, word: Option<&'static str>) -> Cell {
    let contact = &tier.contact_info;
    let place = [contact.city.as_str(), contact.country.as_str()];
    let place: Vec<&str> = place.into_iter().filter(|p| !p.is_empty()).collect();
    let cell = Cell::data(&tier.name);
    let cell = if ctx.actor().seat().is_some_and(|s| s.role != Role::Vendor) {
        cell.to(ctx.url(&format!("/customers/{}", tier.id)))
    } else {
        cell
    };
    let cell = match word {
        Some(word) => cell.sub(Cell::text(word)),
        None if place.is_empty() => cell,
        None => cell.sub(Cell::data(place.join(", "))),
    };
    cell.sub(Cell::id(&tier.id))
}

/// The companies of the chain.
pub(super) fn chain(ctx: &Ctx, facts: Facts, tiers: &Tiers) -> Facts {
    let mut facts = facts.fact("Customer", tier(ctx, &tiers.customer, None));
    for (account, word) in [(&tiers.tier1, "Tier 1"), (&tiers.tier2, "Tier 2")] {
        if let Some(account) = account {
            facts = facts.fact("Reseller", tier(ctx, account, Some(word)));
        }
    }
    facts
}

/// The objects around a request or subscription, as far as the side may know them.
pub(super) fn around(ctx: &Ctx, facts: Facts, refs: &Refs, side: Side) -> Facts {
    let (product, market) = (refs.product(), refs.marketplace());
    let name = Cell::data(&product.name);
    let name = if side == Side::Reseller { name } else { name.to(ctx.url(&format!("/products/{}", product.id))) };
    let mut facts = facts.fact("Product", name.sub(Cell::id(&product.id)));
    if side != Side::Vendor {
        facts = facts.fact("Vendor", Cell::data(&refs.vendor_name).sub(Cell::id(&refs.vendor_id)));
    }
    if side != Side::Distributor {
        facts = facts.fact("Distributor", Cell::data(&refs.provider_name).sub(Cell::id(&refs.provider_id)));
    }
    if side == Side::Reseller {
        // The contract is between the distributor and the vendor.
        return facts
            .fact("Marketplace", Cell::data(&market.name).sub(Cell::id(&market.id)))
            .fact("Environment", Cell::text(refs.environment.title()));
    }
    let contract = refs.contract();
    facts
        .fact(
            "Contract",
            Cell::link(&contract.name, ctx.url(&format!("/contracts/{}", contract.id))).sub(Cell::id(&contract.id)),
        )
        .fact(
            "Marketplace",
            Cell::link(&market.name, ctx.url(&format!("/marketplaces/{}", market.id)))
                .sub(Cell::id(&market.id))
                .sub(Cell::data(&refs.hub_name).label("Hub")),
        )
        .fact("Environment", Cell::text(refs.environment.title()))
}

/// The numbers of the ordering system.
pub(super) fn external(facts: Facts, id: Option<&String>, uid: Option<&String>) -> Facts {
    let mut facts = facts;
    if let Some(id) = id.filter(|i| !i.is_empty()) {
        facts = facts.fact("External id", Cell::copy(id));
    }
    if let Some(uid) = uid.filter(|i| !i.is_empty()) {
        facts = facts.fact("External UUID", Cell::copy(uid));
    }
    facts
}

/// What a request is called: `Purchase of Backup Cloud for Stadtwerke`.
pub(super) fn title(view: &RequestView) -> Text {
    Text::new("{kind:word} of {product} for {customer}")
        .arg("kind", view.kind.title())
        .arg("product", view.refs.product().name)
        .arg("customer", &view.snapshot.0.tiers.customer.name)
}

/// An item's quantity in a form.
pub(super) fn typed(quantity: Quantity) -> String {
    quantity.to_string()
}
