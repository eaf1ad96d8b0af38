//! The items of a product: the tab, and the form of one.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::super::actions;
use super::super::model::{
    Item, ItemDraft, ItemKind, ItemStatus, ItemVerb, Period, Precision, Product, UnitOfMeasure, item_after,
};
use super::general::wide;
use super::{STATUSES, form_page, frame, head, here, item_status, may_edit, tabs};
use crate::kit::{Problems, Refusal, Text};
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::dialog::Dialog;
use crate::web::form::{Choice, Field, Form};
use crate::web::frames::{ObjectPage, Section};
use crate::web::list::{Col, List, ListPage, Shown};
use crate::web::parts::{Facts, Head};
use crate::web::state::State;
use crate::web::table::Narrow;
use crate::web::{Answer, Ctx, Error, Posted, explain, tell};

struct Line {
    item: Item,
    href: String,
}

/// The items of a product.
pub async fn items(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let asked = id.clone();
    let product = ctx.read(move |tx, actor| actions::product(tx, actor, &asked)).await?;
    let base = format!("{}/items", here(&ctx, &product));
    let edit = may_edit(&ctx, &product);
    let mut top = head(&product);
    let mut empty =
        State::nothing_yet("package", "No items yet", "An item is one line of an order: what is bought or metered.");
    if edit {
        let reserved = || Button::link("Create reservation item", format!("{base}/new?type=reservation"));
        top = top.action(reserved().primary().icon("plus")).action(metered_button(&product, &base));
        empty = empty.action(reserved().primary());
    }
    let (line_base, product_id) = (base.clone(), id.clone());
    let list = List::new("Items", base.clone(), &actions::ITEMS, move |tx, actor, ids| {
        let line = |item: Item| Line { href: format!("{line_base}/{}", item.id), item };
        Ok(actions::items(tx, actor, &product_id, ids)?.into_iter().map(line).collect())
    })
    .within("product.id", &id)
    .column(
        Col::new("name", "Item", |l: &Line| Cell::link(&l.item.name, &l.href).strong(), |l| l.item.name.clone())
            .at(Narrow::Left1)
            .grows()
            .sorted("name"),
    )
    .column(
        Col::new("mpn", "MPN", |l: &Line| Cell::data(&l.item.mpn), |l| l.item.mpn.clone())
            .at(Narrow::Left2)
            .sorted("mpn"),
    )
    .column(Col::new("id", "Id", |l: &Line| Cell::id(&l.item.id), |l| l.item.id.to_string()).at(Narrow::Hidden))
    .column(
        Col::new("type", "Type", |l: &Line| Cell::text(l.item.kind.title()), |l| l.item.kind.to_string())
            .at(Narrow::Right2),
    )
    .column(Col::new(
        "period",
        "Billing period",
        |l: &Line| Cell::text(l.item.period.title()),
        |l| l.item.period.to_string(),
    ))
    .column(Col::new(
        "commitment",
        "Commitment",
        |l: &Line| Cell::text(l.item.period.commitment_title(l.item.commitment)),
        |l| l.item.period.commitment_title(l.item.commitment).to_string(),
    ))
    .column(Col::new("unit", "Unit", |l: &Line| Cell::data(&l.item.unit.title), |l| l.item.unit.title.clone()))
    .column(
        Col::new(
            "status",
            "Status",
            |l: &Line| Cell::status(item_status(l.item.status)),
            |l| l.item.status.to_string(),
        )
        .at(Narrow::Right1),
    )
    .filter("type", "Type", &[("reservation", "Reservation"), ("ppu", "Pay-as-you-go")])
    .filter("status", "Status", STATUSES)
    .filter_text("name", "Name")
    .filter_text("mpn", "MPN")
    .search("Name, MPN, id")
    .empty(empty);
    let table = match ctx.list(list).await? {
        Shown::Table(table) => table,
        Shown::Answer(answer) => return Ok(answer),
    };
    let page = frame(&ctx, &product, Some("Items"));
    ctx.render(&ListPage { page, head: top, tabs: Some(tabs(&ctx, &product, "/items")), table })
}

fn metered_button(product: &Product, base: &str) -> Button {
    if product.capabilities.ppu.is_some() {
        Button::link("Create pay-as-you-go item", format!("{base}/new?type=ppu"))
    } else {
        Button::not_now("Create pay-as-you-go item", "Pay-as-you-go is off in the product's settings.")
    }
}

/// Years of a commitment as the form asks for them.
fn years(period: Period, commitment: i32) -> i32 {
    match (period, commitment) {
        (_, ..=1) => 0,
        (Period::Monthly, n) => n / 12,
        (_, n) => n,
    }
}

