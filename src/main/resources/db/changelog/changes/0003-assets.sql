--liquibase formatted sql

--changeset heimdex:0003-assets
--comment: One asset per org and content; the places where that content was seen are its sources.
create table asset (
    org_id text not null,
    asset_id text not null,
    source_uri text not null,
    filename text not null,
    size_bytes bigint not null,
    status text not null default 'queued' check (status in ('queued', 'processing', 'ready', 'failed')),
    failure_code text,
    failure_message text,
    failure_attempts int not null default 0,
    failure_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (org_id, asset_id)
);

create table asset_source (
    org_id text not null,
    source_uri text not null,
    asset_id text not null,
    fingerprint text not null,
    seen_at timestamptz not null default now(),
    primary key (org_id, source_uri),
    foreign key (org_id, asset_id) references asset on delete cascade
);
create index asset_source_by_asset on asset_source (org_id, asset_id);

--rollback drop table asset_source, asset;
