-- How often each API token was used, by day and HTTP status; in all, and since somebody began to count anew.
create table token_call (
    token_id text not null references token (id), day bigint not null, code integer not null, calls bigint not null,
    primary key (token_id, day, code)
);
create index token_call_by_day on token_call (day);
create table token_call_sum (
    token_id text not null references token (id), code integer not null, total bigint not null, since_reset bigint not null,
    primary key (token_id, code)
);
alter table token add column counted_since bigint not null default 0;
update token set counted_since = cast(strftime('%s', 'now') as bigint) * 1000000;
alter table token add column calls_reset_at bigint;

-- The secret by which an integration fetches the key of a token that is pending, and until when it works.
alter table token add column handle_hash text;
alter table token add column handle_until bigint;
create unique index token_by_handle on token (handle_hash);

-- Which accounts a session opens: whether the person has shown something of their own in it, and which providers have vouched
-- for them, as ",IDP-1,,IDP-2,".
alter table session add column own boolean not null default true;
alter table session add column vouched text not null default '';
update session set
    own = coalesce(json_extract(json_extract(state, '$.ways'), '$.foreign'), 0) = 0,
    vouched = coalesce((
        select group_concat(',' || json_extract(v.value, '$.provider') || ',', '')
        from json_each(json_extract(state, '$.ways'), '$.vouched') v
    ), '')
where json_extract(state, '$.ways') is not null;
