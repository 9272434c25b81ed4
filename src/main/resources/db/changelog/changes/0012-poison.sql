--liquibase formatted sql

--changeset heimdex:0012-poison
--comment: Who has an item in hand, so that one that kills its workers is found.
-- The run of a step that has the item in hand. Whoever finds another run's here knows that its worker died with it.
alter table job_item add column taken_by bigint;
alter table job_item add column crashes int not null default 0;

--rollback alter table job_item drop column taken_by, drop column crashes;
