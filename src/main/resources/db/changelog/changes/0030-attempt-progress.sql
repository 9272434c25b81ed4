--liquibase formatted sql

--changeset heimdex:0030-attempt-progress
--comment: How far a job was when its present attempt began: what earlier ones did is no part of its rate.
alter table job add column attempt_done bigint not null default 0;

--rollback alter table job drop column attempt_done;
