"""The measurements. Each takes what it needs from a `Bench` and writes its results under keys that report.py knows."""

import itertools
import json
import random
import sqlite3
import threading
import time
from contextlib import ExitStack, closing, contextmanager

from . import corpus
from .blog import GZIP, POSTERS, POSTS_SHARE, Blog, mixed_plan
from .desk import measure_bulk, measure_next
from .isso import Peer
from .load import Tools, interleaved, plan, request
from .processes import Failed, free_port, pss_mib, run, running, wait_for_port
from .seed import SITE
from .service import Service, reader

# Threads of the bare handler and of the service alike.
WORKERS = 2
REQUEST_LOG = {"LOG_FILTER": "info,actix_server=warn,actix_http=off"}
ENCODINGS = {"identity": {}, "gzip": GZIP, "br": {"Accept-Encoding": "br"}}
# Of a head without a body.
NOT_MODIFIED_MAX_BYTES = 1_500
# What every HTTP server sets by itself.
SERVERS_OWN = ("content-length", "date", "connection", "transfer-encoding")


class Bench:
    """One run."""

    def __init__(self, settings, results):
        self.settings = settings
        self.results = results
        self.tools = Tools(settings)
        self.say = settings.say
        self._blogs = {}
        self._numbers = itertools.count(1)

    def blog(self, database):
        """A copy of the blog in this database, which is seeded when it is needed first."""
        if database not in self._blogs:
            self._blogs[database] = Blog.seed(self.settings, database, corpus.BLOG, "blog")
        return self._blogs[database].copy(self.settings, f"copy_{next(self._numbers)}")

    def rounds(self, contestants):
        """Interleaved samples into the results, under the contestants' keys."""
        samples = interleaved(contestants, self.tools.repetitions)
        for key, measured in samples.items():
            self.results.add(key, measured)
            first = measured[0]
            self.say(f"  {key}: {first['per_second']:.0f}/s{' BAD ' + str(first['bad']) if first['bad'] else ''}")
        return samples


def measure_reads(bench):
    """Pages that everybody reads, against the bare handler with the same bytes."""
    tools = bench.tools
    for database in bench.settings.databases:
        blog = bench.blog(database)
        with ExitStack() as stack:
            ours = stack.enter_context(blog.serve())
            logged = stack.enter_context(blog.serve(**REQUEST_LOG))
            pages = {"hot": blog.page("hot"), "huge": blog.page("huge"), "counts": blog.counts(corpus.SMALL[:20])}
            fetched, missing = {}, []
            for (name, path), (encoding, headers) in itertools.product(pages.items(), ENCODINGS.items()):
                answer = fetch(ours, path, headers, encoding)
                if answer is None:
                    missing.append((name, encoding))
                else:
                    fetched[name, encoding] = answer
            bare = stack.enter_context(bare_handler(bench, fetched))

            def against_bare(key, name, encoding, connections, is_known=False):
                if (name, encoding) in missing:
                    for whose in ("ours", "bare"):
                        bench.results.not_available(f"{key}.{whose}", f"{encoding} is not offered")
                    return
                page, headers = fetched[name, encoding], ENCODINGS[encoding]
                options = {"connections": connections, "headers": headers, "min_bytes": len(page.body)}
                if is_known:
                    # wrk takes any status below 400: what is long is no 304
                    headers = headers | {"If-None-Match": page.etag}
                    options |= {"headers": headers, "min_bytes": 0, "max_bytes": NOT_MODIFIED_MAX_BYTES}
                for server, path in ((ours, pages[name]), (bare, bare_path(name, encoding))):
                    tools.wrk(server, path, seconds=tools.warmup, **options)
                contestants = {
                    f"{key}.ours": lambda: tools.wrk(ours, pages[name], **options),
                    f"{key}.bare": lambda: tools.wrk(bare, bare_path(name, encoding), **options),
                }
                if database == "sqlite" and key.endswith("hot.gzip.32"):
                    contestants[f"{key}.logged"] = lambda: tools.wrk(logged, pages[name], **options)
                bench.rounds(contestants)

            prefix = f"reads.{database}"
            # what comes out of memory is the same on both databases
            encodings = ENCODINGS if database == "sqlite" else {"gzip": GZIP}
            for encoding, connections in itertools.product(encodings, (32, 1)):
                against_bare(f"{prefix}.hot.{encoding}.{connections}", "hot", encoding, connections)
            if database == "sqlite":
                against_bare(f"{prefix}.huge.gzip.32", "huge", "gzip", 32)
                against_bare(f"{prefix}.counts.identity.32", "counts", "identity", 32)
                against_bare(f"{prefix}.not_modified.32", "hot", "gzip", 32, is_known=True)
            small = [blog.page(story) for story in corpus.SMALL]
            random.Random(corpus.SEED).shuffle(small)
            tools.wrk(ours, small, connections=32, headers=GZIP, seconds=tools.warmup)
            bench.rounds({f"{prefix}.small.gzip.32": lambda: tools.wrk(ours, small, connections=32, headers=GZIP)})
            places = blog.places(ours, "huge", 500 if bench.settings.quick else 4_000)
        random.Random(corpus.SEED).shuffle(places)
        bench.rounds({f"{prefix}.miss.32": lambda: measure_misses(bench, blog, places)})
        blog.service.check()


