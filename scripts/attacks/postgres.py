"""A PostgreSQL server of this run's own, which can be taken away and brought back."""

import contextlib
import glob
import os
import pwd
import signal
import subprocess
import time
from pathlib import Path

from harness.processes import Failed, family, run

PATIENCE = 60


class Postgres:
    """The server, its data below `folder`; reached by a socket alone. Durable as its defaults are."""

    def __init__(self, folder):
        self.programs = _programs()
        self.folder = Path(folder)
        self.folder.mkdir(mode=0o755, parents=True)
        self.process = None
        # it refuses to run as root
        self._user = _server_user() if os.geteuid() == 0 else None
        if self._user:
            os.chown(self.folder, self._user.pw_uid, self._user.pw_gid)
        options = ["--username=rejoinder", "--auth=trust", "--encoding=UTF8", "--no-locale"]
        self._run([self.programs / "initdb", "-D", "data", *options])

    def start(self):
        command = [self.programs / "postgres", "-D", "data", "-k", self.folder, "-c", "listen_addresses="]
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(
                [str(part) for part in command], stdin=subprocess.DEVNULL, stdout=log, stderr=log, **self._as_user()
            )
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with contextlib.suppress(OSError):
                # what `pg_ctl --wait` looks for
                if "\nready" in (self.folder / "data" / "postmaster.pid").read_text():
                    return
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        raise Failed(f"PostgreSQL did not start:\n{(self.folder / 'log').read_text()[-2000:]}")

    def stop_at_once(self):
        """As if it had crashed."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(timeout=PATIENCE)

    def freeze(self):
        """Nothing is answered and no connection ends; what goes on again."""
        stopped = family(self.process.pid)
        for pid in stopped:
            _signal(pid, signal.SIGSTOP)
        return stopped

    def thaw(self, stopped):
        for pid in stopped:
            _signal(pid, signal.SIGCONT)

    def url(self, name):
        return f"postgres://rejoinder@{str(self.folder).replace('/', '%2F')}/{name}"

    def sql(self, statement, database="postgres"):
        command = [self.programs / "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", self.folder]
        return run([*command, "-U", "rejoinder", "-d", database, "-c", statement], timeout=PATIENCE)

    def check_files(self, database):
        """PostgreSQL's own check of tables and indices."""
        command = [self.programs / "pg_amcheck", "--install-missing", "--heapallindexed", "-h", self.folder]
        run([*command, "-U", "rejoinder", database], timeout=PATIENCE)

    def owned(self, folder):
        """A folder that the server may write to."""
        if self._user:
            os.chown(folder, self._user.pw_uid, self._user.pw_gid)

    def _as_user(self):
        as_user = {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []} if self._user else {}
        return {"cwd": self.folder} | as_user

    def _run(self, command):
        done = subprocess.run(
            [str(part) for part in command], capture_output=True, text=True, timeout=PATIENCE, **self._as_user()
        )
        if done.returncode != 0:
            raise Failed(done.stderr[-2000:])


def _programs():
    """Where the server's programs are, which Debian keeps out of PATH."""
    folders = os.environ["PATH"].split(":")
    folders += sorted(glob.glob("/usr/lib/postgresql/*/bin") + glob.glob("/usr/pgsql-*/bin"), reverse=True)
    folders += glob.glob("/usr/libexec/postgresql*") + ["/usr/local/pgsql/bin"]
    for folder in map(Path, folders):
        if all(os.access(folder / program, os.X_OK) for program in ("initdb", "postgres", "psql")):
            return folder
    raise Failed("PostgreSQL's server programs are missing. Install them, on Debian: apt-get install postgresql")


def _server_user():
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise Failed("there is no user that PostgreSQL could run as")


def _signal(pid, number):
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)
