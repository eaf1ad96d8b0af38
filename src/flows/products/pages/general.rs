//! A product's first tab: what it is, its pictures and settings, its timeline; and the form of its general data.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::super::actions::{self, MAX_PICTURE, Picture};
use super::super::model::{Medium, Product, ProductStatus, SWITCHES, Verb, next};
use super::list::category_choices;
use super::{form_page, frame, head, here, may_edit, status, tabs};
use crate::journal;
use crate::kit::{Refusal, Text};
use crate::rest::multipart;
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::dialog::Dialog;
use crate::web::filters;
use crate::web::form::{Choice, Field, Form, Width};
use crate::web::frames::{FormPage, ObjectPage, Section};
use crate::web::markdown::Markdown;
use crate::web::moments;
use crate::web::parts::{Facts, Head, Notice};
use crate::web::{Answer, Ctx, Error, Posted, explain, tell};

/// Pictures beside each other.
#[derive(Debug, Template)]
#[template(path = "products/thumbs.html")]
pub(super) struct Thumbs {
    pub(super) media: Vec<Medium>,
}

/// Somebody's Markdown in a page.
#[derive(Debug, Template)]
#[template(ext = "html", source = r#"<div class="prose">{{ text }}</div>"#)]
pub(super) struct Prose {
    pub(super) text: Markdown,
}

/// One product.
pub async fn product(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let (product, media, moments) = ctx
        .read(move |tx, actor| {
            let product = actions::product(tx, actor, &id)?;
            let media = actions::media(tx, actor, &id)?;
            Ok((product, media, journal::seen_by(tx, actor, "product", &id, 50)?))
        })
        .await?;
    let mut dialogs = vec![];
    let edit = may_edit(&ctx, &product);
    let here = here(&ctx, &product);
    let mut about = Section::new("Description");
    if edit {
        about = about.link("Edit", format!("{here}/edit"));
    }
    about = match product.general.short_description.as_str() {
        "" => about.words("There is no description yet."),
        words => about.words(Text::data(words)),
    };
    if !product.general.detailed_description.is_empty() {
        about = about.part(Prose { text: Markdown::new(&product.general.detailed_description) });
    }
    let mut pictures = Section::new("Pictures and videos");
    if edit {
        pictures = pictures.link("Edit", format!("{here}/media"));
    }
    pictures = if media.is_empty() {
        pictures.words("There is none yet. The first version needs one.")
    } else {
        pictures.part(Thumbs { media })
    };
    let mut settings = Section::new("Settings").note("they count for every version at once");
    if edit {
        settings = settings.link("Edit", format!("{here}/settings"));
    }
    let settings = settings.part(abilities(&product));
    let sections = vec![about, pictures, settings, Section::new("Timeline").part(moments::timeline(moments))];
    let shown = ObjectPage {
        page: frame(&ctx, &product, None),
        head: verbs(&ctx, &product, &mut dialogs),
        turn: None,
        notices: notices(&ctx, &product),
        tabs: Some(tabs(&ctx, &product, "")),
        sections,
        about: Text::new("About this product"),
        facts: facts(&product),
        dialogs,
    };
    ctx.render(&shown)
}

/// The head with what can be done now, and what not with the reason.
fn verbs(ctx: &Ctx, product: &Product, dialogs: &mut Vec<Dialog>) -> Head {
    let mut head = head(product);
    if !may_edit(ctx, product) {
        return head;
    }
    let here = here(ctx, product);
    head = head.action(match next(product.status, Verb::Save) {
        Ok(_) => Button::link("Save a version", format!("{here}/versions")).primary(),
        Err(refusal) => Button::not_now("Save a version", tell(&refusal)),
    });
    if product.public_version.is_some() && product.status == ProductStatus::Published {
        let href = ctx.url(&format!("/listings/request?product={}", product.id));
        head = head.action(Button::link("Request listing", href));
    }
    head = match product.status {
        ProductStatus::Draft => {
            dialogs.push(Dialog::new("delete", "Delete the draft", delete_form(ctx, product)).text(DELETED));
            head.action(Button::dialog("Delete…", "delete", format!("{here}/delete")).danger())
        }
        ProductStatus::Published => {
            dialogs.push(Dialog::new("end-sale", "End the sale", end_form(ctx, product)).text(ENDED));
            head.action(Button::dialog("End sale…", "end-sale", format!("{here}/end-sale")).danger())
        }
        ProductStatus::EndOfSale => head.action(Button::post("Resume sale", format!("{here}/resume-sale"))),
    };
    head
}

