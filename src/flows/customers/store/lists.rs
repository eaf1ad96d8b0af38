//! What lists of customers and resellers can be asked.

use crate::db::list::{Collection, Field, Join, Many, Scope as Seen};
use crate::flows::customers::model::{Kind, Scope};
use crate::kit::Environment;

/// The tier accounts.
pub const TIER_ACCOUNTS: Collection = Collection {
    name: "customers",
    from: "tier_account t",
    id: "t.id",
    scope: Seen::Party("tier_account"),
    joins: &[
        Join::inner("owner", "account a on a.id = t.account_id"),
        Join::left("hub", "hub h on h.id = t.hub_id"),
        Join::left("parent", "tier_account pt on pt.id = t.parent_id"),
    ],
    many: &[Many::new(
        "scopes",
        "(select 'customer' as word union all select 'tier1' union all select 'tier2') sc",
        "t.scopes like '% ' || sc.word || ' %'",
    )],
    fields: &[
        Field::id().orderable().searchable(),
        Field::text("name", "t.name").folded("t.name_folded").orderable().searchable(),
        Field::choice("type", "t.kind", Kind::WORDS).orderable(),
        Field::text("external_id", "t.external_id").nullable().orderable().searchable(),
        Field::text("external_uid", "t.external_uid").searchable(),
        Field::choice("scopes", "sc.word", Scope::WORDS).many("scopes").only(&["eq", "ilike", "in", "like"]),
        Field::text("contact_info.contact.email", "t.contact").json("contact.email").only(&["eq", "in"]),
        Field::text("contact_info.country", "t.contact").json("country").only(&["eq", "in"]),
        Field::choice("environment", "t.environment", Environment::WORDS),
        Field::text("hub.id", "t.hub_id").nullable().orderable().searchable(),
        Field::text("hub.name", "h.name").via("hub").nullable().folded("h.name_folded").orderable().searchable(),
        Field::text("owner.id", "t.account_id").orderable().searchable(),
        Field::text("owner.name", "a.name").via("owner").folded("a.name_folded").orderable().searchable(),
        Field::text("parent.id", "t.parent_id").nullable().searchable(),
        Field::text("parent.name", "pt.name")
            .via("parent")
            .nullable()
            .folded("pt.name_folded")
            .orderable()
            .searchable(),
        Field::text("parent.parent.id", "pt.parent_id").via("parent").nullable(),
        Field::int("version", "t.version"),
        Field::time("events.created.at", "p.created_at").of_party().orderable(),
        Field::time("events.updated.at", "t.updated_at").orderable(),
        Field::text("events.created.by", "t.events").json("created.by.id"),
        Field::text("events.updated.by", "t.events").json("updated.by.id"),
        // All data lie in one region.
        Field::text("db", "cast('EU' as text)").orderable(),
    ],
    order: &["-events.created.at"],
};
