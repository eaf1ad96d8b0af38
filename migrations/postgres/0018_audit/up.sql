-- Where an entry of the journal came from: personal data beside the chain, which knows its hash only.
alter table event add column origin jsonb;
alter table event add column origin_hash text collate "C";

-- Who could read an entry when it was written: the audit of each account, and that of the operator under `operator`. What
-- is filtered by stands here too, so that each filter is one index.
create table event_reader (
    id text collate "C" not null, account_id text collate "C" not null, event_id bigint not null, at bigint not null, kind text collate "C" not null,
    object_id text collate "C" not null, verb text collate "C" not null, actor_id text collate "C", primary key (id, account_id)
);
insert into event_reader (id, account_id, event_id, at, kind, object_id, verb, actor_id)
    select 'EV-' || lpad(cast(e.id as text), 12, '0'), r.account_id, e.id, e.at, e.kind, e.object_id, e.verb, e.actor_id from event e join (
        select e.id, p.account_id from event e join party p on p.kind = e.kind and p.object_id = e.object_id
            where e.audience = '*' or e.audience = p.account_id or e.audience like '% ' || p.side || ' %'
        union select e.id, e.account_id from event e
            where e.account_id is not null and (e.audience = '*' or e.audience = e.account_id)
        union select e.id, e.object_id from event e where e.kind = 'account' and (e.audience = '*' or e.audience = e.object_id)
        union select e.id, e.audience from event e where e.audience <> '*' and e.audience not like ' %'
        union select e.id, m.account_id from event e join membership m on m.user_id = e.object_id and m.status = 'active'
            where e.kind = 'person' and e.audience = '*'
        union select e.id, 'operator' from event e where e.actor_kind = 'operator'
    ) r on r.id = e.id;
create index event_reader_by_at on event_reader (account_id, at desc, id);
create index event_reader_by_kind on event_reader (account_id, kind, at desc, id);
create index event_reader_by_object on event_reader (account_id, object_id, at desc, id);
create index event_reader_by_verb on event_reader (account_id, verb, at desc, id);
create index event_reader_by_actor on event_reader (account_id, actor_id, at desc, id);

-- What became of each mail. Its words and links stand in the job alone, for as long as that is kept.
create table mail_log (
    id text collate "C" primary key, job_id bigint not null, account_id text collate "C", recipient text not null, subject text not null,
    status text collate "C" not null, tries integer not null, error text, created_at bigint not null, sent_at bigint
);
insert into mail_log (id, job_id, account_id, recipient, subject, status, tries, error, created_at, sent_at)
    select 'ML-' || lpad(cast(j.id as text), 12, '0'), j.id, j.account_id, j.args #>> '{mail,to}', j.args #>> '{mail,subject,key}',
        case when j.status = 'done' then 'sent' when j.status = 'ready' or j.status = 'running' then 'waiting' else 'failed' end,
        j.tries, j.error, j.created_at, case when j.status = 'done' then coalesce(j.ended_at, j.run_at) end
    from job j where j.kind = 'mail.send';
create index mail_log_by_created on mail_log (created_at desc, id);
create index mail_log_by_status on mail_log (status, created_at desc, id);
create index mail_log_by_job on mail_log (job_id);
create index mail_log_by_sent on mail_log (status, sent_at);
create index mail_log_by_error on mail_log (created_at desc, id) where error is not null;

-- The operator's list of jobs: what needs somebody first.
create index job_by_urgency on job (
    (case status when 'dead' then 0 when 'running' then 1 when 'ready' then 2 when 'cancelled' then 3 else 4 end),
    created_at desc, (cast(id as text) collate "C")
);
create index job_by_status on job (status, created_at desc, (cast(id as text) collate "C"));

-- The account that runs the deployment: the first distributor. Only the command line changes it.
insert into setting (name, value)
    select 'operator', id from account where role = 'distributor' and status = 'active' order by created_at, id limit 1;
