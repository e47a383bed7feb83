"""Promise 7: clients that never finish, of each kind at once, beside normal readers."""

import contextlib
import select
import socket
import time

from . import blog as blogs
from .memory import watched
from .reads import read, reading
from .table import ms

CLIENTS = 200
QUIET_SECONDS = 5
CUT_OFF_SECONDS = 35
TICK = 0.5


def slow_clients(table, blog):
    with blog.serve() as attacked:
        attacked.seed(with_long=True)
        quiet = read(attacked.port, attacked.pages(), QUIET_SECONDS)
        with watched(attacked.pid) as memory, reading(attacked.port, attacked.pages()) as beside:
            lasted = _hold(attacked.port, _kinds(attacked))
        goal = max(5 * quiet.p99, 0.25)
        what = f"7: {CLIENTS} slow clients of each of {len(lasted)} kinds"
        failed = beside.failed[:3] or f"0 of {beside.count}"
        table.add(f"{what}: normal reads failed", failed, "0", not beside.failed)
        measured = f"{ms(beside.p99)} (quiet {ms(quiet.p99)})"
        table.add(f"{what}: p99 of reads", measured, f"<= {ms(goal)}", beside.p99 <= goal)
        for kind, seconds in lasted.items():
            shown = f"{max(seconds):.1f} s" if max(seconds) < float("inf") else "some were not"
            fine = max(seconds) <= CUT_OFF_SECONDS
            table.add(f"7: slow: {kind}: all cut off within", shown, f"<= {CUT_OFF_SECONDS} s", fine)
        table.add(f"{what}: memory", f"+ {memory.mib:.0f} MiB", "<= 2 MiB a reader", memory.mib <= 2 * CLIENTS)


def _kinds(attacked):
    """What each kind sends at first, what then again and again, and whether it takes what it is sent."""
    post = attacked.post(attacked.stories[0], "Slow.", attacked.tokens[0])
    head, _, body = post.partition(b"\r\n\r\n")
    length = f"Content-Length: {len(body)}".encode()
    chunked = head.replace(length, b"Transfer-Encoding: chunked")
    # so much that a little now and then does not come to its end
    head = head.replace(length, b"Content-Length: 60000")
    begun = b"GET /healthz HTTP/1.1\r\nHost: attacked\r\nX-Long: "
    health = blogs.request("GET", "/healthz")
    pages = blogs.request("GET", f"/api/v1/stories/{attacked.long_story}/replies?limit=100") * 60
    return {
        "a head": (begun, b"a", True),
        "a body": (head + b"\r\n\r\n" + body[:2], b"a", True),
        "a chunked body": (chunked + b"\r\n\r\n1\r\n{\r\n", b"1\r\n \r\n", True),
        "a second head": (health + begun, b"a", True),
        "a second head and silence": (health + begun, b"", True),
        "a body behind its refusal": (head.replace(b"Bearer ", b"Bearer no") + b"\r\n\r\n" + body[:2], b"a", True),
        "a reader that takes nothing": (pages, b"", False),
        "silence": (b"", b"", True),
        "silence behind a request": (health, b"", True),
    }


class _Client:
    def __init__(self, kind, port, sent, drip, takes):
        self.kind, self.drip, self.takes = kind, drip, takes
        self.stream = socket.socket()
        if not takes:
            self.stream.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.stream.connect(("127.0.0.1", port))
        self.stream.setblocking(False)
        self._send(sent)

    def _send(self, some):
        # what does not fit is not sent: it is slow anyhow
        with contextlib.suppress(BlockingIOError):
            self.stream.send(some)

    def drips(self):
        """Whether it is still connected after another little bit."""
        try:
            if self.drip:
                self._send(self.drip)
        except OSError:
            return False
        return True

    def is_over(self, events):
        """Takes what came, if it does; whether the other side has ended the connection."""
        if events & (select.EPOLLERR | select.EPOLLHUP):
            return True
        if not self.takes:
            return False
        try:
            return self.stream.recv(1 << 16) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True


def _hold(port, kinds):
    """Seconds that each client of each kind lasted; without end for those that were not cut off."""
    poll, clients = select.epoll(), {}
    lasted = {kind: [] for kind in kinds}
    for _ in range(CLIENTS):
        for kind, (sent, drip, takes) in kinds.items():
            client = _Client(kind, port, sent, drip, takes)
            clients[client.stream.fileno()] = client
            # errors and the end are told in any case
            poll.register(client.stream, select.EPOLLIN if takes else 0)

    # from when all are there
    begun = time.monotonic()

    def ended(number):
        client = clients.pop(number)
        lasted[client.kind].append(time.monotonic() - begun)
        poll.unregister(number)
        client.stream.close()

    until = begun + CUT_OFF_SECONDS + 3
    next_drip = begun + TICK
    while clients and time.monotonic() < until:
        for number, events in poll.poll(0.1):
            if clients[number].is_over(events):
                ended(number)
        if time.monotonic() >= next_drip:
            next_drip += TICK
            for number in [number for number, client in clients.items() if not client.drips()]:
                ended(number)
    for client in clients.values():
        lasted[client.kind].append(float("inf"))
        client.stream.close()
    poll.close()
    return lasted
