//! Rows of subscriptions and requests.

mod assets;
mod refs;
mod requests;
mod write;

pub use assets::{AssetView, PendingRef, asset_views, load_asset, uid_in_use, unique_in_use};
pub use refs::Refs;
pub use requests::{RequestView, agents, by_form, load_request, of_asset, request_views};
pub use write::{NewAsset, NewRequest, delete_draft, insert_asset, insert_request, save_asset, save_request};

/// The word for requests in party rows and in the journal.
pub const REQUEST: &str = "request";
/// The word for subscriptions there.
pub const ASSET: &str = "asset";

/// `$2, $3, …` for so many values after the first one.
fn places(count: usize) -> String {
    (2..count + 2).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ")
}
