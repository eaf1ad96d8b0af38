//! What an order contains: items with quantities, and the parameters that the vendor asks for.

use actix_web::{HttpResponse, web};

use super::super::super::actions::Sheet;
use super::super::super::model::{
    Line, MAX_EXTERNAL, Param, Step, WANTED, answers, apply_edits, at_quantities, fresh, is_offered, quantity_field,
};
use super::super::parameters::{ParameterForm, asked, typed};
use super::{BACK, GO, LEAVE, at, keep, open, render, state, step_form};
use crate::flows::products::model::{Item, ItemKind};
use crate::kit::{Quantity, Refusal, Text};
use crate::web::cell::Cell;
use crate::web::form::{Control, Field, Form, Width};
use crate::web::part::Part;
use crate::web::parts::Head;
use crate::web::{Ctx, Error, Posted, explain};

/// An item with its quantity in one line.
pub(in super::super) fn line_cell(line: &Line) -> Cell {
    let cell = Cell::text(Text::new("{quantity} × {name}").arg("quantity", said(line)).arg("name", &line.name));
    match line.kind {
        ItemKind::Ppu => Cell::data(&line.name).sub(Cell::text("as used")),
        ItemKind::Reservation => cell.sub(Cell::text(period(line))),
    }
}

/// The quantity as people read it.
pub(super) fn said(line: &Line) -> String {
    match line.quantity {
        Quantity::Of(amount) => amount.to_string(),
        Quantity::Unlimited => "∞".to_owned(),
    }
}

/// Unit and period of a line.
pub(super) fn period(line: &Line) -> Text {
    Text::new("{unit}, {period:word}").arg("unit", &line.unit).arg("period", line.period.title())
}

// ---- items ----

/// What a quantity counts and how finely it may be given.
fn hint(item: &Item) -> Text {
    let text = match item.precision.places() {
        0 => Text::new("{mpn} · {period:word} · whole numbers"),
        _ => Text::new("{mpn} · {period:word} · at most {places} digits behind the point"),
    };
    text.arg("mpn", &item.mpn).arg("period", item.period.title()).arg("places", item.precision.places())
}

/// With a smaller line under the words of a check box.
fn beside_box(mut field: Field, hint: impl Into<Text>) -> Field {
    if let Control::Check(choice) = &mut field.control {
        choice.hint = Some(hint.into());
    }
    field
}

fn item_field(item: &Item, sheet: &Sheet) -> Field {
    let name = quantity_field(item);
    let kept = sheet.draft().quantities.get(item.id.as_str()).map(String::as_str);
    match item.kind {
        ItemKind::Reservation => Field::number(name, Text::data(&item.name))
            .hint(hint(item))
            .affix(Text::data(&item.unit.title))
            .width(Width::Medium)
            .optional()
            .value(kept.unwrap_or_default()),
        ItemKind::Ppu => {
            let words = Text::new("{name}, paid as it is used").arg("name", &item.name);
            // At first everything that costs nothing until it is used is part of the order.
            let wanted = kept.is_none_or(|k| k == WANTED);
            let hint = Text::new("{mpn} · counted in {unit}").arg("mpn", &item.mpn).arg("unit", &item.unit.title);
            let field = beside_box(Field::check(name, Text::data(&item.name), words), hint);
            if wanted { field.value(WANTED) } else { field }
        }
    }
}

fn items_form(ctx: &Ctx, sheet: &Sheet) -> Form {
    let offered: Vec<&Item> = sheet.definition.items.iter().filter(|i| is_offered(i)).collect();
    let form = step_form(sheet, at(ctx, &sheet.written.id, "items"), true);
    offered.into_iter().fold(form, |form, item| form.field(item_field(item, sheet)))
}

fn items_page(ctx: &Ctx, sheet: &Sheet, wrong: Option<(Error, &Posted)>) -> Result<HttpResponse, Error> {
    let mut form = items_form(ctx, sheet);
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    let head = Head::new("How many of what?").lede("Leave the quantity of an item empty if it is not ordered.");
    render(ctx, sheet, Step::Items, head, state(&form), vec![Part::new(form)])
}

/// The items of an order.
pub async fn order_items(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    match open(&ctx, &path.1, Step::Items).await? {
        Ok(sheet) => items_page(&ctx, &sheet, None),
        Err(elsewhere) => Ok(elsewhere),
    }
}

