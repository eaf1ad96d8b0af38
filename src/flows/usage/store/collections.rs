//! The lists of usage as data.

use crate::db::list::{Collection, Field, Join, Scope};
use crate::flows::products::model::ItemKind;
use crate::flows::usage::model::{Code, FileStatus, RecordStatus};
use crate::kit::Environment;

const SCHEMAS: &[&str] = &["tr", "pr", "qt", "cr"];

/// Usage files. Deleted ones are listed only where the query names their status: see [`with_deleted`].
pub const USAGE_FILES: Collection = Collection {
    name: "usage_files",
    from: "usage_file f",
    id: "f.id",
    scope: Scope::Party("usage_file"),
    joins: &[
        Join::inner("product", "product pr on pr.id = f.product_id"),
        Join::inner("contract", "contract c on c.id = f.contract_id"),
        Join::inner("marketplace", "marketplace m on m.id = f.marketplace_id"),
        Join::inner("vendor", "account v on v.id = f.vendor_id"),
        Join::inner("provider", "account d on d.id = f.provider_id"),
    ],
    many: &[],
    fields: &[
        Field::id().orderable().searchable(),
        Field::text("name", "f.name").folded("f.name_folded").searchable(),
        Field::text("external_id", "f.external_id").nullable().searchable(),
        Field::choice("status", "p.status", FileStatus::WORDS).of_party().orderable(),
        Field::choice("schema", "f.schema_kind", SCHEMAS).orderable(),
        Field::choice("environment", "f.environment", Environment::WORDS).orderable(),
        Field::time("created.at", "p.created_at").of_party().only(&["ge", "gt", "le", "lt"]).orderable(),
        Field::time("events.created.at", "p.created_at").of_party().only(&["ge", "gt", "le", "lt"]).orderable(),
        Field::text("product.id", "f.product_id").searchable(),
        Field::text("product_id", "f.product_id"),
        Field::text("product.name", "pr.name").via("product").folded("pr.name_folded").orderable().searchable(),
        Field::text("contract.id", "f.contract_id").searchable(),
        Field::text("distribution_contract_id", "f.contract_id"),
        Field::text("contract.name", "c.name").via("contract").folded("c.name_folded").orderable().searchable(),
        Field::text("marketplace.id", "f.marketplace_id").searchable(),
        Field::text("marketplace_id", "f.marketplace_id"),
        Field::text("marketplace.name", "m.name").via("marketplace").folded("m.name_folded").orderable().searchable(),
        Field::text("vendor.id", "f.vendor_id").searchable(),
        Field::text("vendor_id", "f.vendor_id"),
        Field::text("vendor.name", "v.name").via("vendor").folded("v.name_folded").orderable().searchable(),
        Field::text("provider.id", "f.provider_id").searchable(),
        Field::text("provider_id", "f.provider_id"),
        Field::text("provider.name", "d.name").via("provider").folded("d.name_folded").orderable().searchable(),
        Field::choice("live", "case when p.status = 'deleted' then 'no' else 'yes' end", &["yes", "no"])
            .of_party()
            .internal(),
    ],
    order: &["-created.at"],
};

/// The records of the visible uploads of all files that an account may see.
pub const USAGE_RECORDS: Collection = Collection {
    name: "usage_records",
    from: "usage_record r",
    id: "r.id",
    scope: Scope::Sql(
        "(r.file_id, r.generation) in (select vf.id, vf.visible from usage_file vf join party vp on vp.kind = 'usage_file' \
         and vp.object_id = vf.id where vp.account_id = {account} and vf.status <> 'deleted' \
         and (vp.side = 'vendor' or vf.status in ('pending', 'accepted', 'rejected', 'closed')))",
    ),
    joins: RECORD_JOINS,
    many: &[],
    fields: RECORD_FIELDS,
    order: &["id"],
};

/// The records of one upload, given within `file` and `generation`. For pages that have opened the file.
pub const FILE_RECORDS: Collection = Collection {
    name: "usage_records",
    from: "usage_record r",
    id: "r.id",
    scope: Scope::Public,
    joins: RECORD_JOINS,
    many: &[],
    fields: RECORD_FIELDS,
    order: &["id"],
};

