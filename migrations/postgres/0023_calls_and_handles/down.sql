alter table session drop column vouched;
alter table session drop column own;
drop index token_by_handle;
alter table token drop column handle_until;
alter table token drop column handle_hash;
alter table token drop column calls_reset_at;
alter table token drop column counted_since;
drop table token_call_sum;
drop table token_call;
