-- Archives of all that a company has: asked for, made by a job, kept for a while.
create table account_export (
    id text primary key, account_id text not null references account (id), state text not null, asked_by text,
    created_at bigint not null, taken_at bigint, ended_at bigint, expires_at bigint, lines bigint, attachments bigint,
    missing bigint, size bigint, file_key text, problem text
);
-- One at a time.
create unique index account_export_at_work on account_export (account_id) where state = 'making';
create index account_export_by_account on account_export (account_id, created_at desc, id);
create index account_export_by_expiry on account_export (expires_at) where state = 'ready';
create index account_export_by_creation on account_export (created_at);
