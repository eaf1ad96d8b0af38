-- Providers of single sign-on of accounts. Our secret there is sealed.
create table idp (
    id text primary key, account_id text not null references account (id), name text not null,
    issuer text not null, client_id text not null, sealed text, trusts_factors boolean not null, end_session text,
    events text not null, revision bigint not null, created_at bigint not null
);
create index idp_by_account on idp (account_id, created_at desc, id);

-- Domains of e-mail addresses that an account says are its own, and which provider knows their people.
create table sso_domain (
    id text primary key, account_id text not null references account (id), domain text not null,
    token text not null, idp_id text references idp (id), enforce boolean not null, status text not null,
    checked_at bigint, missing_since bigint, events text not null, revision bigint not null, created_at bigint not null
);
create unique index sso_domain_by_domain on sso_domain (domain, account_id);
create index sso_domain_by_account on sso_domain (account_id, created_at desc, id);
create index sso_domain_by_idp on sso_domain (idp_id);
create index sso_domain_by_check on sso_domain (status, checked_at);

-- Which person a provider means by a subject.
create table sso_link (
    idp_id text not null references idp (id), subject text not null, user_id text not null references person (id),
    created_at bigint not null, used_at bigint not null, primary key (idp_id, subject)
);
create unique index sso_link_by_user on sso_link (idp_id, user_id);
create index sso_link_of_user on sso_link (user_id);

-- Sign-ins that are under way at a provider: each can come back once, to the browser that began it.
create table sso_attempt (
    state_hash text primary key, browser_hash text not null, idp_id text not null, again boolean not null, next text not null,
    expires_at bigint not null
);
create index sso_attempt_by_expiry on sso_attempt (expires_at);
create index sso_attempt_by_idp on sso_attempt (idp_id);