class Fetched:
    """An answer of the service, as the bare handler is to give it."""

    def __init__(self, headers, not_modified_headers, body):
        self.headers = headers
        self.not_modified_headers = not_modified_headers
        self.body = body
        self.etag = next((value for name, value in headers if name.lower() == "etag"), None)


def fetch(server, path, headers, encoding):
    """The service's bytes and headers, also of its 304; nothing if it does not offer the encoding."""
    status, answered, body = server.ask("GET", path, headers)
    if status != 200:
        raise Failed(f"GET {path} answered {status}")
    sent = next((value for name, value in answered if name.lower() == "content-encoding"), "identity")
    if sent != encoding:
        return None
    fetched = Fetched(_kept(answered), [], body)
    if fetched.etag:
        status, answered, _ = server.ask("GET", path, headers | {"If-None-Match": fetched.etag})
        if status != 304:
            raise Failed(f"GET {path} with its own tag answered {status}")
        fetched.not_modified_headers = _kept(answered)
    return fetched


def _kept(headers):
    return [(name, value) for name, value in headers if name.lower() not in SERVERS_OWN]


def bare_path(name, encoding):
    return f"/{name}/{encoding}"


class Listening:
    """A server of which only the address and the processes matter."""

    def __init__(self, port, pids):
        self.address = f"127.0.0.1:{port}"
        self.pids = pids


@contextmanager
def bare_handler(bench, fetched):
    """The limit of reads, with the bytes that the service sent."""
    folder = bench.settings.folder / "bare"
    folder.mkdir(exist_ok=True)
    pages = []
    for (name, encoding), answer in fetched.items():
        (folder / f"{name}.{encoding}").write_bytes(answer.body)
        page = {"path": bare_path(name, encoding), "headers": answer.headers, "body_file": f"{name}.{encoding}"}
        pages.append(page | {"not_modified_headers": answer.not_modified_headers})
    (folder / "pages.json").write_text(json.dumps(pages))
    port = free_port()
    command = [bench.settings.bench, "bare", "--listen", f"127.0.0.1:{port}", "--workers", WORKERS]
    command += ["--pages", folder / "pages.json"]
    with running(command, log=folder / "log") as process:
        wait_for_port(port, process)
        yield Listening(port, [process.pid])


