-- Second factors of people: an authenticator app, passkeys, recovery codes; and what an account asks of its members.
alter table account add column factor_policy text not null default 'optional';
-- When a person put away the hint to set a factor up.
alter table person add column factors_later_at bigint;

create table totp (
    user_id text primary key references person (id), sealed text not null, last_step bigint not null,
    created_at bigint not null, used_at bigint
);

create table passkey (
    id text primary key, user_id text not null references person (id), credential_id text not null, name text not null,
    host text not null, credential text not null, created_at bigint not null, used_at bigint
);
create unique index passkey_by_credential on passkey (credential_id);
create index passkey_by_user on passkey (user_id, created_at);

create table recovery_code (
    hash text primary key, user_id text not null references person (id), created_at bigint not null, used_at bigint
);
create index recovery_code_by_user on recovery_code (user_id);

-- Questions to passkeys that were answered: none is answered twice.
create table used_challenge (id text primary key, expires_at bigint not null);
create index used_challenge_by_expiry on used_challenge (expires_at);
