-- What waits for an account, by kind and status, longest first: home pages.
create index party_waiting on party (account_id, kind, status, since, object_id) where turn;
