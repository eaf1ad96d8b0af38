-- Whether two people of a company decide about its contracts, and what the first of them asks for.
alter table account add column two_people boolean not null default false;
alter table contract add column proposed_verb text collate "C";
alter table contract add column proposed_note text;
alter table contract add column proposed_by jsonb;
alter table contract add column proposed_at bigint;
-- What stands under a contract that is about to end.
create index asset_by_contract on asset (contract_id, id);
create index request_open_by_contract on request (contract_id) where status not in ('approved', 'failed', 'revoked');
create index listing_under_contract on listing (contract_id, status);
