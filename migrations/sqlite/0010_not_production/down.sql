drop index request_not_production;
drop index asset_not_production;
