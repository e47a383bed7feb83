"""Promise 9: bytes that are too many, too deep or no text, and texts that are dear to render."""

import json
import re
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from .blog import SITE, request
from .memory import watched
from .raw import ask, connect
from .table import ms

# the most that a reply may have, whatever is configured
MOST_CHARS = 60_000
PATIENCE = 15
ENDLESS_SECONDS = 20
MIB = 1 << 20
# an id of nothing
NOBODY = "01890000-0000-7000-8000-000000000000"


def hostile_bytes(table, blog):
    with blog.serve(REPLY_MAX_CHARS=str(MOST_CHARS)) as attacked:
        attacked.seed()
        with watched(attacked.pid) as memory:
            for what, shapes in (
                ("bodies of every operation", _bodies(attacked)),
                ("heads", _heads(attacked)),
                ("floods of names with one hash", _hash_floods(attacked)),
            ):
                _send_all(table, attacked, what, shapes)
            _endless(table, attacked)
            _markdown(table, attacked)
        table.add("9: memory over all of it", f"+ {memory.mib:.0f} MiB", "<= 200 MiB", memory.mib <= 200)
        table.add("9: a page is read afterwards", attacked.is_well(), "True", attacked.is_well())


def _send_all(table, attacked, what, shapes):
    """Sends each, eight at a time. None may give a 5xx or wait without an answer."""

    def send(shape):
        name, sent = shape
        return name, ask(attacked.port, sent() if callable(sent) else sent, PATIENCE)

    with ThreadPoolExecutor(8) as pool:
        heard = list(pool.map(send, shapes))
    bad = [f"{name}: {answer.status or answer.end}" for name, answer in heard if answer.is_bad]
    slowest = max(heard, key=lambda each: each[1].seconds)
    table.add(f"9: {what}, {len(heard)}: 5xx or no end", bad[:3] or 0, "0", not bad)
    measured = f"{ms(slowest[1].seconds)} ({slowest[0]})"
    table.add(f"9: {what}: slowest answer", measured, "<= 1,000 ms", slowest[1].seconds <= 1)


def _bodies(attacked):
    """Every operation that takes a body, with each body that is none."""
    document = json.loads((Path(__file__).parents[2] / "tests/snapshots/openapi.json").read_text())
    levels = 30_000
    # all within 256 KiB, except for the last ones
    bodies = {
        "deep arrays": b"[" * levels + b"]" * levels,
        "deep arrays in a field": b'{"body":' + b"[" * levels + b"]" * levels + b"}",
        "deep objects": b'{"a":' * levels + b"1" + b"}" * levels,
        "depth without an end": b"[" * 60_000,
        "a NUL": b'{"body":"a\0b"}',
        "a NUL escaped": rb'{"body":"a\u0000b","headline":"\u0000","username":"\u0000"}',
        "a NUL as a name": rb'{"\u0000":"\u0000"}',
        "bad UTF-8": b'{"body":"\xff\xfe\xc0\x80"}',
        "half a pair": rb'{"body":"\ud800","headline":"\udfff"}',
        "a long number": b'{"body":' + b"9" * 60_000 + b"}",
        "a far exponent": b'{"body":1e999999999}',
        "10 MB": b'{"body":"' + b"a" * (10 * MIB) + b'"}',
    }
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if "requestBody" not in operation:
                continue
            address = re.sub(r"\{(\w+)\}", lambda found: _object(attacked, found[1]), path)
            headers = {"Authorization": f"Bearer {attacked.admin}", "If-Match": "*"}
            for name, body in bodies.items():
                # made when it is sent: all at once would be a gigabyte
                yield f"{operation['operationId']}: {name}", partial(request, method.upper(), address, headers, body)


def _object(attacked, parameter):
    return {"site": SITE, "story_id": attacked.stories[0]}.get(parameter, NOBODY)


