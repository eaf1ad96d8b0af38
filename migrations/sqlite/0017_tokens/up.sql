-- A second key for the time in which a renewed token's old one still works; from where a token was used last; the status that
-- lists show, with the moment at which time alone changes it; the end that its company was told of.
alter table token add column renewed_hash text;
alter table token add column renewed_expires_at bigint;
alter table token add column used_from text;
alter table token add column standing text not null default 'active';
alter table token add column turns_at bigint;
alter table token add column warned_for bigint;
update token set standing = status;
-- What has an end is looked at again at once.
update token set turns_at = created_at where status = 'active' and expires_at is not null;
create index token_by_turn on token (turns_at) where turns_at is not null;

-- From which addresses people and programs of a company may come.
create table ip_rule (
    id text primary key, account_id text not null references account (id), acl text not null, value text not null,
    comment text not null, events text not null, revision bigint not null, created_at bigint not null
);
create unique index ip_rule_by_value on ip_rule (account_id, acl, value);
create index ip_rule_by_account on ip_rule (account_id, acl, created_at desc, id);
