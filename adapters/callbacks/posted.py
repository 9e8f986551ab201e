"""A request as it came in, before anybody believes a word of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime


class Forged(Exception):  # noqa: N818 - not an error of ours
    """Its signature or its time does not fit: nothing of it is read."""


class Unreadable(Exception):  # noqa: N818 - not an error of ours
    """It is genuine, and not of the shape that its provider describes."""


class Misset(Exception):  # noqa: N818 - a sentence for whoever runs the service
    """A secret of ours cannot be used; the message names it."""


@dataclass(frozen=True, slots=True)
class Posted:
    """`address` is the public address that it was posted to, as whoever signed it wrote it.

    The names of `headers` are in small letters; `at` is when it came in.
    """

    address: str
    headers: Mapping[str, str]
    body: bytes
    at: datetime

    @property
    def text(self) -> str:
        """The body as text; Unreadable where it is none."""
        try:
            return self.body.decode()
        except UnicodeDecodeError as wrong:
            raise Unreadable("the body is not UTF-8") from wrong


def instant_of(seconds: object) -> datetime | None:
    """An instant from Unix seconds; None for what is none."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def plain(text: object) -> str:
    """Text as it can be kept and shown, lines and all; empty for what is no text.

    >>> plain("he is ill" + chr(0)), plain(7)
    ('he is ill ', '')
    """
    if not isinstance(text, str):
        return ""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(char if char.isprintable() or char == "\n" else " " for char in lines)
