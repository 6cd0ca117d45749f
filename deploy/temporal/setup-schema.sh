#!/bin/sh
# Creates Temporal's two databases and brings their schemas up to date; a second run changes nothing.
# Reads POSTGRES_SEEDS (host), DB_PORT, POSTGRES_USER, SQL_PASSWORD; SCHEMA_DIR where the image keeps it elsewhere.
set -eu

schema_dir=${SCHEMA_DIR:-/etc/temporal/schema/postgresql/v12}

sql() {
  database=$1
  shift
  temporal-sql-tool --plugin postgres12 --ep "$POSTGRES_SEEDS" -p "${DB_PORT:-5432}" -u "$POSTGRES_USER" --db "$database" "$@"
}

set_up() {
  sql "$1" create
  sql "$1" setup-schema -v 0.0
  sql "$1" update-schema -d "$schema_dir/$2/versioned"
}

set_up temporal temporal
set_up temporal_visibility visibility
echo "Temporal's schemas are up to date"
