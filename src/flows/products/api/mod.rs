//! `/products` and below, `/categories` and `/settings/units` of the API.

mod capabilities;
mod items;
mod media;
mod parameters;
mod products;
mod shelves;
mod templates;
mod versions;
pub mod wire;

pub use items::{create_item, delete_item, edit_item, end_item_sale, item, items, resume_item_sale};
pub use media::{add_medium, change_medium, media, medium, remove_medium};
pub use parameters::{create_parameter, delete_parameter, edit_parameter, parameter, parameters};
pub use products::{create, delete, edit, end_sale, product, products, resume_sale};
pub use shelves::{categories, category, create_unit, units};
pub use templates::{create_template, delete_template, edit_template, preview_template, template, templates};
pub use versions::{
    edit_version, save_version, version, version_item, version_items, version_media, version_medium, version_parameter,
    version_parameters, version_template, version_templates, versions,
};

use actix_web::{HttpRequest, web};

use super::actions::{self, MAX_PICTURE, Picture};
use crate::rest::{Caller, Error, multipart};

/// Reads a body in parts if it is one: the caller with its part `body`, and the picture of the part `field`, kept.
async fn with_picture(
    caller: Caller,
    req: &HttpRequest,
    payload: web::Payload,
    field: &'static str,
) -> Result<(Caller, Option<Picture>), Error> {
    if !multipart::is_multipart(req.headers()) {
        return Ok((caller, None));
    }
    let files = caller.services().files.clone();
    let parts = multipart::read(req.headers(), payload, &files, &[field], MAX_PICTURE).await?;
    let caller = caller.sent(&parts);
    let Some(staged) = parts.file(&[field]).map(|f| f.staged.clone()) else { return Ok((caller, None)) };
    let picture = web::block(move || actions::keep_picture(&files, field, &staged)).await??;
    Ok((caller, Some(picture)))
}

/// Throws the picture of a call away if nothing names it now.
async fn settle(caller: &Caller, picture: Option<Picture>) {
    if let Some(picture) = picture {
        let services = caller.services().clone();
        // Only a server that stops gives an error here; its next start sweeps.
        drop(web::block(move || actions::settle_picture(&services.db, &services.files, &picture)).await);
    }
}
