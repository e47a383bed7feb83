"""The service under measurement: its commands, its server, and its API as far as the harness needs it."""

import http.client
import json
import os
import time
from contextlib import contextmanager
from pathlib import Path

from .processes import Failed, free_port, pss_mib, run, running

ADMIN = ("bench-boss", "three cold teapots and one")
PASSWORD = "a kettle of starlings {}"

# Bounds of pace would measure themselves. The request log is off where another is not said, since neither the bare
# handler nor the peer writes one; a row of its own tells what it costs.
ENVIRONMENT = {
    "SIGN_UPS_PER_ADDRESS": "0",
    "REPLIES_PER_MINUTE": "0",
    "SIGN_IN_FAILURES_PER_IDENTIFIER": "0",
    "SIGN_IN_FAILURES_PER_ADDRESS": "0",
    "PACE_DEAR": "0",
    "PACE_POSTING": "0",
    "PACE_REPORTING": "0",
    "PACE_RECOMMENDING": "0",
    "PACE_SIGNING_IN": "0",
    "PACE_OTHER": "0",
    "PROOF_OF_WORK": "off",
    "LOG_FILTER": "warn,actix_http=off",
    "HTTP_WORKERS": "2",
    # a token outlives the rounds that it is made for
    "ACCESS_TOKEN_TTL_SECS": "900",
}


class Service:
    """One database with the service's binary."""

    def __init__(self, binary, folder, database_url=None):
        self.binary = binary
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.sqlite_file = None if database_url else self.folder / "rejoinder.sqlite"
        self.database_url = database_url or f"sqlite:{self.sqlite_file}"
        self.is_postgres = self.sqlite_file is None

    def environment(self, **extra):
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
        return kept | ENVIRONMENT | {"DATA_DIR": str(self.folder), "DATABASE_URL": self.database_url} | extra

    def command(self, *args, timeout=120, **more):
        return run([self.binary, *args], env=self.environment(), cwd=self.folder, timeout=timeout, **more)

    def check(self):
        """`rejoinder check` must find nothing."""
        self.command("check", timeout=3600)

    @contextmanager
    def serve(self, **extra):
        """The server, ready, while the block runs."""
        port = free_port()
        environment = self.environment(LISTEN=f"127.0.0.1:{port}", **extra)
        begun = time.monotonic()
        command = [self.binary, "serve"]
        with running(command, log=self.folder / "log", env=environment, cwd=self.folder) as process:
            server = Server(port, process)
            server.wait_until_ready(begun)
            yield server


class Server:
    """A running server."""

    def __init__(self, port, process):
        self.port = port
        self.address = f"127.0.0.1:{port}"
        self.process = process
        self.pid = process.pid
        self.pids = [process.pid]
        self.ready_ms = None

    def wait_until_ready(self, begun):
        until = begun + 60
        while time.monotonic() < until:
            if self.process.poll() is not None:
                raise Failed(f"the service ended with {self.process.returncode}")
            try:
                status, _, _ = self.ask("GET", "/readyz")
            except OSError:
                status = 0
            if status == 200:
                self.ready_ms = (time.monotonic() - begun) * 1000
                return
            time.sleep(0.0005)
        raise Failed("the service did not become ready")

    def ask(self, method, path, headers=None, body=None):
        """Status, headers and bytes of an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body=body, headers=headers or {})
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            connection.close()

    def call(self, method, path, value=None, token=None, expect=(200, 201), headers=None):
        """JSON in and out; another status ends the run."""
        headers = {"Content-Type": "application/json"} | (headers or {})
        if token:
            headers["Authorization"] = f"Bearer {token}"
        body = None if value is None else json.dumps(value)
        status, _, answer = self.ask(method, f"/api/v1{path}", headers, body)
        if status not in expect:
            raise Failed(f"{method} {path} answered {status}: {answer[:500]!r}")
        return json.loads(answer) if answer else None

    def sign_in(self, name, password):
        return self.call("POST", "/sessions", {"identifier": name, "password": password})["access_token"]

    def tokens(self, number):
        """Fresh access tokens of readers, who are signed up where they are not yet."""
        tokens = []
        for each in range(number):
            name, password = reader(each)
            account = {"email": f"{name}@readers.example", "username": name, "password": password}
            known = self.call("POST", "/accounts", account, expect=(201, 409))
            tokens.append(known.get("access_token") or self.sign_in(name, password))
        return tokens

    def pss_mib(self):
        return pss_mib(self.pid)


def reader(number):
    """Name and password of a reader who posts."""
    return f"poster-{number}", PASSWORD.format(number)
