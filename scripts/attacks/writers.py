"""Writers that go on, each reply with a key of its own; what fails is sent again under the same key."""

import threading
import time
from contextlib import contextmanager

from .raw import ask

PAUSE = 0.02


class Writers:
    """So many of them, to wherever the service is."""

    def __init__(self, attacked, count, name):
        self.attacked, self.name = attacked, name
        self.acknowledged, self.answers = [], []
        self._lock, self._is_over = threading.Lock(), threading.Event()
        self._threads = [threading.Thread(target=self._write, args=(number,)) for number in range(count)]

    @contextmanager
    def at_work(self):
        for thread in self._threads:
            thread.start()
        try:
            yield self
        finally:
            self._is_over.set()
            for thread in self._threads:
                thread.join()

    def _write(self, number):
        reply = 0
        while not self._is_over.is_set():
            text = f"{self.name} {reply} of writer {number}"
            story = self.attacked.stories[number % len(self.attacked.stories)]
            token = self.attacked.tokens[number]
            sent = self.attacked.post(story, text, token, f"{self.name}-{number}-{reply}".replace(" ", "-"))
            while not self._is_over.is_set():
                begun = time.monotonic()
                try:
                    heard = ask(self.attacked.port, sent)
                except OSError:
                    time.sleep(PAUSE)
                    continue
                with self._lock:
                    self.answers.append((begun, heard))
                    if heard.status == 201:
                        self.acknowledged.append(text)
                if heard.status == 201:
                    reply += 1
                    break
                time.sleep(PAUSE)

    def lost_and_doubled(self, texts):
        """Acknowledged replies that are not there, and any that are there more than once."""
        lost = [text for text in self.acknowledged if f"<p>{text}</p>" not in texts]
        return lost, [text for text, count in texts.items() if count > 1 and self.name in text]
