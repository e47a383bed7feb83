#!/bin/bash
# The entry point of both servers in the postgres image, run as the user postgres. One that has data serves it as what it
# is, a primary or a standby. One that has none begins as a copy of the server that FOLLOWS names, or, if none is named,
# as the first primary.
set -euo pipefail
secrets=${SECRETS:-/run/secrets}

if [ -n "${FOLLOWS:-}" ] && ! [ -e "$PGDATA" ]; then
  primary="host=$FOLLOWS user=replicator application_name=standby passfile=$secrets/replicator.pgpass"
  # so that the primary keeps what a standby that is away has still to read; it may be there from an earlier try
  psql -X -q "$primary replication=true" -c 'CREATE_REPLICATION_SLOT standby PHYSICAL' >/dev/null || true
  # under another name until it is whole
  rm -rf "$PGDATA.new"
  pg_basebackup --pgdata "$PGDATA.new" --dbname "$primary" --slot standby --write-recovery-conf --checkpoint fast
  # once promoted its writes wait for no standby, until there is one
  echo "synchronous_standby_names = ''" >>"$PGDATA.new/postgresql.auto.conf"
  sync
  mv "$PGDATA.new" "$PGDATA"
fi
exec docker-entrypoint.sh postgres "$@"
