//! What vendors do with their products, what readers find, and what flows above ask.

mod items;
mod media;
mod offers;
mod parameters;
mod pictures;
mod products;
mod shelves;
mod templates;
mod versions;

pub use super::store::lists::{CATEGORIES, ITEMS, MEDIA, PARAMETERS, PRODUCTS, TEMPLATES, UNITS, VERSIONS};
pub use items::{create_item, delete_item, edit_item, end_item_sale, item, items, items_of, resume_item_sale};
pub use media::{add_medium, change_medium, media, medium, remove_medium};
pub use offers::{Definition, ProductBrief, briefs, definition};
pub use parameters::{create_parameter, delete_parameter, edit_parameter, parameter, parameters, parameters_of};
pub use pictures::{MAX_PICTURE, Upload, keep_picture, settle_upload};
pub use products::{
    Editing, NewProduct, contract_activated, create, delete, edit, end_sale, find, is_own, may_change, product,
    products, resume_sale, view,
};
pub use shelves::{categories, create_unit, units};
pub use templates::{create_template, delete_template, edit_template, template, templates, templates_of};
pub use versions::{Seen, edit_version, kept_versions, needs, save_version, seen_version, version, versions};

/// Whether a product has as many of something as it may have.
fn is_full(have: usize, limit: i64) -> bool {
    i64::try_from(have).unwrap_or(i64::MAX) >= limit
}