def measure_misses(bench, blog, pages):
    """Pages that no cache can hold: each is asked for once, of a server that just started."""
    with blog.serve() as server:
        warm = plan(blog.variants("hot", range(5, 61), range(0, 10)))
        bench.tools.load(server, warm, connections=32, seconds=bench.tools.warmup, once=True)
        return bench.tools.load(server, plan(pages), connections=32, once=True)["read"]


def measure_posts(bench):
    """Durable posts, against raw commits on the same disk."""
    tools, settings = bench.tools, bench.settings
    for database in settings.databases:
        blog = bench.blog(database)
        raw = raw_sqlite(bench) if database == "sqlite" else raw_postgres(bench)
        lenient = bench.blog(database)
        with blog.serve() as server, lenient.serve() as without_rules:
            lenient.switch_rules_off(without_rules)
            unjudged = lenient.posts(without_rules.tokens(POSTERS))
            for connections in (1, 8, 32):
                posts = blog.posts(server.tokens(POSTERS))
                tools.load(server, posts, connections=connections, seconds=tools.warmup)
                before = database_bytes(bench, blog)
                key = f"posts.{database}.{connections}.ours"

                def ours():
                    return tools.load(server, posts, connections=connections).get("post") or nothing()

                def rules_off():
                    load = tools.load(without_rules, unjudged, connections=connections)
                    return load.get("post") or nothing()

                tools.load(without_rules, unjudged, connections=connections, seconds=tools.warmup)
                off = {f"posts.{database}.{connections}.rules_off": rules_off}
                posted = sum(each["good"] for each in bench.rounds({key: ours, **off, **raw[connections]})[key])
        grown = database_bytes(bench, blog) - before
        bench.results.add_values(f"disk.{database}.posted", [grown / posted], replies=posted)
        blog.service.check()


def nothing():
    raise Failed("not one good answer: there is nothing to measure")


def raw_sqlite(bench):
    """Commits of 1, 8 and 32 rows, by the number of connections beside which they are measured."""
    numbers = itertools.count()

    def commits(group):
        folder = bench.settings.folder / "commits"
        folder.mkdir(exist_ok=True)
        file = folder / f"{next(numbers)}.sqlite"
        told = bench.tools.bench_json(
            *("commits", "--file", file, "--group", group, "--seconds", bench.tools.seconds),
            *("--warmup", bench.tools.warmup, "--text-chars", mean_text_chars()),
            timeout=bench.tools.seconds + bench.tools.warmup + 60,
        )
        for each in folder.glob(f"{file.name}*"):
            each.unlink()
        bench.results.about["versions"]["sqlite"] = told["sqlite"]
        return {"per_second": told["rows"] / told["seconds"], "cpu_us": None, "bad": {}, "good": told["rows"]}

    raw = {group: {f"posts.sqlite.{group}.raw": lambda group=group: commits(group)} for group in (1, 8, 32)}
    # the goal's limit, in the rounds of what is held against it
    raw[32]["posts.sqlite.32.raw_8"] = lambda: commits(8)
    return raw


def mean_text_chars():
    """Of the replies that are posted."""
    texts = (corpus.posted(corpus.text("post", turn)).replace("{n}", "123456") for turn in range(POSTERS))
    return round(sum(map(len, texts)) / POSTERS)


# A reply's columns and key, as in the raw rows of SQLite.
PG_TABLE = """
CREATE TABLE raw_replies (id uuid PRIMARY KEY, site_id uuid NOT NULL, story_id uuid NOT NULL, author_id uuid NOT NULL,
  parent_id uuid, root_id uuid NOT NULL, depth integer NOT NULL, path bytea NOT NULL, state text NOT NULL,
  body_source text NOT NULL, body_html text NOT NULL, revision integer NOT NULL, version integer NOT NULL,
  created_at timestamptz NOT NULL, state_changed_at timestamptz NOT NULL, direct_below integer NOT NULL,
  visible_below integer NOT NULL, recommendations integer NOT NULL, open_reports integer NOT NULL)
"""
PG_INSERT = """
INSERT INTO raw_replies VALUES (gen_random_uuid(), '{id}', '{id}', '{id}', NULL, '{id}', 1, '\\x00000001', 'approved',
  '{text}', '', 1, 1, now(), now(), 0, 0, 0, 0);
"""


