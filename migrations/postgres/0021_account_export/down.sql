drop table account_export;
