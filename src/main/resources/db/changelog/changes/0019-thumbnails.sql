--liquibase formatted sql

--changeset heimdex:0019-thumbnails
--comment: The pictures of an asset, and what came of the last attempt to make them.
create table thumbnail_set (
    org_id text not null,
    asset_id text not null,
    state text not null check (state in ('ready', 'none', 'failed')),
    -- Why it failed; or a warning about pictures that there are.
    code text,
    message text,
    -- Of the file whose pictures were to be made.
    fingerprint text,
    ffmpeg_version text,
    made_at timestamptz not null default now(),
    primary key (org_id, asset_id),
    foreign key (org_id, asset_id) references asset on delete cascade
);
create index thumbnail_set_failed on thumbnail_set (org_id, asset_id) where state = 'failed';

create table thumbnail (
    org_id text not null,
    asset_id text not null,
    idx int not null,
    storage_key text not null,
    width int not null,
    height int not null,
    ts_ms bigint not null,
    primary key (org_id, asset_id, idx),
    foreign key (org_id, asset_id) references thumbnail_set on delete cascade
);

--rollback drop table thumbnail;
--rollback drop table thumbnail_set;
