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

use crate::flows::accounts::api::pictures::{settle, with_picture};
