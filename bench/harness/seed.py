"""The corpus in a database, without the thousand requests a second that the API would take.

The service itself makes one of each thing through its API. Its rows are the pattern for all others: what is known here
is set, every other column is copied. So a column that is added later is filled as the service fills it, and
`rejoinder check` must be clean in the end.
"""

import json
import sqlite3
import uuid
from collections import Counter
from datetime import datetime, timedelta, timezone

from . import corpus
from .processes import Failed, run
from .service import ADMIN

SITE = "bench"
TEMPLATE = "template"
WAITING = "waiting-template"
# How much waiting a point of urgency counts for.
POINT_US = 120 * 1_000_000
BATCH = 20_000
DAY_US = 24 * 3_600 * 1_000_000


class Micros(int):
    """A time in microseconds."""


class Sqlite:
    """Rows into an SQLite database that nobody else has open."""

    def __init__(self, service):
        self._conn = sqlite3.connect(service.sqlite_file, isolation_level=None)
        # a seed that is broken off is thrown away
        self._conn.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA cache_size = -200000")

    def rows(self, table, column=None, value=None):
        where, values = ("", []) if column is None else (f" WHERE {column} = ?", [self._value(value)])
        found = self._conn.execute(f"SELECT * FROM {table}{where}", values)
        names = [each[0] for each in found.description]
        return [dict(zip(names, row)) for row in found]

    def key(self, value):
        return uuid.UUID(bytes=value)

    def insert(self, table, rows):
        columns = list(rows[0])
        marks = ", ".join("?" * len(columns))
        self._conn.execute("BEGIN")
        self._conn.executemany(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})",
            ([self._value(row[column]) for column in columns] for row in rows),
        )
        self._conn.execute("COMMIT")

    def add_to_site(self, site, state, number):
        self._conn.execute(
            f"UPDATE site_counters SET {state} = {state} + ? WHERE site_id = ?", (number, self._value(site))
        )

    def add_document(self, kind, table):
        """A document without words of each thing that has none."""
        self._conn.execute(f"INSERT INTO search_documents (kind, object_id) {_undocumented(kind, table)}")

    def bytes(self):
        self._conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (pages,), (size,) = (self._conn.execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "page_size"))
        return pages * size

    def close(self):
        self._conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._conn.close()

    @staticmethod
    def _value(value):
        return value.bytes if isinstance(value, uuid.UUID) else value


class Postgres:
    """Rows into a PostgreSQL database by its own client."""

    def __init__(self, service, psql):
        self._command = [psql, "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", service.database_url]

    def sql(self, sql, text_in=None):
        return run([*self._command, "-c", sql], timeout=3600, text_in=text_in)

    def rows(self, table, column=None, value=None):
        where = "" if column is None else f" WHERE {column} = '{value}'"
        return [json.loads(line) for line in self.sql(f"SELECT row_to_json(t) FROM {table} t{where}").splitlines()]

    def key(self, value):
        return uuid.UUID(value)

    def insert(self, table, rows):
        columns = list(rows[0])
        lines = ("\t".join(_copied(row[column]) for column in columns) for row in rows)
        self.sql(f"COPY {table} ({', '.join(columns)}) FROM STDIN", text_in="\n".join(lines) + "\n")

    def add_to_site(self, site, state, number):
        self.sql(f"UPDATE site_counters SET {state} = {state} + {number} WHERE site_id = '{site}'")

    def add_document(self, kind, table):
        """A document without words of each thing that has none."""
        self.sql(
            "INSERT INTO search_documents (seq, kind, object_id) SELECT nextval('search_documents_seq'), n.* "
            f"FROM ({_undocumented(kind, table)}) AS n"
        )

    def bytes(self):
        self.sql("CHECKPOINT")
        return int(self.sql("SELECT pg_database_size(current_database())"))

    def close(self):
        # what its own daemon would come to do
        self.sql("VACUUM ANALYZE")


def _undocumented(kind, table):
    missing = "NOT EXISTS (SELECT 1 FROM search_documents d WHERE d.object_id = o.id)"
    return f"SELECT '{kind}', o.id FROM {table} o WHERE {missing} ORDER BY o.id"


def _copied(value):
    """A value as COPY reads it."""
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, Micros):
        moment = datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(microseconds=value)
        return moment.isoformat()
    if isinstance(value, bytes):
        return f"\\\\x{value.hex()}"
    text = str(value)
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def open_database(service, psql):
    return Postgres(service, psql) if service.is_postgres else Sqlite(service)


