--liquibase formatted sql

--changeset heimdex:app-role runAlways:true runOnChange:true splitStatements:false
--comment: What the role that works may do: rows only, and the audit is added to and never changed.
do $$
declare
    app text := '${app_role}';
begin
    execute format('grant usage on schema %I to %I', current_schema(), app);
    execute format('grant select, insert, update, delete on all tables in schema %I to %I', current_schema(), app);
    execute format('grant usage on all sequences in schema %I to %I', current_schema(), app);
    execute format('grant execute on function name_key(text), sidecar_traits(jsonb) to %I', app);
    execute format('revoke update, delete, truncate on audit from %I', app);
    if app <> current_user then
        execute format('revoke insert, update, delete on databasechangelog, databasechangeloglock from %I', app);
    end if;
end $$;
