"""docs/BENCHMARKS.md and its charts, made of results and of the causes written by hand beside this folder."""

import json
import re
import statistics
from dataclasses import dataclass
from pathlib import Path

from . import charts
from .results import numbers, ratios, spread

CAUSES = Path(__file__).parent.parent / "causes.md"
DATABASES = {"sqlite": "SQLite", "postgres": "PostgreSQL"}


@dataclass(frozen=True)
class Goal:
    """One line of the issue's table; `values` are its numbers, one for each repetition where there are several."""

    slug: str
    what: str
    values: list
    is_at_least: bool
    bound: float
    unit: str = ""
    not_available: str | None = None

    @property
    def is_met(self):
        if not self.values:
            return None
        median = statistics.median(self.values)
        return median >= self.bound if self.is_at_least else median <= self.bound

    @property
    def bound_text(self):
        return f"{'>=' if self.is_at_least else '<='} {self.bound:,g}{self.unit}"


class Document:
    """Results, and the questions that are asked of them."""

    def __init__(self, results):
        self.results = results
        self.measurements = results["measurements"]

    def numbers(self, key, field="per_second"):
        return numbers(self.measurements.get(key), field)

    def why_not(self, *keys):
        """Why one of these is not there; nothing if all are."""
        for key in keys:
            measurement = self.measurements.get(key)
            if measurement is None:
                return "not measured in this run"
            if "not_available" in measurement:
                return measurement["not_available"]
        return None

    def ratio(self, slug, what, ours, theirs, is_at_least, bound, field="per_second", unit=""):
        values = ratios(self.numbers(ours, field), self.numbers(theirs, field))
        return Goal(slug, what, values, is_at_least, bound, unit, self.why_not(ours, theirs))

    def at_most(self, slug, what, key, bound, unit):
        return Goal(slug, what, self.numbers(key), False, bound, unit, self.why_not(key))

    def goals(self):
        """The goals, in the issue's order."""
        reads = "reads.sqlite"
        yield self.ratio(
            *(
                "first-page",
                "cached first page, 32 connections, gzip: requests/s of the bare handler's on the same bytes",
            ),
            *(f"{reads}.hot.gzip.32.ours", f"{reads}.hot.gzip.32.bare", True, 0.9),
        )
        yield self.ratio(
            *("not-modified", "304: requests/s of the bare handler's 304"),
            *(f"{reads}.not_modified.32.ours", f"{reads}.not_modified.32.bare", True, 0.8),
        )
        yield self.ratio(
            *("counts", "counts of 20, cached: requests/s of the bare handler's on the same bytes"),
            *(f"{reads}.counts.identity.32.ours", f"{reads}.counts.identity.32.bare", True, 0.5),
        )
        for database, name in self.databases():
            # time is the inverse of pages a second
            pages = f"uncached.{database}"
            yield self.ratio(
                *(f"huge-{database}", f"{name}: huge story's first page against the small one's, uncached, in time"),
                *(f"{pages}.small-001", f"{pages}.huge", False, 1.3),
            )
        for database, name in self.databases():
            for scope, told in (("100_stories", "of 100 stories"), ("all_stories", "of all stories")):
                sizes = f"sizes.{database}"
                yield self.ratio(
                    f"size-{database}-{scope.split('_')[0]}",
                    f"{name}: uncached pages {told} at 10^6 replies in the database against 10^4, in time",
                    *(f"{sizes}.4.{scope}", f"{sizes}.6.{scope}", False, 1.3),
                )
        yield self.ratio(
            *("posts-raw", "posts, 32 connections, SQLite: of raw rows a second in group commits of 8"),
            *("posts.sqlite.32.ours", "posts.sqlite.32.raw_8", True, 0.3),
        )
        for database, name in self.databases():
            yield self.ratio(
                *(f"posts-rules-{database}", f"{name}, posts, 32 connections: with all rules on, of those with them off"),
                *(f"posts.{database}.32.ours", f"posts.{database}.32.rules_off", True, 0.8),
            )
        yield self.at_most(
            *("rules", "all rules on 10,000 characters, 20,000 phrases, a full classifier", "rules.typical.judging"),
            *(1000, " us"),
        )
        for key in self.hostile():
            told = key.split(".")[1].replace("_", " ")
            yield self.ratio(
                *(f"rules-{key.split('.')[1]}", f"all rules on {told}, against the typical text, in time"),
                *(key, "rules.typical.judging", False, 10),
            )
        yield self.ratio(
            *("posts-peer", "posts, 32 connections, SQLite: of Isso's", "peer.posts.ours", "peer.posts.peer", True, 10),
        )
        yield self.ratio("mixed-peer", "mixed load: of Isso's", "peer.mixed.ours", "peer.mixed.peer", True, 100)
        for database, name in self.databases():
            mixed, pure = f"mixed.{database}.mixed.read", f"mixed.{database}.pure.read"
            yield self.ratio(
                *(f"mixed-p99-{database}", f"{name}, mixed load: p99 of reads against that of pure reads"),
                *(mixed, pure, False, 3, "p99_ms"),
            )
        yield self.ratio(
            *("sign-ins-p99", "reads while 100 sign in at once: p99 against quiet"),
            *("sign_ins.reads_beside", "sign_ins.reads_quiet", False, 5, "p99_ms"),
        )
        yield self.at_most("token", "check of an access token", "checks.token", 10, " us")
        yield self.at_most("limits", "limits of a request in memory: account, address, site", "checks.limits", 5, " us")
        yield self.at_most("sign-ins-memory", "the same: more memory (PSS)", "sign_ins.more_mib", 100, " MiB")
        for database, name in self.databases():
            yield self.ratio(
                *(f"next-{database}", f"{name}, next by 20 moderators: of 10^5 waiting replies against 100, in time"),
                *(f"next.{database}.100", f"next.{database}.100000", False, 1.5),
            )
        for database, name in self.databases():
            for told, beside in (("are refused at once", "beside"), ("are put back", "beside_undo")):
                yield self.ratio(
                    f"bulk-{database}-{beside}",
                    f"{name}, reads while 10,000 replies {told}: p99 against quiet",
                    *(f"bulk.{database}.{beside}", f"bulk.{database}.quiet", False, 3, "p99_ms"),
                )
        rows = self.measurements.get("log.verify", {}).get("rows", 0)
        yield self.at_most("log", f"log verify of {rows:,} rows", "log.verify", 10, " s")
        yield self.at_most("start", "start to ready, empty SQLite", "start.sqlite.ready_ms", 60, " ms")
        yield self.at_most("idle-memory", "idle memory (PSS)", "memory.sqlite.idle", 20, " MiB")
        for database, name in self.databases():
            largest = max((size for size in (4, 5, 6) if self.numbers(f"disk.{database}.{size}")), default=6)
            yield self.at_most(
                *(f"disk-{database}", f"{name}: bytes a reply on disk, all indexes (10^{largest} replies)"),
                *(f"disk.{database}.{largest}", 1000, " bytes"),
            )
            yield self.at_most(
                *(f"disk-posted-{database}", f"{name}: the same, of replies posted under load"),
                *(f"disk.{database}.posted", 1000, " bytes"),
            )
        listening = self.measurements.get("sse.idle_mib", {}).get("listeners", 5000)
        yield self.at_most(
            *("listeners-memory", f"{listening:,} idle listeners to events: more memory (PSS)", "sse.idle_mib"),
            *(100, " MiB"),
        )

    def hostile(self):
        """Texts that nobody would write, in the order of their names."""
        keys = [key for key in self.measurements if key.startswith("rules.") and key.endswith(".judging")]
        return [key for key in sorted(keys) if key != "rules.typical.judging"]

    def databases(self):
        return [(key, name) for key, name in DATABASES.items() if key in self.results["settings"]["databases"]]


