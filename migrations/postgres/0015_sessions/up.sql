-- A session's name in lists, which stays when its key changes; and which of the person's sessions still count: those of
-- the person's present epoch.
alter table session add column handle text not null default '';
alter table session add column epoch bigint not null default 0;
update session set handle = substr(id, 1, 32);
alter table person add column session_epoch bigint not null default 0;

-- What people say about themselves, and which of the optional mails they do not want.
alter table person add column title text not null default '';
alter table person add column date_format text;
alter table person add column muted text not null default '';

-- Browsers in which people have signed in.
create table device (
    secret_hash text not null, user_id text not null references person (id), created_at bigint not null, seen_at bigint not null,
    primary key (secret_hash, user_id)
);
create index device_by_seen on device (seen_at);

-- Changes of addresses: asked for, proved by a link to the new address, undone by one to the old.
create table email_change (
    secret_hash text primary key, user_id text not null references person (id), address_before text not null,
    address_after text not null, created_at bigint not null, expires_at bigint not null, done_at bigint,
    undo_hash text, undo_until bigint, kept_until bigint not null
);
create unique index email_change_by_undo on email_change (undo_hash);
create index email_change_by_user on email_change (user_id, created_at);
create index email_change_by_end on email_change (kept_until);
