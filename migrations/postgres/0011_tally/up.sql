-- How many objects an account may see, by what its pages count: kept by the database with every write to `party`, so that
-- no page counts them anew. Each writing transaction has a slot to itself, so that writers do not wait for one another; a
-- count is the sum over its slots.
create table tally (
    account_id text collate "C" not null, turn boolean not null, kind text collate "C" not null, status text collate "C" not null,
    slot integer not null, number bigint not null, primary key (account_id, turn, kind, status, slot)
) with (fillfactor = 50);
-- The same by the day (since 1970 in UTC) on which they were created.
create table tally_day (
    account_id text collate "C" not null, kind text collate "C" not null, day bigint not null,
    slot integer not null, number bigint not null, primary key (account_id, kind, day, slot)
) with (fillfactor = 50);

-- A slot that no other transaction uses, until this one ends. Were all taken, two would share one and could wait for each
-- other in a circle; the one that PostgreSQL ends then runs again.
create function tally_slot() returns integer language plpgsql as $$
begin
    for n in 0 .. 31 loop
        if pg_try_advisory_xact_lock(7411, (pg_backend_pid() + n) % 32) then
            return (pg_backend_pid() + n) % 32;
        end if;
    end loop;
    return pg_backend_pid() % 32;
end $$;
create function party_added() returns trigger language plpgsql as $$
declare
    free constant integer := tally_slot();
begin
    insert into tally as t select account_id, turn, kind, status, free, count(*) from added
        group by account_id, turn, kind, status order by account_id, turn, kind, status
        on conflict (account_id, turn, kind, status, slot) do update set number = t.number + excluded.number;
    insert into tally_day as t select account_id, kind, created_at / 86400000000, free, count(*) from added
        group by 1, 2, 3 order by 1, 2, 3
        on conflict (account_id, kind, day, slot) do update set number = t.number + excluded.number;
    return null;
end $$;
create function party_removed() returns trigger language plpgsql as $$
declare
    free constant integer := tally_slot();
begin
    insert into tally as t select account_id, turn, kind, status, free, -count(*) from removed
        group by account_id, turn, kind, status order by account_id, turn, kind, status
        on conflict (account_id, turn, kind, status, slot) do update set number = t.number + excluded.number;
    insert into tally_day as t select account_id, kind, created_at / 86400000000, free, -count(*) from removed
        group by 1, 2, 3 order by 1, 2, 3
        on conflict (account_id, kind, day, slot) do update set number = t.number + excluded.number;
    return null;
end $$;
create function party_moved() returns trigger language plpgsql as $$
declare
    free constant integer := tally_slot();
begin
    insert into tally as t select account_id, turn, kind, status, free, sum(n) from (
            select account_id, turn, kind, status, -1 as n from removed
            union all select account_id, turn, kind, status, 1 from added) moves
        group by account_id, turn, kind, status having sum(n) <> 0 order by account_id, turn, kind, status
        on conflict (account_id, turn, kind, status, slot) do update set number = t.number + excluded.number;
    return null;
end $$;
create trigger party_added after insert on party referencing new table as added
    for each statement execute function party_added();
create trigger party_removed after delete on party referencing old table as removed
    for each statement execute function party_removed();
create trigger party_moved after update on party referencing old table as removed new table as added
    for each statement execute function party_moved();

-- Whose an object is, what it is and when it was made never change.
create function party_fixed() returns trigger language plpgsql as $$
begin
    raise exception 'whose an object is, what it is and when it was made never change';
end $$;
create trigger party_fixed before update of account_id, kind, object_id, created_at on party for each row
    when ((old.account_id, old.kind, old.object_id, old.created_at) is distinct from (new.account_id, new.kind, new.object_id, new.created_at))
    execute function party_fixed();

-- What is there already; from the first trigger on nobody else writes until this migration ends.
insert into tally select account_id, turn, kind, status, 0, count(*) from party group by account_id, turn, kind, status;
insert into tally_day select account_id, kind, created_at / 86400000000, 0, count(*) from party group by 1, 2, 3;
