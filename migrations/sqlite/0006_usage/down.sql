drop table usage_record_key;
drop table usage_record;
drop table usage_category;
drop table usage_file;