def raw_postgres(bench):
    """Inserts by as many clients, each its own transaction."""
    settings = bench.settings
    url = settings.create_database("bench_raw")
    run([settings.psql, "-X", "-q", "-d", url, "-c", PG_TABLE], timeout=60)
    script = settings.folder / "insert.sql"
    text = ("a plain sentence of words " * 400)[: mean_text_chars()]
    script.write_text(
        " ".join(PG_INSERT.format(id="01234567-89ab-7cde-8f01-23456789abcd", text=text).split("\n")) + "\n"
    )

    def inserts(clients):
        command = [settings.postgres_bin / "pgbench", "-n", "-M", "prepared", "-f", script, "-c", clients, "-j", 1]
        command += ["-T", max(1, round(bench.tools.seconds)), url]
        output = run(command, timeout=bench.tools.seconds + 60)
        (rate,) = [line.split()[2] for line in output.splitlines() if line.startswith("tps =")]
        return {"per_second": float(rate), "cpu_us": None, "bad": {}}

    return {
        clients: {f"posts.postgres.{clients}.raw": lambda clients=clients: inserts(clients)} for clients in (1, 8, 32)
    }


def database_bytes(bench, blog):
    """What the database takes on disk; of SQLite without what still waits in its log."""
    if blog.service.is_postgres:
        command = [bench.settings.psql, "-X", "-A", "-t", "-d", blog.service.database_url]
        return int(run([*command, "-c", "SELECT pg_database_size(current_database())"], timeout=60))
    with closing(sqlite3.connect(blog.service.sqlite_file, timeout=30)) as conn:
        conn.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
    return blog.service.sqlite_file.stat().st_size


def measure_mixed(bench):
    """Reads beside posts, against the same reads alone."""
    tools = bench.tools
    for database in bench.settings.databases:
        blog = bench.blog(database)
        with blog.serve() as server:
            tokens = server.tokens(POSTERS)
            plans = {"pure": blog.mixed(tokens, 0.0), "mixed": blog.mixed(tokens)}
            samples = {}
            for name, each in plans.items():
                tools.load(server, each, connections=32, seconds=max(tools.warmup, 0.5))
            for _ in range(tools.repetitions):
                for name, each in plans.items():
                    for kind, measured in tools.load(server, each, connections=32).items():
                        samples.setdefault(f"mixed.{database}.{name}.{kind}", []).append(measured)
            for key, measured in samples.items():
                bench.results.add(key, measured)
                bench.say(f"  {key}: {measured[0]['per_second']:.0f}/s, bad {measured[0]['bad']}")
            bench.results.add_values(f"memory.{database}.loaded", [server.pss_mib()])
        blog.service.check()


