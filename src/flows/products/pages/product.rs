//! A product's first tab: what it is, its pictures and settings, its timeline.

use actix_web::{HttpResponse, web};
use askama::Template;

use super::super::actions;
use super::super::model::{Medium, Product, ProductStatus, SWITCHES, Verb, next};
use super::checklist::Checklist;
use super::ending::{DELETED, ENDED, delete_form, end_form};
use super::{frame, head, here, may_edit, status, tabs};
use crate::journal;
use crate::kit::Text;
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::dialog::Dialog;
use crate::web::filters;
use crate::web::frames::{ObjectPage, Prose, Section};
use crate::web::moments;
use crate::web::parts::{Facts, Head, Notice};
use crate::web::{Ctx, Error, tell};

/// Pictures beside each other.
#[derive(Debug, Template)]
#[template(path = "products/thumbs.html")]
pub(super) struct Thumbs {
    pub(super) media: Vec<Medium>,
}

/// One product.
pub async fn product(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let (product, media, needs, moments) = ctx
        .read(move |tx, actor| {
            let product = actions::product(tx, actor, &id)?;
            let media = actions::media(tx, actor, &id)?;
            let needs = if product.own { Some(actions::needs(tx, &product)?) } else { None };
            Ok((product, media, needs, journal::seen_by(tx, actor, "product", &id, 50)?))
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
        about = about.part(Prose::new(&product.general.detailed_description));
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
    let mut sections = vec![about, pictures, settings, moments::story(&ctx, &product.id, moments)];
    if let (Some(needs), ProductStatus::Draft, true) = (needs, product.status, edit) {
        let note = "what distributors see begins with version 1";
        let list = Section::new("Before the first version").note(note).part(Checklist::new(&needs, &here));
        sections.insert(0, list);
    }
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
            let mut cell = Cell::text(Text::new("On, reporting schema {schema:word}").arg("schema", ppu.schema));
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
