drop trigger party_fixed;
drop trigger party_moved;
drop trigger party_removed;
drop trigger party_added;
drop table tally_day;
drop table tally;
