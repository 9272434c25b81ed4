--liquibase formatted sql

--changeset heimdex:0036-upload-life
--comment: Uploads that nobody committed in time come to an end, and what an org uploads in a day is counted.
-- When it was given up; from then on it can be committed no more, and its file and this row go.
alter table upload add column reaped_at timestamptz;
create index upload_open on upload (org_id, expires_at) where committed_asset_id is null;

-- Days of UTC. Bytes that came through this service, or that were announced where they go to a bucket.
create table upload_day (
    org_id text not null,
    day date not null,
    bytes bigint not null,
    primary key (org_id, day)
) with (fillfactor = 50);
alter table upload_day enable row level security;
alter table upload_day force row level security;
create policy reach on upload_day using (
    org_id = nullif(current_setting('heimdex.org', true), '')
    or current_setting('heimdex.org', true) = '*');

--rollback drop table upload_day;
--rollback drop index upload_open;
--rollback alter table upload drop column reaped_at;
