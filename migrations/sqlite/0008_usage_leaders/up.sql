-- The subscriptions for which a file reports most, with the sums of their good rows.
create table usage_leader (
    file_id text not null references usage_file (id), generation integer not null, asset_id text not null references asset (id),
    records bigint not null, quantity text not null, amount text not null, primary key (file_id, generation, asset_id)
);
