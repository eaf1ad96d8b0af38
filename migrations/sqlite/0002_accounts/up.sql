-- Companies, people, groups, tokens, sessions.
create table account (
    id text primary key, name text not null, name_folded text not null, role text not null, status text not null,
    external_id text, icon text, invited_by text, doc text not null, events text not null,
    revision bigint not null, created_at bigint not null, updated_at bigint not null
);
create index account_by_created on account (created_at desc, id);

create table person (
    id text primary key, name text not null, email text not null, email_folded text not null, password text,
    locale text, timezone text, theme text, last_account text, signed_in_at bigint,
    events text not null, revision bigint not null, created_at bigint not null
);
create unique index person_by_email on person (email_folded);

create table membership (
    account_id text not null references account (id), user_id text not null references person (id),
    status text not null, created_at bigint not null, invited_by text, primary key (account_id, user_id)
);
create index membership_by_user on membership (user_id, account_id);

create table user_group (
    id text primary key, account_id text not null references account (id), name text not null, name_folded text not null,
    description text not null, external_id text, events text not null, revision bigint not null, created_at bigint not null
);
create unique index user_group_by_name on user_group (account_id, name_folded);
create table group_member (
    group_id text not null references user_group (id) on delete cascade, user_id text not null references person (id), primary key (group_id, user_id)
);
create index group_member_by_user on group_member (user_id);
create table group_permission (
    group_id text not null references user_group (id) on delete cascade, module text not null, level text not null, primary key (group_id, module)
);

create table token (
    id text primary key, account_id text not null references account (id), name text not null, description text not null,
    external_id text, secret_hash text not null, status text not null, extension text not null,
    expires_at bigint, used_at bigint, events text not null, revision bigint not null, created_at bigint not null
);
create unique index token_by_secret on token (secret_hash);
create index token_by_account on token (account_id, created_at desc);
create table token_permission (
    token_id text not null references token (id) on delete cascade, module text not null, level text not null, primary key (token_id, module)
);

create table session (
    id text primary key, user_id text references person (id), host text not null, address text not null, agent text not null,
    state text not null, created_at bigint not null, seen_at bigint not null, expires_at bigint not null
);
create index session_by_user on session (user_id, seen_at desc);
create index session_by_expiry on session (expires_at);

-- Links that are sent once: set a password, join an account.
create table one_time_link (
    secret_hash text primary key, purpose text not null, user_id text not null references person (id), account_id text,
    created_at bigint not null, expires_at bigint not null, used_at bigint
);
create index one_time_link_by_user on one_time_link (user_id);

-- Failed tries by what they were aimed at or where they came from.
create table attempt (subject text primary key, failures integer not null, first_at bigint not null, blocked_until bigint);
