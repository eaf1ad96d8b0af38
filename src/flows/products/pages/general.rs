//! The form of a product's general data.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::super::actions::{self, MAX_PICTURE};
use super::list::category_choices;
use super::{form_page, here};
pub(super) use crate::flows::accounts::pages::{posted_with_picture, settle};
use crate::kit::Text;
use crate::web::form::{Choice, Field, Width};
use crate::web::{Answer, Ctx, Error, Posted, explain};

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
    settle(&ctx, icon).await;
    match done {
        Ok(response) => Ok(response),
        Err(error) => edit_page(&ctx, StatusCode::UNPROCESSABLE_ENTITY, &id, Some((error, &posted))).await,
    }
}

/// A yes or no among check boxes.
pub(super) fn switch(value: &str, label: impl Into<Text>, on: bool) -> Choice {
    Choice::new(value, label).selected(on)
}

/// A line as wide as the form.
pub(super) fn wide(field: Field) -> Field {
    field.width(Width::Full)
}
