-- Hubs, marketplaces, agreements, contracts.
create table hub (
    id text primary key, account_id text not null references account (id), name text not null, name_folded text not null,
    description text not null, instance_id text not null, instance_type text not null,
    events text not null, revision bigint not null, created_at bigint not null, updated_at bigint not null
);
create unique index hub_by_instance on hub (account_id, instance_id);

create table marketplace (
    id text primary key, account_id text not null references account (id), name text not null, name_folded text not null,
    description text not null, currency text not null, icon text, doc text not null,
    events text not null, revision bigint not null, created_at bigint not null, updated_at bigint not null
);
create unique index marketplace_by_name on marketplace (account_id, name_folded);
create table marketplace_hub (
    marketplace_id text not null references marketplace (id) on delete cascade, hub_id text not null references hub (id),
    external_id text not null, primary key (marketplace_id, hub_id)
);
create index marketplace_hub_by_hub on marketplace_hub (hub_id);

create table agreement (
    id text primary key, kind text not null, account_id text not null references account (id),
    title text not null, title_folded text not null, description text not null,
    parent_id text references agreement (id), marketplace_id text references marketplace (id), auto_accept boolean not null,
    active_version integer, events text not null, revision bigint not null, created_at bigint not null, updated_at bigint not null
);
create unique index agreement_by_title on agreement (account_id, kind, title_folded);
create index agreement_by_parent on agreement (parent_id);
create index agreement_by_marketplace on agreement (marketplace_id);
create table agreement_version (
    agreement_id text not null references agreement (id) on delete cascade, version integer not null, document_type text not null,
    link text, file_key text, text text, author text, created_at bigint not null, primary key (agreement_id, version)
);

create table contract (
    id text primary key, kind text not null, status text not null, name text not null, name_folded text not null,
    agreement_id text not null references agreement (id), version integer, version_created bigint,
    marketplace_id text references marketplace (id),
    issuer_id text not null references account (id), owner_id text not null references account (id), creator_id text not null references account (id),
    environment text not null, note text not null, termination_note text not null, message text not null,
    activation_hash text, activation_nonce text, activation_email text, activated_at bigint, enrolled_at bigint, expire_at bigint,
    permissions text not null, signee text, events text not null,
    revision bigint not null, created_at bigint not null, updated_at bigint not null
);
create unique index contract_live on contract (agreement_id, owner_id) where status in ('new', 'enrolling', 'pending', 'active');
create unique index contract_by_activation on contract (activation_hash);
create index contract_by_agreement on contract (agreement_id, created_at desc);
create index contract_by_owner on contract (owner_id, kind, status);
create index contract_by_issuer on contract (issuer_id, kind, status);
create index contract_by_marketplace on contract (marketplace_id);
create table contract_version (
    contract_id text not null references contract (id) on delete cascade, version integer not null, signee text, created_at bigint not null,
    primary key (contract_id, version)
);
