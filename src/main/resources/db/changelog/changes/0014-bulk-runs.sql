--liquibase formatted sql

--changeset heimdex:0014-bulk-runs
--comment: Jobs about many assets: a queue for their partitions, how they were asked for, and what selects assets.
create table scheduled_partition_tasks (like scheduled_tasks including all) with (fillfactor = 70);

alter table job add column config text;
-- Counted and split once, when the job starts. Null until then.
alter table job add column partition_size int;
-- Why the service itself stopped the job.
alter table job add column stop_code text;
create index job_by_config on job (org_id, config, requested_at desc) where config is not null;

-- Of the file as it was probed.
alter table sidecar add column fingerprint text;
create index asset_failed on asset (org_id, asset_id) where status = 'failed';

create or replace view job_state as
select j.org_id, j.job_id, j.type, j.asset_id, j.requested_at, j.total, j.done, j.failed,
       j.stop_requested_at, j.abandoned_at,
       e.job_instance_id, e.job_execution_id, e.status as batch_status, e.exit_code, e.start_time, e.end_time,
       t.picked is not null as launching,
       case
           when e.status is null and t.picked is not null then 'queued'
           when e.status is null and j.stop_requested_at is not null then 'stopped'
           when e.status is null then 'failed'
           when e.status = 'STARTING' then 'queued'
           when e.status in ('STARTED', 'STOPPING') then 'running'
           when e.status = 'COMPLETED' and j.failed = 0 then 'succeeded'
           when t.picked then 'running'
           when t.picked is not null then 'queued'
           when (e.status = 'COMPLETED' or e.exit_code = 'ITEM_FAILED') and j.asset_id is null then 'succeeded'
           when e.status = 'STOPPED' and j.stop_code is null then 'stopped'
           else 'failed'
       end as state,
       j.config, j.stop_code
from job j
left join batch_job_execution e on e.job_execution_id = j.job_execution_id
left join lateral (
    select picked from scheduled_tasks
    where task_name = 'launch-job' and task_instance = j.job_id::text
    union all
    select picked from scheduled_bulk_tasks
    where task_name = 'launch-job' and task_instance = j.job_id::text
) t on true;

--rollback drop view job_state;
--rollback create view job_state as select j.org_id, j.job_id, j.type, j.asset_id, j.requested_at, j.total, j.done, j.failed, j.stop_requested_at, j.abandoned_at, e.job_instance_id, e.job_execution_id, e.status as batch_status, e.exit_code, e.start_time, e.end_time, t.picked is not null as launching, case when e.status is null and t.picked is not null then 'queued' when e.status is null and j.stop_requested_at is not null then 'stopped' when e.status is null then 'failed' when e.status = 'STARTING' then 'queued' when e.status in ('STARTED', 'STOPPING') then 'running' when e.status = 'COMPLETED' and j.failed = 0 then 'succeeded' when t.picked then 'running' when t.picked is not null then 'queued' when (e.status = 'COMPLETED' or e.exit_code = 'ITEM_FAILED') and j.asset_id is null then 'succeeded' when e.status = 'STOPPED' then 'stopped' else 'failed' end as state from job j left join batch_job_execution e on e.job_execution_id = j.job_execution_id left join lateral (select picked from scheduled_tasks where task_name = 'launch-job' and task_instance = j.job_id::text union all select picked from scheduled_bulk_tasks where task_name = 'launch-job' and task_instance = j.job_id::text) t on true;
--rollback drop index asset_failed, job_by_config;
--rollback alter table sidecar drop column fingerprint;
--rollback alter table job drop column config, drop column partition_size, drop column stop_code;
--rollback drop table scheduled_partition_tasks;
