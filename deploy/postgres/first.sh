#!/bin/bash
# Run once by the postgres image when the first primary's data directory is new: the service's role and database, and what
# a standby needs.
set -euo pipefail
secrets=${SECRETS:-/run/secrets}

psql -v ON_ERROR_STOP=1 -X -q --username "${POSTGRES_USER:-postgres}" --dbname postgres \
  -v service="$(cat "$secrets/rejoinder.password")" \
  -v replication="$(cut -d: -f5 "$secrets/replicator.pgpass")" <<'SQL'
CREATE ROLE rejoinder LOGIN PASSWORD :'service';
CREATE DATABASE rejoinder OWNER rejoinder;
-- deadlocks are told by their English words
GRANT SET ON PARAMETER lc_messages TO rejoinder;
CREATE ROLE replicator LOGIN REPLICATION PASSWORD :'replication';
-- An acknowledged write is on the standby's disk too. From the next start on: now there is no standby to wait for.
ALTER SYSTEM SET synchronous_standby_names = 'standby';
SQL

echo 'host replication replicator samenet scram-sha-256' >>"$PGDATA/pg_hba.conf"
