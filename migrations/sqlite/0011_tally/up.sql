-- How many objects an account may see, by what its pages count: kept by the database with every write to `party`, so that
-- no page counts them anew. `slot` is for writers at the same time; SQLite has one. A count is the sum over its slots.
create table tally (
    account_id text not null, turn boolean not null, kind text not null, status text not null, slot integer not null,
    number bigint not null, primary key (account_id, turn, kind, status, slot)
) without rowid;
-- The same by the day (since 1970 in UTC) on which they were created.
create table tally_day (
    account_id text not null, kind text not null, day bigint not null, slot integer not null,
    number bigint not null, primary key (account_id, kind, day, slot)
) without rowid;

insert into tally select account_id, turn, kind, status, 0, count(*) from party group by account_id, turn, kind, status;
insert into tally_day select account_id, kind, created_at / 86400000000, 0, count(*) from party group by 1, 2, 3;

create trigger party_added after insert on party begin
    insert into tally values (new.account_id, new.turn, new.kind, new.status, 0, 1)
        on conflict (account_id, turn, kind, status, slot) do update set number = number + 1;
    insert into tally_day values (new.account_id, new.kind, new.created_at / 86400000000, 0, 1)
        on conflict (account_id, kind, day, slot) do update set number = number + 1;
end;
create trigger party_removed after delete on party begin
    update tally set number = number - 1
        where account_id = old.account_id and turn = old.turn and kind = old.kind and status = old.status and slot = 0;
    update tally_day set number = number - 1
        where account_id = old.account_id and kind = old.kind and day = old.created_at / 86400000000 and slot = 0;
end;
create trigger party_moved after update on party when old.status <> new.status or old.turn <> new.turn begin
    update tally set number = number - 1
        where account_id = old.account_id and turn = old.turn and kind = old.kind and status = old.status and slot = 0;
    insert into tally values (new.account_id, new.turn, new.kind, new.status, 0, 1)
        on conflict (account_id, turn, kind, status, slot) do update set number = number + 1;
end;
-- Whose an object is, what it is and when it was made never change.
create trigger party_fixed before update of account_id, kind, object_id, created_at on party
when old.account_id <> new.account_id or old.kind <> new.kind or old.object_id <> new.object_id or old.created_at <> new.created_at begin
    select raise(abort, 'whose an object is, what it is and when it was made never change');
end;
