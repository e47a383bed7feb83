"""Normal reads, from a process of their own, while something else goes on."""

import http.client
import json
import random
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field

READERS = 4
# Between two reads of one reader: some 300 a second of all, which leaves the machine to what is measured beside.
PAUSE = 0.01
TIMEOUT = 10


@dataclass
class Reads:
    """What came of them."""

    p99: float = 0.0
    count: int = 0
    failed: list = field(default_factory=list)


def read(port, paths, seconds):
    """Reads for so long."""
    with reading(port, paths) as reads:
        time.sleep(seconds)
    return reads


@contextmanager
def reading(port, paths):
    """Reads while the block runs; what came of them is there behind it."""
    command = [sys.executable, __file__, str(port)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    reads = Reads()
    try:
        process.stdin.write(json.dumps(paths) + "\n")
        process.stdin.flush()
        yield reads
        # the end of its input ends it
        output, _ = process.communicate(timeout=2 * TIMEOUT)
        told = json.loads(output)
        latencies = sorted(told["latencies"])
        reads.count, reads.failed = len(latencies), told["failed"]
        reads.p99 = latencies[int(len(latencies) * 0.99)] if latencies else float("inf")
    finally:
        process.kill()
        process.wait()


def _main(port):
    paths = json.loads(sys.stdin.readline())
    latencies, failed, is_over = [], [], threading.Event()

    def reader(number):
        chosen = random.Random(number)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
        while not is_over.wait(PAUSE):
            path = chosen.choice(paths)
            begun = time.monotonic()
            try:
                connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
                answer = connection.getresponse()
                answer.read()
                if answer.status != 200:
                    failed.append(f"{path}: {answer.status}")
            except (OSError, http.client.HTTPException) as error:
                failed.append(f"{path}: {error!r}")
                connection.close()
            latencies.append(time.monotonic() - begun)

    threads = [threading.Thread(target=reader, args=(number,)) for number in range(READERS)]
    for thread in threads:
        thread.start()
    sys.stdin.read()
    is_over.set()
    for thread in threads:
        thread.join()
    json.dump({"latencies": latencies, "failed": failed}, sys.stdout)


if __name__ == "__main__":
    _main(int(sys.argv[1]))
