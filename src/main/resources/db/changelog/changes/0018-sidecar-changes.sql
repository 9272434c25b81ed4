--liquibase formatted sql

--changeset heimdex:0018-sidecar-changes
--comment: What the last change of a sidecar changed, sidecars without a copy, and what the list of assets filters by.
alter table sidecar add column previous_etag text;
alter table sidecar add column changes jsonb;
alter table sidecar add column changed_at timestamptz;
-- Null if no copy was published.
alter table sidecar alter column storage_key drop not null;

create index sidecar_by_container on sidecar (org_id, (document #>> '{format,container}'), asset_id);
create index sidecar_by_video_codec on sidecar (org_id, (document #>> '{video,codec}'), asset_id);
create index sidecar_by_time on sidecar (org_id, written_at);
-- Nearly all assets are ready: only the others are looked for by their state.
create index asset_not_ready on asset (org_id, status, asset_id) where status <> 'ready';
drop index asset_failed;
-- In the order of bytes, so that what begins with a prefix is next to each other.
create index asset_by_source on asset (org_id, source_uri text_pattern_ops);

--rollback drop index asset_by_source, sidecar_by_time, sidecar_by_video_codec, sidecar_by_container;
--rollback create index asset_failed on asset (org_id, asset_id) where status = 'failed';
--rollback drop index asset_not_ready;
--rollback alter table sidecar drop column previous_etag, drop column changes, drop column changed_at;
--rollback update sidecar set storage_key = org_id || '/sidecars/' || asset_id || '.vna.json' where storage_key is null;
--rollback alter table sidecar alter column storage_key set not null;
