//! The versions of a product: the tab, the form that saves one, and one of them to look at.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::super::actions::{self, Seen};
use super::super::model::{Product, Snapshot, Verb, Version, next};
use super::checklist::Checklist;
use super::general::switch;
use super::product::Thumbs;
use super::{frame, head, here, item_status, may_edit, tabs};
use crate::kit::{Refusal, Text};
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::dialog::Dialog;
use crate::web::form::{Choice, Field, Form};
use crate::web::frames::{ObjectPage, Prose, Section};
use crate::web::parts::{Facts, Head};
use crate::web::status::Status;
use crate::web::table::{Boxed, Column, Narrow, Row};
use crate::web::{Answer, Ctx, Error, Posted, explain, tell};

fn visibility(version: &Version) -> Status {
    if version.public { Status::good("Public") } else { Status::draft("Private") }
}

fn fields(form: Form, seen: &Seen) -> Form {
    let choices = vec![
        Choice::new("public", "Public").hint("Distributors see it at once.").selected(seen.public),
        Choice::new("private", "Private").hint("Only you see it.").selected(!seen.public),
    ];
    form.field(Field::area("changes_description", "What has changed").rows(3).optional().value(&seen.changes))
        .field(Field::radios("visibility", "Visibility", choices))
        .field(Field::checks("staging", "Also", vec![switch("yes", "Offered to test connections", seen.staging)]))
}

fn read(posted: &Posted, seen: &mut Seen) {
    posted.get("changes_description").clone_into(&mut seen.changes);
    seen.public = posted.get("visibility") != "private";
    seen.staging = posted.checked("staging");
}

async fn versions_page(
    ctx: &Ctx,
    code: StatusCode,
    id: &str,
    wrong: Option<(Error, &Posted)>,
) -> Result<HttpResponse, Error> {
    let asked = id.to_owned();
    let (product, versions, needs) = ctx
        .read(move |tx, actor| {
            let product = actions::product(tx, actor, &asked)?;
            let versions = actions::versions(tx, actor, &asked)?;
            let needs = if product.own { actions::needs(tx, &product)?.to_vec() } else { vec![] };
            Ok((product, versions, needs))
        })
        .await?;
    let here = here(ctx, &product);
    let mut sections = vec![];
    let mut wrong_form = false;
    if may_edit(ctx, &product) {
        let seen = Seen { changes: String::new(), public: true, staging: false };
        let mut form = fields(ctx.form(format!("{here}/versions"), "Save version"), &seen);
        if let Err(refusal) = next(product.status, Verb::Save) {
            form = form.not_now(tell(&refusal));
        } else if needs.iter().any(|(_, met)| !met) {
            form = form.not_now("Something is missing; the list above says what.");
        }
        if let Some((error, posted)) = wrong {
            explain(&mut form, posted, error)?;
            wrong_form = form.is_wrong();
        }
        let note = "a copy of general data, items and pictures that never changes";
        sections.push(Section::new("Save a version").note(note).part(Checklist::new(&needs, &here)).part(form));
    }
    sections.push(list(&product, &versions, &here));
    let mut page = frame(ctx, &product, Some("Versions"));
    page.wrong = wrong_form;
    let facts = Facts::new()
        .fact("Newest version", Cell::maybe(product.latest_version, Cell::number))
        .fact("Distributors see", Cell::maybe(product.public_version, Cell::number))
        .fact("First published", Cell::maybe(product.published_at, Cell::time_long));
    let shown = ObjectPage {
        page,
        head: head(&product),
        turn: None,
        notices: vec![],
        tabs: Some(tabs(ctx, &product, "/versions")),
        sections,
        about: Text::new("About the versions"),
        facts,
        dialogs: vec![],
    };
    ctx.render_as(code, &shown)
}

fn list(product: &Product, versions: &[Version], here: &str) -> Section {
    let section = Section::new("Versions");
    if versions.is_empty() {
        return section.words("There is none yet. The first version publishes the product and its items.");
    }
    let row = |v: &Version| {
        let mut name = Cell::text(Text::new("Version {version}").arg("version", v.number))
            .to(format!("{here}/versions/{}", v.number));
        if product.public_version == Some(v.number) {
            name = name.sub(Cell::text("What distributors see"));
        }
        Row::new(
            v.number,
            vec![
                name,
                Cell::status(visibility(v)),
                Cell::data(&v.changes).wrap(),
                Cell::maybe(v.events.at("created"), Cell::time),
                Cell::maybe(v.events.0.get("created").and_then(|s| s.by.clone()), |by| Cell::person(by.name)),
            ],
        )
    };
    let columns = vec![
        Column::new("version", "Version"),
        Column::new("visibility", "Visibility"),
        Column::new("changes", "What has changed").grows(),
        Column::new("saved", "Saved"),
        Column::new("by", "By").at(Narrow::Hidden),
    ];
    section.part(Boxed::new("Versions", columns, versions.iter().map(row).collect()))
}

/// The versions of a product.
pub async fn versions(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    versions_page(&ctx, StatusCode::OK, &path.1, None).await
}