const RECORD_JOINS: &[Join] = &[
    Join::inner("file", "usage_file f on f.id = r.file_id"),
    Join::left("asset", "asset a on a.id = r.asset_id"),
    Join::left("customer", "tier_account t on t.id = a.customer_id").after(&["asset"]),
    Join::left("item", "item i on i.id = r.item_id"),
];

const STATUS: &str = "case when r.status = 'valid' and f.status in ('accepted', 'closed') then 'approved' \
     when r.status = 'valid' and f.status = 'rejected' then 'rejected' \
     when r.status = 'valid' and f.status = 'pending' then coalesce(r.verdict, 'valid') else r.status end";

const RECORD_FIELDS: &[Field] = &[
    Field::id().orderable().searchable(),
    Field::text("record_id", "r.record_id").searchable(),
    Field::choice("status", STATUS, RecordStatus::WORDS).via("file").orderable(),
    Field::text("asset.id", "r.asset_id").nullable(),
    Field::text("asset_id", "r.asset_id").nullable().searchable(),
    Field::text("asset.external_id", "a.external_id").via("asset").nullable(),
    Field::text("asset_external_id", "a.external_id").via("asset").nullable(),
    Field::text("asset.external_uid", "a.external_uid").via("asset").nullable(),
    Field::text("asset_external_uid", "a.external_uid").via("asset").nullable(),
    Field::text("customer.name", "t.name").via("customer").folded("t.name_folded").nullable(),
    Field::text("item.id", "r.item_id").nullable(),
    Field::text("item_id", "r.item_id").nullable(),
    Field::text("item.mpn", "r.item_mpn").nullable().searchable(),
    Field::choice("item.type", "i.kind", ItemKind::WORDS).via("item").nullable(),
    Field::text("product.id", "f.product_id").via("file"),
    Field::text("product_id", "f.product_id").via("file"),
    Field::text("hub.id", "a.hub_id").via("asset").nullable(),
    Field::text("part_usage_file__hub__id", "a.hub_id").via("asset").nullable(),
    Field::text("usage_file", "r.file_id"),
    Field::text("usagefile.id", "r.file_id"),
    Field::choice("usagefile.schema", "f.schema_kind", SCHEMAS).via("file"),
    Field::time("start_date", "r.start_at").nullable(),
    Field::time("usage_start_time", "r.start_at").nullable().orderable(),
    Field::time("end_date", "r.end_at").nullable(),
    Field::time("created_time", "r.created_at").orderable(),
    Field::text("category", "r.category_id").nullable(),
    Field::int("tier", "r.tier").nullable(),
    Field::amount("usage", "r.quantity").nullable().orderable(),
    Field::amount("amount", "r.amount").nullable().orderable(),
    Field::int("row", "r.sheet_row").orderable(),
    Field::text("external_billing_id", "r.billing_id"),
    Field::text("file", "r.file_id").internal(),
    Field::int("generation", "r.generation").internal(),
];

/// The categories of one upload, given within `file` and `generation`.
pub const USAGE_CATEGORIES: Collection = Collection {
    name: "usage_categories",
    from: "usage_category k",
    id: "k.id",
    scope: Scope::Public,
    joins: &[],
    many: &[],
    fields: &[
        Field::id().searchable(),
        Field::text("name", "k.name").orderable().searchable(),
        Field::int("position", "k.position").internal().orderable(),
        Field::text("file", "k.file_id").internal(),
        Field::int("generation", "k.generation").internal(),
        Field::nothing("part_usage_file.hub.id"),
    ],
    order: &["position"],
};

/// What is wrong with the rows of one upload, given within `file` and `generation`. For pages that have opened the file.
pub const USAGE_PROBLEMS: Collection = Collection {
    name: "usage_problems",
    from: "usage_problem x",
    id: "(x.record_id || '/' || x.place)",
    scope: Scope::Public,
    joins: &[],
    many: &[],
    fields: &[
        Field::int("row", "x.sheet_row").orderable(),
        Field::choice("code", "x.code", Code::WORDS).orderable(),
        Field::text("column", "x.column_name").orderable().searchable(),
        Field::text("value", "x.value").searchable(),
        Field::text("record", "x.record_id"),
        Field::text("file", "x.file_id").internal(),
        Field::int("generation", "x.generation").internal(),
    ],
    order: &["row"],
};
