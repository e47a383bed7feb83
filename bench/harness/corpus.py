"""The corpus, the same for each run: which stories there are, how their threads branch, and what stands in them.

Nothing here knows of databases. All chance comes from a fixed seed.
"""

import bisect
import itertools
import random
import re
import uuid
from dataclasses import dataclass

SEED = 20261123
# A fixed time, so that the same seed gives the same rows: 2025-01-01 in microseconds.
EPOCH_US = 1_735_689_600_000_000
MINUTE_US = 60_000_000

# Lengths in characters: half of the replies are shorter than the median, some are very long.
MEDIAN_CHARS = 180
SIGMA = 0.75
MIN_CHARS = 12
MAX_CHARS = 6_000
EMPHASIS_SHARE = 0.2

TOP_LEVEL_SHARE = 0.45
MAX_DEPTH = 32
# Answers go to what was said lately.
REACH = 30

# The last replies of some stories branch and read alike, so that their first pages differ by nothing but what lies
# behind them.
TAIL = 48


@dataclass(frozen=True)
class StoryPlan:
    """A story that is to be made."""

    name: str
    replies: int
    has_common_tail: bool = False
    # its replies are not public yet, and so none answers another
    waits: bool = False

    @property
    def state(self):
        """Where its replies stand."""
        return "pending" if self.waits else "approved"


@dataclass(frozen=True)
class Shape:
    """A reply's place among those of its story, by number from 0."""

    parent: int | None
    root: int
    depth: int
    path: bytes
    below: int
    direct: int


BLOG = [
    StoryPlan("hot", 1_000, True),
    *[StoryPlan(f"small-{number:03}", 50, number == 1) for number in range(1, 201)],
    StoryPlan("huge", 10_000, True),
]
SMALL = [story.name for story in BLOG if story.name.startswith("small")]


def site_of(replies):
    """Stories of 100 replies, as many as make up so many replies."""
    return [StoryPlan(f"story-{number:05}", 100) for number in range(replies // 100)]


def shapes(story):
    """Where each reply of a story stands; parents come before what answers them."""
    chance = random.Random(f"{SEED}/shape/{story.name}")
    tail_from = story.replies - TAIL if story.has_common_tail else story.replies
    parents, roots, depths, paths = [], [], [], []
    for number in range(story.replies):
        first = 0
        if number >= tail_from:
            if number == tail_from:
                chance = random.Random(f"{SEED}/shape/tail")
            first = tail_from
        parent = None
        if not story.waits and number > first and chance.random() >= TOP_LEVEL_SHARE:
            parent = chance.randrange(max(first, number - REACH), number)
            if depths[parent] >= MAX_DEPTH:
                parent = None
        step = (number + 1).to_bytes(4, "big")
        parents.append(parent)
        roots.append(number if parent is None else roots[parent])
        depths.append(1 if parent is None else depths[parent] + 1)
        paths.append(step if parent is None else paths[parent] + step)
    below, direct = [0] * story.replies, [0] * story.replies
    for number in reversed(range(story.replies)):
        if parents[number] is not None:
            below[parents[number]] += below[number] + 1
            direct[parents[number]] += 1
    return [Shape(*each) for each in zip(parents, roots, depths, paths, below, direct)]


def times(story, position):
    """When each reply of the story at this position came: often at first, then ever more rarely."""
    chance = random.Random(f"{SEED}/times/{story.name}")
    at = published_at(position)
    for _ in range(story.replies):
        at += 1 + int(chance.expovariate(1 / (4 * MINUTE_US)))
        yield at


def published_at(position):
    """Stories come out in the order of their positions."""
    return EPOCH_US + position * 30 * MINUTE_US


def _vocabulary():
    chance = random.Random(f"{SEED}/words")
    syllables = [c + v for c in "bdfgklmnprstvz" for v in "aeiou"] + ["an", "en", "in", "on", "er", "ar", "st"]
    words = {"".join(chance.choices(syllables, k=chance.choice((1, 1, 2, 2, 2, 3, 3, 4)))) for _ in range(4_000)}
    words = sorted(words)
    chance.shuffle(words)
    return words


WORDS = _vocabulary()


def cumulative_zipf(number, exponent=1.0):
    """Cumulative weights of a Zipf distribution: the n-th is as frequent as 1/n."""
    return list(itertools.accumulate(1 / rank**exponent for rank in range(1, number + 1)))


_WORD_WEIGHTS = cumulative_zipf(len(WORDS))


def text(*key):
    """A reply's text. One in five has an emphasised word, and nothing else that Markdown would take for anything but text."""
    chance = random.Random("/".join(map(str, (SEED, "text", *key))))
    length = max(MIN_CHARS, min(MAX_CHARS, int(chance.lognormvariate(0, SIGMA) * MEDIAN_CHARS)))
    words = chance.choices(WORDS, cum_weights=_WORD_WEIGHTS, k=length // 3 + 2)
    paragraphs, sentence, size = [[]], 0, 0
    for word in words:
        if size >= length:
            break
        if sentence == 0:
            sentence = chance.randint(4, 16)
            if size and chance.random() < 0.12:
                paragraphs.append([])
            word = word.capitalize()
        sentence -= 1
        if sentence == 0:
            word += "."
        paragraphs[-1].append(word)
        size += len(word) + 1
    if chance.random() < EMPHASIS_SHARE:
        first = paragraphs[0]
        at = chance.randrange(len(first))
        first[at] = f"*{first[at]}*"
    return "\n\n".join(" ".join(paragraph) for paragraph in paragraphs)


def posted(text):
    """A text for the load to post: with `{n}`, which is something else each time, in every third word, since what is nearly
    the same as a reply of the same day waits for a moderator and is another thing to measure."""
    words = iter(range(1, len(text)))
    return re.sub(r"\w+", lambda found: found[0] + ("{n}" if next(words) % 3 == 0 else ""), text) + " {n}"


def text_of(story, number):
    """The text of a story's reply."""
    tail_from = story.replies - TAIL
    if story.has_common_tail and number >= tail_from:
        return text("tail", number - tail_from)
    return text(story.name, number)


def html(source):
    """How the service renders such a text; the harness asks it whether that is so."""
    html = "".join(f"<p>{paragraph}</p>\n" for paragraph in source.split("\n\n"))
    return re.sub(r"\*([^*]+)\*", r"<em>\1</em>", html)


def stored_html(source):
    """What the service stores of it: nothing, where the source says it all."""
    return html(source) if "*" in source else ""


class Chosen:
    """Picks by Zipf, the same ones in each run: few often, most seldom."""

    def __init__(self, things, *key):
        self._things = things
        self._weights = cumulative_zipf(len(things))
        self._chance = random.Random("/".join(map(str, (SEED, "chosen", *key))))

    def next(self):
        at = self._chance.random() * self._weights[-1]
        return self._things[bisect.bisect_left(self._weights, at)]


class Ids:
    """UUIDv7 out of given times and the seed."""

    def __init__(self, *key):
        self._chance = random.Random("/".join(map(str, (SEED, "ids", *key))))

    def at(self, time_us):
        low = self._chance.getrandbits(74)
        return uuid.UUID(
            int=(time_us // 1000) << 80 | 0x7 << 76 | (low >> 62) << 64 | 0b10 << 62 | low & ((1 << 62) - 1)
        )
