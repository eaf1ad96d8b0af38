drop index one_time_link_by_expiry;
drop index file_dropped;
drop index file_by_account;
alter table file drop column dropped_at;
