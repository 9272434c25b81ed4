--liquibase formatted sql

--changeset heimdex:0040-archive-summary splitStatements:false
--comment: What an archive is made of: counted as it changes, found by one index, and its file names by another.
-- What is read and filled in here is of all orgs.
select set_config('heimdex.org', '*', true);

-- What a sidecar is listed and counted by, in one word each: container, video codec, resolution, duration and HDR class.
-- A picture's resolution is that of its larger or its smaller side, whichever says more, as pictures may lie on their
-- side or have lost their bars. Bounds are some percent below the standards' own, 1280x720 to 7680x4320.
create function sidecar_traits(document jsonb) returns text language plpgsql immutable parallel safe as $$
declare
    video jsonb := document -> 'video';
    width numeric := video ->> 'width_px';
    height numeric := video ->> 'height_px';
    larger numeric := greatest(width, height);
    smaller numeric := least(width, height);
    seconds numeric := document #>> '{format,duration_s}';
begin
    return replace(coalesce(document #>> '{format,container}', '-'), ' ', '_')
        || ' ' || replace(coalesce(video ->> 'codec', '-'), ' ', '_')
        || case
            when (width > 0 and height > 0) is not true then ' none'
            when larger >= 7200 or smaller >= 4200 then ' uhd_8k'
            when larger >= 3600 or smaller >= 2100 then ' uhd_4k'
            when larger >= 1800 or smaller >= 1060 then ' full_hd'
            when larger >= 1200 or smaller >= 700 then ' hd'
            else ' sd'
        end
        || case
            when seconds is null then ' unknown'
            when seconds < 60 then ' under_1m'
            when seconds < 600 then ' under_10m'
            when seconds < 3600 then ' under_1h'
            else ' over_1h'
        end
        || ' ' || replace(coalesce(video #>> '{hdr,class}', '-'), ' ', '_');
end $$;

-- One index for all of them, and for any of them together.
drop index sidecar_by_container;
drop index sidecar_by_video_codec;
alter table sidecar
    drop column container,
    drop column video_codec,
    add column traits text generated always as (sidecar_traits(document)) stored;
create index sidecar_by_traits on sidecar (org_id, traits, asset_id);

-- File names as they are looked for: in small letters of any alphabet, each composed of one character. Where the server
-- has no ICU, its own locale tells what small letters are.
do $$
declare
    folded text := 'name';
begin
    if getdatabaseencoding() = 'UTF8' then
        folded := 'normalize(name, nfc)';
    end if;
    if exists (select from pg_collation where collname = 'und-x-icu') then
        folded := folded || ' collate "und-x-icu"';
    end if;
    execute format(
        'create function name_key(name text) returns text language sql immutable strict parallel safe as %L',
        'select lower(' || folded || ')');
end $$;
alter table asset add column name_key text generated always as (name_key(filename)) stored;

-- Looking for a part of a name reads many names: the key carries them, so that their rows need not be read.
alter table asset_source drop constraint asset_source_org_id_asset_id_fkey;
alter table sidecar drop constraint sidecar_org_id_asset_id_fkey;
alter table thumbnail_set drop constraint thumbnail_set_org_id_asset_id_fkey;
alter table asset drop constraint asset_pkey;
alter table asset add constraint asset_pkey primary key (org_id, asset_id) include (name_key);
alter table asset_source
    add constraint asset_source_org_id_asset_id_fkey foreign key (org_id, asset_id) references asset on delete cascade;
alter table sidecar
    add constraint sidecar_org_id_asset_id_fkey foreign key (org_id, asset_id) references asset on delete cascade;
alter table thumbnail_set
    add constraint thumbnail_set_org_id_asset_id_fkey foreign key (org_id, asset_id) references asset on delete cascade;

-- How many there are: the sum of an org's rows. Every statement that changes assets adds what it changed in its own
-- transaction, so that nobody waits for a counter; now and then the rows are folded into one.
create table asset_tally (
    org_id text not null,
    tally_id bigint generated always as identity,
    folded boolean not null default false,
    queued bigint not null,
    processing bigint not null,
    ready bigint not null,
    failed bigint not null,
    bytes bigint not null,
    primary key (org_id, tally_id)
);
create index asset_tally_unfolded on asset_tally (org_id) where not folded;

create table sidecar_tally (
    org_id text not null,
    tally_id bigint generated always as identity,
    folded boolean not null default false,
    traits text not null,
    sidecars bigint not null,
    primary key (org_id, tally_id)
);
create index sidecar_tally_unfolded on sidecar_tally (org_id) where not folded;

do $$
declare
    tenant_table text;
begin
    foreach tenant_table in array array['asset_tally', 'sidecar_tally'] loop
        execute format('alter table %I enable row level security', tenant_table);
        execute format('alter table %I force row level security', tenant_table);
        execute format($policy$
            create policy reach on %I using (
                org_id = nullif(current_setting('heimdex.org', true), '')
                or current_setting('heimdex.org', true) = '*')
            $policy$, tenant_table);
    end loop;
end $$;

create function tally_assets() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        insert into asset_tally (org_id, queued, processing, ready, failed, bytes)
        select org_id, count(*) filter (where status = 'queued'), count(*) filter (where status = 'processing'),
               count(*) filter (where status = 'ready'), count(*) filter (where status = 'failed'), sum(size_bytes)
        from come group by org_id;
    elsif tg_op = 'DELETE' then
        insert into asset_tally (org_id, queued, processing, ready, failed, bytes)
        select org_id, -count(*) filter (where status = 'queued'), -count(*) filter (where status = 'processing'),
               -count(*) filter (where status = 'ready'), -count(*) filter (where status = 'failed'), -sum(size_bytes)
        from gone group by org_id;
    else
        insert into asset_tally (org_id, queued, processing, ready, failed, bytes)
        select *
        from (select org_id, coalesce(sum(n) filter (where status = 'queued'), 0) as queued,
                     coalesce(sum(n) filter (where status = 'processing'), 0) as processing,
                     coalesce(sum(n) filter (where status = 'ready'), 0) as ready,
                     coalesce(sum(n) filter (where status = 'failed'), 0) as failed, sum(n * size_bytes) as bytes
              from (select org_id, status, size_bytes, 1 as n from come
                    union all
                    select org_id, status, size_bytes, -1 from gone) as changed
              group by org_id) as change
        where queued <> 0 or processing <> 0 or ready <> 0 or failed <> 0 or bytes <> 0;
    end if;
    return null;
end $$;

create function tally_sidecars() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        insert into sidecar_tally (org_id, traits, sidecars)
        select org_id, traits, count(*) from come group by org_id, traits;
    elsif tg_op = 'DELETE' then
        insert into sidecar_tally (org_id, traits, sidecars)
        select org_id, traits, -count(*) from gone group by org_id, traits;
    else
        insert into sidecar_tally (org_id, traits, sidecars)
        values (old.org_id, old.traits, -1), (new.org_id, new.traits, 1);
    end if;
    return null;
end $$;

insert into asset_tally (org_id, folded, queued, processing, ready, failed, bytes)
select org_id, true, count(*) filter (where status = 'queued'), count(*) filter (where status = 'processing'),
       count(*) filter (where status = 'ready'), count(*) filter (where status = 'failed'), sum(size_bytes)
from asset group by org_id;
insert into sidecar_tally (org_id, folded, traits, sidecars)
select org_id, true, traits, count(*) from sidecar group by org_id, traits;

create trigger tally_come after insert on asset
    referencing new table as come for each statement execute function tally_assets();
create trigger tally_gone after delete on asset
    referencing old table as gone for each statement execute function tally_assets();
create trigger tally_changed after update on asset
    referencing old table as gone new table as come for each statement execute function tally_assets();
create trigger tally_come after insert on sidecar
    referencing new table as come for each statement execute function tally_sidecars();
create trigger tally_gone after delete on sidecar
    referencing old table as gone for each statement execute function tally_sidecars();
-- Row by row, as hardly any probe finds another kind of file; documents are large to set aside.
create trigger tally_changed after update on sidecar
    for each row when (old.traits is distinct from new.traits) execute function tally_sidecars();

--rollback drop trigger tally_come on asset; drop trigger tally_gone on asset; drop trigger tally_changed on asset;
--rollback drop trigger tally_come on sidecar; drop trigger tally_gone on sidecar; drop trigger tally_changed on sidecar;
--rollback drop function tally_assets(); drop function tally_sidecars();
--rollback drop table asset_tally, sidecar_tally;
--rollback alter table asset_source drop constraint asset_source_org_id_asset_id_fkey;
--rollback alter table sidecar drop constraint sidecar_org_id_asset_id_fkey;
--rollback alter table thumbnail_set drop constraint thumbnail_set_org_id_asset_id_fkey;
--rollback alter table asset drop constraint asset_pkey;
--rollback alter table asset add primary key (org_id, asset_id);
--rollback alter table asset_source add foreign key (org_id, asset_id) references asset on delete cascade;
--rollback alter table sidecar add foreign key (org_id, asset_id) references asset on delete cascade;
--rollback alter table thumbnail_set add foreign key (org_id, asset_id) references asset on delete cascade;
--rollback alter table asset drop column name_key;
--rollback drop function name_key(text);
--rollback drop index sidecar_by_traits;
--rollback alter table sidecar drop column traits, add column container text generated always as (document #>> '{format,container}') stored, add column video_codec text generated always as (document #>> '{video,codec}') stored;
--rollback drop function sidecar_traits(jsonb);
--rollback create index sidecar_by_container on sidecar (org_id, container, asset_id);
--rollback create index sidecar_by_video_codec on sidecar (org_id, video_codec, asset_id);