def measure_sse(bench):
    """Listeners to one story."""
    tools, blog = bench.tools, bench.blog("sqlite")
    path = f"/api/v1/stories/{blog.ids['hot']}/events"
    stream = plan([request("events", "GET", path, headers={"Accept": "text/event-stream"})])
    folder = bench.settings.folder
    (folder / "stream.json").write_text(json.dumps(stream))
    fan_out, idle = [], []
    listeners, idle_listeners = (100, 500) if bench.settings.quick else (1000, 5000)
    for _ in range(tools.repetitions):
        with blog.serve() as server:
            tokens = server.tokens(4)
            posts = [blog.post("hot", corpus.text("live", turn), token) for turn, token in enumerate(tokens)]
            (folder / "posts.json").write_text(json.dumps(plan(posts)))
            common = ["listen", "--address", server.address, "--plan", folder / "stream.json", "--pid", server.pid]
            command = [*common, "--listeners", listeners, "--posts", folder / "posts.json", "--rate", 20]
            command += ["--first-number", tools.first_number()]
            told = tools.bench_json(*command, "--seconds", tools.seconds, timeout=tools.seconds + 120)
            if not told["listeners"]:
                why = f"GET /api/v1/stories/{{id}}/events answered {', '.join(told['refused'])}"
                for key in ("sse.fan_out", "sse.idle_mib"):
                    bench.results.not_available(key, why)
                bench.say(f"  not available: {why}")
                return
            expected = told["posted"] * told["listeners"]
            bad = told["bad"] | {f"refused {why}": number for why, number in told["refused"].items()}
            bad |= {"ended": told["ended"]} if told["ended"] else {}
            if told["events"] < expected:
                bad["not delivered"] = expected - told["events"]
            used, seconds = told["processor_seconds"], told["seconds"]
            measured = {
                "per_second": told["events_in_time"] / seconds,
                "cpu_us": used / told["events_in_time"] * 1e6 if told["events_in_time"] else None,
                "cores": used / seconds,
                "bad": bad,
                "posted_per_second": told["posted"] / seconds,
                "listeners": told["listeners"],
            }
            fan_out.append(measured)
        with blog.serve() as server:
            idle.append(idle_memory(bench, server, folder / "stream.json", idle_listeners))
    bench.results.add("sse.fan_out", fan_out)
    bench.results.add_values("sse.idle_mib", [each[0] for each in idle], listeners=min(each[1] for each in idle))
    blog.service.check()


def idle_memory(bench, server, stream, listeners):
    """How much more memory the server has with so many listeners than without."""
    settle()
    before = server.pss_mib()
    log = bench.settings.folder / "listen.log"
    log.unlink(missing_ok=True)
    command = [bench.settings.bench, "listen", "--address", server.address, "--plan", stream]
    with running([*command, "--listeners", listeners, "--seconds", 120], log=log):
        until = time.monotonic() + 60
        while time.monotonic() < until and b'{"open"' not in log.read_bytes():
            time.sleep(0.1)
        if b'{"open"' not in log.read_bytes():
            raise Failed(f"the listeners did not come to listen:\n{log.read_text()[-1000:]}")
        opened = json.loads(log.read_text().splitlines()[0])["open"]
        settle()
        return server.pss_mib() - before, opened


def settle():
    """Time in which a server that has nothing to do comes to rest."""
    time.sleep(1)


def measure_sign_ins(bench):
    """Reads while a hundred sign in at once, again and again."""
    tools, blog = bench.tools, bench.blog("sqlite")
    readers = [reader(number) for number in range(POSTERS)]
    sign_ins = plan(
        [
            request(
                "sign_in",
                "POST",
                "/api/v1/sessions",
                headers={"Content-Type": "application/json"},
                body={"identifier": name, "password": password},
                expect=(201,),
            )
            for name, password in readers
        ]
    )
    quiet, beside, signed_in, more_memory = [], [], [], []
    for _ in range(tools.repetitions):
        with blog.serve() as server:
            server.tokens(POSTERS)
            reads = blog.mixed([], 0.0)
            tools.load(server, reads, connections=8, seconds=max(tools.warmup, 0.5))
            quiet.append(tools.load(server, reads, connections=8)["read"])
            before = server.pss_mib()
            begun = tools.begin_load(server, sign_ins, 100, tools.seconds + 1, name="sign-ins")
            with Watched(server.pid) as memory:
                time.sleep(0.5)
                beside.append(tools.load(server, reads, connections=8)["read"])
                outcome = tools.ended_load(begun)
            signed_in.append(outcome.get("sign_in") or outcome["all"])
            more_memory.append(memory.highest - before)
    bench.results.add("sign_ins.reads_quiet", quiet)
    bench.results.add("sign_ins.reads_beside", beside)
    bench.results.add("sign_ins.sign_ins", signed_in)
    bench.results.add_values("sign_ins.more_mib", more_memory)
    bench.say(
        f"  p99 of reads {quiet[0]['p99_ms']} ms, beside {beside[0]['p99_ms']} ms; "
        f"{signed_in[0]['per_second']:.0f} sign-ins/s"
    )
    blog.service.check()


