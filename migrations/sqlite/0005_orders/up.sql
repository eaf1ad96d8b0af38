-- Customers, subscriptions ("asset" in the API), fulfillment requests.
create table tier_account (
    id text primary key, account_id text not null references account (id), kind text not null, name text not null, name_folded text not null,
    external_id text, external_uid text not null, hub_id text references hub (id), parent_id text references tier_account (id),
    portal_account_id text references account (id), environment text not null, tax_id text, contact text not null, email_folded text not null, scopes text not null,
    version integer not null, events text not null, revision bigint not null, created_at bigint not null, updated_at bigint not null
);
create unique index tier_account_by_uid on tier_account (account_id, external_uid);
create index tier_account_by_external on tier_account (account_id, external_id);
create index tier_account_by_parent on tier_account (parent_id);
create table tier_account_version (
    tier_account_id text not null references tier_account (id), version integer not null, doc text not null, created_at bigint not null,
    primary key (tier_account_id, version)
);

create table asset (
    id text primary key, status text not null, product_id text not null references product (id), version integer,
    connection_id text not null references connection (id), marketplace_id text not null references marketplace (id),
    contract_id text not null references contract (id), hub_id text not null references hub (id),
    vendor_id text not null references account (id), provider_id text not null references account (id), environment text not null,
    external_id text, external_uid text, customer_id text not null references tier_account (id),
    tier1_id text references tier_account (id), tier2_id text references tier_account (id),
    template_id text references template (id), open_request_id text, doc text not null, events text not null,
    revision bigint not null, created_at bigint not null, updated_at bigint not null
);
create unique index asset_by_uid on asset (connection_id, external_uid) where status <> 'terminated';
create index asset_by_product on asset (product_id, created_at desc);
create index asset_by_customer on asset (customer_id);
create index asset_by_tier1 on asset (tier1_id);
create index asset_by_tier2 on asset (tier2_id);
create index asset_by_external on asset (external_id);
create table asset_item (
    asset_id text not null references asset (id), item_id text not null references item (id), quantity text not null, unlimited boolean not null,
    position integer not null, primary key (asset_id, item_id)
);
create index asset_item_by_item on asset_item (item_id);
create table asset_param (
    asset_id text not null references asset (id), name text not null, product_id text not null, parameter_id text not null references parameter (id),
    phase text not null, value text, structured text, primary key (asset_id, name)
);
-- The subscriptions of a product by a parameter. By its value they are found through asset_param_by_beginning.
create index asset_param_by_value on asset_param (product_id, name, asset_id);

create table request (
    id text primary key, asset_id text not null references asset (id), kind text not null, status text not null,
    product_id text not null references product (id), marketplace_id text not null references marketplace (id),
    contract_id text not null references contract (id), connection_id text not null references connection (id),
    vendor_id text not null references account (id), provider_id text not null references account (id), environment text not null,
    customer_id text not null references tier_account (id),
    assignee text, assignee_id text, template_id text references template (id), note text not null, reason text not null, answered boolean not null,
    activation_key text not null, message text not null, form_nonce text,
    planned_date bigint, effective_date bigint, previous_id text, snapshot text not null, external_attributes text, events text not null,
    revision bigint not null, created_at bigint not null, updated_at bigint not null
);
create unique index request_open on request (asset_id) where status not in ('approved', 'failed', 'revoked');
create index request_by_asset on request (asset_id, created_at desc);
create index request_by_product on request (product_id, created_at desc);
create index request_by_planned on request (planned_date) where status = 'scheduled';

-- Orders that somebody is writing: kept until they are placed or discarded, seen by their own company alone.
create table order_draft (
    id text primary key, account_id text not null references account (id), product_id text not null references product (id),
    doc text not null, request_id text, revision bigint not null, created_at bigint not null, updated_at bigint not null
);
create index order_draft_by_account on order_draft (account_id, updated_at desc);
