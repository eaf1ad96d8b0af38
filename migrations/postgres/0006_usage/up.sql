-- Usage files, their uploads, records, problems and totals.
create table usage_file (
    id text collate "C" primary key, name text not null, name_folded text collate "C" not null, external_id text collate "C", description text not null, note text not null,
    status text collate "C" not null, sub_status text collate "C", environment text collate "C" not null, schema_kind text collate "C" not null, currency text collate "C",
    period_from bigint, period_end bigint,
    product_id text collate "C" not null references product (id), contract_id text collate "C" not null references contract (id),
    marketplace_id text collate "C" not null references marketplace (id), vendor_id text collate "C" not null references account (id), provider_id text collate "C" not null references account (id),
    acceptance_note text not null, rejection_note text not null, error_detail jsonb, submit_wish jsonb,
    generation integer not null, visible integer not null,
    uploaded bigint not null, valid bigint not null, invalid bigint not null, closed bigint not null, billed bigint not null,
    subscriptions bigint not null, amount_total numeric not null, events jsonb not null,
    revision bigint not null, created_at bigint not null, updated_at bigint not null
);
create index usage_file_by_product on usage_file (product_id, created_at desc);

-- Every upload of a file; `generation` counts them. The current one is worked on, the visible one is shown.
create table usage_upload (
    file_id text collate "C" not null references usage_file (id), generation integer not null, file_key text collate "C" not null, name text not null, size bigint not null,
    sha256 text collate "C" not null, uploaded_by jsonb, processed_key text collate "C", uploaded bigint not null, valid bigint not null, invalid bigint not null,
    created_at bigint not null, primary key (file_id, generation)
);

create table usage_category (
    file_id text collate "C" not null references usage_file (id), generation integer not null, id text collate "C" not null, name text not null, description text not null,
    position integer not null, primary key (file_id, generation, id)
);

-- Items that a file reports and the product does not have yet; they are made when the file is accepted.
create table usage_new_item (
    file_id text collate "C" not null references usage_file (id), generation integer not null, mpn text collate "C" not null, name text not null, unit text collate "C" not null,
    precision text collate "C" not null, primary key (file_id, generation, mpn)
);

-- The id is made of the file's digits, the generation and the row's place, so that the order of ids is that of the rows.
create table usage_record (
    id text collate "C" not null primary key, file_id text collate "C" not null references usage_file (id), generation integer not null, sheet_row integer not null,
    record_id text collate "C" not null, note text not null, status text collate "C" not null, start_at bigint, end_at bigint,
    item_id text collate "C", item_mpn text collate "C", asset_id text collate "C", category_id text collate "C", tier integer, quantity numeric, amount numeric,
    params jsonb not null, billing_id text not null, billing_note text not null, closed_at bigint, closed_by text, created_at bigint not null
);
create index usage_record_by_file on usage_record (file_id, generation, id);
create index usage_record_by_asset on usage_record (asset_id, start_at);

-- What is wrong with a row, in the order of its columns.
create table usage_problem (
    record_id text collate "C" not null, place integer not null, file_id text collate "C" not null references usage_file (id), generation integer not null, sheet_row integer not null,
    code text collate "C" not null, column_name text not null, value text not null, text jsonb not null, primary key (record_id, place)
);
create index usage_problem_by_code on usage_problem (file_id, generation, code, record_id);

-- What a file reports of each item: quantities and amounts of its good rows, summed exactly.
create table usage_total (
    file_id text collate "C" not null references usage_file (id), generation integer not null, mpn text collate "C" not null, item_id text collate "C", records bigint not null,
    quantity numeric not null, amount numeric not null, primary key (file_id, generation, mpn)
);

-- Record ids that were reported to a product. A row counts while its file is neither rejected nor deleted and has not been
-- uploaded again; a row that does not count is taken over by the next file.
create table usage_record_key (
    product_id text collate "C" not null, record_id text collate "C" not null, file_id text collate "C" not null references usage_file (id), generation integer not null,
    primary key (product_id, record_id)
);

-- Look-up of many subscriptions by a parameter's value; long values are found by their beginning.
create index asset_param_by_beginning on asset_param (product_id, name, substr(value, 1, 200));
