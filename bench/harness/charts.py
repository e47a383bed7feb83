"""Charts: each says one thing."""

import statistics

import matplotlib

matplotlib.use("svg")
from matplotlib import pyplot  # noqa: E402  the backend is chosen before

OURS, LIMIT, PEER, GOOD, BAD = "#2a6f97", "#b8c4cc", "#c98a3b", "#3a8f5c", "#c0492f"
matplotlib.rcParams.update(
    {
        # the same bytes for the same numbers
        "svg.hashsalt": "rejoinder",
        "svg.fonttype": "none",
        "font.family": "sans-serif",
        "font.size": 10,
        "axes.spines.top": False,
        "axes.spines.right": False,
    }
)


def draw(document, goals, folder):
    """Draws what there are numbers for; names of files, each with what it shows."""
    folder.mkdir(parents=True, exist_ok=True)
    drawn = []
    for name, alternative, chart in (
        ("goals", "Each goal and how far what was measured is on its good side", lambda: _goals(goals)),
        ("reads", "Requests a second of the service and of the bare handler", lambda: _reads(document)),
        ("posts", "Durable posts a second and raw rows a second", lambda: _posts(document)),
        ("peer", "The service and Isso on the same corpus", lambda: _peer(document)),
    ):
        file = folder / f"{name}.svg"
        figure = chart()
        if figure is None:
            file.unlink(missing_ok=True)
            continue
        figure.savefig(file, metadata={"Date": None, "Creator": None}, bbox_inches="tight", facecolor="white")
        pyplot.close(figure)
        # its lines end with blanks
        file.write_text("\n".join(line.rstrip() for line in file.read_text().splitlines()) + "\n")
        drawn.append((file.name, alternative))
    return drawn


def _goals(goals):
    """How many times better than its goal each is, on an axis where 1 is the goal itself."""
    shown = [goal for goal in goals if goal.values and statistics.median(goal.values) > 0]
    if not shown:
        return None
    figure, axes = pyplot.subplots(figsize=(9, 0.34 * len(shown) + 1))
    for at, goal in enumerate(reversed(shown)):
        median = statistics.median(goal.values)
        better = median / goal.bound if goal.is_at_least else goal.bound / median
        axes.barh(at, better - 1, left=1, color=GOOD if goal.is_met else BAD, height=0.6)
        side = "left" if better >= 1 else "right"
        axes.annotate(
            f"{better:.2g} x",
            (better, at),
            xytext=(4 if better >= 1 else -4, 0),
            textcoords="offset points",
            va="center",
            ha=side,
            fontsize=8,
        )
    axes.set_yticks(range(len(shown)), [goal.slug for goal in reversed(shown)])
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter(matplotlib.ticker.StrMethodFormatter("{x:,.10g}"))
    axes.axvline(1, color="black", linewidth=1)
    axes.margins(x=0.15)
    axes.set_xlabel("better than the goal, times (left of 1: missed)")
    return figure


def _reads(document):
    named = {
        "hot page, identity": "reads.sqlite.hot.identity.32",
        "hot page, gzip": "reads.sqlite.hot.gzip.32",
        "hot page, br": "reads.sqlite.hot.br.32",
        "huge story, gzip": "reads.sqlite.huge.gzip.32",
        "counts of 20": "reads.sqlite.counts.identity.32",
        "304": "reads.sqlite.not_modified.32",
    }
    groups = {name: [document.numbers(f"{key}.bare"), document.numbers(f"{key}.ours")] for name, key in named.items()}
    return _bars(groups, ("bare handler, same bytes", "Rejoinder"), (LIMIT, OURS), "requests a second, 32 connections")


def _posts(document):
    groups = {}
    for database, name in document.databases():
        for connections in (1, 8, 32):
            key = f"posts.{database}.{connections}"
            raw = "a commit" if database == "sqlite" else "at once"
            groups[f"{name}, connections: {connections}\n(raw: {connections} {raw})"] = [
                document.numbers(f"{key}.raw"),
                document.numbers(f"{key}.ours"),
            ]
    return _bars(groups, ("raw rows, committed durably", "Rejoinder"), (LIMIT, OURS), "a second")


def _peer(document):
    groups = {
        name: [document.numbers(f"peer.{name}.peer"), document.numbers(f"peer.{name}.ours")]
        for name in ("reads", "posts", "mixed")
    }
    return _bars(
        groups, ("Isso", "Rejoinder"), (PEER, OURS), "a second, 32 connections (each step is ten times more)", True
    )


def _bars(groups, legend, colours, label, is_log=False):
    """Pairs of bars with their numbers, and marks from the least to the most of the repetitions."""
    groups = {name: pair for name, pair in groups.items() if any(pair)}
    if not groups:
        return None
    figure, axes = pyplot.subplots(figsize=(9, 0.72 * len(groups) + 1))
    for at, pair in enumerate(reversed(groups.values())):
        for offset, values, colour in zip((0.2, -0.2), pair, colours):
            if not values:
                continue
            median = statistics.median(values)
            around = [[median - min(values)], [max(values) - median]]
            axes.barh(at + offset, median, height=0.38, color=colour, xerr=around, error_kw={"linewidth": 0.8})
            axes.annotate(
                f"{median:,.0f}",
                (max(values), at + offset),
                xytext=(4, 0),
                textcoords="offset points",
                va="center",
                fontsize=8,
            )
    axes.set_yticks(range(len(groups)), list(reversed(groups)))
    if is_log:
        axes.set_xscale("log")
    axes.margins(x=0.12)
    axes.xaxis.set_major_formatter(matplotlib.ticker.StrMethodFormatter("{x:,.0f}"))
    axes.set_xlabel(label)
    handles = [pyplot.Rectangle((0, 0), 1, 1, color=colour) for colour in colours]
    axes.legend(
        handles, legend, loc="upper center", bbox_to_anchor=(0.5, 1 + 0.5 / len(groups)), ncols=2, frameon=False
    )
    return figure
