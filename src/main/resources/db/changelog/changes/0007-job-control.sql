--liquibase formatted sql

--changeset heimdex:0007-job-control
--comment: What operators ask of jobs, and the one reading of a job's state.
alter table job add column stop_requested_at timestamptz;
alter table job add column abandoned_at timestamptz;
-- The execution that a restart is to continue. Fulfilled as soon as there is a later one.
alter table job add column restart_of bigint;
create index job_by_time on job (org_id, requested_at desc, job_id desc);
create index job_by_asset on job (org_id, asset_id, requested_at desc, job_id desc) where asset_id is not null;

alter table job_item add column source_uri text;
create index job_item_failed on job_item (org_id, job_id, seq) where outcome = 'failed';

create table audit (
    org_id text not null,
    audit_id bigint generated always as identity,
    at timestamptz not null default now(),
    user_name text not null,
    action text not null,
    job_id uuid not null,
    outcome text not null check (outcome in ('done', 'refused')),
    code text,
    primary key (org_id, audit_id)
);

-- While a launch waits or is held, the job goes on whatever its last execution came to.
-- An execution that ended with ITEM_FAILED did all its work; a job about one asset fails with that asset.
create view job_state as
select j.org_id, j.job_id, j.type, j.asset_id, j.requested_at, j.total, j.done, j.failed,
       j.stop_requested_at, j.abandoned_at,
       e.job_instance_id, e.job_execution_id, e.status as batch_status, e.exit_code, e.start_time, e.end_time,
       t.task_instance is not null as launching,
       case
           when e.status is null and t.task_instance is not null then 'queued'
           when e.status is null and j.stop_requested_at is not null then 'stopped'
           when e.status is null then 'failed'
           when e.status = 'STARTING' then 'queued'
           when e.status in ('STARTED', 'STOPPING') then 'running'
           when e.status = 'COMPLETED' and j.failed = 0 then 'succeeded'
           when t.picked then 'running'
           when t.task_instance is not null then 'queued'
           when (e.status = 'COMPLETED' or e.exit_code = 'ITEM_FAILED') and j.asset_id is null then 'succeeded'
           when e.status = 'STOPPED' then 'stopped'
           else 'failed'
       end as state
from job j
left join batch_job_execution e on e.job_execution_id = j.job_execution_id
left join scheduled_tasks t on t.task_name = 'launch-job' and t.task_instance = j.job_id::text;

--rollback drop view job_state;
--rollback drop table audit;
--rollback drop index job_item_failed, job_by_time, job_by_asset;
--rollback alter table job_item drop column source_uri;
--rollback alter table job drop column stop_requested_at, drop column abandoned_at, drop column restart_of;