const DELETED: &str = "It is deleted for good, with its items, parameters and templates.";
const ENDED: &str =
    "Distributors are told. Subscriptions go on; new listings are not possible until you resume the sale.";

fn delete_form(ctx: &Ctx, product: &Product) -> Form {
    ctx.form(format!("{}/delete", here(ctx, product)), "Delete")
}

fn end_form(ctx: &Ctx, product: &Product) -> Form {
    ctx.form(format!("{}/end-sale", here(ctx, product)), "End sale")
        .field(
            Field::text("replacement", "Replaced by")
                .hint("The id of another published product of yours, PRD-123-456-789.")
                .optional(),
        )
        .field(Field::area("end_of_sale_notes", "Note to distributors").rows(3).optional())
}

fn notices(ctx: &Ctx, product: &Product) -> Vec<Notice> {
    let mut notices = vec![];
    if product.status == ProductStatus::EndOfSale {
        let mut notice = Notice::new(if product.end_of_sale_notes.is_empty() {
            Text::new("It cannot be listed any more. Subscriptions go on.")
        } else {
            Text::data(&product.end_of_sale_notes)
        })
        .title("The sale of this product has ended");
        if let Some(next) = &product.replacement {
            let href = ctx.url(&format!("/products/{}", next.id));
            notice = notice.action(Button::link(Text::new("See {name}").arg("name", &next.name), href));
        }
        notices.push(notice);
    }
    notices
}

fn facts(product: &Product) -> Facts {
    let general = &product.general;
    let versions = product.latest_version.unwrap_or(0);
    let mut facts = Facts::new()
        .fact("Status", status(product.status))
        .fact("Category", Cell::maybe(general.category.as_ref(), |c| Cell::data(&c.name)))
        .fact("Vendor", Cell::data(&product.owner.name).sub(Cell::id(&product.owner.id)));
    if product.own {
        facts = facts
            .fact("External id", Cell::data(general.external_id.clone().unwrap_or_default()))
            .fact("Versions", Cell::number(versions));
    }
    facts
        .fact(
            "Distributors see",
            Cell::maybe(product.public_version, |v| Cell::text(Text::new("Version {version}").arg("version", v))),
        )
        .fact("Listed", Cell::text(if product.listed { "Yes" } else { "No" }))
        .fact("Published", Cell::maybe(product.published_at, Cell::time_long))
        .fact("Created", Cell::maybe(product.events.at("created"), Cell::time_long))
        .fact("Updated", Cell::maybe(product.events.at("updated"), Cell::time_long))
}

/// What the product can do.
fn abilities(product: &Product) -> Facts {
    let c = &product.capabilities;
    let on = |on: bool| Cell::text(if on { "On" } else { "Off" });
    let mut facts = Facts::new().in_rows();
    facts = match &c.ppu {
        None => facts.fact("Pay-as-you-go", on(false)),
        Some(ppu) => {
            let words = [("Dynamic items", ppu.dynamic), ("Future charges", ppu.future), ("Late charges", ppu.late)];
            let extra: Vec<Cell> = words.iter().filter(|(_, on)| *on).map(|(w, _)| Cell::text(*w)).collect();
            let mut cell = Cell::text(Text::new("On, reporting schema {schema}").arg("schema", ppu.schema));
            for word in extra {
                cell = cell.sub(word);
            }
            facts.fact("Pay-as-you-go", cell)
        }
    };
    let level = c.tiers.configs.as_ref().map(|t| t.level);
    facts = facts
        .fact("Reseller authorization", Cell::maybe(level, |n| Cell::text(Text::new("Level {level}").arg("level", n))));
    for switch in SWITCHES.iter().filter(|s| s.on(c)) {
        facts = facts.fact(switch.title, on(true));
    }
    facts
}

