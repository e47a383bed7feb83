"""People who sign in again and again, and come back when told to; prints how often each status was answered."""

import collections
import sys
import threading
import time

from .blog import READERS, sign_in
from .raw import ask


def _main(port, people, seconds):
    told, lock = collections.Counter(), threading.Lock()
    until = time.monotonic() + seconds

    def person(number):
        while time.monotonic() < until:
            heard = ask(port, sign_in(number % READERS))
            with lock:
                told[heard.status] += 1
            if heard.status == 503:
                time.sleep(1)

    threads = [threading.Thread(target=person, args=(number,)) for number in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for status, count in told.items():
        print(status, count)


if __name__ == "__main__":
    _main(*map(int, sys.argv[1:]))
