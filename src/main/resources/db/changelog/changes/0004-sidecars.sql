--liquibase formatted sql

--changeset heimdex:0004-sidecars
--comment: The sidecar document of an asset, as it was last probed.
create table sidecar (
    org_id text not null,
    asset_id text not null,
    schema_version text not null,
    prober_version text not null,
    document jsonb not null,
    etag text not null,
    storage_key text not null,
    written_at timestamptz not null default now(),
    primary key (org_id, asset_id),
    foreign key (org_id, asset_id) references asset on delete cascade
);

--rollback drop table sidecar;
