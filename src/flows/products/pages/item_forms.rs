//! The forms that make and change an item.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::super::actions;
use super::super::model::{ItemDraft, ItemKind, ItemStatus, Period, Precision, UnitOfMeasure};
use super::general::wide;
use super::{form_page, here};
use crate::kit::{Problems, Text};
use crate::web::form::{Choice, Field, Form};
use crate::web::{Answer, Ctx, Error, Posted, explain};

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
        let choice = |p: &Precision| Choice::new(p.as_str(), precision(*p)).selected(*p == draft.precision);
        let all = Precision::ALL.iter().map(choice).collect();
        form = form.field(lock(Field::select("precision", "Precision", all)));
    }
    let mut choices = vec![Choice::new("", "Choose a unit")];
    let fitting = units.iter().filter(|u| u.kind == draft.kind);
    // The shared ones are part of the program.
    let words = |u: &UnitOfMeasure| match u.owner {
        Some(_) => Text::data(&u.description),
        None => Text::kept(&u.description),
    };
    choices.extend(fitting.map(|u| Choice::new(&u.id, words(u)).selected(u.id == draft.unit)));
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
    let again = async |code, error| new_page(&ctx, code, &id, kind, Some((error, &posted))).await;
    ctx.act_or(&posted, again, move |tx, actor| {
        actions::may_change(tx, actor, &product)?;
        let mut draft = blank(kind);
        let mut problems = Problems::default();
        apply(&typed, &mut draft, &mut problems);
        problems.done()?;
        actions::create_item(tx, actor, &product, &draft)?;
        let text = Text::new("{name} was added. It is on sale with the next version.");
        Ok(Answer::go(&back).flash(text.arg("name", draft.name.trim())))
    })
    .await
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
    let again = async |code, error| edit_page(&ctx, code, (&id, &item), Some((error, &posted))).await;
    ctx.act_or(&posted, again, move |tx, actor| {
        actions::edit_item(tx, actor, &product, &wanted, |draft, problems| apply(&typed, draft, problems))?;
        Ok(Answer::go(&back).flash(Text::new("The item was saved.")))
    })
    .await
}

/// How finely an item is counted.
pub(super) fn precision(precision: Precision) -> Text {
    match precision {
        Precision::Integer => Text::new("Whole numbers"),
        other => Text::new("{places|{places} decimal place|{places} decimal places}").arg("places", other.places()),
    }
}
