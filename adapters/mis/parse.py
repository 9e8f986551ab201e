"""One cell of a file to one value: every parser takes stripped, non-empty text or raises Misread."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from difflib import get_close_matches

from engine.instants import read_instant
from engine.records import HALVES

REFUSE = object()
"""Stands for "no value can be put in its place"."""

SHOWN = 40
LONGEST_NAME = 200
LONGEST_TEXT = 4_000

_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_SLASHED = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::00)?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_UNSEEN = re.compile(r"[\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]+")
_YEARS = range(1900, 2101)

_YES = frozenset({"1", "yes", "y", "true", "t"})
_NO = frozenset({"0", "no", "n", "false", "f", "none", "nil", "n/a", "-"})


class Misread(Exception):  # noqa: N818  # a sentence for a person, not a name in a traceback
    """A cell that does not say what its column should say.

    `instead` is the value taken in its place with a warning; where it is REFUSE the column's own
    default is taken, or the row is refused. `kind` gathers equal warnings on one line.
    """

    def __init__(self, reason: str, instead: object = REFUSE, kind: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.instead = instead
        self.kind = kind


def near(word: str, known: Iterable[str]) -> str:
    """A closing `; did you mean x?` where one of the known words is near, else nothing.

    >>> near("secondry", ["primary", "secondary"])
    '; did you mean secondary?'
    """
    found = get_close_matches(word.lower(), list(known), n=1, cutoff=0.6)
    return f"; did you mean {found[0]}?" if found else ""


def shown(cell: str) -> str:
    """The cell in quotes, cut where it is long."""
    return f"'{cell}'" if len(cell) <= SHOWN else f"'{cell[:SHOWN]}…'"


def clean(cell: str) -> str:
    r"""The cell as people see it, on one line: controls become spaces, what is unseen goes.

    Two ids that look the same are the same, and no name turns the words around it about; the two
    joiners of Persian and Indian names stay.

    >>> clean("\u202eP1\u200b "), clean("Zoe\x1b[31m")
    ('P1', 'Zoe [31m')
    """
    return cell.strip() if cell.isprintable() else " ".join(_CONTROL.sub(" ", _UNSEEN.sub("", cell)).split())


def text(cell: str) -> str:
    """The text as it stands; one that nobody would type whole is refused."""
    return _within(cell, LONGEST_TEXT)


def name(cell: str) -> str:
    """A name or an id as it stands."""
    return _within(cell, LONGEST_NAME)


def _within(cell: str, longest: int) -> str:
    if len(cell) > longest:
        raise Misread(f"{shown(cell)} has {len(cell):,} characters, {longest:,} are the most")
    return cell


def day(cell: str) -> date:
    """An ISO date.

    >>> day("2025-09-15")
    datetime.date(2025, 9, 15)
    """
    iso = _ISO_DAY.fullmatch(cell)
    if not iso:
        slashed = _SLASHED.fullmatch(cell)
        english = bool(slashed and int(slashed[2]) <= 12)
        hint = (
            f" {slashed[3]}-{slashed[2]:0>2}-{slashed[1]:0>2}" if slashed and english else " as in 2025-09-15"
        )
        raise Misread(f"{shown(cell)} is not an ISO date: write year-month-day,{hint}")
    year, month, of_month = (int(part) for part in iso.groups())
    if year not in _YEARS:
        raise Misread(f"the year of {cell} cannot be meant: dates run from 1900 to 2100")
    if not 1 <= month <= 12:
        raise Misread(f"there is no month {month} in {cell}: write year-month-day")
    last = monthrange(year, month)[1]
    if not 1 <= of_month <= last:
        raise Misread(f"there is no such day as {cell}: that month has {last} days")
    return date(year, month, of_month)


def clock(cell: str) -> time:
    """A time of day, local.

    >>> clock("8:45")
    datetime.time(8, 45)
    """
    found = _CLOCK.fullmatch(cell)
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        raise Misread(f"{shown(cell)} is not a time of day: write hours and minutes, such as 09:15")
    return time(int(found[1]), int(found[2]))


def instant(cell: str) -> datetime:
    """An ISO date and time, in UTC; without an offset it is Europe/London.

    >>> instant("2025-07-01T09:20").isoformat()
    '2025-07-01T08:20:00+00:00'
    """
    try:
        return read_instant(cell)
    except (ValueError, OverflowError) as wrong:
        raise Misread(f"{shown(cell)} is not an instant: write it as 2025-09-15T09:20") from wrong


def whole(least: int, most: int) -> Callable[[str], int]:
    """A parser for whole numbers from `least` to `most`."""

    def parse(cell: str) -> int:
        if not (cell.isascii() and cell.isdigit() and len(cell) < 10 and least <= int(cell) <= most):
            raise Misread(f"{shown(cell)} is not a whole number from {least} to {most}")
        return int(cell)

    return parse


def one_of(known: Iterable[str]) -> Callable[[str], str]:
    """A parser for one of a few words, capitals or not."""
    words = tuple(known)

    def parse(cell: str) -> str:
        word = cell.lower()
        if word not in words:
            raise _strange(cell, words)
        return word

    return parse


def listed(cell: str) -> tuple[str, ...]:
    """The items of a list with `;` between them, as they stand.

    >>> listed("7; 8;")
    ('7', '8')
    """
    return tuple(item for item in (part.strip() for part in cell.split(";")) if item)


def listed_words(known: Iterable[str] = ()) -> Callable[[str], tuple[str, ...]]:
    """A parser for lists of words in small letters; a word that is not known is taken with a warning."""
    allowed = tuple(known)

    def parse(cell: str) -> tuple[str, ...]:
        words = listed(cell.lower())
        for word in words:
            if allowed and word not in allowed:
                raise _strange(word, allowed, words)
        return words

    return parse


def one_word(known: Iterable[str]) -> Callable[[str], str]:
    """A parser for one word in small letters; one that is not known is taken with a warning."""
    allowed = tuple(known)

    def parse(cell: str) -> str:
        word = name(cell).lower()
        if word not in allowed:
            raise _strange(word, allowed, word)
        return word

    return parse


def session(cell: str) -> str:
    """AM or PM, capitals or not."""
    half = cell.upper()
    if half not in HALVES:
        raise Misread(f"{shown(cell)} is no session: write {' or '.join(HALVES)}")
    return half


minutes_late = whole(0, 720)
"""Whole minutes, at most half a day."""


def yes_no(cell: str) -> bool:
    """A boolean, 0 or 1; a plain yes or no is taken with a warning."""
    if cell in {"0", "1"}:
        return cell == "1"
    word = cell.lower()
    if word in _YES or word in _NO:
        answer = word in _YES
        raise Misread("booleans are written 0 or 1, not in words", answer, kind=str(answer))
    raise Misread("neither 0 nor 1")


def _strange(word: str, known: tuple[str, ...], instead: object = REFUSE) -> Misread:
    return Misread(f"{shown(word)} is none of {', '.join(known)}{near(word, known)}", instead, kind=word)
