--liquibase formatted sql

--changeset heimdex:0017-running-partitions
--comment: The partitions that workers have in hand. A task is removed only after its partition has ended.
create view running_partition as
select s.job_execution_id, s.step_execution_id, t.picked_by as worker
from batch_step_execution s
join scheduled_partition_tasks t
    on t.task_name = 'run-partition' and t.task_instance = s.step_execution_id::text and t.picked
where s.status in ('STARTING', 'STARTED');

--rollback drop view running_partition;
