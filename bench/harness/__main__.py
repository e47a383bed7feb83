"""Runs the measurements, or makes the documents of results that are there. Started by `scripts/bench`."""

import argparse
import signal
import sys
import traceback
from pathlib import Path

from . import report
from .machine import describe
from .measure import MEASUREMENTS, Bench
from .processes import Failed, run
from .results import Results, today

ROOT = Path(__file__).resolve().parents[2]
LATEST = ROOT / "bench/results/latest.json"


def parse(arguments):
    parser = argparse.ArgumentParser(
        prog="scripts/bench", description="Measures the service against this machine's limits and against a peer."
    )
    names = ",".join(MEASUREMENTS)
    parser.add_argument("--only", type=_names, default=list(MEASUREMENTS), metavar="NAMES", help=f"some of {names}")
    parser.add_argument("--seconds", type=int, default=6, help="length of one measurement (6)")
    parser.add_argument("--repetitions", type=int, default=5, help="how often each is repeated (5)")
    parser.add_argument("--sizes", type=_sizes, help="exponents of the large sites' replies (4,5,6; of a trial 4,5)")
    parser.add_argument(
        "--databases", type=_databases, default=["sqlite", "postgres"], metavar="NAMES", help="sqlite,postgres"
    )
    parser.add_argument("--quick", action="store_true", help="a trial: short, twice, without the largest site")
    parser.add_argument("--binary", type=Path, help="the service, instead of building it")
    parser.add_argument("--publish", action="store_true", help="make docs/BENCHMARKS.md and its charts of the results")
    parser.add_argument("--report", action="store_true", help="measure nothing, make them of docs/bench/results.json")
    # what scripts/bench has prepared
    for name in ("--folder", "--bench", "--default-binary", "--postgres-bin"):
        parser.add_argument(name, type=Path, help=argparse.SUPPRESS)
    for name in ("--postgres", "--command"):
        parser.add_argument(name, help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


def _names(text):
    names = text.split(",")
    unknown = [name for name in names if name not in MEASUREMENTS]
    if unknown:
        raise argparse.ArgumentTypeError(f"no measurement is called {', '.join(unknown)}")
    return names


def _databases(text):
    databases = text.split(",")
    if not set(databases) <= {"sqlite", "postgres"}:
        raise argparse.ArgumentTypeError("some of sqlite,postgres")
    return databases


def _sizes(text):
    sizes = sorted({int(each) for each in text.split(",")})
    if not set(sizes) <= {4, 5, 6}:
        raise argparse.ArgumentTypeError("some of 4,5,6")
    return sizes


class Settings:
    """What was asked for and what was prepared."""

    def __init__(self, arguments):
        self.quick = arguments.quick
        self.seconds = 1 if self.quick else arguments.seconds
        self.warmup = 0.5 if self.quick else 2
        self.repetitions = 2 if self.quick else arguments.repetitions
        self.starts = 3 if self.quick else 15
        self.sizes = arguments.sizes or ([4, 5] if self.quick else [4, 5, 6])
        self.databases = arguments.databases
        self.folder = arguments.folder
        self.bench = arguments.bench.resolve()
        self.binary = (arguments.binary or arguments.default_binary).resolve()
        self.postgres = arguments.postgres
        self.postgres_bin = arguments.postgres_bin
        self.psql = arguments.postgres_bin / "psql" if arguments.postgres_bin else None
        self.say = lambda text: print(text, flush=True)

    def create_database(self, name, template="template1"):
        """A new database of the server that scripts/bench started, empty or as another one is."""
        sql = f"CREATE DATABASE {name} TEMPLATE {template}"
        run([self.psql, "-X", "-q", "-d", f"{self.postgres}/postgres", "-c", sql], timeout=600)
        return f"{self.postgres}/{name}"

    def described(self):
        names = ("seconds", "warmup", "repetitions", "sizes", "databases", "quick")
        return {name: getattr(self, name) for name in names}


def measure(arguments):
    settings = Settings(arguments)
    # where the binary lies concerns nobody
    command = arguments.command
    if arguments.binary:
        command = command.replace(str(arguments.binary), arguments.binary.name)
    about = {"date": today(), "command": command, "settings": settings.described()} | describe(settings)
    results = Results(about)
    bench = Bench(settings, results)
    failed = []
    for name in arguments.only:
        settings.say(f"== {name}")
        try:
            MEASUREMENTS[name](bench)
        except Exception as error:  # noqa: BLE001  the others are worth having; the run is not good
            failed.append(name)
            settings.say(f"FAILED: {error}")
            if not isinstance(error, Failed):
                traceback.print_exc()
        results.about["failed"] = failed
        results.write(LATEST)
    settings.say(f"results: {LATEST.relative_to(ROOT)}")
    return failed


def main():
    # ended early, what is running here is ended too
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    arguments = parse(sys.argv[1:])
    failed = []
    if not arguments.report:
        if not arguments.folder:
            sys.exit("start scripts/bench, which prepares what this needs")
        failed = measure(arguments)
    chosen = ROOT / "docs/bench/results.json"
    if arguments.publish and not failed:
        chosen.parent.mkdir(parents=True, exist_ok=True)
        chosen.write_bytes(LATEST.read_bytes())
    if arguments.report or (arguments.publish and not failed):
        report.write(chosen, ROOT)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
