drop table offer_row;
drop table offer_batch;