def like(row, **changes):
    """A row like another; a column that is not there any more ends the run."""
    missing = changes.keys() - row.keys()
    if missing:
        raise Failed(
            f"the schema has no column {', '.join(sorted(missing))} any more: bench/harness/seed.py must follow"
        )
    return row | changes


def seed(service, stories, psql=None, say=print):
    """Fills an empty database; ids of the stories by name, bytes before and after the replies, and their number."""
    make_patterns(service)
    database = open_database(service, psql)
    try:
        result = _fill(service, database, stories, say)
    finally:
        database.close()
    service.check()
    return result


def make_patterns(service):
    """One of each through the API, and the proof that texts are rendered as `corpus.html` says."""
    service.command("migrate")
    service.command("site", "create", SITE, "--name", "Bench", "--mode", "post", "--unproven-accounts", "allow")
    name, password = ADMIN
    service.command("admin", "create", "--email", "boss@blog.example", "--username", name, text_in=f"{password}\n")
    with service.serve() as server:
        boss = server.sign_in(name, password)
        story = {
            "urls": [url_of(TEMPLATE)],
            "headline": f"Headline of {TEMPLATE}",
            "source": {"name": "The Kettle Gazette", "url": "https://gazette.example/teapots"},
            "excerpt": "The average teapot held 0.9 litres last year, down from 1.2.",
            "commentary": {"label": "View", "author_name": "Columnist", "body": "Smaller pots, *shorter* talks."},
        }
        story_id = server.call("PUT", f"/sites/{SITE}/stories/{TEMPLATE}", story, boss)["id"]
        (token,) = server.tokens(1)
        top = server.call("POST", f"/stories/{story_id}/replies", {"body": "A pattern."}, token)
        server.call("POST", f"/stories/{story_id}/replies", {"body": "Below it.", "parent_id": top["id"]}, token)
        story |= {"urls": [url_of(WAITING)], "moderation_mode": "pre"}
        story_id = server.call("PUT", f"/sites/{SITE}/stories/{WAITING}", story, boss)["id"]
        server.call("POST", f"/stories/{story_id}/replies", {"body": "A third pattern."}, token)
        for number in range(20):
            source = corpus.text("proof", number)
            shown = server.call("POST", "/replies/preview", {"body": source}, token)["body_html"]
            if shown.rstrip() != corpus.html(source).rstrip():
                raise Failed("the service renders texts otherwise than bench/harness/corpus.py says")
            has_last_newline = shown.endswith("\n")
    if not has_last_newline:
        raise Failed("the service ends HTML without a newline: bench/harness/corpus.py must follow")


def url_of(name):
    return f"https://blog.example/{name}"


def finish(service):
    """Words into the index and the log sealed, as the service does with what it writes itself."""
    program = service.binary.parent / "examples" / "finish_seed"
    if not program.exists():
        raise Failed("the program that finishes the seed was not built: cargo build --release --example finish_seed")
    run([program], env=service.environment(), cwd=service.folder, timeout=3600)


