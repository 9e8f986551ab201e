"""The door that every post from outside comes through: whether it is believed, and what it is answered."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from adapters.callbacks.flood import Flood
from adapters.callbacks.posted import Forged, Misset, Posted, Unreadable
from adapters.store.problems import StoreProblem
from workflows.receipts import Receipts, Took
from workflows.replies import Replies

if TYPE_CHECKING:
    from starlette.requests import Request

    from adapters.config import Config
    from adapters.serve.figures import Figures
    from adapters.store import SqlStore
    from workflows.heard import Receipt, Words
    from workflows.ports import Clock

MOST_BYTES = 256 * 1024
_AGAIN_AFTER = {"Retry-After": "60"}
_TAKEN = 200


class TooLarge(Exception):  # noqa: N818 - not an error of ours
    """A body over MOST_BYTES."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a genuine post says."""

    receipts: Sequence[Receipt] = ()
    words: Sequence[Words] = ()


@dataclass(frozen=True, slots=True)
class Route:
    """One address that a provider posts to; `secret` names the variable that its posts are verified by.

    `read` makes what is said of a post, the secret, and what stands in the path; it raises Forged, Misset or
    Unreadable. `answer` is the body of the answer, empty but for Twilio's replies.
    """

    path: str
    provider: str
    secret: str
    read: Callable[[Posted, str, Mapping[str, str]], Said]
    answer: str = ""


@dataclass(slots=True)
class Door:
    """The service's side: settings, secrets, a store of its own (`opened` opens it), figures and log."""

    config: Config
    secrets: Mapping[str, str]
    opened: Callable[[], SqlStore]
    clock: Clock
    figures: Figures
    flood: Flood = field(default_factory=Flood)
    _said: set[str] = field(default_factory=set)
    _store: SqlStore | None = None
    _opening: Lock = field(default_factory=Lock)

    async def answer(self, route: Route, request: Request) -> Response:
        """What a post is answered; what it says is kept before that, so that the provider need not repeat it.

        404 while it is not set up, 429 in a flood, 413 for what is too large, 403 for what is not genuine,
        400 for what cannot be read, 503 where the store is in use: the provider tries again.
        """
        secret, sender = self.secrets.get(route.secret, ""), request.client.host if request.client else ""
        if not self.config.public_address or not secret:
            key = route.secret if self.config.public_address else "public_address"
            return self._off(route, f"{key} is not set: set it, or take the address out at {route.provider}")
        if self.flood.shut_out(sender, time.monotonic()):
            return self._came(route, "shut_out", 429, _AGAIN_AFTER)
        try:
            body = await _body(request)
        except TooLarge:
            self.flood.failed(sender, time.monotonic())
            return self._came(route, "too_large", 413)
        posted = Posted(self._address(request), dict(request.headers), body, self.clock())
        try:
            came = await run_in_threadpool(self._take, route, posted, secret, request.path_params)
        except Forged:
            self.flood.failed(sender, time.monotonic())
            return self._came(route, "forged", 403)
        except Misset as wrong:
            return self._off(route, str(wrong))
        except Unreadable as wrong:
            structlog.get_logger().error("callback_unreadable", provider=route.provider, because=str(wrong))
            return self._came(route, "unreadable", 400)
        except StoreProblem as wrong:
            structlog.get_logger().error("callback_not_kept", provider=route.provider, because=str(wrong))
            return self._came(route, "not_kept", 503, _AGAIN_AFTER)
        for what, times in came.items():
            self.figures.callbacks.labels(route.provider, what).inc(times)
        kind = "text/xml" if route.answer else None
        return Response(route.answer, _TAKEN, media_type=kind)

    def close(self) -> None:
        """Let go of the store, if it was opened."""
        if self._store is not None:
            self._store.close()
            self._store = None

    def _take(self, route: Route, posted: Posted, secret: str, asked: Mapping[str, str]) -> dict[str, int]:
        """Keep what a genuine post says; how much of it was new, was there before, and was about nothing."""
        said = route.read(posted, secret, asked)
        with self._opening:
            self._store = self._store or self.opened()
        settings = self.config.settings
        took = Receipts(self._store, self.clock, settings).take(said.receipts) if said.receipts else Took()
        replies = Replies(self._store, self.clock, settings)
        new = [replies.take(words) for words in said.words]
        return {"new": took.new + sum(new), "again": took.again + new.count(False), "unknown": took.unknown}

    def _address(self, request: Request) -> str:
        """The public address of a request: what stands before us is not what the provider signed."""
        query = f"?{request.url.query}" if request.url.query else ""
        return f"{self.config.public_address.rstrip('/')}{request.url.path}{query}"

    def _off(self, route: Route, because: str) -> Response:
        """It is not set up: said in the log once, and to whoever asks that nothing is here."""
        if because not in self._said:
            self._said.add(because)
            structlog.get_logger().error("callbacks_off", provider=route.provider, because=because)
        return self._came(route, "off", 404)

    def _came(
        self, route: Route, what: str, status: int, headers: Mapping[str, str] | None = None
    ) -> Response:
        self.figures.callbacks.labels(route.provider, what).inc()
        return Response(status_code=status, headers=headers)


async def _body(request: Request) -> bytes:
    """The whole body; TooLarge as soon as it is."""
    said = request.headers.get("content-length", "")
    if said.isdecimal() and int(said) > MOST_BYTES:
        raise TooLarge
    parts = bytearray()
    async for part in request.stream():
        parts += part
        if len(parts) > MOST_BYTES:
            raise TooLarge
    return bytes(parts)
