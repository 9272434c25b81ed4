--liquibase formatted sql

--changeset heimdex:0020-tenant-walls splitStatements:false
--comment: Rows of another org are not there, whatever a statement asks for. A transaction says whose it may reach.
-- One org, or all of them for what the service does by itself. Said for one transaction; after it the setting is empty.
do $$
declare
    tenant_table text;
begin
    foreach tenant_table in array array['asset', 'asset_source', 'sidecar', 'thumbnail_set', 'thumbnail', 'upload', 'job',
                                        'job_item', 'audit'] loop
        execute format('alter table %I enable row level security', tenant_table);
        execute format('alter table %I force row level security', tenant_table);
        execute format($policy$
            create policy reach on %I using (
                org_id = nullif(current_setting('heimdex.org', true), '')
                or current_setting('heimdex.org', true) = '*')
            $policy$, tenant_table);
    end loop;
end $$;

-- Views read with the rights of whoever asks, not of their owner.
alter view job_state set (security_invoker = true);
alter view job_launch set (security_invoker = true);
alter view running_partition set (security_invoker = true);

-- A policy comes before every condition that could tell what it sees, as reading JSON could; so the list of assets
-- needs columns of its own to use an index.
alter table sidecar
    add column container text generated always as (document #>> '{format,container}') stored,
    add column video_codec text generated always as (document #>> '{video,codec}') stored;
drop index sidecar_by_container;
drop index sidecar_by_video_codec;
create index sidecar_by_container on sidecar (org_id, container, asset_id);
create index sidecar_by_video_codec on sidecar (org_id, video_codec, asset_id);
