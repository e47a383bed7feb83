"""What moderators do, in great numbers: work handed out of long queues, and decisions about many replies beside reads."""

import time

from . import corpus
from .blog import Blog
from .load import plan, request
from .processes import Failed
from .seed import SITE
from .service import ADMIN

MODERATORS = 20
QUEUES = (100, 100_000)
QUICK_QUEUES = (100, 2_000)
# How long a decision about many may take, and how often it is asked whether it is done.
BULK_SECONDS = 600
ASKED_EVERY = 0.2


def measure_next(bench):
    """The next reply of a queue, handed out and given back, by twenty moderators at once: of a short and a long queue."""
    tools = bench.tools
    for database in bench.settings.databases:
        queues = {}
        for number in QUICK_QUEUES if bench.settings.quick else QUEUES:
            story = corpus.StoryPlan("waiting", number, waits=True)
            queues[number] = Blog.seed(bench.settings, database, [story], f"queue_{number}")

        def one(blog):
            with blog.serve() as server:
                each = plan([_next(token) for token in _moderators(server)])
                tools.load(server, each, connections=MODERATORS, seconds=tools.warmup)
                return tools.load(server, each, connections=MODERATORS).get("next") or nothing()

        bench.rounds({f"next.{database}.{number}": lambda blog=blog: one(blog) for number, blog in queues.items()})
        for blog in queues.values():
            blog.service.check()


def nothing():
    raise Failed("nothing was handed out")


def _moderators(server):
    """Tokens of people who moderate the site, whom an admin makes moderators where they are not."""
    tokens, boss = server.tokens(MODERATORS), server.sign_in(*ADMIN)
    for token in tokens:
        account = server.call("GET", "/me", token=token)["id"]
        server.call("PUT", f"/sites/{SITE}/roles/{account}/moderator", token=boss, expect=(200, 201, 204))
    return tokens


def _next(token):
    headers = {"Authorization": f"Bearer {token}"}
    release = request("release", "DELETE", "/api/v1/moderation/replies/{found}/claim", headers=headers, expect=(204,))
    path = f"/api/v1/moderation/next?queue=pending&site={SITE}"
    return request("next", "POST", path, headers=headers) | {"then": {"behind": '"items":[{"id":"', "request": release}}


def measure_bulk(bench):
    """Reads alone, while ten thousand replies are refused at once, and while that is undone."""
    tools = bench.tools
    for database in bench.settings.databases:
        blog = bench.blog(database)
        samples = {"quiet": [], "beside": [], "beside_undo": []}
        rates = []
        with blog.serve() as server:
            reads = blog.mixed([], 0.0)
            tools.load(server, reads, connections=32, seconds=max(tools.warmup, 0.5))
            for _ in range(tools.repetitions):
                samples["quiet"].append(tools.load(server, reads, connections=32)["read"])
                bulk = Bulk.begin(server, blog.ids["huge"])
                samples["beside"].append(tools.load(server, reads, connections=32)["read"])
                rates.append(bulk.rate())
                undone = bulk.undo()
                samples["beside_undo"].append(tools.load(server, reads, connections=32)["read"])
                undone.rate()
        for name, measured in samples.items():
            bench.results.add(f"bulk.{database}.{name}", measured)
            bench.say(f"  {database} {name}: p99 {measured[0]['p99_ms']} ms, {measured[0]['per_second']:.0f}/s")
        bench.results.add_values(f"bulk.{database}.items", rates)
        bench.say(f"  {database}: {min(rates):.0f} to {max(rates):.0f} items/s")
        blog.service.check()


class Bulk:
    """A decision about many replies that is under way."""

    def __init__(self, server, begun):
        self._server = server
        self._path = f"/moderation/bulk/{begun['id']}"
        self._begun = time.monotonic()

    @classmethod
    def begin(cls, server, story):
        """Refuses all public replies of a story."""
        wanted = {"queues": ["approved"], "stories": [story]}
        body = {"action": "reject", "reason": "spam", "filter": wanted}
        return cls(server, server.call("POST", "/moderation/bulk", body, server.sign_in(*ADMIN), expect=(202,)))

    def undo(self):
        token = self._server.sign_in(*ADMIN)
        return Bulk(self._server, self._server.call("POST", f"{self._path}/undo", token=token, expect=(202,)))

    def rate(self):
        """Items a second, when all is done; it must have gone on until now."""
        token, is_first = self._server.sign_in(*ADMIN), True
        while time.monotonic() < self._begun + BULK_SECONDS:
            bulk = self._server.call("GET", self._path, token=token)
            if bulk["state"] in ("waiting", "running"):
                is_first = False
                time.sleep(ASKED_EVERY)
                continue
            if is_first:
                raise Failed("the decision about many was over before the reads beside it")
            if bulk["state"] != "done" or bulk["outcomes"]["done"] != bulk["total"]:
                raise Failed(f"the decision about many came to {bulk}")
            return bulk["total"] / (time.monotonic() - self._begun)
        raise Failed("the decision about many did not end in time")
