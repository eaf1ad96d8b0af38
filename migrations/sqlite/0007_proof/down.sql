alter table person drop column proven_at;
