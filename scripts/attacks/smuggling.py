"""Promise 9: requests that two readers would understand in two ways. Here each is one, or none."""

from concurrent.futures import ThreadPoolExecutor

from .raw import hear_all

# longer than a body may be awaited
PATIENCE = 12


def smuggling(table, blog):
    with blog.serve() as attacked:
        attacked.seed()
        shapes = _shapes(attacked)
        with ThreadPoolExecutor(len(shapes)) as pool:
            heard = list(pool.map(lambda sent: hear_all(attacked.port, sent, PATIENCE), shapes.values()))
        told = dict(zip(shapes, heard, strict=True))
        two = [f"{name}: {each.statuses}" for name, each in told.items() if len(each.statuses) > 1]
        table.add(f"9: smuggling, {len(shapes)} shapes: understood as two", two or 0, "0", not two)
        bad = [
            f"{name}: {each.statuses} {each.end}"
            for name, each in told.items()
            if name not in _ONE and (each.end == "open" or each.status not in (0, 400, 408))
        ]
        table.add("9: smuggling: what is no request is refused and its connection closed", bad or "all", "all", not bad)
        odd = [f"{name}: {told[name].statuses}" for name in _ONE if len(told[name].statuses) != 1 or told[name].is_bad]
        what = f"9: smuggling: {len(_ONE)} that are one request to all: answered once"
        table.add(what, odd or "all", "all", not odd)
        inner = [text for text in attacked.texts() if "smuggled" in text]
        table.add("9: smuggling: inner requests that did anything", len(inner), "0", not inner)


# what the standard (RFC 9112) lets be read in one way alone, however odd: the inner request is its body
_ONE = {
    "a length with a tab behind",
    "an underscore",
    "bare line feeds",
    "an empty line before",
    "upgrade to a socket",
    "upgrade",
    "a body that a GET has",
    "chunks that a GET has",
    "a flood of extensions",
    "trailers that say more",
    "a last chunk of many zeros",
}