def _heads(attacked):
    page = f"/api/v1/stories/{attacked.stories[0]}/replies"
    flood = "".join(f"X-Name-{number}: {number}\r\n" for number in range(10_000))

    def get(path, more=b""):
        path = path if isinstance(path, bytes) else path.encode()
        return b"GET " + path + b" HTTP/1.1\r\nHost: attacked\r\n" + more + b"\r\n"

    yield "10,000 headers", get(page, flood.encode())
    yield "95 headers of 1 KB", get(page, b"".join(b"X-%d: %s\r\n" % (each, b"a" * 1000) for each in range(90)))
    yield "one header a thousand times", get(page, b"Accept: */*\r\n" * 1000)
    yield "a header of 1 MB", get(page, b"X-Long: " + b"a" * MIB + b"\r\n")
    yield "a name of 1 MB", get(page, b"X" * MIB + b": a\r\n")
    yield "a token of 100 KB", get("/api/v1/me", b"Authorization: Bearer " + b"a." * 50_000 + b"\r\n")
    yield "an address of 1 MB", get(b"/" + b"a" * MIB)
    yield "an address of 60 KB", get(b"/" + b"a/" * 30_000)
    yield "a query of 60 KB", get(page + "?" + "limit=1&" * 7_000)
    yield "a method of 1 MB", b"G" * MIB + b" / HTTP/1.1\r\n\r\n"
    for name, path in {
        "a NUL": page.encode() + b"?cursor=\0",
        "%00": f"{page}?cursor=%00",
        "%00 in an id": "/api/v1/stories/%00/replies",
        "%00 in a key": f"/api/v1/sites/{SITE}/stories/%00",
        "%00 in a site": "/api/v1/sites/%00",
        "bytes of no text": page.encode() + b"?cursor=\xff\xfe",
        "%FF in a key": f"/api/v1/sites/{SITE}/stories/%FF%FE",
        "%C0%80": f"/api/v1/sites/{SITE}/stories/%C0%80",
        "half an escape": f"/api/v1/sites/{SITE}/stories/%F",
        "dots": "/api/v1/../../../../etc/passwd",
        "escaped dots": "/docs/%2e%2e%2f%2e%2e%2fetc/passwd",
        "a host": b"http://elsewhere.example/api/v1/sites",
        "a star": b"*",
    }.items():
        yield f"an address with {name}", get(path)
    for name, value in {"a NUL": b"\0", "bytes of no text": b"\xff\xfe", "half a line": b"a\rb"}.items():
        for header in (b"Authorization", b"If-None-Match", b"Idempotency-Key", b"X-Request-Id", b"Origin", b"Accept"):
            yield f"{header.decode()} with {name}", get(page, header + b": " + value + b"\r\n")


def _hash_floods(attacked):
    """As many names as fit, in all places where names are put into maps."""
    post = f"/api/v1/stories/{attacked.stories[0]}/replies"
    names = ["".join(chr(97 + (number >> shift & 15)) for shift in (0, 4, 8, 12)) for number in range(20_000)]
    headers = {"Authorization": f"Bearer {attacked.admin}"}
    members = ",".join(f'"{name}":0' for name in names)
    yield "names of a body", request("POST", post, headers, f"{{{members}}}".encode())
    yield "one name of a body", request("POST", post, headers, ("{" + '"body":"a",' * 20_000 + '"body":"a"}').encode())
    yield "names of an inner object", request("POST", post, headers, f'{{"body":{{{members}}}}}'.encode())
    put = (f"/api/v1/sites/{SITE}/policy", headers | {"If-Match": "*"})
    yield "names of a policy", request("PUT", *put, f"{{{members}}}".encode())
    yield "names of a query", request("GET", f"{post}?{'&'.join(names[:10_000])}")
    yield "names of headers", request("GET", post, {f"X-{name}": 0 for name in names[:90]})


def _endless(table, attacked):
    """Bodies without an end, as fast as they are taken: none is kept, and each is given up."""
    path = f"/api/v1/stories/{attacked.stories[0]}/replies"
    head = f"POST {path} HTTP/1.1\r\nHost: attacked\r\nAuthorization: Bearer {attacked.admin}\r\n"
    head += "Content-Type: application/json\r\n"
    piece = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    endless = {
        "a chunked body": (head + "Transfer-Encoding: chunked\r\n\r\n", piece),
        "a body of 2^60 bytes": (head + f"Content-Length: {1 << 60}\r\n\r\n", b" " * 0x10000),
        "a chunk's extension": (head + "Transfer-Encoding: chunked\r\n\r\n1;", b"a" * 0x10000),
        "a chunk's size": (head + "Transfer-Encoding: chunked\r\n\r\n", b"0" * 0x10000),
        "trailers": (head + "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n0\r\n", b"X-Trailer: a\r\n" * 4096),
        "a head": ("GET / HTTP/1.1\r\nHost: attacked\r\n", b"X-Header: a\r\n" * 4096),
        "requests behind one another": ("", request("GET", "/healthz") * 500),
    }
    for what, (begin, more) in endless.items():
        begun, sent = time.monotonic(), 0
        with connect(attacked.port, 5) as stream:
            try:
                stream.sendall(begin.encode())
                while time.monotonic() < begun + ENDLESS_SECONDS:
                    sent += stream.send(more)
                end = "still taken"
            except TimeoutError:
                # it is not read any more: what is left is to be cut off, which slow clients show
                end = "not taken any more"
            except OSError:
                end = "cut off"
        measured = f"{end} after {time.monotonic() - begun:.1f} s and {sent / MIB:.1f} MiB"
        table.add(f"9: endless: {what}", measured, f"an end within {ENDLESS_SECONDS} s", end != "still taken")


