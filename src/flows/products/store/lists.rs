//! What lists of products and their parts can be asked for.

use crate::db::list::{Collection, Field, Join, Scope};
use crate::flows::products::model::{
    ItemKind, ItemStatus, MediumKind, ParameterKind, Period, Phase, Precision, Shared, TemplateKind,
};

/// Statuses that clients may name. Some belong to systems that build products in steps; no product here has them.
const STATUSES: &[&str] =
    &["draft", "published", "endofsale", "indevelopment", "oncertification", "initializationfailed", "deleted"];

/// Products that an account may see.
pub const PRODUCTS: Collection = Collection {
    name: "products",
    from: "product pr",
    id: "pr.id",
    scope: Scope::Party("product"),
    joins: &[
        Join::inner("owner", "account o on o.id = pr.account_id"),
        Join::left("category", "category ca on ca.id = pr.category_id"),
    ],
    many: &[],
    fields: &[
        Field::id().orderable().searchable(),
        Field::text("name", "pr.name").folded("pr.name_folded").orderable().searchable(),
        Field::text("external_id", "pr.external_id").nullable(),
        Field::choice("status", "p.status", STATUSES).of_party(),
        Field::text("owner.id", "pr.account_id").orderable().searchable(),
        Field::text("owner.name", "o.name").via("owner").folded("o.name_folded").searchable(),
        Field::text("category.id", "pr.category_id").nullable(),
        Field::text("category.name", "ca.name").via("category").nullable().orderable(),
        Field::text("purchase_model", "pr.doc").json("purchase_model"),
        Field::text("replacement.id", "pr.doc").json("replacement"),
        Field::int("version", "case when p.side = 'vendor' then null else pr.public_version end").nullable(),
        Field::int("latest_version", "pr.latest_version").nullable().orderable(),
        Field::flag("visibility.owner", "(p.side = 'vendor')").of_party(),
        Field::flag(
            "visibility.listing",
            "exists (select 1 from listing li where li.product_id = pr.id and li.status = 'listed' \
             and (li.provider_id = p.account_id or li.vendor_id = p.account_id))",
        ),
        Field::flag("visibility.syndication", "(1 = 0)"),
        Field::flag("visibility.catalog", "(1 = 0)"),
        Field::time("events.created.at", "p.created_at").of_party().orderable(),
        Field::time("events.published.at", "pr.published_at").nullable().orderable(),
        Field::text("events.published.by.id", "pr.events").json("published.by.id").orderable(),
        Field::text("events.published.by.name", "pr.events").json("published.by.name").orderable(),
        Field::time("events.updated.at", "pr.updated_at").orderable(),
        Field::text("events.updated.by.id", "pr.events").json("updated.by.id").orderable(),
        Field::text("events.updated.by.name", "pr.events").json("updated.by.name").orderable(),
        Field::nothing("groups.id"),
        Field::nothing("sourcing.marketplaces"),
    ],
    order: &["-events.created.at"],
};

/// Items that an account may see: all of its own products, and those of the newest public version of others.
pub const ITEMS: Collection = Collection {
    name: "items",
    from: "item i",
    id: "i.id",
    scope: Scope::Sql(
        "exists (select 1 from party p join product pr on pr.id = p.object_id where p.kind = 'product' \
         and p.object_id = i.product_id and p.account_id = {account} \
         and (p.side = 'vendor' or i.first_version <= pr.public_version))",
    ),
    joins: &[Join::inner("unit", "unit u on u.id = i.unit_id")],
    many: &[],
    fields: &[
        Field::id().searchable().orderable(),
        Field::text("product.id", "i.product_id").internal(),
        Field::text("verbose_id", "i.id").searchable(),
        Field::text("local_id", "replace(i.id, '-', '_')"),
        Field::text("mpn", "i.mpn").searchable().orderable(),
        Field::text("name", "i.name").folded("i.name_folded").searchable().orderable(),
        Field::text("display_name", "i.name").folded("i.name_folded").searchable(),
        Field::text("description.value", "i.description").searchable(),
        Field::text("external_id", "i.external_id").nullable(),
        Field::choice("type", "i.kind", ItemKind::WORDS).searchable(),
        Field::choice("item_type", "i.kind", ItemKind::WORDS),
        Field::choice("period", "i.period", Period::WORDS).searchable(),
        Field::choice("precision", "i.precision", Precision::WORDS),
        Field::choice("usage_data_type", "i.precision", Precision::WORDS),
        Field::int("commitment.count", "i.commitment"),
        Field::choice("status", "i.status", ItemStatus::WORDS),
        Field::flag("dynamic", "i.dynamic"),
        Field::flag("frozen", "(i.status <> 'draft')"),
        Field::text("unit.id", "i.unit_id"),
        Field::text("unit.title", "u.description").via("unit").searchable(),
        Field::text("replacement.id", "i.doc").json("replacement"),
        Field::int("position", "i.position").orderable(),
        Field::time("events.created.at", "i.created_at").orderable(),
        Field::time("events.updated.at", "i.updated_at").orderable(),
        Field::time("events.saleended.at", "i.events").json("saleended.at"),
        Field::nothing("app.id"),
        Field::nothing("applicability"),
        Field::nothing("group.id"),
        Field::nothing("group.mpn"),
        Field::nothing("group.name"),
    ],
    order: &["position"],
};

