-- Offers by spreadsheet: a batch for each sheet, with a row for each partner in it.
create table offer_batch (
    id text collate "C" primary key, account_id text collate "C" not null references account (id), agreement_id text collate "C" not null, agreement_title text collate "C" not null,
    kind text collate "C" not null, state text collate "C" not null, name text collate "C" not null, name_folded text collate "C" not null, file_key text collate "C", csv boolean not null,
    message text collate "C" not null, ignored jsonb not null, made_by jsonb, started_by jsonb, problem jsonb,
    total integer not null, ready integer not null, wrong integer not null, already integer not null, invited integer not null,
    refused integer not null, silent integer not null,
    created_at bigint not null, checked_at bigint, started_at bigint, ended_at bigint
);
create index offer_batch_by_account on offer_batch (account_id, created_at desc, id);
create index offer_batch_by_creation on offer_batch (created_at);
create table offer_row (
    id text collate "C" primary key, batch_id text collate "C" not null references offer_batch (id) on delete cascade, place integer not null,
    partner text collate "C" not null, partner_folded text collate "C" not null, email text collate "C" not null, email_folded text collate "C" not null, message text collate "C" not null,
    note text collate "C" not null, purpose text collate "C" not null, expire_at text collate "C" not null, status text collate "C" not null, problem jsonb, contract_id text collate "C"
);
create index offer_row_by_place on offer_row (batch_id, place, id);
create index offer_row_by_status on offer_row (batch_id, status, place, id);
