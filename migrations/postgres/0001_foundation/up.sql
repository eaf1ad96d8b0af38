-- What every flow stands on: settings, sequences, parties, answers, the journal, jobs, files, sites.
create table setting (name text collate "C" primary key, value text not null);
create table sequence (parent text collate "C" not null, name text collate "C" not null, value bigint not null, primary key (parent, name));

-- Who may see an object, on which side, and whether it is their turn.
create table party (
    account_id text collate "C" not null, kind text collate "C" not null, object_id text collate "C" not null, side text collate "C" not null, position integer not null,
    status text collate "C" not null, turn boolean not null, since bigint not null, created_at bigint not null,
    primary key (account_id, kind, object_id)
);
create index party_by_created on party (account_id, kind, created_at desc, object_id);
create index party_by_status on party (account_id, kind, status, created_at desc, object_id);
create index party_by_object on party (object_id, kind);
create index party_by_turn on party (account_id, since, object_id) where turn;

-- Answers given under an idempotency key.
create table answer (
    actor text collate "C" not null, key text collate "C" not null, request text not null, given text not null, created_at bigint not null,
    primary key (actor, key)
);
create index answer_by_created on answer (created_at);

-- The journal. `sealed` is the place in the hash chain, given by one job after the transaction.
create table event (
    id bigint generated always as identity primary key, at bigint not null, kind text collate "C" not null, object_id text collate "C" not null, verb text collate "C" not null,
    account_id text collate "C", actor_kind text collate "C" not null, actor_id text collate "C", actor_name text, on_behalf text collate "C",
    audience text not null, text jsonb not null, changes jsonb not null, personal_hash text not null,
    sealed bigint, seal text
);
create index event_by_object on event (object_id, kind, id desc);
create index event_by_account on event (account_id, id desc);
create unique index event_by_seal on event (sealed);

create table job (
    id bigint generated always as identity primary key, kind text collate "C" not null, args jsonb not null, dedupe text collate "C", status text collate "C" not null,
    run_at bigint not null, tries integer not null, fence bigint not null, leased_until bigint, worker text collate "C",
    cursor jsonb, done bigint not null, total bigint, cancel boolean not null, error text,
    account_id text collate "C", object_id text collate "C", created_at bigint not null, ended_at bigint
);
create unique index job_by_dedupe on job (dedupe);
create index job_by_due on job (status, run_at, id);
create index job_by_object on job (object_id, kind);

create table schedule (name text collate "C" primary key, next_at bigint not null);

create table file (
    key text collate "C" primary key, account_id text collate "C", name text not null, content_type text collate "C" not null, size bigint not null,
    sha256 text collate "C" not null, public boolean not null, state text collate "C" not null, created_at bigint not null
);
create index file_by_state on file (state, created_at);

create table brand (
    id text collate "C" primary key, account_id text collate "C", name text not null, doc jsonb not null, revision bigint not null, updated_at bigint not null
);
create table host (name text collate "C" primary key, brand_id text collate "C" not null references brand (id), portal text collate "C");
