"""What was measured, by key, as it is written down."""

import json
import statistics
from datetime import datetime, timezone


class Results:
    def __init__(self, about):
        self.about = about
        self.measurements = {}

    def add(self, key, samples):
        """Samples of one contestant, one for each repetition."""
        self.measurements[key] = {"samples": samples}

    def add_values(self, key, values, **more):
        """Plain numbers."""
        self.measurements[key] = {"values": list(values)} | more

    def append_value(self, key, value):
        """One more plain number."""
        self.measurements.setdefault(key, {"values": []})["values"].append(value)

    def not_available(self, key, why):
        """Nothing is made up for what is not there."""
        self.measurements[key] = {"not_available": why}

    def write(self, file):
        file.parent.mkdir(parents=True, exist_ok=True)
        document = self.about | {"measurements": self.measurements}
        partial = file.with_suffix(".partial")
        partial.write_text(json.dumps(document, indent=1, sort_keys=True) + "\n")
        partial.replace(file)


def today():
    return datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M UTC")


def numbers(measurement, field="per_second"):
    """One number for each repetition; none if there is no such measurement."""
    if not measurement or "not_available" in measurement:
        return []
    if "values" in measurement:
        return measurement["values"]
    return [each[field] for each in measurement["samples"] if each.get(field) is not None]


def spread(values):
    """Median, minimum and maximum."""
    return (statistics.median(values), min(values), max(values)) if values else None


def ratios(ours, theirs):
    """Each repetition against its neighbour in time."""
    return [a / b for a, b in zip(ours, theirs) if b]
