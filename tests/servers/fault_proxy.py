"""A proxy of ours before a provider: it passes requests on, or fails in one of the ways networks do.

It writes down what the provider behind accepted. A provider that remembers nothing itself (one generated
from a contract) is asked later through the same book. Hooks hear of each acceptance: receipts can follow,
twice, or in the wrong order, or before the answer itself.
"""

from __future__ import annotations

import http.client
import json
import threading
from collections import deque
from collections.abc import Callable
from enum import Enum
from typing import Final
from urllib.parse import urlsplit

from tests.servers.book import Book, standing_in
from tests.servers.loopback import Answer, Answering, Asked, Dropped

RETRY_AFTER: Final = "7"
_LOST: Final = {"host", "content-length", "transfer-encoding", "connection", "accept-encoding"}


class Fault(Enum):
    """What goes wrong with the next message handed over."""

    NOTHING = "nothing"
    TOO_MANY = "429, to be tried again after a while"
    BROKEN = "500, and it was not taken"
    BROKEN_AFTER = "500, though it was taken"
    SLOW = "taken, but the answer comes too late"
    DROPPED_BEFORE = "cut off before it was passed on"
    DROPPED_AFTER = "cut off after it was taken"


LOST_BUT_TAKEN: Final = (Fault.BROKEN_AFTER, Fault.SLOW, Fault.DROPPED_AFTER)


class FaultProxy:
    """Answers for `upstream` (None: for the book itself); `faults` are for the next messages, in order.

    `late` is set to let a slow answer go; `hooks` get the request and the acceptance.
    """

    def __init__(self, book: Book, upstream: Answering | None = None) -> None:
        self.book = book
        self.faults: deque[Fault] = deque()
        self.hooks: list[Callable[[Asked, Answer], None]] = []
        self.late = threading.Event()
        self._upstream = upstream
        self._one = threading.Lock()

    def __call__(self, asked: Asked) -> Answer:
        """One request."""
        if not self.book.sends(asked):
            return self.book.refusal(asked) or self.book.look_up(asked)
        with self._one:
            fault = self.faults.popleft() if self.faults else Fault.NOTHING
        if fault is Fault.TOO_MANY:
            return Answer(429, {"errors": []}, {"Retry-After": RETRY_AFTER})
        if fault is Fault.BROKEN:
            return Answer(500, {"errors": []})
        if fault is Fault.DROPPED_BEFORE:
            raise Dropped
        answer = self._pass_on(asked)
        if fault is Fault.SLOW:
            self.late.wait(timeout=30)
        if fault is Fault.DROPPED_AFTER:
            raise Dropped
        return Answer(500, {"errors": []}) if fault is Fault.BROKEN_AFTER else answer

    def _pass_on(self, asked: Asked) -> Answer:
        with self._one:
            if self._upstream is None:
                answer = standing_in(self.book, asked)
            else:
                answer = self._upstream(asked)
                if answer.status < http.client.MULTIPLE_CHOICES:
                    self.book.remember(asked, answer)
        if answer.status < http.client.MULTIPLE_CHOICES:
            for hook in self.hooks:
                hook(asked, answer)
        return answer


def over_http(address: str) -> Answering:
    """What a server at an address answers."""
    host = urlsplit(address).netloc

    def ask(asked: Asked) -> Answer:
        connection = http.client.HTTPConnection(host, timeout=30)
        try:
            headers = {name: value for name, value in asked.headers.items() if name.lower() not in _LOST}
            connection.request(asked.method, asked.target, asked.body, headers)
            answer = connection.getresponse()
            content = answer.read()
            kept = {name: value for name, value in answer.getheaders() if name.lower().startswith("x-")}
            return Answer(answer.status, json.loads(content) if content else None, kept)
        finally:
            connection.close()

    return ask
