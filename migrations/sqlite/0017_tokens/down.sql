drop table ip_rule;
drop index token_by_turn;
alter table token drop column warned_for;
alter table token drop column turns_at;
alter table token drop column standing;
alter table token drop column used_from;
alter table token drop column renewed_expires_at;
alter table token drop column renewed_hash;
