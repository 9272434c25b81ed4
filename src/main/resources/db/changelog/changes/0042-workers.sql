--liquibase formatted sql

--changeset heimdex:0042-workers
--comment: The workers that there are, idle ones too, and the audit found by who, what and when.
-- Nothing in it is an org's. Each worker says by itself when it counts as late and as dead.
create table worker (
    name text primary key,
    started_at timestamptz not null default now(),
    heartbeat_at timestamptz not null default now(),
    late_after interval not null,
    dead_after interval not null
) with (fillfactor = 50);

create index audit_by_job on audit (org_id, job_id, audit_id desc);
create index audit_by_action on audit (org_id, action, audit_id desc);
create index audit_by_user on audit (org_id, user_name, audit_id desc);
create index audit_by_time on audit (org_id, at);

--rollback drop index audit_by_time, audit_by_user, audit_by_action, audit_by_job;
--rollback drop table worker;
