//! What lists of agreements and contracts can be asked.

use super::super::model::{Act, ContractKind, ContractStatus, FormKind, Purpose};
use crate::db::list::{Collection, Field, Join, Many, Scope};
use crate::kit::Role;

/// The agreements.
pub const AGREEMENTS: Collection = Collection {
    name: "agreements",
    from: "agreement g",
    id: "g.id",
    scope: Scope::Party("agreement"),
    joins: &[
        Join::inner("owner", "account a on a.id = g.account_id"),
        Join::left("marketplace", "marketplace m on m.id = g.marketplace_id"),
    ],
    many: &[Many::new("forms", "agreement_form af", "af.agreement_id = g.id")],
    fields: &[
        Field::id().orderable().searchable(),
        Field::text("title", "g.title").folded("g.title_folded").orderable().searchable(),
        Field::text("name", "g.title").folded("g.title_folded").orderable(),
        Field::choice("type", "g.kind", ContractKind::WORDS).orderable(),
        Field::flag("active", "(g.active_version is not null)"),
        Field::flag("auto_accept", "g.auto_accept").orderable(),
        Field::text("owner.id", "g.account_id"),
        Field::text("owner.name", "a.name").via("owner").folded("a.name_folded").searchable(),
        Field::text("marketplace.id", "g.marketplace_id").nullable().orderable(),
        Field::text("marketplace.name", "m.name").via("marketplace").nullable().folded("m.name_folded").searchable(),
        Field::text("parent.id", "g.parent_id").nullable(),
        Field::flag("top", "(g.parent_id is null)").internal(),
        Field::time("created", "p.created_at").of_party().orderable(),
        Field::time("updated", "g.updated_at").orderable(),
        Field::text("forms.id", "af.form_id").many("forms"),
        Field::choice("forms.type", "af.kind", FormKind::WORDS).many("forms"),
    ],
    order: &["-created"],
};

/// The versions of one agreement.
pub const VERSIONS: Collection = Collection {
    name: "versions",
    from: "agreement_version v",
    id: "cast(v.version as text)",
    scope: Scope::Sql(
        "exists (select 1 from party y where y.account_id = {account} and y.kind = 'agreement' and y.object_id = v.agreement_id)",
    ),
    joins: &[],
    many: &[],
    fields: &[
        Field::text("agreement.id", "v.agreement_id").internal(),
        Field::int("version", "v.version").orderable(),
        Field::time("version_created", "v.created_at").orderable(),
    ],
    order: &["-version"],
};

/// The forms.
pub const FORMS: Collection = Collection {
    name: "forms",
    from: "form f",
    id: "f.id",
    scope: Scope::Party("form"),
    joins: &[],
    many: &[],
    fields: &[
        Field::id().orderable().searchable(),
        Field::text("name", "f.name").folded("f.name_folded").orderable().searchable(),
        Field::choice("type", "f.kind", FormKind::WORDS).orderable().searchable(),
        Field::time("events.created.at", "p.created_at").of_party().orderable(),
        Field::int("version", "f.version").orderable(),
    ],
    order: &["-events.created.at"],
};

/// The versions of one form.
pub const FORM_VERSIONS: Collection = Collection {
    name: "versions",
    from: "form_version v",
    id: "cast(v.version as text)",
    scope: Scope::Sql(
        "exists (select 1 from party y where y.account_id = {account} and y.kind = 'form' and y.object_id = v.form_id)",
    ),
    joins: &[],
    many: &[],
    fields: &[
        Field::text("form.id", "v.form_id").internal(),
        Field::int("version", "v.version").orderable(),
        Field::time("events.created.at", "v.created_at").orderable(),
    ],
    order: &["-version"],
};

/// What was answered under one contract, and what its partner has begun to answer.
pub const ANSWERS: Collection = Collection {
    name: "answers",
    from: "form_answer a",
    id: "a.id",
    scope: Scope::Sql(
        "exists (select 1 from party y join contract c on c.id = a.contract_id where y.account_id = {account} and y.kind = 'contract' \
         and y.object_id = a.contract_id and (a.data is not null or (a.draft is not null and c.owner_id = y.account_id)))",
    ),
    joins: &[],
    many: &[],
    fields: &[
        Field::text("contract.id", "a.contract_id").internal(),
        Field::choice("type", "a.kind", FormKind::WORDS),
        Field::text("product.id", "a.product_id").internal(),
        Field::time("created", "a.created_at").orderable(),
    ],
    order: &["-created"],
};