fn commitment(period: Period, years: i32) -> i32 {
    match (period, years) {
        (_, ..=0) => 1,
        (Period::Monthly, n) => n.saturating_mul(12),
        (_, n) => n,
    }
}

fn fields(form: Form, draft: &ItemDraft, units: &[UnitOfMeasure], frozen: bool) -> Form {
    let reason = "It was published, so this stays as it is.";
    let lock = |field: Field| if frozen { field.locked(reason) } else { field };
    let mut form = form
        .hidden("type", draft.kind)
        .field(
            wide(Field::text("name", "Name"))
                .hint("At most 255 characters, unique in this product.")
                .value(&draft.name),
        )
        .field(
            Field::text("mpn", "Manufacturer part number (MPN)")
                .hint("Your own number, unique in this product.")
                .value(&draft.mpn),
        )
        .field(Field::area("description", "Description").rows(3).value(&draft.description));
    if draft.kind == ItemKind::Reservation {
        let periods =
            Period::ALL.iter().map(|p| Choice::new(p.as_str(), p.title()).selected(*p == draft.period)).collect();
        let chosen = years(draft.period, draft.commitment);
        let commitments = (0..=6)
            .map(|n| {
                let words = if n == 0 {
                    Text::new("None")
                } else {
                    Text::new("{years|{years} year|{years} years}").arg("years", n)
                };
                Choice::new(n.to_string(), words).selected(n == chosen)
            })
            .collect();
        form = form.field(lock(Field::select("period", "Billing period", periods))).field(lock(
            Field::select("years", "Commitment", commitments)
                .hint("How long a customer commits. Not every length fits every period."),
        ));
    } else {
        let words = |p: &Precision| match p {
            Precision::Integer => Text::new("Whole numbers"),
            other => Text::new("{places} decimal places").arg("places", other.places()),
        };
        let all =
            Precision::ALL.iter().map(|p| Choice::new(p.as_str(), words(p)).selected(*p == draft.precision)).collect();
        form = form.field(lock(Field::select("precision", "Precision", all)));
    }
    let mut choices = vec![Choice::new("", "Choose a unit")];
    let fitting = units.iter().filter(|u| u.kind == draft.kind);
    choices.extend(fitting.map(|u| Choice::new(&u.id, Text::data(&u.description)).selected(u.id == draft.unit)));
    form.field(lock(Field::select("unit", "Unit of measure", choices)))
        .field(
            Field::text("external_id", "External id")
                .optional()
                .value(draft.external_id.as_deref().unwrap_or_default()),
        )
        .field(Field::check("visible", "Shown", "Shown when people order").value_if(draft.visible))
}

/// A check box that is on or off at first.
trait ValueIf {
    fn value_if(self, on: bool) -> Self;
}

impl ValueIf for Field {
    fn value_if(self, on: bool) -> Self {
        if on { self.value("yes") } else { self }
    }
}

fn blank(kind: ItemKind) -> ItemDraft {
    ItemDraft {
        mpn: String::new(),
        name: String::new(),
        description: String::new(),
        kind,
        period: Period::Monthly,
        commitment: 1,
        precision: Precision::Integer,
        unit: String::new(),
        visible: true,
        external_id: None,
        parent: None,
    }
}

/// What the form says about an item. Fields that are locked are not sent and stay.
fn apply(posted: &Posted, draft: &mut ItemDraft, problems: &mut Problems) {
    let text = |name: &str| posted.get(name).to_owned();
    (draft.name, draft.mpn, draft.description) = (text("name"), text("mpn"), text("description"));
    draft.external_id = Some(text("external_id"));
    draft.visible = posted.checked("visible");
    if posted.checked("unit") {
        draft.unit = text("unit");
    }
    if posted.checked("precision")
        && let Some(precision) = Precision::parse(posted.get("precision"))
    {
        draft.precision = precision;
    }
    if posted.checked("period") {
        match (Period::parse(posted.get("period")), posted.get("years").parse()) {
            (Some(period), Ok(years)) => (draft.period, draft.commitment) = (period, commitment(period, years)),
            _ => problems.add("period", Text::new("Choose a billing period and a commitment.")),
        }
    }
}

/// Puts what is wrong with a commitment to the field that asks for it.
fn renamed(error: Error) -> Error {
    match error.cause {
        crate::web::error::Cause::Refused(mut refusal) => {
            for problem in refusal.problems.iter_mut().filter(|p| p.field == "commitment") {
                "years".clone_into(&mut problem.field);
            }
            refusal.into()
        }
        cause => cause.into(),
    }
}

