"""What was promised, what was measured, and whether it holds."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    promise: str
    measured: str
    goal: str
    # None: it could not be measured here, and `measured` says why
    ok: bool | None


class Table:
    """Rows, each printed when it is known."""

    def __init__(self, database):
        self.database = database
        self.rows = []

    def add(self, promise, measured, goal, ok):
        row = Row(promise, str(measured), goal, ok)
        self.rows.append(row)
        print(f"{self.database}: {promise}: {row.measured} ({goal}) {_verdict(ok)}", flush=True)

    def missing(self, promise, why):
        self.add(promise, why, "", None)

    @property
    def holds(self):
        return all(row.ok is not False for row in self.rows)


def markdown(tables):
    """All tables as one of Markdown."""
    lines = ["| database | promise | measured | goal | ok |", "|---|---|---|---|---|"]
    for table in tables:
        for row in table.rows:
            lines.append(f"| {table.database} | {row.promise} | {row.measured} | {row.goal} | {_verdict(row.ok)} |")
    return "\n".join(lines)


def _verdict(ok):
    return {True: "ok", False: "**FAILED**", None: "not measured"}[ok]


def ms(seconds):
    return f"{seconds * 1000:,.0f} ms" if seconds >= 0.01 else f"{seconds * 1000:,.1f} ms"
