-- What totals and charts leave out is found without looking at everything else.
create index request_not_production on request (id) where environment <> 'production';
create index asset_not_production on asset (id) where environment <> 'production';
