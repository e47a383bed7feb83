"""Promises 1, 3 and 4: killed and told to end, again and again, while people write."""

import random
import signal
import socket
import time
from contextlib import ExitStack

from . import blog as blogs
from .raw import STATUS_LINE, connect
from .table import ms
from .writers import Writers

KILLS = 20
WRITERS = 8
BEGUN = 20


def kills(table, blog):
    """Kills in the middle of writes."""
    chance, ready = random.Random(1), []
    with blog.serve() as attacked:
        attacked.seed()
        _kill(attacked)
    # an access token outlives all of it
    writers = Writers(attacked, WRITERS, "Killed")
    with writers.at_work():
        for _ in range(KILLS):
            with blog.serve() as again:
                attacked.port, attacked.server = again.port, again.server
                ready.append(again.server.ready_ms / 1000)
                time.sleep(0.3 + chance.random() / 2)
                _kill(again)
    with blog.serve() as again:
        ready.append(again.server.ready_ms / 1000)
        attacked.port, attacked.server = again.port, again.server
        lost, doubled = writers.lost_and_doubled(attacked.texts())
    what = f"1: {KILLS} kills under {WRITERS} writers, {len(writers.acknowledged):,} acknowledged"
    table.add(f"{what}: lost", lost[:3] or 0, "0", not lost and len(writers.acknowledged) > 10 * KILLS)
    table.add(f"{what}: twice", doubled[:3] or 0, "0", not doubled)
    found = blog.check()
    own = "PRAGMA integrity_check" if blog.is_sqlite else "pg_amcheck"
    table.add(f"1: `check` and {own} afterwards", found or "nothing", "nothing", not found)
    ready.sort()
    measured = f"{ms(ready[len(ready) // 2])}, at most {ms(ready[-1])}"
    table.add("3: ready after a kill", measured, "1 s, 10 s at most", ready[len(ready) // 2] <= 1 and ready[-1] <= 10)


def _kill(attacked):
    attacked.server.process.kill()
    attacked.server.process.wait()


def told_to_end(table, blog):
    """SIGTERM under load, with requests that have begun, one that never ends, and listeners."""
    with blog.serve() as attacked, ExitStack() as stack:
        attacked.seed()
        writers = Writers(attacked, WRITERS, "Ended")
        begun = [_Begun(attacked, number) for number in range(BEGUN)]
        never = _Begun(attacked, BEGUN)
        listener = stack.enter_context(connect(attacked.port, 30))
        events = f"/api/v1/stories/{attacked.stories[0]}/events"
        listener.sendall(blogs.request("GET", events, {"Accept": "text/event-stream"}))
        listener.recv(4096)
        idle = [stack.enter_context(connect(attacked.port, 10)) for _ in range(50)]
        process = attacked.server.process
        with writers.at_work():
            time.sleep(1)
            process.send_signal(signal.SIGTERM)
            told_at = time.monotonic()
            time.sleep(1)
            statuses = [each.finish() for each in begun]
            process.wait(timeout=60)
            took = time.monotonic() - told_at
        assert idle
        never.close()
    what = "4: SIGTERM under load"
    good = sum(status == 201 for status in statuses)
    table.add(f"{what}: accepted requests answered", f"{good} of {BEGUN}", f"{BEGUN}", good == BEGUN)
    fine = took <= 15 and process.returncode == 0
    measured = f"{took:.1f} s, {process.returncode}"
    table.add(f"{what}, one request never ends: exit within, code", measured, "<= 15 s, 0", fine)
    with blog.serve() as again:
        attacked.port, attacked.server = again.port, again.server
        texts = attacked.texts()
        lost, doubled = writers.lost_and_doubled(texts)
        lost += [each.text for each in begun if f"<p>{each.text}</p>" not in texts]
        measured = f"{len(lost)}, {len(doubled)} of {len(writers.acknowledged) + BEGUN}"
        table.add(f"{what}: acknowledged replies lost, twice", measured, "0, 0", not lost and not doubled)


class _Begun:
    """A request whose head was read and whose body is still awaited."""

    def __init__(self, attacked, number):
        self.text = f"Begun {number}"
        post = attacked.post(attacked.stories[number % 5], self.text, attacked.tokens[number % blogs.READERS])
        head, _, self._body = post.partition(b"\r\n\r\n")
        self._stream = connect(attacked.port, 30)
        self._stream.sendall(head + b"\r\nExpect: 100-continue\r\n\r\n")
        # sent when the head was read and the body is wanted
        assert self._stream.recv(25, socket.MSG_WAITALL) == b"HTTP/1.1 100 Continue\r\n\r\n"

    def finish(self):
        try:
            self._stream.sendall(self._body)
            found = STATUS_LINE.match(self._stream.recv(4096))
            return int(found[1]) if found else 0
        except OSError:
            return 0
        finally:
            self.close()

    def close(self):
        self._stream.close()
