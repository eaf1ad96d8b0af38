drop table form_answer;
drop table agreement_form;
drop table form_version;
drop table form;
