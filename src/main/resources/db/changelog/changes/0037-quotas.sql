--liquibase formatted sql

--changeset heimdex:0037-quotas splitStatements:false
--comment: What an org has left of its requests, how many assets it has, and a wall around the turns of its jobs.
-- A bucket of tokens for each org; nodes take many at once. Not worth a write-ahead log: after a crash all are full.
create unlogged table request_budget (
    org_id text primary key,
    tokens float8 not null,
    -- How many the last node got.
    taken int not null,
    counted_at timestamptz not null
) with (fillfactor = 50);

-- An org has as many assets as its rows add up to. Only added to, so that nobody waits for who adds assets too; now and
-- then many rows are folded into one.
create table asset_count (
    org_id text not null,
    asset_count_id bigint generated always as identity,
    delta bigint not null,
    primary key (org_id, asset_count_id)
);
-- The policies hold for the owner too.
select set_config('heimdex.org', '*', true);
insert into asset_count (org_id, delta) select org_id, count(*) from asset group by org_id;

create function count_new_assets() returns trigger language plpgsql as $$
begin
    insert into asset_count (org_id, delta) select org_id, count(*) from new_assets group by org_id;
    return null;
end $$;
create function count_removed_assets() returns trigger language plpgsql as $$
begin
    insert into asset_count (org_id, delta) select org_id, -count(*) from old_assets group by org_id;
    return null;
end $$;
create trigger count_new after insert on asset
    referencing new table as new_assets for each statement execute function count_new_assets();
create trigger count_removed after delete on asset
    referencing old table as old_assets for each statement execute function count_removed_assets();

do $$
declare
    tenant_table text;
begin
    foreach tenant_table in array array['request_budget', 'asset_count', 'launch_turn'] loop
        execute format('alter table %I enable row level security', tenant_table);
        execute format('alter table %I force row level security', tenant_table);
        execute format($policy$
            create policy reach on %I using (
                org_id = nullif(current_setting('heimdex.org', true), '')
                or current_setting('heimdex.org', true) = '*')
            $policy$, tenant_table);
    end loop;
end $$;

--rollback drop policy reach on launch_turn;
--rollback alter table launch_turn disable row level security, no force row level security;
--rollback drop trigger count_new on asset;
--rollback drop trigger count_removed on asset;
--rollback drop function count_new_assets(), count_removed_assets();
--rollback drop table asset_count, request_budget;
