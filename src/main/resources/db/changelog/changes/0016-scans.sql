--liquibase formatted sql

--changeset heimdex:0016-scans
--comment: What a scan keeps: items that are files before they are assets, and which files were there when it last looked.
alter table job_item alter column asset_id drop not null;
alter table job add column unchanged bigint not null default 0;
alter table job add column missing bigint not null default 0;
alter table asset_source add column seen_job uuid;
alter table asset_source add column missing_since timestamptz;
alter table asset_source set (fillfactor = 80);

--rollback alter table asset_source drop column seen_job, drop column missing_since;
--rollback alter table job drop column unchanged, drop column missing;
--rollback delete from job_item where asset_id is null;
--rollback alter table job_item alter column asset_id set not null;
