"""The blog of the corpus in a database, and the requests that are made of it."""

import contextlib
import http.client
import json
import shutil
from contextlib import contextmanager

from . import corpus
from .load import plan, request
from .processes import Failed
from .seed import SITE, seed, url_of
from .service import ADMIN, Service

GZIP = {"Accept-Encoding": "gzip"}
POSTERS = 64
# Requests of one plan: enough that their mixture is that of the distribution.
PLANNED = 20_000
POSTS_SHARE = 0.05
# What the service allows.
PAGE_MAX_REPLIES = 500


class Blog:
    """A seeded database and its story ids."""

    def __init__(self, service, seeded):
        self.service = service
        self.seeded = seeded
        self.ids = seeded["stories"]

    @classmethod
    def seed(cls, settings, database, stories, name):
        """Makes a database and fills it."""
        url = settings.create_database(f"bench_{name}") if database == "postgres" else None
        service = Service(settings.binary, settings.folder / f"{database}-{name}", url)
        settings.say(f"seeding {sum(story.replies for story in stories)} replies into {database}")
        return cls(service, seed(service, stories, settings.psql, settings.say))

    def copy(self, settings, name):
        """The same in a database of its own, so that what one measurement posts is not in another's pages."""
        service = self.service
        url = None
        if service.is_postgres:
            url = settings.create_database(f"bench_{name}", service.database_url.rpartition("/")[2])
        folder = settings.folder / f"{service.folder.name}-{name}"
        shutil.copytree(service.folder, folder)
        return Blog(Service(service.binary, folder, url), self.seeded)

    @contextmanager
    def serve(self, **extra):
        with self.service.serve(**extra) as server:
            yield server

    def switch_rules_off(self, server):
        """From now on no rule of the site says anything."""
        shape = ("shouting", "mostly_links", "mostly_symbols", "unusually_long", "invisible", "direction")
        policy = {
            "links": {"max": 1000, "newcomer_max": 1000, "pretending": "pass"},
            "repeats": {"own": "pass", "near": "pass"},
            "history": {"refused_percent": 0},
            "shape": dict.fromkeys(shape, "pass"),
            "classifier": {"outcome": "pass"},
        }
        server.call("PUT", f"/sites/{SITE}/policy", policy, server.sign_in(*ADMIN), headers={"If-Match": "*"})

    def page(self, story, query=""):
        return f"/api/v1/stories/{self.ids[story]}/replies{query}"

    def counts(self, stories):
        urls = "".join(f"&url={url_of(story)}" for story in stories)
        return f"/api/v1/counts?site={SITE}{urls}"

    def read(self, story, query=""):
        return request("read", "GET", self.page(story, query), headers=GZIP, min_bytes=100)

    def post(self, story, text, token):
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
        return request(
            "post",
            "POST",
            self.page(story),
            headers=headers,
            body={"body": corpus.posted(text)},
            expect=(201,),
            # what waits for a moderator is another thing to measure
            expect_part='"state":"approved"',
        )

    def mixed(self, tokens, posts_share=POSTS_SHARE):
        """Reads and posts spread by Zipf over the stories, the hot one first."""
        return mixed_plan(self.read, lambda story, text, turn: self.post(story, text, tokens[turn]), posts_share)

    def posts(self, tokens):
        return self.mixed(tokens, 1.0)

    def variants(self, story, limits, per_thread):
        """First pages of one story, each with an address of its own: no cache has them before they are asked for."""
        return [
            self.read(story, f"?limit={limit}&replies_per_thread={below}")
            for below in per_thread
            for limit in limits
            if limit * (1 + below) <= PAGE_MAX_REPLIES
        ]

    def places(self, server, story, number):
        """Pages of the usual size that begin at so many different places of a story, one reply apart."""
        pages, cursor = [], ""
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        with contextlib.closing(connection):
            for _ in range(number):
                connection.request("GET", self.page(story, f"?limit=1&replies_per_thread=0{cursor}"))
                answer = connection.getresponse()
                found = json.loads(answer.read())
                if answer.status != 200 or not found["next_cursor"]:
                    raise Failed(f"{story} has not so many places: {answer.status}")
                cursor = f"&cursor={found['next_cursor']}"
                pages.append(self.read(story, f"?limit=50&replies_per_thread=3{cursor}"))
        return pages


def mixed_plan(read, post, posts_share):
    """The same choice of stories, texts and kinds for whoever is asked. All stories are read; some readers post."""
    stories = [story.name for story in corpus.BLOG]
    stories = [stories[0], stories[-1], *stories[1:-1]]
    chosen = corpus.Chosen(range(len(stories)), "stories")
    kinds = corpus.random.Random(f"{corpus.SEED}/kinds")
    requests = [read(story) for story in stories]
    texts = [corpus.text("post", turn) for turn in range(POSTERS)]
    order, known = [], {}
    for _ in range(PLANNED):
        story, is_post = chosen.next(), kinds.random() < posts_share
        if not is_post:
            order.append(story)
            continue
        turn = kinds.randrange(POSTERS)
        if (story, turn) not in known:
            known[story, turn] = len(requests)
            requests.append(post(stories[story], texts[turn], turn))
        order.append(known[story, turn])
    return plan(requests, order)