/// Keeps the items of an order.
pub async fn do_order_items(
    ctx: Ctx,
    path: web::Path<(String, String)>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let sheet = match open(&ctx, &id, Step::Items).await? {
        Ok(sheet) => sheet,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let items = &sheet.definition.items;
    let mut draft = sheet.draft().clone();
    draft.quantities = items
        .iter()
        .filter(|i| is_offered(i))
        .map(|i| (i.id.to_string(), posted.get(&quantity_field(i)).chars().take(64).collect()))
        .collect();
    if let Err(refusal) = draft.lines(items)
        && !matches!(posted.get(GO), BACK | LEAVE)
    {
        return items_page(&ctx, &sheet, Some((at_quantities(refusal, items).into(), &posted)));
    }
    let quantities = draft.quantities;
    keep(&ctx, &posted, &id, at(&ctx, &id, "customer"), move |draft| draft.quantities.clone_from(&quantities)).await
}

// ---- parameters ----

/// The fields that belong to the order and not to the product.
fn own_fields(form: Form, sheet: &Sheet, has_required: bool) -> Form {
    let draft = sheet.draft();
    let mut form = form;
    if has_required {
        let words = Text::new("Ask the customer for what is empty");
        let hint = "The customer’s contact gets an e-mail with a form; the vendor receives the order once it was sent.";
        let field = beside_box(Field::check("ask", "Ask the customer", words), hint);
        form = form.field(if draft.ask { field.value("yes") } else { field });
    }
    form = form.field(
        Field::text("external_id", "Your order number")
            .hint("The number that the subscription has in your own system.")
            .optional()
            .value(&draft.external_id),
    );
    if sheet.abilities().schedule {
        form = form.field(
            Field::date("planned_date", "Not before")
                .hint("The vendor receives the order on this day. Empty means at once.")
                .optional()
                .value(&draft.planned),
        );
    }
    form
}

fn parameters_page(
    ctx: &Ctx,
    sheet: &Sheet,
    params: &[Param],
    wrong: Option<(Refusal, &Posted)>,
) -> Result<HttpResponse, Error> {
    let shown = asked(params);
    let has_required = shown.iter().any(|p| p.takes_value() && p.flags(params).required);
    let form = step_form(sheet, at(ctx, &sheet.written.id, "parameters"), true);
    let mut form = ParameterForm::new(own_fields(form, sheet, has_required), &shown, params);
    let draft = sheet.draft();
    if let Some((refusal, posted)) = wrong {
        explain(form.form(), posted, refusal.into())?;
    } else if !draft.answers.is_empty() {
        // What was left half typed is shown as it was.
        let kept =
            draft.answers.iter().flat_map(|(name, values)| values.iter().map(move |v| (name.as_str(), v.as_str())));
        let own = [("ask", "yes")].into_iter().filter(|_| draft.ask);
        form.form().fill_pairs(&kept.chain(own).collect::<Vec<_>>());
    }
    let status = state(form.form());
    let vendor = sheet.outlets.first().map(|o| o.vendor_name.clone()).unwrap_or_default();
    let title = if shown.is_empty() {
        Text::new("Anything else?")
    } else {
        Text::new("What {vendor} needs to set it up").arg("vendor", vendor)
    };
    render(ctx, sheet, Step::Parameters, Head::new(title), status, vec![Part::new(form)])
}

/// The parameters as they were answered, whatever is wrong with them.
fn answered(sheet: &Sheet, answers: &answers::Answers) -> Vec<Param> {
    let mut params = fresh(&sheet.definition.parameters);
    for edit in answers::edits(&params.clone(), answers) {
        // What is wrong was told when it was typed; here what is right counts.
        let _ = apply_edits(&mut params, std::slice::from_ref(&edit), super::super::super::model::buyers_part);
    }
    params
}

/// The parameters of an order.
pub async fn order_parameters(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    match open(&ctx, &path.1, Step::Parameters).await? {
        Ok(sheet) => parameters_page(&ctx, &sheet, &answered(&sheet, &sheet.draft().answers), None),
        Err(elsewhere) => Ok(elsewhere),
    }
}

/// Keeps the parameters of an order.
pub async fn do_order_parameters(
    ctx: Ctx,
    path: web::Path<(String, String)>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let sheet = match open(&ctx, &id, Step::Parameters).await? {
        Ok(sheet) => sheet,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let before = answered(&sheet, &sheet.draft().answers);
    let shown: Vec<&Param> = asked(&before);
    let mut draft = sheet.draft().clone();
    let given = typed(&shown, &posted, &draft.answers);
    draft.answers.extend(given);
    draft.ask = posted.checked("ask");
    posted.get("external_id").trim().clone_into(&mut draft.external_id);
    posted.get("planned_date").trim().clone_into(&mut draft.planned);
    let (after, mut problems) = draft.params(&sheet.definition.parameters);
    problems.extend(draft.planned_at().err());
    if draft.external_id.chars().count() > MAX_EXTERNAL {
        let text = Text::new("This is {count} characters long; at most {max} are allowed. Shorten it.");
        problems.push(crate::kit::FieldProblem {
            field: "external_id".to_owned(),
            text: text.arg("count", draft.external_id.chars().count()).arg("max", MAX_EXTERNAL),
        });
    }
    let stays = matches!(posted.get(GO), BACK | LEAVE);
    // Some parameters are asked only for some answers of others: then the step is shown again with them.
    let more = asked(&after).iter().any(|p| p.takes_value() && shown.iter().all(|s| s.name() != p.name()));
    if !stays && !problems.is_empty() {
        let refusal = Refusal::fields(problems);
        return parameters_page(&ctx, &sheet, &after, Some((refusal, &posted)));
    }
    let answered = !more && (!stays || draft.answered);
    keep(&ctx, &posted, &id, at(&ctx, &id, "items"), move |kept| {
        kept.answers.clone_from(&draft.answers);
        kept.ask = draft.ask;
        kept.external_id.clone_from(&draft.external_id);
        kept.planned.clone_from(&draft.planned);
        kept.answered = answered;
    })
    .await
}
