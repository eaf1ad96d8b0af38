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
    latest_version integer, public_version integer, published_at bigint, events text not null,
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
    unit_id text not null references unit (id), status text not null, dynamic boolean not null, visible boolean not null, first_version integer,
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
    id text primary key, product_id text not null references product (id), kind text not null, thumbnail text, url text,
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

-- Categories and units that every deployment starts with.
insert into category (id, name, parent_id, family, position) values
    ('CAT-00000', 'All Categories', null, 'FAM-000', 0),
    ('CAT-75105', 'Cloud Services', 'CAT-00000', 'FAM-000', 1),
    ('CAT-67642', 'Backup and Disaster Recovery', 'CAT-75105', 'FAM-000', 2),
    ('CAT-95793', 'Communication and Collaboration', 'CAT-75105', 'FAM-000', 3),
    ('CAT-07415', 'Customer Management', 'CAT-75105', 'FAM-000', 4),
    ('CAT-71994', 'Digital Marketing', 'CAT-75105', 'FAM-000', 5),
    ('CAT-55878', 'Finance', 'CAT-75105', 'FAM-000', 6),
    ('CAT-37312', 'Human Resources', 'CAT-75105', 'FAM-000', 7),
    ('CAT-40123', 'Infrastructure', 'CAT-75105', 'FAM-000', 8),
    ('CAT-06160', 'IT Management', 'CAT-75105', 'FAM-000', 9),
    ('CAT-59128', 'Marketing', 'CAT-75105', 'FAM-000', 10),
    ('CAT-57124', 'Office Productivity', 'CAT-75105', 'FAM-000', 11),
    ('CAT-58673', 'Sales', 'CAT-75105', 'FAM-000', 12),
    ('CAT-86929', 'Security', 'CAT-75105', 'FAM-000', 13);
insert into unit (id, account_id, description, code, kind, cumulative, created_at) values
    ('boolean', null, 'Boolean', 'unit', 'reservation', false, 0),
    ('boxes', null, 'Boxes', 'unit', 'reservation', false, 0),
    ('calls', null, 'Calls', 'unit', 'reservation', false, 0),
    ('computers', null, 'Computers', 'unit', 'reservation', false, 0),
    ('connections', null, 'Connections', 'unit', 'reservation', false, 0),
    ('contacts', null, 'Contacts', 'unit', 'reservation', false, 0),
    ('credits', null, 'Credits', 'unit', 'reservation', false, 0),
    ('devices', null, 'Devices', 'unit', 'reservation', false, 0),
    ('documents', null, 'Documents', 'unit', 'reservation', false, 0),
    ('emails', null, 'Emails', 'unit', 'reservation', false, 0),
    ('employees', null, 'Employees', 'unit', 'reservation', false, 0),
    ('gb', null, 'Gb', 'unit', 'reservation', false, 0),
    ('hosts', null, 'Hosts', 'unit', 'reservation', false, 0),
    ('hours', null, 'Hours', 'unit', 'reservation', false, 0),
    ('images', null, 'Images', 'unit', 'reservation', false, 0),
    ('invoices', null, 'Invoices', 'unit', 'reservation', false, 0),
    ('ips', null, 'IPs', 'unit', 'reservation', false, 0),
    ('items', null, 'Items', 'unit', 'reservation', false, 0),
    ('kb', null, 'Kb', 'kb', 'reservation', false, 0),
    ('kbps', null, 'Kb/sec', 'Kbit/sec', 'reservation', false, 0),
    ('licenses', null, 'Licenses', 'unit', 'reservation', true, 0),
    ('mailboxes', null, 'Mailboxes', 'unit', 'reservation', false, 0),
    ('messages', null, 'Messages', 'unit', 'reservation', false, 0),
    ('mhz', null, 'MHz', 'mhz', 'reservation', false, 0),
    ('minutes', null, 'Minutes', 'unit', 'reservation', false, 0),
    ('mobile_devices', null, 'Mobile devices', 'unit', 'reservation', false, 0),
    ('pages', null, 'Pages', 'unit', 'reservation', false, 0),
    ('reports', null, 'Reports', 'unit', 'reservation', false, 0),
    ('servers', null, 'Servers', 'unit', 'reservation', false, 0),
    ('stores', null, 'Stores', 'unit', 'reservation', false, 0),
    ('unit', null, 'Units', 'unit', 'reservation', false, 0),
    ('users', null, 'Users', 'unit', 'reservation', false, 0),
    ('websites', null, 'Websites', 'unit', 'reservation', false, 0),
    ('mbh', null, 'MB*H', 'mb-h', 'ppu', false, 0),
    ('mhzh', null, 'MHz*H', 'mhzh', 'ppu', false, 0),
    ('unith', null, 'Unit*H', 'unit-h', 'ppu', false, 0);
