"""A small blog under attack: its service, its people, and what they ask."""

import contextlib
import json
import sqlite3
import time
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from harness.processes import Failed
from harness.service import ADMIN, Service, reader

SITE = "attacked"
STORIES = 20
READERS = 20
REPLIES = 15
# Long enough that a page of its replies does not fit into what the kernel takes for a reader that takes nothing.
LONG = "long " * 1_900


class Blog:
    """A database of its own with a site, stories and replies; the same for each attack."""

    def __init__(self, binary, folder, name, postgres=None, tablespace=None):
        self.postgres, self.name = postgres, name
        self.is_sqlite = postgres is None
        url = None
        if postgres:
            postgres.sql(f"CREATE DATABASE {name}" + (f" TABLESPACE {tablespace}" if tablespace else ""))
            url = postgres.url(name)
        self.service = Service(binary, Path(folder), url)
        self.service.command("migrate")
        self.service.command("site", "create", SITE, "--mode", "post", "--unproven-accounts", "allow")
        who, password = ADMIN
        create = ("admin", "create", "--email", "boss@blog.example", "--username", who)
        self.service.command(*create, text_in=f"{password}\n")

    @contextmanager
    def serve(self, **extra):
        # tokens name it: they are to be good on the next port too
        with self.service.serve(PUBLIC_URL="http://attacked.example", **extra) as server:
            yield Attacked(self, server)

    def check(self):
        """What `rejoinder check` and the database itself say of it; the empty text if nothing."""
        try:
            self.service.check()
            if self.is_sqlite:
                with closing(sqlite3.connect(self.service.sqlite_file)) as database:
                    found = [row[0] for row in database.execute("PRAGMA integrity_check")]
                return "" if found == ["ok"] else "; ".join(found)
            self.postgres.check_files(self.name)
        except Failed as problem:
            return str(problem)
        return ""


class Attacked:
    """The blog served."""

    def __init__(self, blog, server):
        self.blog, self.server = blog, server
        self.port, self.pid = server.port, server.pid

    def seed(self, with_long=False):
        """Stories with replies; may be said again of a blog that has them."""
        self.admin = self.server.sign_in(*ADMIN)
        self.tokens = self.server.tokens(READERS)
        self.stories = [self.story(f"story-{number}") for number in range(STORIES)]
        for number, story in enumerate(self.stories):
            for reply in range(REPLIES):
                self.reply(story, f"Reply {reply} to {number}, of *some* length.", self.tokens[reply])
        if with_long:
            self.long_story = self.story("long")
            for number in range(60):
                self.reply(self.long_story, f"{number} {LONG}", self.tokens[number % READERS])
        return self

    def story(self, name):
        body = {"headline": f"Headline of {name}"}
        return self.server.call("PUT", f"/sites/{SITE}/stories/{name}", body, self.admin)["id"]

    def reply(self, story, text, token):
        return self.server.call("POST", f"/stories/{story}/replies", {"body": text}, token)

    def pages(self):
        """What readers of the blog ask for; mostly first pages."""
        firsts = [f"/api/v1/stories/{story}/replies" for story in self.stories]
        seconds = [f"{first}?limit={limit}" for first in firsts[:5] for limit in (3, 7)]
        return [*firsts, *seconds, f"/api/v1/sites/{SITE}/stories", f"/api/v1/sites/{SITE}/replies"]

    def texts(self):
        """How often each public reply of the site is there."""
        found, cursor = {}, ""
        while True:
            page = self.server.call("GET", f"/sites/{SITE}/replies?limit=100{cursor}")
            for item in page["items"]:
                found[item["body_html"].strip()] = found.get(item["body_html"].strip(), 0) + 1
            if not page["next_cursor"]:
                return found
            cursor = f"&cursor={quote(page['next_cursor'])}"

    def post(self, story, text, token, key=None):
        """Bytes of a request that posts a reply; the connection stays open."""
        headers = {"Authorization": f"Bearer {token}"} | ({"Idempotency-Key": key} if key else {})
        return request("POST", f"/api/v1/stories/{story}/replies", headers, {"body": text})

    def is_well(self):
        """Whether a page that is not in memory is read."""
        with contextlib.suppress(OSError):
            path = f"/api/v1/stories/{self.stories[0]}/replies?limit={time.monotonic_ns() % 90 + 1}"
            return self.server.ask("GET", path)[0] == 200
        return False


def request(method, path, headers=None, body=None):
    """Bytes of a request; a body is JSON unless it is bytes already."""
    lines = [f"{method} {path} HTTP/1.1", "Host: attacked"]
    if body is not None:
        body = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json", "Content-Length": len(body)} | (headers or {})
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + (body or b"")


def sign_in(number):
    """Bytes of a request by which one of the readers signs in."""
    name, password = reader(number)
    return request("POST", "/api/v1/sessions", None, {"identifier": name, "password": password})
