-- Companies, people, groups, tokens, sessions.
create table account (
    id text collate "C" primary key, name text not null, name_folded text collate "C" not null, role text collate "C" not null, status text collate "C" not null,
    external_id text collate "C", icon text collate "C", invited_by text collate "C", doc jsonb not null, events jsonb not null,
    revision bigint not null, created_at bigint not null, updated_at bigint not null
);
create index account_by_created on account (created_at desc, id);

create table person (
    id text collate "C" primary key, name text not null, email text not null, email_folded text collate "C" not null, password text,
    locale text collate "C", timezone text collate "C", theme text collate "C", last_account text collate "C", signed_in_at bigint,
    events jsonb not null, revision bigint not null, created_at bigint not null
);
create unique index person_by_email on person (email_folded);

create table membership (
    account_id text collate "C" not null references account (id), user_id text collate "C" not null references person (id),
    status text collate "C" not null, created_at bigint not null, invited_by jsonb, primary key (account_id, user_id)
);
create index membership_by_user on membership (user_id, account_id);

create table user_group (
    id text collate "C" primary key, account_id text collate "C" not null references account (id), name text not null, name_folded text collate "C" not null,
    description text not null, external_id text collate "C", events jsonb not null, revision bigint not null, created_at bigint not null
);
create unique index user_group_by_name on user_group (account_id, name_folded);
create table group_member (
    group_id text collate "C" not null references user_group (id) on delete cascade, user_id text collate "C" not null references person (id), primary key (group_id, user_id)
);
create index group_member_by_user on group_member (user_id);
create table group_permission (
    group_id text collate "C" not null references user_group (id) on delete cascade, module text collate "C" not null, level text collate "C" not null, primary key (group_id, module)
);

create table token (
    id text collate "C" primary key, account_id text collate "C" not null references account (id), name text not null, description text not null,
    external_id text collate "C", secret_hash text collate "C" not null, status text collate "C" not null, extension text collate "C" not null,
    expires_at bigint, used_at bigint, events jsonb not null, revision bigint not null, created_at bigint not null
);
create unique index token_by_secret on token (secret_hash);
create index token_by_account on token (account_id, created_at desc);
create table token_permission (
    token_id text collate "C" not null references token (id) on delete cascade, module text collate "C" not null, level text collate "C" not null, primary key (token_id, module)
);

create table session (
    id text collate "C" primary key, user_id text collate "C" references person (id), host text collate "C" not null, address text not null, agent text not null,
    state jsonb not null, created_at bigint not null, seen_at bigint not null, expires_at bigint not null
);
create index session_by_user on session (user_id, seen_at desc);
create index session_by_expiry on session (expires_at);

-- Links that are sent once: set a password, join an account.
create table one_time_link (
    secret_hash text collate "C" primary key, purpose text collate "C" not null, user_id text collate "C" not null references person (id), account_id text collate "C",
    created_at bigint not null, expires_at bigint not null, used_at bigint
);
create index one_time_link_by_user on one_time_link (user_id);

-- Failed tries by what they were aimed at or where they came from.
create table attempt (subject text collate "C" primary key, failures integer not null, first_at bigint not null, blocked_until bigint);
