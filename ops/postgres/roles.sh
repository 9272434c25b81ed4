#!/bin/bash
# Runs once, when the database is new: a role for the nodes, which owns nothing and is held by every policy.
set -eu
psql --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" --set ON_ERROR_STOP=1 --set password="$POSTGRES_PASSWORD" <<'SQL'
create role heimdex_app login password :'password';
SQL
