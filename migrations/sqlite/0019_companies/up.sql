-- What companies may do besides using their portal, and the company that a sub-account belongs to.
alter table account add column parent_id text references account (id);
alter table account add column program_create boolean not null default false;
alter table account add column service_create boolean not null default false;
alter table account add column service_delegate boolean not null default false;
-- Until now every distributor could make agreements of both kinds.
update account set program_create = true, service_create = true, service_delegate = true where role = 'distributor';
-- Who has closed an account: whoever stands above them may open it again. Until now the operator alone closed any.
alter table account add column closed_by text;
update account set closed_by = 'operator' where status = 'inactive';
create index account_by_parent on account (parent_id, name_folded, id) where parent_id is not null;

-- Partners are found from their contracts, whichever of both has issued them.
drop index contract_by_owner;
drop index contract_by_issuer;
create index contract_by_owner on contract (owner_id, issuer_id, kind, status);
create index contract_by_issuer on contract (issuer_id, kind, status, owner_id);
create index listing_by_parties on listing (vendor_id, provider_id, status);