def _fill(service, database, stories, say):
    (pattern,) = database.rows("stories", "external_id", TEMPLATE)
    site, pattern_id = database.key(pattern["site_id"]), database.key(pattern["id"])
    (url_pattern,) = database.rows("story_urls", "story_id", pattern_id)
    (commentary,) = database.rows("commentaries", "story_id", pattern_id)
    replies = database.rows("replies", "story_id", pattern_id)
    if any(reply["body_html"] for reply in replies):
        raise Failed("the service stores HTML otherwise than bench/harness/corpus.py says")
    top, answer = sorted(replies, key=lambda row: row["depth"])
    (waiting,) = (row for row in database.rows("replies", "site_id", site) if row["state"] == "pending")
    decisions = {}
    for reply in (top, waiting):
        (decisions[reply["state"]],) = database.rows("decisions", "reply_id", database.key(reply["id"]))
    (queue_item,) = database.rows("queue_items", "site_id", site)
    points = sum(number for name, number in queue_item.items() if name.endswith("_points"))
    author = database.key(top["author_id"])
    (account,) = database.rows("accounts", "id", author)
    (counters,) = database.rows("author_counters", "account_id", author)
    received = next(row for row in database.rows("day_counts", "site_id", site) if row["measure"] == "received")

    total = sum(story.replies for story in stories)
    ids = corpus.Ids(len(stories), total)
    began = Micros(corpus.EPOCH_US - 1)
    authors = [ids.at(began) for _ in range(max(200, total // 50))]
    accounts = [
        like(
            account,
            id=each,
            email=f"reader-{number}@readers.example",
            email_key=f"reader-{number}@readers.example",
            username=f"reader-{number}",
            username_key=f"reader-{number}",
            password_hash=None,
            created_at=began,
        )
        for number, each in enumerate(authors)
    ]
    insert_all(database, "accounts", accounts)

    story_ids = {}
    story_rows, urls, commentaries = [], [], []
    for position, story in enumerate(stories):
        at = Micros(corpus.published_at(position))
        story_ids[story.name] = each = ids.at(at)
        story_rows.append(
            like(
                pattern,
                id=each,
                external_id=story.name,
                headline=f"Headline of {story.name}",
                published_at=at,
                created_at=at,
                updated_at=at,
                last_seq=story.replies,
                replies=0 if story.waits else story.replies,
                version=pattern["version"] - len(replies) + story.replies,
            )
        )
        named = {key: url_pattern[key].replace(TEMPLATE, story.name) for key in ("url", "url_key")}
        urls.append(like(url_pattern, story_id=each, **named))
        commentaries.append(like(commentary, story_id=each))
    insert_all(database, "stories", story_rows)
    insert_all(database, "story_urls", urls)
    insert_all(database, "commentaries", commentaries)
    database.add_document("account", "accounts")
    database.add_document("story", "stories")
    finish(service)
    before = database.bytes()

    chosen = corpus.Chosen(authors, "authors", total)
    written = {state: Counter() for state in decisions}
    by_day = Counter()
    reply_ids, rows = {}, {"replies": [], "decisions": [], "queue_items": []}
    done = 0
    for at, story, number, shape in _by_time(stories):
        if number == 0:
            reply_ids[story.name] = []
        own = reply_ids[story.name]
        at = Micros(at)
        own.append(each := ids.at(at))
        writer = chosen.next()
        written[story.state][writer] += 1
        by_day[at // DAY_US, story.state] += 1
        source = corpus.text_of(story, number)
        rows["replies"].append(
            like(
                waiting if story.waits else top if shape.parent is None else answer,
                id=each,
                site_id=site,
                story_id=story_ids[story.name],
                author_id=writer,
                parent_id=None if shape.parent is None else own[shape.parent],
                root_id=own[shape.root],
                depth=shape.depth,
                path=shape.path,
                body_source=source,
                body_html=corpus.stored_html(source),
                created_at=at,
                state_changed_at=at,
                direct_below=shape.direct,
                visible_below=shape.below,
            )
        )
        rows["decisions"].append(
            like(
                decisions[story.state],
                id=ids.at(at),
                site_id=site,
                reply_id=each,
                story_id=story_ids[story.name],
                account_id=writer,
                actor_id=writer,
                created_at=at,
            )
        )
        if story.waits:
            due = Micros(at - points * POINT_US)
            rows["queue_items"].append(like(queue_item, reply_id=each, site_id=site, since=at, due_at=due))
        if number + 1 == story.replies:
            del reply_ids[story.name]
        if len(rows["replies"]) == BATCH:
            _write(database, rows)
            done += BATCH
            say(f"  {done} of {total} replies")
    _write(database, rows)
    sums = [
        like(counters, account_id=each, site_id=site, **{state: numbers[each] for state, numbers in written.items()})
        for each in authors
        if any(numbers[each] for numbers in written.values())
    ]
    insert_all(database, "author_counters", sums)
    for state, numbers in written.items():
        database.add_to_site(site, state, numbers.total())
    days = [like(received, day=day, key=state, number=number) for (day, state), number in by_day.items()]
    insert_all(database, "day_counts", days)
    finish(service)
    return {"stories": {name: str(each) for name, each in story_ids.items()}, "replies": total} | {
        "bytes_before": before,
        "bytes_after": database.bytes(),
    }


def _write(database, rows_of):
    for table, rows in rows_of.items():
        if rows:
            database.insert(table, rows)
            rows.clear()


def insert_all(database, table, rows):
    for at in range(0, len(rows), BATCH):
        database.insert(table, rows[at : at + BATCH])


def _by_time(stories):
    """All replies in the order in which they came, as a database gets them in life: stories overlap."""
    result = []
    for position, story in enumerate(stories):
        result.extend((at, position, number) for number, at in enumerate(corpus.times(story, position)))
    result.sort()
    shapes = {}
    for at, position, number in result:
        story = stories[position]
        if number == 0:
            shapes[position] = corpus.shapes(story)
        yield at, story, number, shapes[position][number]
        if number + 1 == story.replies:
            del shapes[position]
