--liquibase formatted sql

--changeset heimdex:0009-job-rate
--comment: Two marks of a job's progress, at most a minute apart, from which its present rate is read without counting.
alter table job add column mark_at timestamptz;
alter table job add column mark_done bigint not null default 0;
alter table job add column earlier_mark_at timestamptz;
alter table job add column earlier_mark_done bigint not null default 0;

--rollback alter table job drop column mark_at, drop column mark_done, drop column earlier_mark_at, drop column earlier_mark_done;
