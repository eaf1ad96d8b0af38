-- Documents of agreements that were uploaded: what they are called, their size, their SHA-256.
alter table agreement_version add column file_name text collate "C";
alter table agreement_version add column file_size bigint;
alter table agreement_version add column file_sha256 text collate "C";