/// The contracts.
pub const CONTRACTS: Collection = Collection {
    name: "contracts",
    from: "contract c",
    id: "c.id",
    scope: Scope::Party("contract"),
    joins: &[
        Join::inner("agreement", "agreement g on g.id = c.agreement_id"),
        Join::inner("issuer", "account i on i.id = c.issuer_id"),
        Join::inner("owner", "account o on o.id = c.owner_id"),
        Join::left("marketplace", "marketplace m on m.id = c.marketplace_id"),
    ],
    many: &[],
    fields: &[
        Field::id().orderable().searchable(),
        Field::choice("type", "c.kind", ContractKind::WORDS).orderable(),
        Field::choice("status", "p.status", ContractStatus::WORDS).of_party().orderable(),
        Field::choice("kind", "c.environment", Purpose::WORDS),
        Field::flag("newer", "(c.status = 'active' and c.version < g.active_version)").via("agreement"),
        Field::text("name", "c.name").folded("c.name_folded").orderable(),
        Field::text("agreement.id", "c.agreement_id").searchable(),
        Field::text("agreement.name", "g.title").via("agreement").folded("g.title_folded").orderable().searchable(),
        Field::text("agreement.owner.id", "g.account_id").via("agreement"),
        Field::text("issuer.id", "c.issuer_id").orderable().searchable(),
        Field::text("issuer.name", "i.name").via("issuer").folded("i.name_folded").orderable().searchable(),
        Field::text("owner.id", "c.owner_id"),
        Field::text("owner.name", "o.name").via("owner").folded("o.name_folded").orderable().searchable(),
        Field::text("partner.id", "c.owner_id"),
        Field::text("with", "case when c.owner_id = {account} then c.issuer_id else c.owner_id end").internal(),
        Field::text("marketplace.id", "c.marketplace_id").nullable().searchable(),
        Field::text("marketplace.name", "m.name").via("marketplace").nullable().folded("m.name_folded").searchable(),
        Field::time("created", "p.created_at").of_party().orderable(),
        Field::time("events.created.at", "p.created_at").of_party().orderable(),
        Field::text("events.created.by.id", "c.events").json("created.by.id"),
        Field::text("events.created.by.name", "c.events").json("created.by.name").searchable(),
        Field::text("events.signed.by.id", "c.events").json("signed.by.id"),
        Field::text("events.signed.by.name", "c.events").json("signed.by.name").searchable(),
        Field::nothing("agreement.product_groups.id"),
        Field::nothing("agreement.product_groups.products.id"),
        Field::nothing("agreement.sourcing_agreement.id"),
        Field::nothing("agreement.sourcing_agreement.type"),
        Field::nothing("referral.agreement.id"),
        Field::nothing("sourcing.listing.id"),
        Field::nothing("sourcing.marketplace.id"),
        Field::nothing("sourcing.marketplace.name"),
        Field::nothing("sourcing.product.id"),
        Field::nothing("sourcing.product.name"),
    ],
    order: &["-created"],
};

/// The signed versions of one contract.
pub const SIGNED_VERSIONS: Collection = Collection {
    name: "versions",
    from: "contract_version v",
    id: "cast(v.version as text)",
    scope: Scope::Sql(
        "exists (select 1 from party y where y.account_id = {account} and y.kind = 'contract' and y.object_id = v.contract_id)",
    ),
    joins: &[],
    many: &[],
    fields: &[
        Field::text("contract.id", "v.contract_id").internal(),
        Field::int("version", "v.version").orderable(),
        Field::time("version_created", "v.created_at").orderable(),
    ],
    order: &["-version"],
};

/// The signatures of one contract.
pub const SIGNATURES: Collection = Collection {
    name: "signatures",
    from: "signature s",
    id: "s.id",
    scope: Scope::Sql(
        "exists (select 1 from party y where y.account_id = {account} and y.kind = 'contract' and y.object_id = s.contract_id)",
    ),
    joins: &[],
    many: &[],
    fields: &[
        Field::text("contract.id", "s.contract_id").internal(),
        Field::id(),
        Field::int("version", "s.version").orderable(),
        Field::choice("act", "s.act", Act::WORDS).orderable(),
        Field::time("created", "s.created_at").orderable(),
    ],
    order: &["-created"],
};

/// The companies with a contract under one agreement, by contract.
pub const PARTNERS_UNDER: Collection = Collection {
    name: "partners",
    from: "contract c",
    id: "c.id",
    scope: Scope::Party("contract"),
    joins: &[
        Join::inner("agreement", "agreement g on g.id = c.agreement_id"),
        Join::inner("owner", "account o on o.id = c.owner_id"),
    ],
    many: &[],
    fields: &[
        Field::text("id", "c.owner_id").orderable(),
        Field::text("name", "o.name").via("owner").folded("o.name_folded").orderable(),
        Field::choice("role", "o.role", Role::WORDS).via("owner").orderable(),
        Field::text("agreement.id", "c.agreement_id"),
        Field::text("agreement.name", "g.title").via("agreement").folded("g.title_folded").orderable(),
        Field::text("contract.id", "c.id"),
        Field::choice("contract.status", "p.status", ContractStatus::WORDS).of_party().orderable(),
        Field::int("contract.version", "c.version").nullable().orderable(),
        Field::flag("behind", "(c.status = 'active' and c.version < g.active_version)").via("agreement"),
        Field::time("events.created.at", "p.created_at").of_party().orderable(),
        Field::text("events.created.by.id", "c.events").json("created.by.id"),
        Field::text("events.created.by.name", "c.events").json("created.by.name"),
        Field::time("events.signed.at", "c.events").json("signed.at").orderable(),
        Field::text("events.signed.by.id", "c.events").json("signed.by.id").orderable(),
        Field::time("events.countersigned.at", "c.events").json("countersigned.at").orderable(),
        Field::text("events.countersigned.by.id", "c.events").json("countersigned.by.id").orderable(),
    ],
    order: &["-events.created.at"],
};
