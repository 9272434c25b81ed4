--liquibase formatted sql

--changeset heimdex:0010-raw-probe
--comment: What the prober itself said, for whoever asks for it; PostgreSQL compresses it.
alter table sidecar add column raw text;

--rollback alter table sidecar drop column raw;
