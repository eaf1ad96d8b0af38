-- Usage files, their uploads, records, problems and totals.
create table usage_file (
    id text primary key, name text not null, name_folded text not null, external_id text, description text not null, note text not null,
    status text not null, sub_status text, environment text not null, schema_kind text not null, currency text,
    period_from bigint, period_end bigint,
    product_id text not null references product (id), contract_id text not null references contract (id),
    marketplace_id text not null references marketplace (id), vendor_id text not null references account (id), provider_id text not null references account (id),
    acceptance_note text not null, rejection_note text not null, error_detail text, submit_wish text,
    generation integer not null, visible integer not null,
    uploaded bigint not null, valid bigint not null, invalid bigint not null, closed bigint not null, billed bigint not null,
    subscriptions bigint not null, amount_total text not null, events text not null,
    revision bigint not null, created_at bigint not null, updated_at bigint not null
);
create index usage_file_by_product on usage_file (product_id, created_at desc);

-- Every upload of a file; `generation` counts them. The current one is worked on, the visible one is shown.
create table usage_upload (
    file_id text not null references usage_file (id), generation integer not null, file_key text not null, name text not null, size bigint not null,
    sha256 text not null, uploaded_by text, processed_key text, uploaded bigint not null, valid bigint not null, invalid bigint not null,
    created_at bigint not null, primary key (file_id, generation)
);

create table usage_category (
    file_id text not null references usage_file (id), generation integer not null, id text not null, name text not null, description text not null,
    position integer not null, primary key (file_id, generation, id)
);

-- Items that a file reports and the product does not have yet; they are made when the file is accepted.
create table usage_new_item (
    file_id text not null references usage_file (id), generation integer not null, mpn text not null, name text not null, unit text not null,
    precision text not null, primary key (file_id, generation, mpn)
);

-- The id is made of the file's digits, the generation and the row's place, so that the order of ids is that of the rows.
create table usage_record (
    id text not null primary key, file_id text not null references usage_file (id), generation integer not null, sheet_row integer not null,
    record_id text not null, note text not null, status text not null, start_at bigint, end_at bigint,
    item_id text, item_mpn text, asset_id text, category_id text, tier integer, quantity text, amount text,
    params text not null, billing_id text not null, billing_note text not null, closed_at bigint, closed_by text, created_at bigint not null
) without rowid;
create index usage_record_by_file on usage_record (file_id, generation, id);
create index usage_record_by_asset on usage_record (asset_id, start_at);

-- What is wrong with a row, in the order of its columns.
create table usage_problem (
    record_id text not null, place integer not null, file_id text not null references usage_file (id), generation integer not null, sheet_row integer not null,
    code text not null, column_name text not null, value text not null, text text not null, primary key (record_id, place)
) without rowid;
create index usage_problem_by_code on usage_problem (file_id, generation, code, record_id);

-- What a file reports of each item: quantities and amounts of its good rows, summed exactly.
create table usage_total (
    file_id text not null references usage_file (id), generation integer not null, mpn text not null, item_id text, records bigint not null,
    quantity text not null, amount text not null, primary key (file_id, generation, mpn)
);

-- Record ids that were reported to a product. A row counts while its file is neither rejected nor deleted and has not been
-- uploaded again; a row that does not count is taken over by the next file.
create table usage_record_key (
    product_id text not null, record_id text not null, file_id text not null references usage_file (id), generation integer not null,
    primary key (product_id, record_id)
) without rowid;

-- Look-up of many subscriptions by a parameter's value; long values are found by their beginning.
create index asset_param_by_beginning on asset_param (product_id, name, substr(value, 1, 200));
