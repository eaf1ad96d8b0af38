-- When a kept file was replaced, or that which it belongs to was deleted: its bytes go a little later.
alter table file add column dropped_at bigint;
create index file_by_account on file (account_id, size);
create index file_dropped on file (dropped_at) where dropped_at is not null;
create index one_time_link_by_expiry on one_time_link (expires_at);

-- A deleted file shows nothing; a job removes its rows.
update usage_file set visible = 0, uploaded = 0, valid = 0, invalid = 0, closed = 0, billed = 0, subscriptions = 0, amount_total = '0'
    where status = 'deleted';
insert into job (kind, args, dedupe, status, run_at, tries, fence, done, cancel, account_id, object_id, created_at)
    select 'usage.clear', json_object('file', id, 'generation', generation), 'usage.clear:' || id, 'ready', updated_at, 0, 0, 0, false, vendor_id, id, updated_at
    from usage_file where status = 'deleted' and generation > 0;

-- Workbooks that were replaced, and those of deleted files.
update file set dropped_at = created_at where key in (
    select u.file_key from usage_upload u
    union select u.processed_key from usage_upload u where u.processed_key is not null
) and key not in (
    select u.file_key from usage_upload u join usage_file f on f.id = u.file_id where u.generation = f.generation and f.status <> 'deleted'
    union select u.processed_key from usage_upload u join usage_file f on f.id = u.file_id
        where u.generation = f.generation and f.status <> 'deleted' and u.processed_key is not null
);

-- What the distributor says of single records while a file is pending, and how many of each there are.
alter table usage_record add column verdict text;
alter table usage_file add column approved bigint not null default 0;
alter table usage_file add column refused bigint not null default 0;