// ---- general data ----

async fn edit_page(
    ctx: &Ctx,
    code: StatusCode,
    id: &str,
    wrong: Option<(Error, &Posted)>,
) -> Result<HttpResponse, Error> {
    let asked = id.to_owned();
    let (product, categories) = ctx
        .read(move |tx, actor| {
            actions::may_change(tx, actor, &asked)?;
            Ok((actions::product(tx, actor, &asked)?, actions::categories(tx, actor)?))
        })
        .await?;
    let general = &product.general;
    let chosen = general.category.as_ref().map(|c| c.id.as_str());
    let ui = &general.ui;
    let mut form = ctx
        .form(format!("{}/edit", here(ctx, &product)), "Save")
        .revision(product.revision)
        .field(Field::text("name", "Name").hint("At most 255 characters.").value(&general.name))
        .field(Field::select("category", "Category", category_choices(&categories, chosen)).optional())
        .field(
            Field::text("external_id", "External id")
                .optional()
                .value(general.external_id.as_deref().unwrap_or_default()),
        )
        .field(
            Field::area("short_description", "Short description")
                .hint("One or two sentences, at most 512 characters.")
                .rows(2)
                .optional()
                .value(&general.short_description),
        )
        .field(
            Field::area("detailed_description", "Overview")
                .hint("Markdown: # for headings, ** for bold, - for lists.")
                .rows(10)
                .optional()
                .value(&general.detailed_description),
        )
        .field(
            Field::area("getting_started", "First steps for customers")
                .hint("Markdown, at most 4,096 characters.")
                .rows(5)
                .optional()
                .value(&ui.getting_started),
        )
        .field(
            Field::file("icon", "Icon", ".png,.jpg,.jpeg,.gif,.webp", MAX_PICTURE)
                .hint("A square picture, best a PNG without background. Empty: the present one stays.")
                .optional(),
        )
        .cancel(here(ctx, &product));
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    form_page(ctx, code, &product, "Edit general data", form)
}

/// The form of the general data.
pub async fn edit_product(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    edit_page(&ctx, StatusCode::OK, &path.1, None).await
}

/// Reads a form with a picture: its fields, and the picture, kept.
pub(super) async fn posted_with_picture(
    ctx: &Ctx,
    req: &HttpRequest,
    payload: web::Payload,
    field: &'static str,
) -> Result<(Posted, Result<Option<Picture>, Refusal>), Error> {
    let files = ctx.services().files.clone();
    let parts = multipart::read(req.headers(), payload, &files, &[field], MAX_PICTURE).await?;
    let posted = Posted::of_parts(&ctx.services().secret, ctx.path(), &parts);
    let Some(staged) = parts.file(&[field]).map(|f| f.staged.clone()) else { return Ok((posted, Ok(None))) };
    let picture = web::block(move || actions::keep_picture(&files, field, &staged)).await?;
    Ok((posted, picture.map(Some)))
}

/// Throws a picture away if the action that wanted it did not happen.
pub(super) async fn settle(ctx: &Ctx, picture: Option<Picture>) -> Result<(), Error> {
    if let Some(picture) = picture {
        let services = ctx.services().clone();
        web::block(move || actions::settle_picture(&services.db, &services.files, &picture)).await??;
    }
    Ok(())
}

/// Saves the general data.
pub async fn do_edit_product(
    ctx: Ctx,
    path: web::Path<(String, String)>,
    req: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let (posted, picture) = posted_with_picture(&ctx, &req, payload, "icon").await?;
    let icon = match picture {
        Ok(icon) => icon,
        Err(refusal) => {
            return edit_page(&ctx, StatusCode::UNPROCESSABLE_ENTITY, &id, Some((refusal.into(), &posted))).await;
        }
    };
    let (product, back, typed, picture) =
        (id.clone(), ctx.url(&format!("/products/{id}")), posted.clone(), icon.clone());
    let done = ctx
        .act(&posted, move |tx, actor| {
            actions::edit(tx, actor, &product, typed.revision(), picture.as_ref(), |next, _| {
                let text = |name: &str| typed.get(name).to_owned();
                let general = &mut next.general;
                general.name = text("name");
                general.external_id = Some(text("external_id"));
                general.short_description = text("short_description");
                general.detailed_description = text("detailed_description");
                general.ui.getting_started = text("getting_started");
                next.category = Some(text("category")).filter(|c| !c.is_empty());
            })?;
            Ok(Answer::go(&back).flash(Text::new("The product was saved.")))
        })
        .await;
    settle(&ctx, icon).await?;
    match done {
        Ok(response) => Ok(response),
        Err(error) => edit_page(&ctx, StatusCode::UNPROCESSABLE_ENTITY, &id, Some((error, &posted))).await,
    }
}

