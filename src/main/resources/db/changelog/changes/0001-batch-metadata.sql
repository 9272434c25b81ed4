--liquibase formatted sql

--changeset heimdex:0001-batch-metadata
--comment: The metadata tables of Spring Batch 6, with the foreign-key indexes that its own schema lacks.
create table batch_job_instance (
    job_instance_id bigint primary key,
    version bigint,
    job_name varchar(100) not null,
    job_key varchar(32) not null,
    constraint job_inst_un unique (job_name, job_key)
);

create table batch_job_execution (
    job_execution_id bigint primary key,
    version bigint,
    job_instance_id bigint not null constraint job_inst_exec_fk references batch_job_instance,
    create_time timestamp not null,
    start_time timestamp,
    end_time timestamp,
    status varchar(10),
    exit_code varchar(2500),
    exit_message varchar(2500),
    last_updated timestamp
);
create index batch_job_execution_by_instance on batch_job_execution (job_instance_id);
-- Spring Batch does not stop two restarts of one instance from running side by side; this does.
create unique index batch_job_execution_one_running on batch_job_execution (job_instance_id)
    where status in ('STARTING', 'STARTED', 'STOPPING');

create table batch_job_execution_params (
    job_execution_id bigint not null constraint job_exec_params_fk references batch_job_execution,
    parameter_name varchar(100) not null,
    parameter_type varchar(100) not null,
    parameter_value varchar(2500),
    identifying char(1) not null
);
create index batch_job_execution_params_by_execution on batch_job_execution_params (job_execution_id);

-- Updated with every chunk: room on the page keeps those updates off the indexes.
create table batch_step_execution (
    step_execution_id bigint primary key,
    version bigint not null,
    step_name varchar(100) not null,
    job_execution_id bigint not null constraint job_exec_step_fk references batch_job_execution,
    create_time timestamp not null,
    start_time timestamp,
    end_time timestamp,
    status varchar(10),
    commit_count bigint,
    read_count bigint,
    filter_count bigint,
    write_count bigint,
    read_skip_count bigint,
    write_skip_count bigint,
    process_skip_count bigint,
    rollback_count bigint,
    exit_code varchar(2500),
    exit_message varchar(2500),
    last_updated timestamp
) with (fillfactor = 70);
create index batch_step_execution_by_job on batch_step_execution (job_execution_id);

create table batch_step_execution_context (
    step_execution_id bigint primary key constraint step_exec_ctx_fk references batch_step_execution,
    short_context varchar(2500) not null,
    serialized_context text
) with (fillfactor = 70);

create table batch_job_execution_context (
    job_execution_id bigint primary key constraint job_exec_ctx_fk references batch_job_execution,
    short_context varchar(2500) not null,
    serialized_context text
);

create sequence batch_step_execution_seq no cycle;
create sequence batch_job_execution_seq no cycle;
create sequence batch_job_instance_seq no cycle;

--rollback drop sequence batch_job_instance_seq, batch_job_execution_seq, batch_step_execution_seq;
--rollback drop table batch_job_execution_context, batch_step_execution_context, batch_step_execution, batch_job_execution_params, batch_job_execution, batch_job_instance;
