delete from setting where name = 'operator';
drop index job_by_status;
drop index job_by_urgency;
drop table mail_log;
drop table event_reader;
alter table event drop column origin_hash;
alter table event drop column origin;
