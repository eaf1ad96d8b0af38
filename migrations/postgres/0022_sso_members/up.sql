-- What else is said about a provider; whom it may make a member, and by which claim it says in which groups somebody is.
alter table idp add column external_id text collate "C" not null default '';
alter table idp add column description text not null default '';
alter table idp add column scopes text collate "C" not null default '';
alter table idp add column notice text not null default '';
alter table idp add column joins boolean not null default false;
alter table idp add column join_group text collate "C" references user_group (id);
alter table idp add column groups_claim text collate "C" not null default '';
create index idp_by_join_group on idp (join_group);

alter table sso_domain add column name text not null default '';
alter table sso_domain add column description text not null default '';
