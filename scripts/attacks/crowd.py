"""Promises 8 and 17: a thousand who do nothing, a hundred who sign in, and who guesses at passwords."""

import contextlib
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager

from . import blog as blogs
from .memory import watched
from .raw import ask, connect
from .reads import read, reading
from .table import ms

IDLE = 1_000
SIGNING_IN = 100
SECONDS = 10
GUESSES = 30


def crowds(table, blog):
    with blog.serve() as attacked:
        attacked.seed()
        pages = attacked.pages()
        quiet = read(attacked.port, pages, SECONDS)

        with _idle(attacked.port), reading(attacked.port, pages) as beside:
            time.sleep(SECONDS)
        _compare(table, f"8: {IDLE:,} idle connections", quiet, beside, 10, 0.5)

        with watched(attacked.pid) as memory, reading(attacked.port, pages) as beside:
            signed_in, told = _sign_ins(attacked.port)
        what = f"8: {SIGNING_IN} sign in at once"
        measured = f"{signed_in}; {told.get(503, 0)} x 503"
        table.add(f"{what}: signed in; told to come again", measured, "no other answer", set(told) <= {503})
        _compare(table, what, quiet, beside, 5, 0)
        table.add(f"{what}: memory", f"+ {memory.mib:.0f} MiB", "<= 100 MiB", memory.mib <= 100)

        with _idle(attacked.port), reading(attacked.port, pages) as beside:
            _sign_ins(attacked.port)
        _compare(table, "8: both at once", quiet, beside, 10, 0.5)
        _guess(table, attacked.port)


def _compare(table, what, quiet, beside, times, floor):
    failed = beside.failed[:3] or f"0 of {beside.count}"
    table.add(f"{what}: normal reads failed", failed, "0", not beside.failed)
    goal = max(times * quiet.p99, floor)
    measured = f"{ms(beside.p99)} (quiet {ms(quiet.p99)})"
    table.add(f"{what}: p99 of reads", measured, f"<= {ms(goal)}", beside.p99 <= goal)


@contextmanager
def _idle(port):
    """Connections on which one thing was asked."""
    with contextlib.ExitStack() as stack:
        for _ in range(IDLE):
            stream = stack.enter_context(connect(port, 10))
            stream.sendall(blogs.request("GET", "/healthz"))
            stream.recv(4096)
        yield


def _sign_ins(port):
    """Those who sign in again and again, from a process of their own: how often they did, and all other answers."""
    command = [sys.executable, "-m", "attacks.sign_ins", str(port), str(SIGNING_IN), str(SECONDS)]
    output = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS + 60, check=True).stdout
    told = dict((int(status), int(count)) for status, count in (line.split() for line in output.splitlines()))
    return told.pop(201, 0), told


def _guess(table, port):
    """The time of a wrong password, with an account and without one, in turn."""
    known, unknown = [], []
    for number in range(GUESSES):
        for identifier, times in (("poster-1", known), (f"nobody-{number}", unknown)):
            body = {"identifier": identifier, "password": "not the kettle's password"}
            answer = ask(port, blogs.request("POST", "/api/v1/sessions", None, body))
            times.append(answer.seconds)
            if answer.status != 401:
                table.add("17: a wrong password", f"{identifier}: {answer.status}", "401", False)
                return
    known, unknown = statistics.median(known), statistics.median(unknown)
    ratio = max(known, unknown) / min(known, unknown)
    measured = f"{ms(known)} and {ms(unknown)}"
    table.add("17: a wrong password takes alike with an account and without", measured, "within 2 times", ratio <= 2)
