drop table used_challenge;
drop table recovery_code;
drop table passkey;
drop table totp;
alter table person drop column factors_later_at;
alter table account drop column factor_policy;
