drop table order_draft;
drop table request;
drop table asset_param;
drop table asset_item;
drop table asset;
drop table tier_account_version;
drop table tier_account;
