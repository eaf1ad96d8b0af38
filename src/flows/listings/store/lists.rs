//! What lists of listings, requests and connections can be asked for.

use crate::db::list::{Collection, Field, Join, Scope};
use crate::flows::listings::model::{ConnectionStatus, ListingStatus, RequestKind, RequestState, VersionType};
use crate::kit::Environment;

/// Listings that an account may see.
pub const LISTINGS: Collection = Collection {
    name: "listings",
    from: "listing l",
    id: "l.id",
    scope: Scope::Party("listing"),
    joins: &[
        Join::inner("product", "product pr on pr.id = l.product_id"),
        Join::inner("contract", "contract c on c.id = l.contract_id"),
        Join::inner("marketplace", "marketplace m on m.id = l.marketplace_id"),
        Join::inner("vendor", "account v on v.id = l.vendor_id"),
        Join::inner("provider", "account o on o.id = l.provider_id"),
        Join::left(
            "request",
            "listing_request lr on lr.listing_id = l.id and lr.state in ('draft', 'reviewing', 'deploying')",
        ),
    ],
    many: &[],
    fields: &[
        Field::id().orderable().searchable(),
        Field::choice("status", "p.status", ListingStatus::WORDS).of_party().orderable(),
        Field::choice("state", "p.status", ListingStatus::WORDS).of_party(),
        Field::time("created", "p.created_at").of_party().orderable(),
        Field::time("updated", "l.updated_at").orderable(),
        Field::text("product.id", "l.product_id"),
        Field::text("product.name", "pr.name").via("product").folded("pr.name_folded").orderable().searchable(),
        Field::text("contract.id", "l.contract_id"),
        Field::text("contract.name", "c.name").via("contract").folded("c.name_folded").orderable(),
        Field::text("marketplace.id", "l.marketplace_id"),
        Field::text("contract.marketplace.id", "l.marketplace_id"),
        Field::text("marketplace.name", "m.name").via("marketplace").folded("m.name_folded").orderable().searchable(),
        Field::text("contract.marketplace.name", "m.name").via("marketplace").folded("m.name_folded").orderable(),
        Field::text("vendor.id", "l.vendor_id"),
        Field::text("vendor.name", "v.name").via("vendor").folded("v.name_folded").orderable(),
        Field::text("provider.id", "l.provider_id"),
        Field::text("with", "case when l.vendor_id = {account} then l.provider_id else l.vendor_id end").internal(),
        Field::text("provider.name", "o.name").via("provider").folded("o.name_folded").orderable(),
        Field::text("pending_request.id", "lr.id").via("request").nullable(),
        Field::choice("pending_request.status", "lr.state", RequestState::WORDS).via("request").nullable(),
        Field::choice("pending_request.type", "lr.kind", RequestKind::WORDS).via("request").nullable(),
        Field::flag("pending_request__is_null", "(lr.id is null)").via("request").only(&["eq"]),
        Field::nothing("pricelist.id"),
        Field::nothing("pricelist.name"),
        Field::nothing("alt_pricelist_1.id"),
        Field::nothing("alt_pricelist_1.name"),
        Field::nothing("alt_pricelist_2.id"),
        Field::nothing("alt_pricelist_2.name"),
        Field::nothing("offer.id"),
        Field::nothing("offer.name"),
    ],
    order: &["-created"],
};