// ---- ending ----

async fn ending_page(
    ctx: &Ctx,
    code: StatusCode,
    id: &str,
    verb: Verb,
    wrong: Option<(Error, &Posted)>,
) -> Result<HttpResponse, Error> {
    let asked = id.to_owned();
    let product = ctx
        .read(move |tx, actor| {
            actions::may_change(tx, actor, &asked)?;
            actions::product(tx, actor, &asked)
        })
        .await?;
    let (title, words, form) = match verb {
        Verb::Delete => ("Delete the draft", DELETED, delete_form(ctx, &product)),
        _ => ("End the sale", ENDED, end_form(ctx, &product)),
    };
    let mut form = form.cancel(here(ctx, &product));
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    let mut shown = FormPage::new(frame(ctx, &product, Some(title)), form);
    shown.head = Head::new(title).lede(words);
    ctx.render_as(code, &shown)
}

/// Asks before a draft is deleted.
pub async fn delete_product(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    ending_page(&ctx, StatusCode::OK, &path.1, Verb::Delete, None).await
}

/// Deletes a draft.
pub async fn do_delete_product(
    ctx: Ctx,
    path: web::Path<(String, String)>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let (product, back) = (id.clone(), ctx.url("/products"));
    let done = ctx
        .act(&posted, move |tx, actor| {
            actions::delete(tx, actor, &product)?;
            Ok(Answer::go(&back).flash(Text::new("The draft was deleted.")))
        })
        .await;
    match done {
        Ok(response) => Ok(response),
        Err(error) => {
            ending_page(&ctx, StatusCode::UNPROCESSABLE_ENTITY, &id, Verb::Delete, Some((error, &posted))).await
        }
    }
}

/// Asks before a sale is ended.
pub async fn end_product_sale(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    ending_page(&ctx, StatusCode::OK, &path.1, Verb::EndSale, None).await
}

/// Ends the sale.
pub async fn do_end_product_sale(
    ctx: Ctx,
    path: web::Path<(String, String)>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let (product, back, typed) = (id.clone(), ctx.url(&format!("/products/{id}")), posted.clone());
    let done = ctx
        .act(&posted, move |tx, actor| {
            let replacement = Some(typed.get("replacement").trim()).filter(|r| !r.is_empty());
            actions::end_sale(tx, actor, &product, replacement, typed.get("end_of_sale_notes"))?;
            Ok(Answer::go(&back).flash(Text::new("The sale has ended.")))
        })
        .await;
    match done {
        Ok(response) => Ok(response),
        Err(error) => {
            ending_page(&ctx, StatusCode::UNPROCESSABLE_ENTITY, &id, Verb::EndSale, Some((error, &posted))).await
        }
    }
}

/// Puts a product on sale again.
pub async fn do_resume_product_sale(
    ctx: Ctx,
    path: web::Path<(String, String)>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let back = ctx.url(&format!("/products/{id}"));
    ctx.act(&posted, move |tx, actor| {
        actions::resume_sale(tx, actor, &id)?;
        Ok(Answer::go(&back).flash(Text::new("The product is on sale again.")))
    })
    .await
}

/// A yes or no among check boxes.
pub(super) fn switch(value: &str, label: impl Into<Text>, on: bool) -> Choice {
    Choice::new(value, label).selected(on)
}

/// A line as wide as the form.
pub(super) fn wide(field: Field) -> Field {
    field.width(Width::Full)
}
