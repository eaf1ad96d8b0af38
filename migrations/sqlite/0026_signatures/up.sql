-- Signatures under agreements: who said yes to which text, when, from where and with which words; sealed, so that a change shows.
create table signature (
    id text primary key, contract_id text not null references contract (id), agreement_id text not null references agreement (id),
    version integer not null, act text not null, title text not null, issuer text not null, partner text not null,
    signer text, email text, address text not null, agent text not null, proof text,
    document_type text not null, sha256 text not null, words text, consent text not null,
    seal text not null, created_at bigint not null
);
create index signature_by_contract on signature (contract_id, created_at desc);
create index signature_by_agreement on signature (agreement_id, version);
-- When the partner of a contract was last reminded of a newer version of its agreement.
alter table contract add column reminded_at bigint;
