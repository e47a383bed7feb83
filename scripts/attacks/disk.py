"""Promises 2 and 6: each reply is on the disk before it is acknowledged, and what happens when that is full."""

import os
import shutil
import signal
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

from harness.processes import Failed, family, run

from .blog import LONG, Blog
from .raw import ask

REPLIES = 50
SMALL_MIB = 48
MOST_REPLIES = 5_000


def durable(table, blog):
    """The calls that bring bytes onto the disk, counted while replies come one by one."""
    promise = f"2: fsync and fdatasync for {REPLIES} replies one by one"
    if not shutil.which("strace"):
        table.missing(promise, "there is no strace; on Debian: apt-get install strace")
        return
    with blog.serve() as attacked:
        attacked.seed()
        time.sleep(1)
        counted = attacked.blog.service.folder / "calls"
        pids = family(blog.postgres.process.pid) if blog.postgres else [attacked.pid]
        targets = [part for pid in pids for part in ("-p", str(pid))]
        command = ["strace", "-f", "-qq", "-e", "trace=fsync,fdatasync", "-o", str(counted), *targets]
        tracer = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        time.sleep(1)
        if tracer.poll() is not None:
            why = tracer.stderr.read().decode().strip().splitlines()
            table.missing(promise, f"strace does not run here: {why[-1] if why else tracer.returncode}")
            return
        least, before = REPLIES, 0
        for number in range(REPLIES):
            attacked.reply(attacked.stories[0], f"Durable {number}", attacked.tokens[number % 10])
            # the tracer writes a call down when it has returned, which is before the answer
            after = _calls(counted)
            least, before = min(least, after - before), after
        tracer.send_signal(signal.SIGINT)
        tracer.communicate(timeout=30)
        measured = f"{before}, at least {least} for each"
        table.add(promise, measured, ">= 1 for each", least >= 1)


def _calls(file):
    """Those that have returned; one that another thread came between has two lines."""
    lines = file.read_text().splitlines()
    return sum("sync" in line and ("resumed" in line or "unfinished" not in line) for line in lines)


def full(table, binary, folder, postgres):
    """A disk that becomes full while people write."""
    promise = "6: disk full"
    small = Path(folder) / "small"
    try:
        with _small_disk(small):
            tablespace = None
            if postgres:
                postgres.owned(small)
                postgres.sql(f"CREATE TABLESPACE small LOCATION '{small}'")
                tablespace = "small"
            try:
                place = (folder if postgres else small) / "blog"
                _fill(table, promise, Blog(binary, place, "full_disk", postgres, tablespace), small)
            finally:
                if postgres:
                    postgres.sql("DROP DATABASE IF EXISTS full_disk WITH (FORCE)")
                    postgres.sql("DROP TABLESPACE small")
    except NotHere as why:
        table.missing(promise, str(why))


class NotHere(Exception):
    """What cannot be done on this machine, and why."""


def _fill(table, promise, blog, disk):
    with blog.serve() as attacked:
        attacked.seed()
        filler = disk / "filler"
        _take_the_rest(filler)
        statuses, first = {}, None
        for number in range(MOST_REPLIES):
            post = attacked.post(attacked.stories[0], f"{number} {LONG}", attacked.tokens[number % 20])
            heard = ask(attacked.port, post)
            statuses[heard.status] = statuses.get(heard.status, 0) + 1
            first = first or (heard.status if heard.status != 201 else None)
            if sum(statuses.values()) - statuses.get(201, 0) >= 20:
                break
        shown = ", ".join(f"{count} x {status}" for status, count in sorted(statuses.items()))
        fine = first is not None and set(statuses) <= {201, 503, 507}
        table.add(f"{promise}: writes", shown, "507 or 503 once it is", fine)
        table.add(f"{promise}: reads go on", attacked.is_well(), "True", attacked.is_well())
        filler.unlink()
        begun, status = time.monotonic(), 0
        while status != 201 and time.monotonic() < begun + 10:
            status = ask(attacked.port, attacked.post(attacked.stories[0], "There is room.", attacked.tokens[0])).status
        measured = f"{time.monotonic() - begun:.1f} s, {status}"
        table.add(f"{promise}: works by itself once there is room", measured, "<= 10 s, 201", status == 201)
    found = blog.check()
    table.add(f"{promise}: `check` afterwards", found or "nothing", "nothing", not found)


@contextmanager
def _small_disk(place):
    """A disk of little room, in memory."""
    if os.geteuid() != 0:
        raise NotHere("only root can mount a small disk")
    place.mkdir()
    try:
        run(["mount", "-t", "tmpfs", "-o", f"size={SMALL_MIB}m", "tmpfs", place], timeout=20)
    except Failed as problem:
        raise NotHere(f"a small disk cannot be mounted: {str(problem).splitlines()[-1]}") from None
    try:
        yield
    finally:
        run(["umount", "-l", place], timeout=20)


def _take_the_rest(filler):
    with open(filler, "wb", buffering=0) as out:
        try:
            while True:
                out.write(b"\0" * 4096)
        except OSError:
            pass
