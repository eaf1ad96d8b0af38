//! Items of a product.

use actix_web::{HttpResponse, web};

use super::products::ending;
use super::wire;
use crate::flows::products::actions::{self, ITEMS};
use crate::flows::products::model::{self, ItemDraft, ItemKind, Period, Precision};
use crate::kit::{ItemId, Problems, Refusal, Text};
use crate::rest::{Caller, Error, Fields};

/// Ids of the items that others mention.
fn mentioned(items: &[model::Item]) -> Vec<String> {
    let ids = items.iter().flat_map(|i| [&i.extra.parent, &i.extra.replacement]).flatten();
    ids.map(ItemId::to_string).collect()
}

/// The items of a product.
pub async fn items(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    let product = path.into_inner();
    let view = caller.read(move |tx, actor| actions::view(tx, actor, &product)).await?;
    caller
        .list_within(&ITEMS, vec![("product.id", view.id.to_string())], move |tx, _, ids, _| {
            let found = actions::items_of(tx, &view, ids)?;
            let others = mentioned(&found);
            let others = if others.is_empty() { vec![] } else { actions::items_of(tx, &view, &others)? };
            Ok(found.into_iter().map(|i| wire::Item::of(i, &others)).collect())
        })
        .await
}

/// Answers the item that `$act` gives the id of.
macro_rules! answer {
    ($caller:expr, $status:literal, $product:ident, |$tx:ident, $actor:ident| $act:expr) => {
        $caller
            .act($status, move |$tx, $actor| {
                let id = $act;
                let item = actions::item($tx, $actor, &$product, id.as_str())?;
                let others = mentioned(std::slice::from_ref(&item));
                let others = actions::items($tx, $actor, &$product, &others)?;
                Ok(wire::Item::of(item, &others))
            })
            .await
    };
}

/// One item.
pub async fn item(caller: Caller, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (product, id) = path.into_inner();
    caller
        .one(move |tx, actor| {
            let item = actions::item(tx, actor, &product, &id)?;
            let others = mentioned(std::slice::from_ref(&item));
            let others = actions::items(tx, actor, &product, &others)?;
            Ok(wire::Item::of(item, &others))
        })
        .await
}

/// Applies what a body says to a draft; what is absent stays.
fn apply(fields: &Fields, draft: &mut ItemDraft, problems: &mut Problems) {
    if let Some(text) = fields.text("display_name", problems) {
        draft.name = text;
    }
    for (name, slot) in [("name", &mut draft.name), ("mpn", &mut draft.mpn), ("description", &mut draft.description)] {
        if let Some(text) = fields.text(name, problems) {
            *slot = text;
        }
    }
    word(fields, "type", ItemKind::WORDS, problems, |w| ItemKind::parse(w).map(|k| draft.kind = k));
    word(fields, "period", Period::WORDS, problems, |w| Period::parse(w).map(|p| draft.period = p));
    word(fields, "precision", Precision::WORDS, problems, |w| Precision::parse(w).map(|p| draft.precision = p));
    if let Some(id) = fields.reference("unit", problems) {
        draft.unit = id;
    }
    if let Some(commitment) = fields.object("commitment", problems)
        && let Some(count) = commitment.whole("count", problems)
    {
        draft.commitment = i32::try_from(count).unwrap_or(i32::MAX);
    }
    if let Some(ui) = fields.object("ui", problems)
        && let Some(visible) = ui.flag("visibility", problems)
    {
        draft.visible = visible;
    }
    if fields.has("external_id") {
        draft.external_id = fields.text("external_id", problems);
    }
    if fields.is_null("parent") {
        draft.parent = None;
    } else if let Some(id) = fields.reference("parent", problems) {
        draft.parent = ItemId::parse(&id);
        if draft.parent.is_none() {
            problems.add("parent", Text::new("{id} is not an item's id.").arg("id", id));
        }
    }
}

fn word(fields: &Fields, name: &str, words: &[&str], problems: &mut Problems, take: impl FnOnce(&str) -> Option<()>) {
    if let Some(given) = fields.text(name, problems)
        && take(&given).is_none()
    {
        let text = Text::new("{given} is not one of: {words}. Use one of these.");
        problems.add(name, text.arg("given", given).arg("words", words.join(", ")));
    }
}

/// What a body says about a new item.
fn read(fields: &Fields) -> Result<ItemDraft, Refusal> {
    let mut draft = ItemDraft {
        mpn: String::new(),
        name: String::new(),
        description: String::new(),
        kind: ItemKind::Reservation,
        period: Period::Monthly,
        commitment: 1,
        precision: Precision::Integer,
        unit: String::new(),
        visible: true,
        external_id: None,
        parent: None,
    };
    let mut problems = Problems::default();
    apply(fields, &mut draft, &mut problems);
    problems.done().map(|()| draft)
}

/// Makes a draft item.
pub async fn create_item(caller: Caller, path: web::Path<String>) -> Result<HttpResponse, Error> {
    let (product, fields) = (path.into_inner(), caller.fields()?);
    answer!(caller, 201, product, |tx, actor| {
        actions::may_change(tx, actor, &product)?;
        actions::create_item(tx, actor, &product, &read(&fields)?)?
    })
}

/// Changes an item.
pub async fn edit_item(caller: Caller, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let ((product, id), fields) = (path.into_inner(), caller.fields()?);
    answer!(caller, 200, product, |tx, actor| actions::edit_item(tx, actor, &product, &id, |draft, problems| apply(
        &fields, draft, problems
    ))?)
}

/// Deletes a draft item.
pub async fn delete_item(caller: Caller, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (product, id) = path.into_inner();
    caller.act_empty(move |tx, actor| actions::delete_item(tx, actor, &product, &id)).await
}

/// Ends the sale of an item.
pub async fn end_item_sale(caller: Caller, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let ((product, id), (replacement, notes)) = (path.into_inner(), ending(&caller)?);
    answer!(caller, 200, product, |tx, actor| actions::end_item_sale(
        tx,
        actor,
        &product,
        &id,
        replacement.as_deref(),
        &notes
    )?)
}

/// Puts an item on sale again.
pub async fn resume_item_sale(caller: Caller, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (product, id) = path.into_inner();
    answer!(caller, 200, product, |tx, actor| actions::resume_item_sale(tx, actor, &product, &id)?)
}
