-- When a person showed that they read the mail of their address: they set a password by a link that was sent there.
alter table person add column proven_at bigint;
update person set proven_at = created_at where password is not null;