def _shapes(attacked):
    page = f"/api/v1/stories/{attacked.stories[0]}/replies"
    auth = f"Authorization: Bearer {attacked.tokens[0]}\r\n"
    inner = attacked.post(attacked.stories[0], "smuggled", attacked.tokens[1])
    size = len(inner)

    def post(headers, body=inner, line=f"POST {page} HTTP/1.1"):
        head = f"{line}\r\nHost: attacked\r\n{auth}Content-Type: application/json\r\n"
        return head.encode() + (headers if isinstance(headers, bytes) else headers.encode()) + b"\r\n" + body

    def get(headers, body=inner):
        return post(headers, body, f"GET {page} HTTP/1.1")

    chunk = f"{size:x}\r\n".encode() + inner + b"\r\n0\r\n\r\n"
    # for who goes by the chunks the inner request is behind the end, for who goes by the length it is in the body
    behind = b"0\r\n\r\n" + inner
    both = f"Content-Length: {len(behind)}\r\n"
    te = "Transfer-Encoding: chunked\r\n"
    shapes = {
        "two lengths": post(f"Content-Length: 0\r\nContent-Length: {size}\r\n"),
        "two equal lengths": post(f"Content-Length: {size}\r\nContent-Length: {size}\r\n"),
        "a list of lengths": post(f"Content-Length: {size}, 0\r\n"),
        "a list of equal lengths": post(f"Content-Length: {size}, {size}\r\n"),
        "length and chunks": post(both + te, behind),
        "chunks and length": post(te + both, behind),
        "length 0 and chunks": post("Content-Length: 0\r\n" + te, chunk),
        "chunks in upper case and length": post(both + "TRANSFER-ENCODING: CHUNKED\r\n", behind),
        "xchunked": post(both + "Transfer-Encoding: xchunked\r\n", behind),
        "chunked, identity": post(both + "Transfer-Encoding: chunked, identity\r\n", behind),
        "identity, chunked": post(both + "Transfer-Encoding: identity, chunked\r\n", behind),
        "identity": post(both + "Transfer-Encoding: identity\r\n", behind),
        "gzip, chunked": post("Transfer-Encoding: gzip, chunked\r\n", behind),
        "chunked twice": post(te + te, behind),
        "chunked, chunked": post("Transfer-Encoding: chunked, chunked\r\n", behind),
        "two codings": post(te + "Transfer-Encoding: x\r\n" + both, behind),
        "a space before the colon": post(both + "Transfer-Encoding : chunked\r\n", behind),
        "a tab before the colon": post(both + "Transfer-Encoding\t: chunked\r\n", behind),
        "a space before the name": post(both + " Transfer-Encoding: chunked\r\n", behind),
        "a tab before the value": post(both + "Transfer-Encoding:\tchunked\r\n", behind),
        "a vertical tab": post(both + "Transfer-Encoding: \x0bchunked\r\n", behind),
        "a form feed": post(both + "Transfer-Encoding: chunked\x0c\r\n", behind),
        "quotes": post(both + 'Transfer-Encoding: "chunked"\r\n', behind),
        "a folded line": post(both + "Transfer-Encoding:\r\n chunked\r\n", behind),
        "a folded length": post(f"Content-Length:\r\n {size}\r\n"),
        "a line feed in a value": post(both + "X-A: a\nTransfer-Encoding: chunked\r\n", behind),
        "a carriage return in a value": post(both + "X-A: a\rTransfer-Encoding: chunked\r\n", behind),
        "a NUL in a value": post(both + "X-A: a\0\r\nTransfer-Encoding: chunked\r\n", behind),
        "an underscore": post(both + "Transfer_Encoding: chunked\r\n", behind),
        "a plus": post(f"Content-Length: +{size}\r\n"),
        "a minus": post(f"Content-Length: -{size}\r\n"),
        "hexadecimal": post(f"Content-Length: {size:#x}\r\n"),
        "a fraction": post(f"Content-Length: {size}.0\r\n"),
        "a length with a space in it": post("Content-Length: 1 0\r\n"),
        "a length with a tab behind": post(f"Content-Length: {size}\t\r\n"),
        "no length": post("Content-Length:\r\n"),
        "a length past all numbers": post(f"Content-Length: {1 << 64}\r\n"),
        "a length past all numbers by so much": post(f"Content-Length: {(1 << 64) + size}\r\n"),
        "a name with a NUL": post(f"Content-Length\0: {size}\r\n"),
        "no colon": post(f"Content-Length {size}\r\n"),
        "HTTP/1.0 with chunks": post(te, behind, f"POST {page} HTTP/1.0"),
        "HTTP/1.0 with both": post(both + te, behind, f"POST {page} HTTP/1.0"),
        "HTTP/0.9": b"GET /healthz\r\n" + inner,
        "HTTP/2's preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + inner,
        "HTTP/1.2": post(f"Content-Length: {size}\r\n", inner, f"POST {page} HTTP/1.2"),
        "HTTP/9.9": post(f"Content-Length: {size}\r\n", inner, f"POST {page} HTTP/9.9"),
        "two hosts": get("Host: elsewhere\r\n", b""),
        "no host": f"GET {page} HTTP/1.1\r\n\r\n".encode() + inner,
        "two spaces in the line": post(both, behind, f"POST  {page} HTTP/1.1"),
        "a tab in the line": post(both, behind, f"POST\t{page}\tHTTP/1.1"),
        "a line in the address": f"GET {page} HTTP/1.1\r\nX: a HTTP/1.1\r\n\r\n".encode() + inner,
        "upgrade": post(f"Connection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: {size}\r\n"),
        "upgrade to a socket": get(f"Connection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: {size}\r\n"),
        "a body that a GET has": get(f"Content-Length: {size}\r\n"),
        "chunks that a GET has": get(te, chunk),
        "bare line feeds": post(f"Content-Length: {size}\r\n").replace(b"\r\n", b"\n", 4),
        "carriage returns alone": post(f"Content-Length: {size}\r\n").replace(b"\r\n", b"\r", 4),
        "an empty line before": b"\r\n" + post(f"Content-Length: {size}\r\n"),
    }
    for name, size_line in {
        "a negative chunk": "-1",
        "a chunk with a plus": f"+{size:x}",
        "a chunk in 0x": f"0x{size:x}",
        "a chunk with an underscore": f"{size:x}_0",
        "a chunk with a space before": f" {size:x}",
        "a chunk past all numbers": "f" * 17,
        "a chunk past all numbers by so much": f"1{'0' * 16}{size:x}",
        "a chunk without a size": "",
        "an extension with a line feed": f"{size:x};a\nb",
        "an extension with a carriage return": f"{size:x};a\rb",
        "a flood of extensions": f"{size:x}" + ";a=b" * 20_000,
    }.items():
        shapes[name] = post(te, size_line.encode() + b"\r\n" + inner + b"\r\n0\r\n\r\n")
    shapes |= {
        "a chunk that ends in a line feed": post(te, f"{size:x}\n".encode() + inner + b"\n0\n\n"),
        "a chunk longer than it says": post(te, f"{size - 9:x}\r\n".encode() + inner + b"\r\n0\r\n\r\n"),
        "a chunk without its end": post(te, f"{size:x}\r\n".encode() + inner + b"0\r\n\r\n"),
        "trailers that say more": post(te, b"2\r\n{}\r\n0\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n"),
        "a last chunk of many zeros": post(te, b"2\r\n{}\r\n" + b"0" * 100 + b"\r\n\r\n"),
    }
    return shapes
