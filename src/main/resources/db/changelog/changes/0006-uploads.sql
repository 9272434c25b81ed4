--liquibase formatted sql

--changeset heimdex:0006-uploads
--comment: Places where a client may put the bytes of one file, once.
create table upload (
    org_id text not null,
    upload_id uuid not null unique,
    source_name text not null,
    source_uri text not null,
    content_length bigint not null,
    content_type text,
    checksum_algorithm text check (checksum_algorithm in ('sha256', 'crc32c')),
    checksum_value text,
    signing_key bytea not null,
    expires_at timestamptz not null,
    created_at timestamptz not null default now(),
    committed_asset_id text,
    primary key (org_id, upload_id)
);
create unique index upload_by_source_uri on upload (org_id, source_uri);

--rollback drop table upload;
