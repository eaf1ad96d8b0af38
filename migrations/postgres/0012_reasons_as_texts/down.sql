alter table request alter column reason type text collate "C" using coalesce(
    case reason ->> 'key' when '{words}' then reason #>> '{args,0,1}' else reason ->> 'key' end, '');
alter table request alter column reason set not null;
