drop table email_change;
drop table device;
alter table person drop column muted;
alter table person drop column date_format;
alter table person drop column title;
alter table person drop column session_epoch;
alter table session drop column epoch;
alter table session drop column handle;
