-- Forms that partners fill: their versions, the agreements that have them, the answers.
create table form (
    id text collate "C" primary key, account_id text collate "C" not null references account (id), kind text collate "C" not null,
    name text not null, name_folded text collate "C" not null, version integer not null,
    events jsonb not null, revision bigint not null, created_at bigint not null, updated_at bigint not null
);
create index form_by_account on form (account_id, kind, name_folded, id);
-- The schema is text: the order of its questions counts.
create table form_version (
    form_id text collate "C" not null references form (id) on delete cascade, version integer not null, schema text not null,
    author jsonb, created_at bigint not null, primary key (form_id, version)
);
create table agreement_form (
    agreement_id text collate "C" not null references agreement (id) on delete cascade, kind text collate "C" not null,
    form_id text collate "C" not null references form (id), primary key (agreement_id, kind)
);
create index agreement_form_by_form on agreement_form (form_id);
-- What was sent, to which version of the form; and what its vendor has not sent yet.
create table form_answer (
    id text collate "C" primary key, contract_id text collate "C" not null references contract (id) on delete cascade, kind text collate "C" not null,
    product_id text collate "C" not null, item_id text collate "C" not null, form_id text collate "C" not null references form (id), form_version integer not null,
    data jsonb, draft jsonb, draft_version integer, note text not null, revision bigint not null, created_at bigint not null, updated_at bigint not null
);
create unique index form_answer_by_subject on form_answer (contract_id, kind, product_id, item_id);
create index form_answer_by_form on form_answer (form_id);
