-- Why a request failed or was revoked is kept as a text, so that each reader gets it in their language. What stands there
-- so far are somebody's own words, or a sentence of which only the words were kept.
alter table request add column why text;
update request set why = json_object('key', '{words}', 'args', json_array(json_array('words', reason))) where reason <> '';
alter table request drop column reason;
alter table request rename column why to reason;
