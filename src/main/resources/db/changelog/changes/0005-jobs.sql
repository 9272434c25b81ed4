--liquibase formatted sql

--changeset heimdex:0005-jobs
--comment: What was asked for. Whether it runs, failed or is done is told by Spring Batch's own tables.
create table job (
    org_id text not null,
    job_id uuid not null unique,
    type text not null,
    asset_id text,
    spec jsonb not null,
    requested_by text not null,
    requested_at timestamptz not null default now(),
    idempotency_key text,
    request_fingerprint text,
    job_execution_id bigint,
    total bigint not null,
    done bigint not null default 0,
    failed bigint not null default 0,
    primary key (org_id, job_id)
);
create unique index job_by_idempotency_key on job (org_id, idempotency_key) where idempotency_key is not null;

-- The assets of a job, and how each ended. No outcome yet: still to do.
create table job_item (
    org_id text not null,
    job_id uuid not null,
    seq int not null,
    asset_id text not null,
    outcome text check (outcome in ('succeeded', 'failed')),
    code text,
    message text,
    attempts int not null default 0,
    ended_at timestamptz,
    primary key (org_id, job_id, seq),
    foreign key (org_id, job_id) references job on delete cascade
);
create index job_item_unfinished on job_item (org_id, job_id, seq) where outcome is null;

--rollback drop table job_item, job;