/// Saves a version.
pub async fn do_save_version(
    ctx: Ctx,
    path: web::Path<(String, String)>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let mut seen = Seen { changes: String::new(), public: true, staging: false };
    read(&posted, &mut seen);
    let (product, back) = (id.clone(), ctx.url(&format!("/products/{id}/versions")));
    let again = async |code, error| versions_page(&ctx, code, &id, Some((error, &posted))).await;
    ctx.act_or(&posted, again, move |tx, actor| {
        let number = actions::save_version(tx, actor, &product, &seen)?;
        Ok(Answer::go(&back).flash(Text::new("Version {version} was saved.").arg("version", number)))
    })
    .await
}

fn number(text: &str) -> Result<i32, Refusal> {
    text.parse().ok().filter(|n| *n > 0).ok_or_else(|| Refusal::not_found("version", text))
}

async fn version_page(
    ctx: &Ctx,
    code: StatusCode,
    (id, n): (&str, i32),
    wrong: Option<(Error, &Posted)>,
) -> Result<HttpResponse, Error> {
    let asked = id.to_owned();
    let (product, (version, kept)) = ctx
        .read(move |tx, actor| Ok((actions::product(tx, actor, &asked)?, actions::seen_version(tx, actor, &asked, n)?)))
        .await?;
    let here = format!("{}/versions/{n}", here(ctx, &product));
    let mut head =
        Head::new(Text::new("{product}, version {version}").arg("product", &kept.general.name).arg("version", n))
            .meta(visibility(&version));
    let mut dialogs = vec![];
    let mut page = frame(ctx, &product, Some("Version"));
    if may_edit(ctx, &product) {
        let seen = Seen { changes: version.changes.clone(), public: version.public, staging: version.staging };
        let mut form = fields(ctx.form(&here, "Save"), &seen);
        if let Some((error, posted)) = wrong {
            explain(&mut form, posted, error)?;
            page.wrong = form.is_wrong();
        }
        dialogs.push(Dialog::new("edit", "Edit the version", form));
        head = head.action(Button::dialog("Edit…", "edit", format!("{here}?edit")));
    }
    let mut sections = contents(&kept);
    if page.wrong || ctx.query() == "edit" {
        // Without script, and after a mistake, the form stands in the page.
        if let Some(dialog) = dialogs.pop() {
            sections.insert(0, Section::new("Edit the version").part(dialog.form));
        }
    }
    let facts = Facts::new()
        .fact("Visibility", visibility(&version))
        .fact("Test connections", Cell::text(if version.staging { "Offered" } else { "Not offered" }))
        .fact("What has changed", Cell::data(&version.changes).wrap())
        .fact("Saved", Cell::maybe(version.events.at("created"), Cell::time_long))
        .fact("Updated", Cell::maybe(version.events.at("updated"), Cell::time_long));
    let shown = ObjectPage {
        page,
        head,
        turn: None,
        notices: vec![],
        tabs: Some(tabs(ctx, &product, "/versions")),
        sections,
        about: Text::new("About this version"),
        facts,
        dialogs,
    };
    ctx.render_as(code, &shown)
}

fn contents(kept: &Snapshot) -> Vec<Section> {
    let mut about = Section::new("Description").words(Text::data(&kept.general.short_description));
    if !kept.general.detailed_description.is_empty() {
        about = about.part(Prose::new(&kept.general.detailed_description));
    }
    let row = |i: &super::super::model::Item| {
        let cells = vec![
            Cell::data(&i.name).strong().sub(Cell::id(&i.id)),
            Cell::data(&i.mpn),
            Cell::text(i.kind.title()),
            Cell::text(i.period.title()),
            Cell::data(&i.unit.title),
            Cell::status(item_status(i.status)),
        ];
        Row::new(&i.id, cells)
    };
    let columns = vec![
        Column::new("name", "Item").grows(),
        Column::new("mpn", "MPN"),
        Column::new("type", "Type"),
        Column::new("period", "Billing period").at(Narrow::Hidden),
        Column::new("unit", "Unit").at(Narrow::Hidden),
        Column::new("status", "Status"),
    ];
    let items = Boxed::new("Items", columns, kept.items.iter().map(row).collect());
    vec![
        about,
        Section::new("Items").part(items),
        Section::new("Pictures and videos").part(Thumbs { media: kept.media.clone() }),
    ]
}

/// One version.
pub async fn version(ctx: Ctx, path: web::Path<(String, String, String)>) -> Result<HttpResponse, Error> {
    version_page(&ctx, StatusCode::OK, (&path.1, number(&path.2)?), None).await
}

/// Changes who sees a version, and its description.
pub async fn do_version(
    ctx: Ctx,
    path: web::Path<(String, String, String)>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    let (_, id, n) = path.into_inner();
    let n = number(&n)?;
    let (product, back, typed) = (id.clone(), ctx.url(&format!("/products/{id}/versions/{n}")), posted.clone());
    let again = async |code, error| version_page(&ctx, code, (&id, n), Some((error, &posted))).await;
    ctx.act_or(&posted, again, move |tx, actor| {
        actions::edit_version(tx, actor, &product, n, |seen, _| read(&typed, seen))?;
        Ok(Answer::go(&back).flash(Text::new("The version was saved.")))
    })
    .await
}
