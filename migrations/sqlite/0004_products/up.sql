-- Products and what belongs to them, connections, listings.
create table category (id text primary key, name text not null, parent_id text, family text not null, position integer not null);
create table unit (
    id text primary key, account_id text references account (id), description text not null, code text not null, kind text not null,
    cumulative boolean not null, created_at bigint not null
);

create table product (
    id text primary key, account_id text not null references account (id), name text not null, name_folded text not null,
    status text not null, category_id text references category (id), external_id text, icon text,
    short_description text not null, detailed_description text not null, capabilities text not null, doc text not null,
    latest_version integer, published_at bigint, events text not null,
    revision bigint not null, created_at bigint not null, updated_at bigint not null
);
create index product_by_account on product (account_id, created_at desc, id);

-- An immutable copy made when the vendor saves a version.
create table product_version (
    product_id text not null references product (id), version integer not null, public boolean not null, staging boolean not null,
    changes text not null, snapshot text not null, events text not null, created_at bigint not null, primary key (product_id, version)
);

create table item (
    id text primary key, product_id text not null references product (id), mpn text not null, name text not null, name_folded text not null,
    description text not null, kind text not null, period text not null, commitment integer not null, precision text not null,
    unit_id text not null references unit (id), status text not null, dynamic boolean not null, visible boolean not null,
    external_id text, position integer not null, doc text not null, events text not null,
    revision bigint not null, created_at bigint not null, updated_at bigint not null
);
create unique index item_by_mpn on item (product_id, mpn);
create unique index item_by_name on item (product_id, name_folded);
create index item_by_position on item (product_id, position, id);

create table parameter (
    id text primary key, product_id text not null references product (id), name text not null, title text not null, description text not null,
    phase text not null, scope text not null, kind text not null, hint text not null, placeholder text not null,
    required boolean not null, hidden boolean not null, is_unique boolean not null, reconciliation boolean not null,
    doc text not null, position integer not null, events text not null,
    revision bigint not null, created_at bigint not null, updated_at bigint not null
);
create unique index parameter_by_name on parameter (product_id, name);
create unique index parameter_reconciliation on parameter (product_id) where reconciliation;
create index parameter_by_position on parameter (product_id, phase, position, id);

create table template (
    id text primary key, product_id text not null references product (id), name text not null, name_folded text not null, title text not null,
    body text not null, scope text not null, kind text, position integer not null, events text not null,
    revision bigint not null, created_at bigint not null, updated_at bigint not null
);
create index template_by_position on template (product_id, position, id);

create table medium (
    id text primary key, product_id text not null references product (id), kind text not null, file_key text, url text,
    position integer not null, events text not null, revision bigint not null, created_at bigint not null
);
create unique index medium_by_position on medium (product_id, position);

create table connection (
    id text primary key, product_id text not null references product (id), hub_id text not null references hub (id),
    vendor_id text not null references account (id), provider_id text not null references account (id),
    environment text not null, status text not null, version_type text not null, note text not null,
    events text not null, revision bigint not null, created_at bigint not null
);
create unique index connection_by_hub on connection (product_id, hub_id);
create index connection_by_provider on connection (provider_id, created_at desc);

create table listing (
    id text primary key, product_id text not null references product (id), contract_id text not null references contract (id),
    marketplace_id text not null references marketplace (id), vendor_id text not null references account (id), provider_id text not null references account (id),
    status text not null, version integer, events text not null,
    revision bigint not null, created_at bigint not null, updated_at bigint not null
);
create unique index listing_by_contract on listing (product_id, contract_id);
create index listing_by_marketplace on listing (marketplace_id, product_id);

create table listing_request (
    id text primary key, listing_id text not null references listing (id), kind text not null, state text not null,
    product_id text not null references product (id), version integer not null, note text not null,
    assignee text, assignee_id text, creator text, events text not null,
    revision bigint not null, created_at bigint not null, updated_at bigint not null
);
create unique index listing_request_open on listing_request (listing_id) where state in ('draft', 'reviewing', 'deploying');
create index listing_request_by_listing on listing_request (listing_id, created_at desc);