class Watched:
    """The most memory that a process had, looked at ten times a second."""

    def __init__(self, pid):
        self.highest = 0.0
        self._pid = pid
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def _watch(self):
        while not self._is_over.wait(0.1):
            try:
                self.highest = max(self.highest, pss_mib(self._pid))
            except OSError:
                return

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._is_over.set()
        self._thread.join(timeout=5)


def measure_start(bench):
    """From the start of the process to its first good answer, and what it takes when it has nothing to do."""
    starts, idle = [], []
    for number in range(bench.settings.starts):
        service = Service(bench.settings.binary, bench.settings.folder / f"start-{number}")
        with service.serve() as server:
            starts.append(server.ready_ms)
            settle()
            idle.append(server.pss_mib())
    bench.results.add_values("start.sqlite.ready_ms", starts)
    bench.results.add_values("memory.sqlite.idle", idle)
    bench.say(f"  ready in {min(starts):.0f} to {max(starts):.0f} ms, idle {max(idle):.1f} MiB")


def measure_sizes(bench):
    """What a page that is not in memory costs as the database grows, and what a reply takes on disk."""
    tools, settings = bench.tools, bench.settings
    for database in settings.databases:
        blogs = {}
        for exponent in settings.sizes:
            stories = corpus.site_of(10**exponent)
            blogs[exponent] = blog = Blog.seed(settings, database, stories, f"site_{exponent}")
            seeded = blog.seeded
            per_reply = (seeded["bytes_after"] - seeded["bytes_before"]) / seeded["replies"]
            bench.results.add_values(f"disk.{database}.{exponent}", [per_reply], replies=seeded["replies"])
            bench.say(f"  {per_reply:.0f} bytes a reply")
        if database == "sqlite":
            measure_log(bench, blogs[max(blogs)])
        contestants = {}
        for exponent, blog in blogs.items():
            every = list(blog.ids)
            spread = [every[at * len(every) // 100] for at in range(100)]
            for name, stories in (("100_stories", spread), ("all_stories", every)):
                key = f"sizes.{database}.{exponent}.{name}"
                contestants[key] = lambda blog=blog, stories=stories: uncached(bench, blog, stories)
        bench.rounds(contestants)

    for database in settings.databases:
        blog = bench.blog(database)
        pages = {story: blog.variants(story, range(5, 17), range(0, 101)) for story in ("huge", "small-001")}
        for each in pages.values():
            random.Random(corpus.SEED).shuffle(each)

        def one_story(story):
            with blog.serve() as server:
                tools.load(server, plan(blog.variants("hot", range(5, 17), range(0, 30))), connections=1, once=True)
                return tools.load(server, plan(pages[story]), connections=1, once=True)["read"]

        bench.rounds({f"uncached.{database}.{story}": lambda story=story: one_story(story) for story in pages})


def measure_log(bench, blog):
    """How long it takes to verify an exported log, which has a row for each reply and a few more."""
    file = bench.settings.folder / "log.ndjson"
    with file.open("wb") as out:
        blog.service.command("log", "export", SITE, timeout=3600, out=out)
    took = []
    for _ in range(bench.tools.repetitions):
        begun = time.monotonic()
        blog.service.command("log", "verify", file, timeout=600)
        took.append(time.monotonic() - begun)
    with file.open() as lines:
        rows = sum('"place"' in line for line in lines)
    file.unlink()
    bench.results.add_values("log.verify", took, rows=rows)
    bench.say(f"  {rows} rows verified in {min(took):.1f} to {max(took):.1f} s")


def uncached(bench, blog, stories):
    """Pages of these stories by one reader, each once, of a server that just started; it was warmed with others."""
    chance = random.Random(corpus.SEED)
    choices = list(itertools.product(range(5, 25), ("newest", "oldest", "top")))

    def pages(per_thread, number):
        picked, seen = [], set()
        for _ in range(number):
            story, (limit, sort) = chance.choice(stories), chance.choice(choices)
            if (story, limit, sort) not in seen:
                seen.add((story, limit, sort))
                picked.append(blog.read(story, f"?sort={sort}&limit={limit}&replies_per_thread={per_thread}"))
        return plan(picked)

    with blog.serve() as server:
        bench.tools.load(server, pages(2, 1_500), connections=1, seconds=max(1, bench.tools.warmup), once=True)
        return bench.tools.load(server, pages(3, 6_000), connections=1, once=True)["read"]


def measure_peer(bench):
    """A page, posts and the mixture, of the service and of the peer, with the same corpus and the same requests."""
    tools, blog = bench.tools, bench.blog("sqlite")
    bench.say(f"filling {Peer.name}'s database")
    peer = Peer(bench.settings.folder / "peer")
    # its answers may take seconds: long enough that there are some
    seconds = max(tools.seconds, 3 if bench.settings.quick else 15)
    with blog.serve() as ours, peer.serve() as theirs:
        tokens = ours.tokens(POSTERS)
        plans = {
            "reads": (plan([blog.read("hot")]), plan([peer.read("hot")])),
            # before the posts, as more of them are in the pages of whom is quicker
            "mixed": (blog.mixed(tokens), mixed_plan(peer.read, peer.post, POSTS_SHARE)),
            "posts": (blog.posts(tokens), mixed_plan(peer.read, peer.post, 1.0)),
        }
        kinds = {"reads": "read", "posts": "post", "mixed": "all"}
        for name, (our_plan, their_plan) in plans.items():

            def one(server, each):
                samples = tools.load(server, each, connections=32, seconds=seconds, warmup=tools.warmup)
                return samples.get(kinds[name]) or nothing()

            bench.rounds(
                {
                    f"peer.{name}.ours": lambda: one(ours, our_plan),
                    f"peer.{name}.peer": lambda: one(theirs, their_plan),
                }
            )
        bench.results.add_values("memory.peer.loaded", [sum(map(pss_mib, theirs.pids))])
    blog.service.check()


def measure_rules(bench):
    """All rules on a text, against rendering the same Markdown: from memory, without the service."""
    program = bench.settings.binary.parent / "examples" / "measure_rules"
    if not program.exists():
        bench.results.not_available("rules", "the program that measures rules was not built")
        return
    for _ in range(bench.tools.repetitions):
        measured = json.loads(run([program], timeout=600))
        for name, micros in measured.items():
            slug = name.replace(" ", "_")
            for what, number in micros.items():
                bench.results.append_value(f"rules.{slug}.{what}", number)
            bench.results.append_value(f"rules_of_rendering.{slug}", micros["judging"] / max(micros["rendering"], 1))


def measure_checks(bench):
    """What a request pays before its work begins, from memory: its token, and the buckets that it is counted by."""
    program = bench.settings.binary.parent / "examples" / "measure_checks"
    if not program.exists():
        bench.results.not_available("checks", "the program that measures checks was not built")
        return
    for _ in range(bench.tools.repetitions):
        for name, nanoseconds in json.loads(run([program], timeout=600)).items():
            bench.results.append_value(f"checks.{name}", nanoseconds / 1000)


MEASUREMENTS = {
    "checks": measure_checks,
    "rules": measure_rules,
    "start": measure_start,
    "reads": measure_reads,
    "posts": measure_posts,
    "mixed": measure_mixed,
    "sse": measure_sse,
    "sign-ins": measure_sign_ins,
    "next": measure_next,
    "bulk": measure_bulk,
    "peer": measure_peer,
    "sizes": measure_sizes,
}