async fn new_page(
    ctx: &Ctx,
    code: StatusCode,
    id: &str,
    kind: ItemKind,
    wrong: Option<(Error, &Posted)>,
) -> Result<HttpResponse, Error> {
    let asked = id.to_owned();
    let (product, units) = ctx
        .read(move |tx, actor| {
            actions::may_change(tx, actor, &asked)?;
            Ok((actions::product(tx, actor, &asked)?, actions::units(tx, actor)?))
        })
        .await?;
    let base = format!("{}/items", here(ctx, &product));
    let (title, submit) = match kind {
        ItemKind::Reservation => ("Create reservation item", "Create item"),
        ItemKind::Ppu => ("Create pay-as-you-go item", "Create item"),
    };
    let mut form = fields(ctx.form(format!("{base}/new"), submit), &blank(kind), &units, false).cancel(base);
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, renamed(error))?;
    }
    form_page(ctx, code, &product, title, form)
}

/// The form that makes an item.
pub async fn new_item(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let asked = Posted::of_query(ctx.query());
    let kind = ItemKind::parse(asked.get("type")).unwrap_or(ItemKind::Reservation);
    new_page(&ctx, StatusCode::OK, &path.1, kind, None).await
}

/// Makes an item.
pub async fn do_new_item(ctx: Ctx, path: web::Path<(String, String)>, posted: Posted) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let kind = ItemKind::parse(posted.get("type")).unwrap_or(ItemKind::Reservation);
    let (product, back, typed) = (id.clone(), ctx.url(&format!("/products/{id}/items")), posted.clone());
    let done = ctx
        .act(&posted, move |tx, actor| {
            actions::may_change(tx, actor, &product)?;
            let mut draft = blank(kind);
            let mut problems = Problems::default();
            apply(&typed, &mut draft, &mut problems);
            problems.done()?;
            actions::create_item(tx, actor, &product, &draft)?;
            let text = Text::new("{name} was added. It is on sale with the next version.");
            Ok(Answer::go(&back).flash(text.arg("name", draft.name.trim())))
        })
        .await;
    match done {
        Ok(response) => Ok(response),
        Err(error) => new_page(&ctx, StatusCode::UNPROCESSABLE_ENTITY, &id, kind, Some((error, &posted))).await,
    }
}

fn facts(item: &Item) -> Facts {
    Facts::new()
        .fact("Status", item_status(item.status))
        .fact("Type", Cell::text(item.kind.title()))
        .fact("MPN", Cell::copy(&item.mpn))
        .fact("Local id", Cell::copy(item.local_id()))
        .fact("Billing period", Cell::text(item.period.title()))
        .fact("Commitment", Cell::text(item.period.commitment_title(item.commitment)))
        .fact("Precision", Cell::data(item.precision.as_str()))
        .fact("Unit", Cell::data(&item.unit.title))
        .fact("Shown when ordering", Cell::text(if item.visible { "Yes" } else { "No" }))
        .fact("External id", Cell::data(item.external_id.clone().unwrap_or_default()))
        .fact("Created", Cell::maybe(item.events.at("created"), Cell::time_long))
        .fact("Updated", Cell::maybe(item.events.at("updated"), Cell::time_long))
}

fn verbs(ctx: &Ctx, item: &Item, mut head: Head, here: &str, dialogs: &mut Vec<Dialog>) -> Head {
    head = head.action(Button::link("Edit", format!("{here}/edit")).primary());
    for (verb, word, label) in [
        (ItemVerb::EndSale, "endsale", "End sale"),
        (ItemVerb::ResumeSale, "resumesale", "Resume sale"),
        (ItemVerb::Delete, "delete", "Delete"),
    ] {
        let wanted = match verb {
            ItemVerb::EndSale => item.status == ItemStatus::Published,
            ItemVerb::ResumeSale => item.status == ItemStatus::EndOfSale,
            ItemVerb::Delete => true,
        };
        if !wanted {
            continue;
        }
        head = head.action(match item_after(item.status, verb) {
            Ok(_) if verb == ItemVerb::ResumeSale => Button::post(label, format!("{here}/{word}")),
            Ok(_) => {
                dialogs.push(Dialog::new(word, label, verb_form(ctx, verb, label, &format!("{here}/{word}"))));
                Button::dialog(label, word, format!("{here}/edit")).danger()
            }
            Err(refusal) => Button::not_now(label, tell(&refusal)),
        });
    }
    head
}

fn verb_form(ctx: &Ctx, verb: ItemVerb, label: &'static str, action: &str) -> Form {
    let form = ctx.form(action, label);
    if verb != ItemVerb::EndSale {
        return form;
    }
    form.field(
        Field::text("replacement", "Replaced by")
            .hint("The id of another item of this product that is on sale.")
            .optional(),
    )
    .field(Field::area("end_of_sale_notes", "Note to distributors").rows(2).optional())
}

