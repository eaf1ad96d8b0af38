alter table usage_file drop column refused;
alter table usage_file drop column approved;
alter table usage_record drop column verdict;
drop index one_time_link_by_expiry;
drop index file_dropped;
drop index file_by_account;
alter table file drop column dropped_at;
