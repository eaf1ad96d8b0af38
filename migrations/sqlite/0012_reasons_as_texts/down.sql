alter table request add column words text not null default '';
update request set words = case json_extract(reason, '$.key') when '{words}' then json_extract(reason, '$.args[0][1]')
    else json_extract(reason, '$.key') end where reason is not null;
alter table request drop column reason;
alter table request rename column words to reason;
