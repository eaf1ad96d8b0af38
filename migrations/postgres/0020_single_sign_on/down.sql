drop table sso_attempt;
drop table sso_link;
drop table sso_domain;
drop table idp;
