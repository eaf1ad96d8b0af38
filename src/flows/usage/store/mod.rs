//! Rows and queries of usage.

mod clearing;
mod collections;
mod files;
mod kept;
mod keys;
mod names;
mod problems;
mod records;
mod rows;
mod subscriptions;
mod totals;
mod uploads;

pub use clearing::{Cleared, clear_before};
pub use collections::{FILE_RECORDS, USAGE_CATEGORIES, USAGE_FILES, USAGE_PROBLEMS, USAGE_RECORDS};
pub use files::{File, NewFile, Who, Wish, brief, by_status, find, insert, lock, move_to, save};
pub use kept::{Kept, forget_kept, insert_kept, kept};
pub use keys::{Claim, claim};
pub use names::{Listed, Offer, Refs, listed_products, offer, offers, refs};
pub use problems::{Group, Problem, group_counts, problems_by_keys, problems_of, problems_with};
pub use records::{CategoryRow, RecordRow, categories, records, records_between};
pub use rows::{
    Billing, NewRow, close, close_open, decide, insert_categories, insert_new_items, insert_rows, link_items, new_items,
};
pub use subscriptions::{items_on, matching};
pub use totals::{Total, by_item, by_subscription, insert_leaders, insert_totals, leaders, subscription_count, totals};
pub use uploads::{Upload, insert_upload, set_processed, set_result, upload, uploads};

/// The places `$first, $first+1, …` of so many values in a statement.
fn places(first: usize, count: usize) -> String {
    let places: Vec<String> = (first..first + count).map(|n| format!("${n}")).collect();
    places.join(", ")
}

/// The name of the exact sum on this database.
fn sum(tx: &crate::db::Tx<'_>) -> &'static str {
    if tx.is_postgres() { "sum" } else { "decimal_sum" }
}
