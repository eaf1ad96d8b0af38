-- Why a request failed or was revoked is kept as a text, so that each reader gets it in their language. What stands there
-- so far are somebody's own words, or a sentence of which only the words were kept.
alter table request alter column reason drop not null;
alter table request alter column reason type jsonb using case when reason <> '' then
    jsonb_build_object('key', '{words}', 'args', jsonb_build_array(jsonb_build_array('words', reason))) end;
