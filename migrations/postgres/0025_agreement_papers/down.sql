alter table agreement_version drop column file_sha256;
alter table agreement_version drop column file_size;
alter table agreement_version drop column file_name;
