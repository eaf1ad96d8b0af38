//! Pictures and videos of a product.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::super::actions::{self, MAX_PICTURE};
use super::super::model::{Medium, MediumDraft, MediumKind, PLACES, Product};
use super::general::{posted_with_picture, settle, wide};
use super::product::Thumbs;
use super::{frame, here};
use crate::kit::Text;
use crate::web::button::Button;
use crate::web::cell::Cell;
use crate::web::form::{Choice, Field, Form, Line};
use crate::web::frames::FormPage;
use crate::web::part::Part;
use crate::web::parts::Head;
use crate::web::table::{Boxed, Column, Row};
use crate::web::{Answer, Ctx, Error, Posted, explain};

fn add_form(ctx: &Ctx, product: &Product, media: &[Medium]) -> Form {
    let free: Vec<i32> = (1..=PLACES).filter(|n| media.iter().all(|m| m.position != *n)).collect();
    let places = free.iter().map(|n| Choice::new(n.to_string(), Text::data(n.to_string()))).collect();
    let kinds = vec![
        Choice::new(MediumKind::Image.as_str(), "Picture").selected(true),
        Choice::new(MediumKind::Video.as_str(), "Video")
            .hint("On vimeo.com, youtube.com or youtu.be; the picture stands for it."),
    ];
    let form = ctx
        .form(format!("{}/media", here(ctx, product)), "Add")
        .field(Field::radios("type", "Type", kinds))
        .field(Field::select("position", "Place", places).hint("The lowest place is the main one."))
        .field(
            Field::file("thumbnail", "Picture", ".png,.jpg,.jpeg,.gif,.webp", MAX_PICTURE)
                .hint("PNG, JPEG, GIF or WebP, at most 5 MB."),
        )
        .field(wide(Field::line(Line::Url, "url", "Address of the video")).optional())
        .cancel(here(ctx, product));
    if free.is_empty() { form.not_now("All eight places are taken. Remove one first.") } else { form }
}

async fn media_page(
    ctx: &Ctx,
    code: StatusCode,
    id: &str,
    wrong: Option<(Error, &Posted)>,
) -> Result<HttpResponse, Error> {
    let asked = id.to_owned();
    let (product, media) = ctx
        .read(move |tx, actor| {
            actions::may_change(tx, actor, &asked)?;
            Ok((actions::product(tx, actor, &asked)?, actions::media(tx, actor, &asked)?))
        })
        .await?;
    let mut form = add_form(ctx, &product, &media);
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, error)?;
    }
    let mut shown = FormPage::new(frame(ctx, &product, Some("Pictures and videos")), form);
    shown.head =
        Head::new("Pictures and videos").lede("Up to eight. What distributors see changes with the next version.");
    if !media.is_empty() {
        let base = here(ctx, &product);
        let row = |m: &Medium| {
            let kind = if m.kind == MediumKind::Video { "Video" } else { "Picture" };
            let remove = Button::post("Remove", format!("{base}/media/{}/remove", m.id))
                .about(Text::new("place {place}").arg("place", m.position))
                .small();
            Row::new(&m.id, vec![Cell::number(m.position), Cell::text(kind), Cell::part(remove)])
        };
        let columns =
            vec![Column::number("place", "Place"), Column::new("type", "Type").grows(), Column::new("do", "")];
        shown.parts.push(Part::new(Thumbs { media: media.clone() }));
        shown.parts.push(Part::new(Boxed::new("Pictures and videos", columns, media.iter().map(row).collect())));
    }
    ctx.render_as(code, &shown)
}

/// Pictures and videos, and the form that adds one.
pub async fn media(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    media_page(&ctx, StatusCode::OK, &path.1, None).await
}

/// Adds a picture or video.
pub async fn do_add_medium(
    ctx: Ctx,
    path: web::Path<(String, String)>,
    req: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let (posted, picture) = posted_with_picture(&ctx, &req, payload, "thumbnail").await?;
    let picture = match picture {
        Ok(picture) => picture,
        Err(refusal) => {
            return media_page(&ctx, StatusCode::UNPROCESSABLE_ENTITY, &id, Some((refusal.into(), &posted))).await;
        }
    };
    let draft = MediumDraft {
        position: posted.get("position").parse().unwrap_or(0),
        kind: MediumKind::parse(posted.get("type")).unwrap_or(MediumKind::Image),
        url: Some(posted.get("url").to_owned()),
    };
    let (product, back, kept) = (id.clone(), ctx.url(&format!("/products/{id}/media")), picture.clone());
    let done = ctx
        .act(&posted, move |tx, actor| {
            actions::add_medium(tx, actor, &product, &draft, kept.as_ref())?;
            Ok(Answer::go(&back).flash(Text::new("It was added.")))
        })
        .await;
    settle(&ctx, picture).await;
    match done {
        Ok(response) => Ok(response),
        Err(error) => media_page(&ctx, StatusCode::UNPROCESSABLE_ENTITY, &id, Some((error, &posted))).await,
    }
}

/// Removes a picture or video.
pub async fn do_remove_medium(
    ctx: Ctx,
    path: web::Path<(String, String, String)>,
    posted: Posted,
) -> Result<HttpResponse, Error> {
    let (_, id, medium) = path.into_inner();
    let back = ctx.url(&format!("/products/{id}/media"));
    ctx.act(&posted, move |tx, actor| {
        actions::remove_medium(tx, actor, &id, &medium)?;
        Ok(Answer::go(&back).flash(Text::new("It was removed. Versions keep it.")))
    })
    .await
}
