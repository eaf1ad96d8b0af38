drop index listing_under_contract;
drop index request_open_by_contract;
drop index asset_by_contract;
alter table contract drop column proposed_at;
alter table contract drop column proposed_by;
alter table contract drop column proposed_note;
alter table contract drop column proposed_verb;
alter table account drop column two_people;
