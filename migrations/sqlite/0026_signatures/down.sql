alter table contract drop column reminded_at;
drop table signature;
