"""Promise 5: the database is gone for five seconds, in each way in which it can be, while people read and write."""

import contextlib
import sqlite3
import threading
import time
from contextlib import contextmanager

from . import blog as blogs
from .raw import ask
from .writers import Writers

AWAY_SECONDS = 5
WRITERS = READERS = 16


def outages(table, blog):
    ways = {"its file is held by another": _held} if blog.is_sqlite else {"crashed": _crashed, "frozen": _frozen}
    with blog.serve() as attacked:
        attacked.seed()
        for number, (way, gone) in enumerate(ways.items()):
            _outage(table, attacked, f"5: database {way} for {AWAY_SECONDS} s", gone, f"Away {number}")
    found = blog.check()
    table.add("5: `check` afterwards", found or "nothing", "nothing", not found)


def _outage(table, attacked, what, gone, name):
    writers, readers = Writers(attacked, WRITERS, name), _Readers(attacked)
    with writers.at_work(), readers.at_work():
        time.sleep(1)
        with gone(attacked.blog):
            begun = time.monotonic()
            time.sleep(AWAY_SECONDS)
        back = time.monotonic()
        # who began while it was away has been answered by then, and so have those who came behind
        time.sleep(11)
    answers = writers.answers + readers.answers
    met = [(at, heard) for at, heard in answers if at + heard.seconds >= begun and at <= back + 10]
    wrong = {
        f"{heard.status or heard.end}{'' if heard.has_retry_after else ' without Retry-After'}"
        for _, heard in met
        if heard.status not in (200, 201) and not (heard.status == 503 and heard.has_retry_after)
    }
    refused = sum(heard.status == 503 for _, heard in met)
    shown = ", ".join(sorted(wrong)) or f"{len(met)} answers, {refused} x 503"
    table.add(f"{what}: what is not right is 503 with Retry-After", shown, "no other", not wrong)
    longest = max(heard.seconds for _, heard in met)
    table.add(f"{what}: longest wait for an answer", f"{longest:.1f} s", "<= 6 s", longest <= 6)
    # from when on all goes well
    last = max((at + heard.seconds for at, heard in answers if heard.status not in (200, 201)), default=back)
    measured = f"{max(0, last - back):.1f} s"
    table.add(f"{what}: back by itself within", measured, "<= 10 s", last - back <= 10 and attacked.is_well())
    lost, doubled = writers.lost_and_doubled(attacked.texts())
    measured = f"{len(lost)}, {len(doubled)} of {len(writers.acknowledged):,}"
    table.add(f"{what}: acknowledged replies lost, twice", measured, "0, 0", not lost and not doubled)


class _Readers:
    """Readers of pages that are not in memory."""

    def __init__(self, attacked):
        self.answers, self._attacked = [], attacked
        self._is_over, self._lock = threading.Event(), threading.Lock()
        self._threads = [threading.Thread(target=self._read, args=(number,)) for number in range(READERS)]

    @contextmanager
    def at_work(self):
        for thread in self._threads:
            thread.start()
        try:
            yield
        finally:
            self._is_over.set()
            for thread in self._threads:
                thread.join()

    def _read(self, number):
        token = self._attacked.tokens[number]
        sent = blogs.request("GET", "/api/v1/me", {"Authorization": f"Bearer {token}"})
        while not self._is_over.wait(0.02):
            begun = time.monotonic()
            with contextlib.suppress(OSError):
                heard = ask(self._attacked.port, sent)
                with self._lock:
                    self.answers.append((begun, heard))


@contextmanager
def _crashed(blog):
    blog.postgres.stop_at_once()
    try:
        yield
    finally:
        blog.postgres.start()


@contextmanager
def _frozen(blog):
    stopped = blog.postgres.freeze()
    try:
        yield
    finally:
        blog.postgres.thaw(stopped)


@contextmanager
def _held(blog):
    """Another process writes and does not come to an end."""
    with contextlib.closing(sqlite3.connect(blog.service.sqlite_file, timeout=10, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")
