"""Attacks a release build on this machine's loopback and says of each promise whether it held."""

import argparse
import sys
from pathlib import Path

from harness import machine
from harness.processes import Failed

from .blog import Blog
from .crowd import crowds
from .disk import durable, full
from .ends import kills, told_to_end
from .hostile import hostile_bytes
from .outage import outages
from .postgres import Postgres
from .slow import slow_clients
from .smuggling import smuggling
from .table import Table, markdown

# each has a database of its own
ATTACKS = {
    "slow": slow_clients,
    "crowds": crowds,
    "hostile": hostile_bytes,
    "smuggling": smuggling,
    "kills": kills,
    "ends": told_to_end,
    "outages": outages,
    "durable": durable,
}


def main():
    options = _options()
    postgres = None
    tables = []
    try:
        for database in options.databases:
            if database == "postgres":
                postgres = Postgres(options.folder / "postgres")
                postgres.start()
            tables.append(Table(database))
            _attack(options, tables[-1], postgres if database == "postgres" else None)
    except Failed as problem:
        sys.exit(f"the attack broke off: {problem}")
    finally:
        if postgres:
            postgres.stop_at_once()
    print(f"\n{_where(options)}\n\n{markdown(tables)}")
    sys.exit(0 if all(table.holds for table in tables) else 1)


def _attack(options, table, postgres):
    place = options.folder / table.database
    place.mkdir(exist_ok=True)
    for name, attack in ATTACKS.items():
        if name in options.only:
            attack(table, Blog(options.binary, place / name, name, postgres))
    if "full" in options.only:
        full(table, options.binary, place, postgres)


def _options():
    names = [*ATTACKS, "full"]
    parser = argparse.ArgumentParser(prog="scripts/attack", description=__doc__)
    parser.add_argument("--databases", default="sqlite,postgres", help="sqlite, postgres or both, with a comma")
    parser.add_argument("--only", default=",".join(names), help=f"some of {','.join(names)}")
    parser.add_argument("--binary", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, required=True, help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.databases, options.only = options.databases.split(","), options.only.split(",")
    if set(options.databases) - {"sqlite", "postgres"} or set(options.only) - set(names):
        parser.error("there is no such database or attack")
    options.postgres_bin = None
    return options


def _where(options):
    found = machine.describe(options)
    here = {**found["machine"], **{name: version for name, version in found["versions"].items() if version}}
    return ", ".join(f"{name} {value}" for name, value in here.items())


main()
