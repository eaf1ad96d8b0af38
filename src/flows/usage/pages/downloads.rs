//! Workbooks: for people who are signed in, and by signed links without a sign-in.

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::{self, Path};

use crate::flows::products::actions as products;
use crate::flows::usage::actions::{self, What, XLSX};
use crate::flows::usage::workbooks;
use crate::kit::{ProductId, Refusal, Text};
use crate::outside::files::FileKey;
use crate::web::error::broken;
use crate::web::list;
use crate::web::{Ctx, Error};

/// `GET /downloads/usage/{what}/{object}/{until}/{signed}`
pub async fn download(ctx: Ctx, path: Path<(String, String, String, String)>) -> Result<HttpResponse, Error> {
    let (what, object, until, signed) = path.into_inner();
    let services = ctx.services().clone();
    let link = actions::open_link(&services.secret, services.clock.now(), &what, &object, &until, &signed)?;
    let absent = Refusal::not_found("download", &object);
    if link.what == What::Template {
        let id = ProductId::parse(&link.object).ok_or_else(|| absent.clone())?;
        let product = ctx.read(move |tx, _| products::definition(tx, &id)).await?.ok_or(absent)?;
        let files = services.files.clone();
        let written = web::block(move || -> Result<std::fs::File, String> {
            let temp = files.temp_file().map_err(|e| e.text().to_string())?;
            workbooks::template::write(&product, files.temp_folder(), temp.path()).map_err(|e| e.text().to_string())?;
            temp.reopen().map_err(|e| e.to_string())
        });
        let file = written.await?.map_err(|e| broken(&e))?;
        return list::download(file, &format!("usage-template-{object}.xlsx"), XLSX);
    }
    let found = ctx.read(move |tx, _| actions::download(tx, &link)).await?;
    let key: FileKey = found.key.parse().map_err(|e| broken(&e))?;
    let file = web::block(move || services.files.read(&key).map_err(|e| e.text())).await?.map_err(|e| broken(&e))?;
    list::download(file, &found.name, XLSX)
}

/// Sends the person on to a link that works for a while.
fn follow(path: String) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, path)).finish()
}

/// The template for the product of a file.
pub async fn template(ctx: Ctx, path: Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let secret = ctx.services().secret.clone();
    Ok(follow(ctx.read(move |tx, actor| actions::template_link(tx, actor, &secret, &id)).await?))
}

/// The workbook of a file as its vendor sent it.
pub async fn workbook(ctx: Ctx, path: Path<(String, String)>) -> Result<HttpResponse, Error> {
    linked(ctx, &path.1, What::Uploaded).await
}

/// The workbook of a file with what was found of each row.
pub async fn processed(ctx: Ctx, path: Path<(String, String)>) -> Result<HttpResponse, Error> {
    linked(ctx, &path.1, What::Processed).await
}

async fn linked(ctx: Ctx, id: &str, what: What) -> Result<HttpResponse, Error> {
    let asked = id.to_owned();
    let detail = ctx.read(move |tx, actor| actions::detail(tx, actor, &asked)).await?;
    let there = match what {
        What::Processed => detail.processed,
        _ => detail.view.file.generation > 0,
    };
    if !there {
        let text =
            Text::new("This workbook is not there yet. It is built once the rows are checked; try again in a moment.");
        return Err(Refusal::state(text).into());
    }
    let file = &detail.view.file;
    let upload = actions::upload_of(&file.id, file.generation);
    Ok(follow(actions::file_link(&ctx.services().secret, detail.now, what, &upload)))
}
