-- When somebody joined, until when an invitation works, and how often a membership was changed.
alter table membership add column activated_at bigint;
alter table membership add column expires_at bigint;
alter table membership add column revision bigint not null default 1;
update membership set activated_at = created_at where status = 'active';
update membership set expires_at = created_at + 604800000000 where status = 'invited';
create index membership_by_expiry on membership (expires_at) where expires_at is not null;

-- Who put whom into a group, and gave it what.
alter table user_group add column color text;
alter table group_member add column added_at bigint;
alter table group_member add column added_by text;
alter table group_permission add column granted_at bigint;
alter table group_permission add column granted_by text;

-- For what partners may turn to a user.
create table member_tag (
    account_id text not null, user_id text not null, tag text not null, primary key (account_id, user_id, tag),
    foreign key (account_id, user_id) references membership (account_id, user_id) on delete cascade
);

-- Addresses to which no mail goes any more, because a mail server refused them for good.
create table blocked_address (email_folded text primary key, reason text not null, blocked_at bigint not null);
create index blocked_address_by_time on blocked_address (blocked_at);
