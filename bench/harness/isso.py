"""The peer: Isso behind gunicorn, as its documentation runs it, with the same corpus in its own database.

Another peer takes a module with the same three parts: `Peer(folder)` fills its database from `corpus.BLOG`,
`serve()` runs it and gives something with `address`, `pids` and `port`, and `read` and `post` say how a page of a story
is asked for and a reply is sent. `measure_peer` takes it from there.
"""

import os
import sqlite3
import sys
from contextlib import contextmanager
from pathlib import Path

from . import corpus
from .load import request
from .processes import family, free_port, running, wait_for_port

# Its bounds of pace are off, as ours are; its mails too. All else is as it comes.
CONFIGURATION = """
[general]
dbpath = {database}
host = http://127.0.0.1/
notify =

[guard]
enabled = false
"""


class Peer:
    name = "Isso"

    def __init__(self, folder):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True)
        self.settings = self.folder / "isso.cfg"
        self.database = self.folder / "comments.db"
        self.settings.write_text(CONFIGURATION.format(database=self.database))
        self._fill()

    def _fill(self):
        # here, so that everything else can be measured without the package
        from isso import config
        from isso.db import SQLite3

        SQLite3(str(self.database), config.load(config.default_file(), str(self.settings)))
        conn = sqlite3.connect(self.database)
        comment = 0
        for position, story in enumerate(corpus.BLOG):
            thread = position + 1
            conn.execute("INSERT INTO threads (id, uri, title) VALUES (?, ?, ?)", (thread, uri(story.name), story.name))
            first, rows = comment + 1, []
            places = zip(corpus.shapes(story), corpus.times(story, position))
            for number, (shape, at) in enumerate(places):
                comment += 1
                # its threads have two levels: what stands deeper answers the top-level one
                parent = None if shape.parent is None else first + shape.root
                source = corpus.text_of(story, number)
                rows.append((thread, comment, parent, at / 1e6, 1, "127.0.0.0", source, f"reader-{number % 500}", b""))
            conn.executemany(
                "INSERT INTO comments (tid, id, parent, created, mode, remote_addr, text, author, voters) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                rows,
            )
        conn.commit()
        conn.close()

    @contextmanager
    def serve(self):
        port = free_port()
        environment = {"PATH": os.environ["PATH"], "ISSO_SETTINGS": str(self.settings)}
        command = [sys.executable, "-m", "gunicorn", "-b", f"127.0.0.1:{port}", "-w", "4", "--preload", "isso.run"]
        with running(command, log=self.folder / "log", env=environment, cwd=self.folder) as process:
            wait_for_port(port, process)
            yield Running(port, process.pid)

    @staticmethod
    def read(story):
        path = f"/?uri={uri(story)}&limit=50&nested_limit=3&sort=newest"
        return request("read", "GET", path, headers={"Accept-Encoding": "gzip"}, min_bytes=1)

    @staticmethod
    def post(story, text, _turn):
        body = {"text": corpus.posted(text), "author": "poster", "email": None, "website": None, "parent": None}
        headers = {"Content-Type": "application/json"}
        return request("post", "POST", f"/new?uri={uri(story)}", headers=headers, body=body, expect=(201,))


class Running:
    def __init__(self, port, pid):
        self.port = port
        self.address = f"127.0.0.1:{port}"
        self._pid = pid

    @property
    def pids(self):
        return family(self._pid)


def uri(story):
    return f"/{story}"