/// One item.
pub async fn item(ctx: Ctx, path: web::Path<(String, String, String)>) -> Result<HttpResponse, Error> {
    let (_, id, item) = path.into_inner();
    let (product, item) = ctx
        .read(move |tx, actor| Ok((actions::product(tx, actor, &id)?, actions::item(tx, actor, &id, &item)?)))
        .await?;
    let here = format!("{}/items/{}", here(&ctx, &product), item.id);
    let mut dialogs = vec![];
    let mut head = Head::new(Text::data(&item.name)).meta(Cell::copy(&item.id)).meta(item_status(item.status));
    if may_edit(&ctx, &product) {
        head = verbs(&ctx, &item, head, &here, &mut dialogs);
    }
    let mut about = Section::new("Description").words(Text::data(&item.description));
    if let Some(notes) = &item.extra.end_of_sale_notes {
        about = about.words(Text::new("End of sale: {notes}").arg("notes", notes));
    }
    let page = frame(&ctx, &product, Some("Item"));
    ctx.render(&ObjectPage {
        page,
        head,
        turn: None,
        notices: vec![],
        tabs: Some(tabs(&ctx, &product, "/items")),
        sections: vec![about],
        about: Text::new("About this item"),
        facts: facts(&item),
        dialogs,
    })
}

async fn edit_page(
    ctx: &Ctx,
    code: StatusCode,
    (id, item): (&str, &str),
    wrong: Option<(Error, &Posted)>,
) -> Result<HttpResponse, Error> {
    let (asked, wanted) = (id.to_owned(), item.to_owned());
    let (product, item, units) = ctx
        .read(move |tx, actor| {
            actions::may_change(tx, actor, &asked)?;
            let product = actions::product(tx, actor, &asked)?;
            Ok((product, actions::item(tx, actor, &asked, &wanted)?, actions::units(tx, actor)?))
        })
        .await?;
    let here = format!("{}/items/{}", here(ctx, &product), item.id);
    let frozen = item.status != ItemStatus::Draft;
    let mut form = fields(ctx.form(format!("{here}/edit"), "Save"), &ItemDraft::of(&item), &units, frozen).cancel(here);
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, renamed(error))?;
    }
    form_page(ctx, code, &product, "Edit item", form)
}

/// The form of an item.
pub async fn edit_item(ctx: Ctx, path: web::Path<(String, String, String)>) -> Result<HttpResponse, Error> {
    edit_page(&ctx, StatusCode::OK, (&path.1, &path.2), None).await
}

/// Saves an item.
pub async fn do_edit_item(
    ctx: Ctx,
    path: web::Path<(String, String, String)>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    let (_, id, item) = path.into_inner();
    let back = ctx.url(&format!("/products/{id}/items/{item}"));
    let (product, wanted, typed) = (id.clone(), item.clone(), posted.clone());
    let done = ctx
        .act(&posted, move |tx, actor| {
            actions::edit_item(tx, actor, &product, &wanted, |draft, problems| apply(&typed, draft, problems))?;
            Ok(Answer::go(&back).flash(Text::new("The item was saved.")))
        })
        .await;
    match done {
        Ok(response) => Ok(response),
        Err(error) => edit_page(&ctx, StatusCode::UNPROCESSABLE_ENTITY, (&id, &item), Some((error, &posted))).await,
    }
}

/// Ends or resumes the sale of an item, or deletes a draft.
pub async fn do_item(
    ctx: Ctx,
    path: web::Path<(String, String, String, String)>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    let (_, id, item, word) = path.into_inner();
    let verb = ItemVerb::ALL
        .iter()
        .copied()
        .find(|v| v.as_str() == word)
        .ok_or_else(|| Refusal::not_found("action", &word))?;
    let (list, here) = (ctx.url(&format!("/products/{id}/items")), ctx.url(&format!("/products/{id}/items/{item}")));
    let typed = posted.clone();
    ctx.act(&posted, move |tx, actor| {
        Ok(match verb {
            ItemVerb::EndSale => {
                let replacement = Some(typed.get("replacement").trim());
                actions::end_item_sale(tx, actor, &id, &item, replacement, typed.get("end_of_sale_notes"))?;
                Answer::go(&here).flash(Text::new("The sale of the item has ended."))
            }
            ItemVerb::ResumeSale => {
                actions::resume_item_sale(tx, actor, &id, &item)?;
                Answer::go(&here).flash(Text::new("The item is on sale again."))
            }
            ItemVerb::Delete => {
                actions::delete_item(tx, actor, &id, &item)?;
                Answer::go(&list).flash(Text::new("The draft item was deleted."))
            }
        })
    })
    .await
}
