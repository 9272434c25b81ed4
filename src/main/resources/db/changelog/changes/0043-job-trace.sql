--liquibase formatted sql

--changeset heimdex:0043-job-trace
--comment: The trace of the request that a job's next launch continues, as a traceparent; null if it is not sampled.
alter table job add column trace_parent text;

--rollback alter table job drop column trace_parent;