const SCOPES: &[&str] = &["asset", "tier1", "tier2", "product", "item", "marketplace", "item_marketplace"];

/// Parameters that an account may see: those of the phase configuration are the vendor's.
pub const PARAMETERS: Collection = Collection {
    name: "parameters",
    from: "parameter m",
    id: "m.id",
    scope: Scope::Sql(
        "exists (select 1 from party p where p.kind = 'product' and p.object_id = m.product_id \
         and p.account_id = {account} and (p.side = 'vendor' or m.phase <> 'configuration'))",
    ),
    joins: &[],
    many: &[],
    fields: &[
        Field::id(),
        Field::text("product.id", "m.product_id").internal(),
        Field::text("name", "m.name").orderable().searchable(),
        Field::text("title", "m.title").orderable().searchable(),
        Field::choice("phase", "m.phase", Phase::WORDS),
        Field::choice("scope", "m.scope", SCOPES),
        Field::choice("type", "m.kind", ParameterKind::WORDS),
        Field::flag("constraints.required", "m.required"),
        Field::flag("constraints.hidden", "m.hidden"),
        Field::flag("constraints.unique", "m.is_unique"),
        Field::flag("constraints.reconciliation", "m.reconciliation"),
        Field::choice("constraints.shared", "m.doc", Shared::WORDS).json("constraints.shared"),
        Field::int("position", "m.position").orderable(),
        Field::time("events.created.at", "m.created_at"),
    ],
    order: &["position"],
};

/// Templates that an account may see.
pub const TEMPLATES: Collection = Collection {
    name: "templates",
    from: "template t",
    id: "t.id",
    scope: Scope::Sql(
        "exists (select 1 from party p where p.kind = 'product' and p.object_id = t.product_id and p.account_id = {account})",
    ),
    joins: &[],
    many: &[],
    fields: &[
        Field::id(),
        Field::text("product.id", "t.product_id").internal(),
        Field::text("name", "t.name").folded("t.name_folded").orderable().searchable(),
        Field::text("title", "t.title").orderable().searchable(),
        Field::choice("scope", "t.scope", SCOPES),
        Field::choice("type", "t.kind", TemplateKind::WORDS).nullable(),
        Field::int("position", "t.position").orderable(),
    ],
    order: &["position"],
};

/// Media of an account's own products. What others see is part of a version.
pub const MEDIA: Collection = Collection {
    name: "media",
    from: "medium me",
    id: "me.id",
    scope: Scope::Sql(
        "exists (select 1 from party p where p.kind = 'product' and p.object_id = me.product_id \
         and p.account_id = {account} and p.side = 'vendor')",
    ),
    joins: &[],
    many: &[],
    fields: &[
        Field::id().orderable().searchable(),
        Field::text("product.id", "me.product_id").internal(),
        Field::int("position", "me.position").orderable(),
        Field::choice("type", "me.kind", MediumKind::WORDS).orderable(),
        Field::text("url", "coalesce(me.url, me.thumbnail)").nullable().searchable(),
    ],
    order: &["position"],
};

/// Versions that an account may see; the id is the number.
pub const VERSIONS: Collection = Collection {
    name: "versions",
    from: "product_version v",
    id: "cast(v.version as text)",
    scope: Scope::Sql(
        "exists (select 1 from party p where p.kind = 'product' and p.object_id = v.product_id \
         and p.account_id = {account} and (p.side = 'vendor' or v.public))",
    ),
    joins: &[],
    many: &[],
    fields: &[
        Field::id().internal(),
        Field::text("product.id", "v.product_id").internal(),
        Field::int("version", "v.version").orderable(),
        Field::flag("public", "v.public"),
        Field::flag("staging", "v.staging"),
    ],
    order: &["-version"],
};

/// Categories, which are the same for everybody.
pub const CATEGORIES: Collection = Collection {
    name: "categories",
    from: "category c",
    id: "c.id",
    scope: Scope::Public,
    joins: &[],
    many: &[],
    fields: &[
        Field::id(),
        Field::text("name", "c.name"),
        Field::text("family.id", "c.family"),
        Field::text("parent.id", "c.parent_id").nullable(),
        Field::int("position", "c.position").orderable(),
    ],
    order: &["position"],
};

/// Units that an account may use.
pub const UNITS: Collection = Collection {
    name: "units",
    from: "unit u",
    id: "u.id",
    scope: Scope::Sql("(u.account_id is null or u.account_id = {account})"),
    joins: &[],
    many: &[],
    fields: &[
        Field::id().orderable(),
        Field::text("description", "u.description").orderable().searchable(),
        Field::text("unit", "u.code"),
        Field::choice("type", "u.kind", ItemKind::WORDS),
        Field::flag("cumulative", "u.cumulative"),
    ],
    order: &["description"],
};
