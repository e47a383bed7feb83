"""On what was measured."""

import os
import platform
import re
from pathlib import Path

from .processes import Failed, run


def describe(settings):
    return {
        "machine": {
            "processor": _processor(),
            "cores": len(os.sched_getaffinity(0)),
            "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
            "system": _system(),
            "kernel": platform.release().partition("-")[0],
            "file_system": _said(["stat", "-f", "-c", "%T", settings.folder]),
        },
        "versions": {
            "rejoinder": _version([settings.binary, "--version"]),
            "commit": _commit(),
            "rustc": _version(["rustc", "--version"]),
            "wrk": _wrk(),
            "postgresql": (
                _version([settings.postgres_bin / "postgres", "--version"]) if settings.postgres_bin else None
            ),
            "python": platform.python_version(),
            "isso": _package("isso"),
            "gunicorn": _package("gunicorn"),
        },
    }


def _said(command):
    try:
        return run(command, timeout=20).strip()
    except (Failed, OSError):
        return None


def _version(command):
    """The number alone, out of what a program says of itself."""
    found = re.search(r"\d+(\.\d+)+", _said(command) or "")
    return found[0] if found else None


def _wrk():
    # it tells its version only together with an error
    try:
        run(["wrk", "-v"], timeout=20)
    except (Failed, OSError) as error:
        found = re.search(r"wrk (\S*\d\S*)", str(error))
        return found[1] if found else None
    return None


def _processor():
    found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.M)
    return found[1] if found else platform.machine()


def _system():
    found = re.search(r'^PRETTY_NAME="?([^"\n]+)', Path("/etc/os-release").read_text(), re.M)
    return found[1] if found else platform.system()


def _commit():
    commit = _said(["git", "rev-parse", "--short=12", "HEAD"])
    return f"{commit} with changes" if commit and _said(["git", "status", "--porcelain", "-uno"]) else commit


def _package(name):
    from importlib import metadata

    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
