-- Usage files, their records, categories and problems.
create table usage_file (
    id text primary key, name text not null, name_folded text not null, external_id text, description text not null, note text not null,
    status text not null, sub_status text, environment text not null, schema_kind text not null, currency text,
    period_from bigint, period_to bigint,
    product_id text not null references product (id), contract_id text not null references contract (id),
    marketplace_id text not null references marketplace (id), vendor_id text not null references account (id), provider_id text not null references account (id),
    acceptance_note text not null, rejection_note text not null, error_detail text not null,
    upload_key text, processed_key text, generation integer not null, rows_done bigint not null, rows_total bigint,
    uploaded bigint not null, valid bigint not null, invalid bigint not null, closed bigint not null, billed bigint not null,
    amount_total text not null, events text not null,
    revision bigint not null, created_at bigint not null, updated_at bigint not null
);
create index usage_file_by_product on usage_file (product_id, created_at desc);

create table usage_category (
    file_id text not null references usage_file (id), generation integer not null, id text not null, name text not null, description text not null,
    primary key (file_id, generation, id)
);

-- `generation` counts the uploads of a file; only the file's current one is visible.
create table usage_record (
    id text primary key, file_id text not null references usage_file (id), generation integer not null, row integer not null,
    record_id text not null, note text not null, status text not null, start_at bigint, end_at bigint,
    item_id text, item_mpn text, asset_id text, category_id text, tier integer, quantity text, amount text,
    params text not null, raw text, problems text not null,
    billing_id text not null, billing_note text not null, closed_at bigint, closed_by text, created_at bigint not null
);
create unique index usage_record_by_row on usage_record (file_id, generation, row);
create index usage_record_by_status on usage_record (file_id, generation, status, row);
create index usage_record_by_asset on usage_record (asset_id, start_at);

-- Record ids that were reported to a product and are neither rejected nor deleted: each may be used once.
create table usage_record_key (
    product_id text not null, record_id text not null, file_id text not null references usage_file (id), primary key (product_id, record_id)
);
create index usage_record_key_by_file on usage_record_key (file_id);
