-- A person's own picture: the address under which it is served.
alter table person add column icon text collate "C";