/// Listing requests that an account may see.
pub const REQUESTS: Collection = Collection {
    name: "listing-requests",
    from: "listing_request r",
    id: "r.id",
    scope: Scope::Party("listing_request"),
    joins: &[
        Join::inner("listing", "listing l on l.id = r.listing_id"),
        Join::inner("product", "product pr on pr.id = r.product_id"),
        Join::inner("contract", "contract c on c.id = l.contract_id").after(&["listing"]),
        Join::inner("marketplace", "marketplace m on m.id = l.marketplace_id").after(&["listing"]),
        Join::inner("vendor", "account v on v.id = l.vendor_id").after(&["listing"]),
        Join::inner("provider", "account o on o.id = l.provider_id").after(&["listing"]),
    ],
    many: &[],
    fields: &[
        Field::id().orderable().searchable(),
        Field::choice("type", "r.kind", RequestKind::WORDS).orderable(),
        Field::choice("state", "p.status", RequestState::WORDS).of_party().orderable(),
        Field::choice("status", "l.status", ListingStatus::WORDS).via("listing").orderable(),
        Field::time("created", "p.created_at").of_party().orderable(),
        Field::time("updated", "r.updated_at").orderable(),
        Field::flag("turn", "p.turn").of_party(),
        Field::text("assignee.id", "r.assignee_id").nullable(),
        Field::text("product.id", "r.product_id").orderable(),
        Field::text("product.name", "pr.name").via("product").folded("pr.name_folded").orderable().searchable(),
        Field::int("product.version", "r.version").orderable(),
        Field::text("listing.id", "r.listing_id"),
        Field::text("listing.product.id", "r.product_id"),
        Field::text("listing.product.name", "pr.name").via("product").folded("pr.name_folded").orderable(),
        Field::int("listing.product.version", "l.version").via("listing").nullable(),
        Field::text("listing.contract.id", "l.contract_id").via("listing"),
        Field::text("listing.contract.name", "c.name").via("contract").folded("c.name_folded").orderable(),
        Field::text("listing.contract.marketplace.id", "l.marketplace_id").via("listing"),
        Field::text("listing.contract.marketplace.name", "m.name")
            .via("marketplace")
            .folded("m.name_folded")
            .orderable(),
        Field::text("listing.marketplace.id", "l.marketplace_id").via("listing"),
        Field::text("listing.marketplace.name", "m.name")
            .via("marketplace")
            .folded("m.name_folded")
            .orderable()
            .searchable(),
        Field::text("listing.vendor.id", "l.vendor_id").via("listing"),
        Field::text("listing.vendor.name", "v.name").via("vendor").folded("v.name_folded").orderable(),
        Field::text("listing.provider.id", "l.provider_id").via("listing"),
        Field::text("listing.provider.name", "o.name").via("provider").folded("o.name_folded").orderable(),
        Field::text("contract.id", "l.contract_id").via("listing"),
        Field::text("contract.name", "c.name").via("contract").folded("c.name_folded").orderable(),
        Field::text("marketplace.id", "l.marketplace_id").via("listing"),
        Field::text("marketplace.name", "m.name").via("marketplace").folded("m.name_folded").orderable(),
        Field::text("vendor.id", "l.vendor_id").via("listing"),
        Field::text("vendor.name", "v.name").via("vendor").folded("v.name_folded").orderable(),
        Field::text("provider.id", "l.provider_id").via("listing"),
        Field::text("provider.name", "o.name").via("provider").folded("o.name_folded").orderable(),
    ],
    order: &["-created"],
};

/// Connections that an account may see.
pub const CONNECTIONS: Collection = Collection {
    name: "connections",
    from: "connection c",
    id: "c.id",
    scope: Scope::Party("connection"),
    joins: &[
        Join::inner("hub", "hub h on h.id = c.hub_id"),
        Join::inner("product", "product pr on pr.id = c.product_id"),
    ],
    many: &[],
    fields: &[
        Field::id().orderable().searchable(),
        Field::text("product.id", "c.product_id"),
        Field::text("product.name", "pr.name").via("product").folded("pr.name_folded").orderable().searchable(),
        Field::text("hub.id", "c.hub_id"),
        Field::text("hub.name", "h.name").via("hub").folded("h.name_folded").orderable().searchable(),
        Field::text("hub.instance.id", "h.instance_id").via("hub"),
        Field::choice("product_version_type", "c.version_type", VersionType::WORDS),
        Field::choice("type", "c.environment", Environment::WORDS),
        Field::choice("status", "p.status", ConnectionStatus::WORDS).of_party(),
        Field::time("created_at", "p.created_at").of_party().orderable(),
    ],
    order: &["-created_at"],
};
