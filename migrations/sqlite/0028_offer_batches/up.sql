-- Offers by spreadsheet: a batch for each sheet, with a row for each partner in it.
create table offer_batch (
    id text primary key, account_id text not null references account (id), agreement_id text not null, agreement_title text not null,
    kind text not null, state text not null, name text not null, name_folded text not null, file_key text, csv boolean not null,
    message text not null, ignored text not null, made_by text, started_by text, problem text,
    total integer not null, ready integer not null, wrong integer not null, already integer not null, invited integer not null,
    refused integer not null, silent integer not null,
    created_at bigint not null, checked_at bigint, started_at bigint, ended_at bigint
);
create index offer_batch_by_account on offer_batch (account_id, created_at desc, id);
create index offer_batch_by_creation on offer_batch (created_at);
create table offer_row (
    id text primary key, batch_id text not null references offer_batch (id) on delete cascade, place integer not null,
    partner text not null, partner_folded text not null, email text not null, email_folded text not null, message text not null,
    note text not null, purpose text not null, expire_at text not null, status text not null, problem text, contract_id text
);
create index offer_row_by_place on offer_row (batch_id, place, id);
create index offer_row_by_status on offer_row (batch_id, status, place, id);