def write(results_file, root):
    """Replaces the document and the charts."""
    document = Document(json.loads(results_file.read_text()))
    goals = list(document.goals())
    drawn = charts.draw(document, goals, results_file.parent)
    text = "\n".join(_lines(document, goals, drawn)) + "\n"
    # what browsers measured stands there until they measure again
    browser = results_file.parent / "browser.md"
    if browser.exists():
        text = text.replace("## All measurements", browser.read_text() + "## All measurements", 1)
    (root / "docs/BENCHMARKS.md").write_text(text)


def _lines(document, goals, drawn):
    results = document.results
    machine, settings = results["machine"], results["settings"]
    yield from ("# Benchmarks", "")
    yield f"Made by `{results['command']}` on {results['date']}; do not edit,"
    yield "run it again with `--publish`. What each line means and how it is measured stands in [bench/README.md](../bench/README.md), the numbers in"
    yield "[bench/results.json](bench/results.json)."
    yield ""
    if settings["quick"]:
        yield from ("**A trial run: too short for its numbers to mean anything.**", "")
    if results.get("failed"):
        yield from (f"**Failed: {', '.join(results['failed'])}.**", "")
    yield f"- **Machine:** {machine['processor']}, {machine['cores']} cores, {machine['memory_gib']} GiB,"
    yield f"  {machine['system']}, Linux {machine['kernel']}, files on {machine['file_system']}."
    yield "  The server and what loads it share these cores, so requests a second are of this machine as a whole; the processor time of the server a"
    yield "  request stands beside them."
    versions = [f"{name} {version}" for name, version in sorted(results["versions"].items()) if version]
    yield f"- **Versions:** {', '.join(versions)}."
    yield f"- **Each number** is the median of {settings['repetitions']} measurements of {settings['seconds']} s,"
    yield "  with minimum and maximum; what is compared was measured in turn, and a ratio is that of neighbours in time."
    yield from ("", "## Goals", "")
    for file, alternative in drawn:
        yield from (f"![{alternative}](bench/{file})", "")
    yield "| what | goal | measured | |"
    yield "|---|---|---|---|"
    for goal in goals:
        yield f"| {goal.what} | {goal.bound_text} | {_measured(goal)} | {_verdict(goal)} |"
    missed = [goal for goal in goals if goal.is_met is False]
    if missed:
        causes = read_causes(CAUSES.read_text())
        yield from ("", "### Why goals are missed", "")
        for goal in missed:
            yield f"- **{goal.what}:** {causes.get(goal.slug, 'its cause is not written down yet.')}"
    yield from ("", "## All measurements", "")
    yield "Good answers only. *Not good* is every other answer, in all repetitions together."
    yield from _tables(document)


