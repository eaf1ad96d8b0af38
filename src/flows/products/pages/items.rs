//! The items of a product: the tab, and one of them with what can be done to it.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::super::actions;
use super::super::model::{Item, ItemStatus, ItemVerb, Product, item_after};
use super::{STATUSES, frame, head, here, item_forms, item_status, may_edit, tabs};
use crate::kit::{Refusal, Text};
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::dialog::Dialog;
use crate::web::form::{Field, Form};
use crate::web::frames::{FormPage, ObjectPage, Section};
use crate::web::list::{Col, List};
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
    let (line_base, seen) = (base.clone(), product.view());
    let list = List::new("Items", base.clone(), &actions::ITEMS, move |tx, _, ids| {
        let line = |item: Item| Line { href: format!("{line_base}/{}", item.id), item };
        Ok(actions::items_of(tx, &seen, ids)?.into_iter().map(line).collect())
    })
    .within("product.id", &id)
    .column(Col::link("name", "Item", |l: &Line| (&l.item.name, &l.href)).at(Narrow::Left1).grows().sorted("name"))
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
    let page = frame(&ctx, &product, Some("Items"));
    ctx.list_page(list, page, top, Some(tabs(&ctx, &product, "/items"))).await
}

fn metered_button(product: &Product, base: &str) -> Button {
    if product.capabilities.ppu.is_some() {
        Button::link("Create pay-as-you-go item", format!("{base}/new?type=ppu"))
    } else {
        Button::not_now("Create pay-as-you-go item", "Pay-as-you-go is off in the product's settings.")
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
        .fact("Precision", Cell::text(item_forms::precision(item.precision)))
        .fact("Unit", Cell::data(&item.unit.title))
        .fact("Shown when ordering", Cell::text(if item.visible { "Yes" } else { "No" }))
        .fact("External id", Cell::data(item.external_id.clone().unwrap_or_default()))
        .fact("Created", Cell::maybe(item.events.at("created"), Cell::time_long))
        .fact("Updated", Cell::maybe(item.events.at("updated"), Cell::time_long))
}

fn label(verb: ItemVerb) -> &'static str {
    match verb {
        ItemVerb::EndSale => "End sale",
        ItemVerb::ResumeSale => "Resume sale",
        ItemVerb::Delete => "Delete",
    }
}

fn verbs(ctx: &Ctx, item: &Item, mut head: Head, here: &str, dialogs: &mut Vec<Dialog>) -> Head {
    head = head.action(Button::link("Edit", format!("{here}/edit")).primary());
    let sale = if item.status == ItemStatus::EndOfSale { ItemVerb::ResumeSale } else { ItemVerb::EndSale };
    for verb in [sale, ItemVerb::Delete] {
        let (label, href) = (label(verb), format!("{here}/{verb}"));
        head = head.action(match item_after(item.status, verb) {
            Ok(_) if verb == ItemVerb::ResumeSale => Button::post(label, href),
            Ok(_) => {
                dialogs.push(Dialog::new(verb.as_str(), label, verb_form(ctx, verb, &href)));
                Button::dialog(label, verb.as_str(), href).danger()
            }
            Err(refusal) => Button::not_now(label, tell(&refusal)),
        });
    }
    head
}

fn verb_form(ctx: &Ctx, verb: ItemVerb, action: &str) -> Form {
    let form = ctx.form(action, label(verb));
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

fn known(word: &str) -> Result<ItemVerb, Refusal> {
    ItemVerb::ALL.iter().copied().find(|v| v.as_str() == word).ok_or_else(|| Refusal::not_found("action", word))
}

async fn verb_page(
    ctx: &Ctx,
    code: StatusCode,
    (id, item, word): (&str, &str, &str),
    wrong: Option<(Error, &Posted)>,
) -> Result<HttpResponse, Error> {
    let verb = known(word)?;
    let (asked, wanted) = (id.to_owned(), item.to_owned());
    let (product, item) = ctx
        .read(move |tx, actor| {
            actions::may_change(tx, actor, &asked)?;
            Ok((actions::product(tx, actor, &asked)?, actions::item(tx, actor, &asked, &wanted)?))
        })
        .await?;
    let here = format!("{}/items/{}", here(ctx, &product), item.id);
    let label = label(verb);
    let mut form = verb_form(ctx, verb, &format!("{here}/{word}")).cancel(here);
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    let mut shown = FormPage::new(frame(ctx, &product, Some(label)), form);
    shown.head = Head::new(Text::new("{action:word}: {item}").arg("action", label).arg("item", &item.name));
    ctx.render_as(code, &shown)
}

/// Asks before the sale of an item is ended or a draft deleted.
pub async fn item_verb(ctx: Ctx, path: web::Path<(String, String, String, String)>) -> Result<HttpResponse, Error> {
    verb_page(&ctx, StatusCode::OK, (&path.1, &path.2, &path.3), None).await
}

/// Ends or resumes the sale of an item, or deletes a draft.
pub async fn do_item_verb(
    ctx: Ctx,
    path: web::Path<(String, String, String, String)>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    let (_, id, item, word) = path.into_inner();
    let verb = known(&word)?;
    let list = ctx.url(&format!("/products/{id}/items"));
    let here = format!("{list}/{item}");
    let (product, wanted, typed) = (id.clone(), item.clone(), posted.clone());
    let done = ctx
        .act(&posted, move |tx, actor| {
            Ok(match verb {
                ItemVerb::EndSale => {
                    let replacement = Some(typed.get("replacement").trim()).filter(|r| !r.is_empty());
                    let notes = typed.get("end_of_sale_notes");
                    actions::end_item_sale(tx, actor, &product, &wanted, replacement, notes)?;
                    Answer::go(&here).flash(Text::new("The sale of the item has ended."))
                }
                ItemVerb::ResumeSale => {
                    actions::resume_item_sale(tx, actor, &product, &wanted)?;
                    Answer::go(&here).flash(Text::new("The item is on sale again."))
                }
                ItemVerb::Delete => {
                    actions::delete_item(tx, actor, &product, &wanted)?;
                    Answer::go(&list).flash(Text::new("The draft item was deleted."))
                }
            })
        })
        .await;
    match done {
        Ok(response) => Ok(response),
        Err(error) => {
            let code = StatusCode::UNPROCESSABLE_ENTITY;
            verb_page(&ctx, code, (&id, &item, &word), Some((error, &posted))).await
        }
    }
}
