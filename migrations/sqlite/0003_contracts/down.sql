drop table contract_version;
drop table contract;
drop table agreement_version;
drop table agreement;
drop table marketplace_hub;
drop table marketplace;
drop table hub;
