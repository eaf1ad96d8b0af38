//! Rows of subscriptions and requests.

mod assets;
mod company;
mod draft;
mod lists;
mod refs;
mod requests;
mod under;
mod write;

pub use assets::{
    AssetView, PendingRef, asset_views, last_activation, load_asset, marketplaces_for, uid_in_use, unique_in_use,
};
pub use company::{assets_of_company, requests_of_company};
pub use draft::{
    Offered, Outlet, Written, forget_draft, forget_drafts, forget_untouched_drafts, insert_draft, load_draft, offered,
    open_drafts, outlets, save_draft, service_partners,
};
pub use lists::{ASSETS, REQUESTS};
pub use refs::Refs;
pub use requests::{
    Around, Count, RequestView, agents, around, last_approved, load_request, of_asset, request_counts, request_views,
};
pub use under::{count_under, running_under};
pub use write::{
    AssetChange, NewAsset, NewRequest, delete_draft, insert_asset, insert_request, save_asset, save_request, set_open,
    set_state,
};

/// The word for requests in party rows and in the journal.
pub const REQUEST: &str = "request";
/// The word for subscriptions there.
pub const ASSET: &str = "asset";

/// `$2, $3, …` for so many values after the first one.
fn places(count: usize) -> String {
    (2..count + 2).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ")
}
