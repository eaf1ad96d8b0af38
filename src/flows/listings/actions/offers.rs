//! For the flows above: what is listed and connected. They have checked that the reader may see it.

use crate::db::{Result, Tx};
use crate::flows::listings::store;
use crate::kit::{AccountId, ConnectionId, MarketplaceId, ProductId};

pub use crate::flows::listings::model::{ConnectionBrief, ListingBrief};

/// The listing of a product on a marketplace; none if it is not listed there.
pub fn listed(tx: &mut Tx<'_>, product: &ProductId, marketplace: &MarketplaceId) -> Result<Option<ListingBrief>> {
    store::listings::listed(tx, product, marketplace)
}

/// A connection.
pub fn connection(tx: &mut Tx<'_>, id: &ConnectionId) -> Result<Option<ConnectionBrief>> {
    store::connections::connection_brief(tx, id)
}

/// A product's connections of a provider, the oldest first.
pub fn connections_of(tx: &mut Tx<'_>, product: &ProductId, provider: &AccountId) -> Result<Vec<ConnectionBrief>> {
    store::connections::connection_briefs(tx, product, provider)
}
