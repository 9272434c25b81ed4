--liquibase formatted sql

--changeset heimdex:0015-job-history
--comment: Lists stay fast with a long history: the few jobs that did not simply succeed are found without reading the others.
create index job_by_type on job (org_id, type, requested_at desc, job_id desc);
create index job_never_started on job (org_id, requested_at desc, job_id desc) where job_execution_id is null;
-- A restart sets the count of failures back before its launch begins, if it ever does.
create index job_with_failed_asset on job (org_id, requested_at desc, job_id desc)
    where asset_id is not null and (failed > 0 or restart_of = job_execution_id);
-- Without those that ended with ITEM_FAILED, which may be many: their jobs are known by their failures.
create index batch_job_execution_not_completed on batch_job_execution (status, job_execution_id)
    where status <> 'COMPLETED' and (status <> 'FAILED' or exit_code is distinct from 'ITEM_FAILED');

-- The launches that wait or are held.
create view job_launch as
select task_instance::uuid as job_id, picked from scheduled_tasks where task_name = 'launch-job'
union all
select task_instance::uuid as job_id, picked from scheduled_bulk_tasks where task_name = 'launch-job';

--rollback drop view job_launch;
--rollback drop index batch_job_execution_not_completed, job_with_failed_asset, job_never_started, job_by_type;
