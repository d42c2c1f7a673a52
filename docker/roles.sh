#!/bin/sh
# Run roles.sql, which lies beside this file, and give portal_app its password.
# The database is named by PGHOST, PGDATABASE, PGUSER and PGPASSWORD; PGUSER is a superuser.
set -eu
cd "$(dirname "$0")"

# All or nothing: it first gives portal_app every table and then takes back what it may not bend.
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --single-transaction --file roles.sql
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 <<'SQL'
\getenv password POSTGRES_APP_PASSWORD
ALTER ROLE portal_app PASSWORD :'password';
SQL
