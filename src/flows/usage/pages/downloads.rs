//! Workbooks by signed links, without a sign-in.

use actix_web::HttpResponse;
use actix_web::web::{self, Path};

use crate::flows::products::actions as products;
use crate::flows::usage::actions::{self, What, XLSX};
use crate::flows::usage::workbooks;
use crate::kit::{ProductId, Refusal};
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