def read_causes(text):
    """Paragraphs by the goal that stands in the heading above them."""
    parts = re.split(r"^## (\S+)\s*$", text, flags=re.M)
    causes = {slug: " ".join(body.split()) for slug, body in zip(parts[1::2], parts[2::2])}
    return {slug: body for slug, body in causes.items() if body}


def _measured(goal):
    found = spread(goal.values)
    if not found:
        return f"not available: {goal.not_available or 'no good answers'}"
    median, least, most = map(figure, found)
    return f"{median}{goal.unit}" if least == most else f"{median}{goal.unit} ({least} to {most})"


def _verdict(goal):
    return {True: "met", False: "**missed**", None: "not available"}[goal.is_met]


def figure(number):
    """Three digits that mean something, no more."""
    if number >= 100:
        return f"{number:,.0f}"
    if number >= 10:
        return f"{number:.1f}"
    return f"{number:.2f}" if number >= 0.095 or number == 0 else f"{number:.2g}"


TITLES = {
    "reads": "Reads",
    "posts": "Posts",
    "mixed": "Reads with posts",
    "sse": "Events",
    "sign_ins": "Sign-ins beside reads",
    "next": "Work handed out",
    "bulk": "Reads beside decisions about many",
    "log": "The log",
    "peer": "Against Isso",
    "uncached": "A huge and a small story, uncached",
    "sizes": "Growing databases, uncached",
    "checks": "Checks before a request's work",
    "rules": "Rules",
    "rules_of_rendering": "Rules, of the time of rendering",
    "start": "Start",
    "memory": "Memory",
    "disk": "Disk",
}
UNITS = {"checks": "us", "rules": "us", "rules_of_rendering": "times", "start": "ms", "memory": "MiB (PSS)", "disk": "bytes a reply", "bulk": "items a second", "log": "s", "sse": "MiB", "sign_ins": "MiB"}


def _tables(document):
    for group, title in TITLES.items():
        keys = [key for key in document.measurements if key.split(".")[0] == group]
        if not keys:
            continue
        yield from ("", f"### {title}", "")
        yield "| key | a second, or as said | server CPU each, us | p50, ms | p99, ms | bytes an answer | not good |"
        yield "|---|---|---|---|---|---|---|"
        for key in sorted(keys, key=_natural):
            yield _row(document.measurements[key], key, group)


def _natural(key):
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in key.split(".")]


def _row(measurement, key, group):
    if "not_available" in measurement:
        return f"| `{key}` | not available: {measurement['not_available']} | | | | | |"
    found = spread(numbers(measurement))
    if "values" in measurement:
        return f"| `{key}` | {_spread(found)} {UNITS.get(group, '')} | | | | | |"
    cells = [_spread(spread(numbers(measurement, field))) for field in ("cpu_us", "p50_ms", "p99_ms", "mean_bytes")]
    bad = {}
    for each in measurement["samples"]:
        for what, number in each["bad"].items():
            bad[what] = bad.get(what, 0) + number
    told = ", ".join(f"{what}: {number:,}" for what, number in sorted(bad.items()))
    return f"| `{key}` | {_spread(found)} | {' | '.join(cells)} | {told} |"


def _spread(found):
    if not found:
        return ""
    median, least, most = map(figure, found)
    return median if least == most else f"{median} ({least} to {most})"
