--liquibase formatted sql

--changeset heimdex:0013-launch-lanes
--comment: Two launch queues, so that short jobs never wait for long ones, and turns, so that no org waits for another's flood.
-- The priority of a launch is its turn, negated: the lowest turn goes first.
alter table scheduled_tasks alter column priority type int;
drop index scheduled_tasks_by_time;
create index scheduled_tasks_by_turn on scheduled_tasks (picked, priority desc, execution_time);
-- A launch that is held is updated with every heartbeat: room on the page keeps those updates short.
alter table scheduled_tasks set (fillfactor = 70);
create table scheduled_bulk_tasks (like scheduled_tasks including all) with (fillfactor = 70);

create table launch_turn (
    queue text not null,
    org_id text not null,
    turn int not null,
    primary key (queue, org_id)
);
create index launch_turn_latest on launch_turn (queue, turn desc);

create index if not exists job_by_execution on job (job_execution_id);

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
           when e.status = 'STOPPED' then 'stopped'
           else 'failed'
       end as state
from job j
left join batch_job_execution e on e.job_execution_id = j.job_execution_id
left join lateral (
    select picked from scheduled_tasks
    where task_name = 'launch-job' and task_instance = j.job_id::text
    union all
    select picked from scheduled_bulk_tasks
    where task_name = 'launch-job' and task_instance = j.job_id::text
) t on true;

--rollback drop table launch_turn;
--rollback create or replace view job_state as select j.org_id, j.job_id, j.type, j.asset_id, j.requested_at, j.total, j.done, j.failed, j.stop_requested_at, j.abandoned_at, e.job_instance_id, e.job_execution_id, e.status as batch_status, e.exit_code, e.start_time, e.end_time, t.task_instance is not null as launching, case when e.status is null and t.task_instance is not null then 'queued' when e.status is null and j.stop_requested_at is not null then 'stopped' when e.status is null then 'failed' when e.status = 'STARTING' then 'queued' when e.status in ('STARTED', 'STOPPING') then 'running' when e.status = 'COMPLETED' and j.failed = 0 then 'succeeded' when t.picked then 'running' when t.task_instance is not null then 'queued' when (e.status = 'COMPLETED' or e.exit_code = 'ITEM_FAILED') and j.asset_id is null then 'succeeded' when e.status = 'STOPPED' then 'stopped' else 'failed' end as state from job j left join batch_job_execution e on e.job_execution_id = j.job_execution_id left join scheduled_tasks t on t.task_name = 'launch-job' and t.task_instance = j.job_id::text;
--rollback drop index job_by_execution;
--rollback drop table scheduled_bulk_tasks;
--rollback drop index scheduled_tasks_by_turn;
--rollback create index scheduled_tasks_by_time on scheduled_tasks (execution_time);
--rollback alter table scheduled_tasks alter column priority type smallint;