def _markdown(table, attacked):
    """Each shape, as long as a reply may be, rendered to the end."""
    token, slowest, bad = attacked.tokens[0], (0, ""), []
    for name, text in _shapes().items():
        text = text[:MOST_CHARS]
        sent = request("POST", "/api/v1/replies/preview", {"Authorization": f"Bearer {token}"}, {"body": text})
        answer = ask(attacked.port, sent, PATIENCE)
        slowest = max(slowest, (answer.seconds, name))
        if answer.status not in (200, 422):
            bad.append(f"{name}: {answer.status or answer.end}")
    what = f"9: {len(_shapes())} Markdown bombs of {MOST_CHARS:,} characters"
    table.add(f"{what}: 5xx or no end", bad[:3] or 0, "0", not bad)
    table.add(f"{what}: slowest", f"{ms(slowest[0])} ({slowest[1]})", "<= 1,000 ms each", slowest[0] <= 1)


def _shapes():
    """What made renderers of Markdown slow or deep, theirs and others'."""
    most = MOST_CHARS
    # fmt: off
    repeated = [
        "*", "_", "**a ", "*a_ ", "_a__", "a**b", "***", "*a **a ", "~~", "~a ", "`", "`a", "[", "]", "![", "[]",
        "[a](", "[a](<", "[a](b ", "[a][", "[a]: b\n", "[a]: <b>\n\n[a]\n", "[^a]", "[^a]: ", "<", "<a", "<!--", "<?",
        "<![CDATA[", "<!A", "</a ", "<a b='", "&", "&#", "&amp;", ">", "> ", ">\n", "- ", "* ", "1. ", "1) ", "-\n",
        "# ", "#\n", "=\n", "a\n=\n", "|", "|a|\n|-|\n", "\\", "\\\n", "  \n", "\t", "\n", "```\n", "~~~\n", "    a\n",
        "http://a", "www.a.", "http://a.b(", "a@b.", "https://a.b/?&amp;", ":", "\u200b", "\u202e", "\u0301",
        "\U0001f600",
    ]
    # fmt: on
    shapes = {repr(piece)[:24]: piece * (most // len(piece)) for piece in repeated}
    half = most // 2
    shapes |= {
        "quotes that nest": "".join(">" * depth + " a\n" for depth in range(1, 300)),
        "lists that nest": "".join(" " * depth * 2 + "- a\n" for depth in range(240)),
        "brackets that close": "[" * half + "]" * half,
        "links that nest": "[" * (half // 2) + "](a)" * (half // 4),
        "images that nest": "![" * (half // 3) + "](a)" * (half // 5),
        "emphasis that closes": "*a " * (half // 3) + "a* " * (half // 3),
        "stars of all lengths": "".join("*" * length + "a " for length in range(1, 340)),
        "backticks of all lengths": "".join("`" * length + "a " for length in range(1, 340)),
        "a title without an end": '[a](b "' * (most // 7),
        "definitions and uses": "[a]: b\n" + "[a]" * (most // 3 - 3),
        "a long line": "a" * most,
        "a long word in stars": "*" + "a" * (most - 2) + "*",
        "quotes in lists in quotes": "> - " * (most // 4),
        "lazy lines": "> a\n" + "a\n" * (half - 2),
        "tables": "|" + "a|" * 1000 + "\n|" + "-|" * 1000 + "\n" + ("|" * 1000 + "\n") * 50,
        "entities": "&nbsp;&lt;&#1234567;" * (most // 20),
    }
    return shapes
