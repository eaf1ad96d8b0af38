//! What ends or resumes the sale of a product, and what deletes a draft.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::super::actions;
use super::super::model::{Product, Verb};
use super::{frame, here};
use crate::kit::Text;
use crate::web::form::{Field, Form};
use crate::web::frames::FormPage;
use crate::web::parts::Head;
use crate::web::{Answer, Ctx, Error, Posted, explain};

pub(super) const DELETED: &str = "It is deleted for good, with its items, parameters and templates.";
pub(super) const ENDED: &str =
    "Distributors are told. Subscriptions go on; new listings are not possible until you resume the sale.";

pub(super) fn delete_form(ctx: &Ctx, product: &Product) -> Form {
    ctx.form(format!("{}/delete", here(ctx, product)), "Delete")
}

pub(super) fn end_form(ctx: &Ctx, product: &Product) -> Form {
    ctx.form(format!("{}/end-sale", here(ctx, product)), "End sale")
        .field(
            Field::text("replacement", "Replaced by")
                .hint("The id of another published product of yours, PRD-123-456-789.")
                .optional(),
        )
        .field(Field::area("end_of_sale_notes", "Note to distributors").rows(3).optional())
}

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
    let again = async |code, error| ending_page(&ctx, code, &id, Verb::Delete, Some((error, &posted))).await;
    ctx.act_or(&posted, again, move |tx, actor| {
        actions::delete(tx, actor, &product)?;
        Ok(Answer::go(&back).flash(Text::new("The draft was deleted.")))
    })
    .await
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
    let again = async |code, error| ending_page(&ctx, code, &id, Verb::EndSale, Some((error, &posted))).await;
    ctx.act_or(&posted, again, move |tx, actor| {
        let replacement = Some(typed.get("replacement").trim()).filter(|r| !r.is_empty());
        actions::end_sale(tx, actor, &product, replacement, typed.get("end_of_sale_notes"))?;
        Ok(Answer::go(&back).flash(Text::new("The sale has ended.")))
    })
    .await
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
