-- Signatures under agreements: who said yes to which text, when, from where and with which words; sealed, so that a change shows.
create table signature (
    id text collate "C" primary key, contract_id text collate "C" not null references contract (id),
    agreement_id text collate "C" not null references agreement (id),
    version integer not null, act text collate "C" not null, title text not null, issuer jsonb not null, partner jsonb not null,
    signer jsonb, email text, address text not null, agent text not null, proof text collate "C",
    document_type text collate "C" not null, sha256 text collate "C" not null, words text, consent jsonb not null,
    seal text collate "C" not null, created_at bigint not null
);
create index signature_by_contract on signature (contract_id, created_at desc);
create index signature_by_agreement on signature (agreement_id, version);
-- When the partner of a contract was last reminded of a newer version of its agreement.
alter table contract add column reminded_at bigint;
