//! What lists of hubs and marketplaces can be asked.

use super::super::model::InstanceType;
use crate::db::list::{Collection, Field, Join, Many, Scope};

/// The hubs.
pub const HUBS: Collection = Collection {
    name: "hubs",
    from: "hub h",
    id: "h.id",
    scope: Scope::Party("hub"),
    joins: &[],
    many: &[],
    fields: &[
        Field::id().orderable().searchable(),
        Field::text("name", "h.name").folded("h.name_folded").orderable().searchable(),
        Field::text("instance.id", "h.instance_id").searchable(),
        Field::choice("instance.type", "h.instance_type", InstanceType::WORDS).orderable(),
        Field::int("stats.connections", "(select count(*) from connection c where c.hub_id = h.id)").orderable(),
        Field::int("stats.marketplaces", "(select count(*) from marketplace_hub mh where mh.hub_id = h.id)")
            .orderable(),
        Field::time("events.created.at", "p.created_at").of_party().orderable(),
        Field::time("events.updated.at", "h.updated_at").orderable(),
    ],
    order: &["-events.created.at"],
};

/// The marketplaces.
pub const MARKETPLACES: Collection = Collection {
    name: "marketplaces",
    from: "marketplace m",
    id: "m.id",
    scope: Scope::Party("marketplace"),
    joins: &[Join::inner("owner", "account a on a.id = m.account_id")],
    many: &[
        Many::new("hubs", "marketplace_hub mh join hub h on h.id = mh.hub_id", "mh.marketplace_id = m.id"),
        Many::new("agreements", "agreement g", "g.marketplace_id = m.id"),
        Many::elements("countries", "m.doc", "countries", "country"),
    ],
    fields: &[
        Field::id().orderable().searchable(),
        Field::text("name", "m.name").folded("m.name_folded").orderable().searchable(),
        Field::text("description", "m.description"),
        Field::text("owner.id", "m.account_id").searchable(),
        Field::text("owner.name", "a.name").via("owner").folded("a.name_folded").searchable(),
        Field::text("currency", "m.currency").orderable().searchable(),
        Field::text("alt_currency_1", "m.doc").json("alt_currency_1").orderable(),
        Field::text("alt_currency_2", "m.doc").json("alt_currency_2").orderable(),
        Field::text("hubs.id", "mh.hub_id").many("hubs"),
        Field::text("hubs.name", "h.name").many("hubs").folded("h.name_folded"),
        Field::text("agreements.id", "g.id").many("agreements"),
        Field::text("countries.id", "country.value").many("countries"),
        Field::int("stats.hubs", "(select count(*) from marketplace_hub n where n.marketplace_id = m.id)").orderable(),
        Field::int(
            "stats.contracts",
            "(select count(*) from contract c where c.marketplace_id = m.id and c.kind = 'distribution' and c.status = 'active')",
        )
        .orderable(),
        Field::time("events.created.at", "p.created_at").of_party().orderable(),
        Field::nothing("locales.id"),
        Field::nothing("locales.name"),
    ],
    order: &["-events.created.at"],
};
