-- What every flow stands on: settings, sequences, parties, answers, the journal, jobs, files, sites.
create table setting (name text primary key, value text not null);
create table sequence (parent text not null, name text not null, value bigint not null, primary key (parent, name));

-- Who may see an object, on which side, and whether it is their turn.
create table party (
    account_id text not null, kind text not null, object_id text not null, side text not null, position integer not null,
    status text not null, turn boolean not null, since bigint not null, created_at bigint not null,
    primary key (account_id, kind, object_id)
);
create index party_by_created on party (account_id, kind, created_at desc, object_id);
create index party_by_status on party (account_id, kind, status, created_at desc, object_id);
create index party_by_object on party (object_id, kind);
create index party_by_turn on party (account_id, since, object_id) where turn;

-- Answers given under an idempotency key.
create table answer (
    actor text not null, key text not null, request text not null, given text not null, created_at bigint not null,
    primary key (actor, key)
);
create index answer_by_created on answer (created_at);

-- The journal. `sealed` is the place in the hash chain, given by one job after the transaction.
create table event (
    id integer primary key autoincrement, at bigint not null, kind text not null, object_id text not null, verb text not null,
    account_id text, actor_kind text not null, actor_id text, actor_name text, on_behalf text,
    audience text not null, text text not null, changes text not null, personal_hash text not null,
    sealed bigint, seal text
);
create index event_by_object on event (object_id, kind, id desc);
create index event_by_account on event (account_id, id desc);
create unique index event_by_seal on event (sealed);

create table job (
    id integer primary key autoincrement, kind text not null, args text not null, dedupe text, status text not null,
    run_at bigint not null, tries integer not null, fence bigint not null, leased_until bigint, worker text,
    cursor text, done bigint not null, total bigint, cancel boolean not null, error text,
    account_id text, object_id text, created_at bigint not null, ended_at bigint
);
create unique index job_by_dedupe on job (dedupe);
create index job_by_due on job (status, run_at, id);
create index job_by_object on job (object_id, kind);

create table schedule (name text primary key, next_at bigint not null);

create table file (
    key text primary key, account_id text, name text not null, content_type text not null, size bigint not null,
    sha256 text not null, public boolean not null, state text not null, created_at bigint not null
);
create index file_by_state on file (state, created_at);

create table brand (
    id text primary key, account_id text, name text not null, doc text not null, revision bigint not null, updated_at bigint not null
);
create table host (name text primary key, brand_id text not null references brand (id), portal text);
