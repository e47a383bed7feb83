"""HTTP as bytes on a socket: what no decent client would send, and whatever comes back."""

import contextlib
import re
import socket
import time
from dataclasses import dataclass

STATUS_LINE = re.compile(rb"HTTP/1\.[01] (\d{3}) ")


@dataclass
class Heard:
    """What was heard on a connection."""

    statuses: list
    head: str
    seconds: float
    # how it ended: "closed", "reset", or "open" where nothing more came in time
    end: str

    @property
    def status(self):
        return self.statuses[0] if self.statuses else 0

    @property
    def is_bad(self):
        """Whether it is the service's fault: an error, or no end."""
        return self.status >= 500 or not self.statuses and self.end == "open"

    @property
    def has_retry_after(self):
        return "\r\nretry-after: " in self.head


def connect(port, patience, receive_buffer=None):
    stream = socket.socket()
    if receive_buffer:
        stream.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    stream.settimeout(patience)
    stream.connect(("127.0.0.1", port))
    return stream


def ask(port, sent, patience=15):
    """Sends a request on a connection of its own and reads one answer to its end."""
    return _hear(port, sent, patience, wants_end=False)


def hear_all(port, sent, patience):
    """Sends bytes and reads until the connection ends, or nothing more has come for so long."""
    return _hear(port, sent, patience, wants_end=True)


def _hear(port, sent, patience, wants_end):
    begun = time.monotonic()
    heard, end = b"", "open"
    try:
        with contextlib.closing(connect(port, patience)) as stream:
            try:
                stream.sendall(sent)
            except (ConnectionResetError, BrokenPipeError):
                # it may have been answered before the end
                pass
            while wants_end or not _is_whole(heard):
                some = stream.recv(1 << 16)
                if not some:
                    end = "closed"
                    break
                heard += some
    except TimeoutError:
        pass
    except (ConnectionResetError, BrokenPipeError):
        end = "reset"
    statuses = [int(status) for status in STATUS_LINE.findall(heard)]
    head = heard.partition(b"\r\n\r\n")[0].decode("latin-1").lower()
    return Heard(statuses, f"\r\n{head}\r\n", time.monotonic() - begun, end)


def _is_whole(heard):
    head, gap, body = heard.partition(b"\r\n\r\n")
    if not gap:
        return False
    length = re.search(rb"\r\ncontent-length: *(\d+)", head, re.I)
    return len(body) >= (int(length[1]) if length else 0)
