"""Windows: which days, and so which sessions, a measure looks at, for a whole vector of instants at once.

A window is a run of days. Its sessions are a pair of indices [lo, hi) for each instant; `hi` is never past
the last session whose register has closed (semantics 3).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from engine.calendar import Calendar, Span
from engine.instants import Instants, local

TODAY = "today"
YEAR_TO_DATE = "year to date"
WHOLE_REGISTER = "whole register"
_SCHOOL = ("school days", "school weeks")
_OF_TERMS = {"this half-term": 0, "last half-term": 1, "this term": 0, "last term": 1}
_LAST = re.compile(r"last ([0-9]{1,3}) (school days|school weeks|days|months|years)")
_BEFORE = re.compile(r"the ([0-9]{1,3}) (school days|school weeks) before the last ([0-9]{1,3})")
_SHOWN = 40
_MONTHS = {"months": 1, "years": 12}
SPELLINGS = (
    TODAY,
    "last 5 school days",
    "last 4 school weeks",
    "the 4 school weeks before the last 4",
    YEAR_TO_DATE,
    WHOLE_REGISTER,
    "last 30 days",
    "last 6 months",
    "last 3 years",
    *_OF_TERMS,
)
_EVER = 1
"""The ordinal of the first day there is."""


@dataclass(frozen=True, slots=True, eq=False)
class Bounds:
    """Session indices `lo` (inside) and `hi` (outside) for each instant, both of length T."""

    lo: NDArray[np.int64]
    hi: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Days:
    """The `first` and the `last` day (ordinals, both inside) for each instant, both of length T.

    `told` is false where the school's facts do not say which days they are.
    """

    first: NDArray[np.int64]
    last: NDArray[np.int64]
    told: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Window:
    """A window by its words.

    `today`, `last n school days|school weeks|days|months|years`, `the n school days|weeks before the last m`,
    `this|last half-term|term`, `year to date`, `whole register`; `passed` is m. Of all of them the last
    `grace` school days may be left out.
    """

    words: str
    unit: str
    count: int = 0
    passed: int = 0
    grace: int = 0

    @classmethod
    def parse(cls, words: str) -> Window:
        """The window that some words name; a ValueError lists the words allowed.

        >>> Window.parse("last 10 school weeks").count
        10
        """
        if words in {TODAY, YEAR_TO_DATE, WHOLE_REGISTER, *_OF_TERMS}:
            return cls(words, words)
        found = _LAST.fullmatch(words)
        if found and int(found[1]) > 0:
            return cls(words, found[2], int(found[1]))
        before = _BEFORE.fullmatch(words)
        if before and int(before[1]) > 0 and int(before[3]) > 0:
            return cls(words, before[2], int(before[1]), int(before[3]))
        shown = words if len(words) <= _SHOWN else f"{words[:_SHOWN]}…"
        raise ValueError(f"{shown!r} is not a window; windows are: {', '.join(SPELLINGS)} (any number)")

    def bounds(self, calendar: Calendar, instants: Instants) -> Bounds:
        """The sessions of this window as of each instant, in that school's calendar."""
        return _bounds(self, calendar, instants)

    def latest(self, calendar: Calendar, instants: Instants) -> NDArray[np.int64]:
        """The session after the last one looked at as of each instant: closed, and out of its grace."""
        closed = calendar.closed(instants).astype(np.int64)
        if not self.grace:
            return closed
        begins = _nth_back(calendar.days, instants.days.astype(np.int64), self.grace)
        return np.minimum(np.searchsorted(calendar.day, begins), closed)

    def without_last(self, grace: int) -> Window:
        """The same window without the last so many school days: it ends, and reaches back, that much earlier.

        >>> Window.parse("last 4 school weeks").without_last(5).words
        'last 4 school weeks, but the last 5 school days'
        """
        if not grace:
            return self
        days = f"{grace} school days" if grace > 1 else "school day"
        return replace(self, words=f"{self.words}, but the last {days}", grace=grace)

    def days(self, calendar: Calendar, instants: Instants) -> Days:
        """The days of this window as of each instant; none is later than that of the instant.

        >>> from engine.sample import AFTER, school
        >>> found = Window.parse("last 1 school weeks").days(school("// // //").calendar, AFTER)
        >>> [date.fromordinal(int(day)).day for day in (*found.first, *found.last)]
        [8, 11]
        """
        today = instants.days.astype(np.int64)
        # What begins on a day of its own begins there whatever is left out.
        if self.grace and self.count and calendar.day.size:
            latest = self.latest(calendar, instants)
            today = np.where(latest > 0, calendar.day[latest - 1], today)
        told = np.ones(today.size, dtype=np.bool_)
        if self.unit == TODAY:
            return Days(today, today, told)
        if self.unit in _SCHOOL:
            last = self._nth_back(calendar, today, self.passed) - 1 if self.passed else today
            return Days(self._nth_back(calendar, today, self.count + self.passed), last, told)
        if self.unit in _OF_TERMS:
            spans = calendar.half_terms if self.unit.endswith("half-term") else calendar.terms
            return self._days_of_terms(calendar, spans, today) if spans else Days(today + 1, today, ~told)
        return Days(np.array(list(self._begins(calendar, today)), dtype=np.int64), today, told)

    def told(self, calendar: Calendar, instants: Instants) -> NDArray[np.bool_]:
        """Whether the school's facts say which days it holds, as of each instant (T)."""
        return _days(self, calendar, instants).told

    @property
    def before(self) -> Window:
        """The window of the same length just before this one; only school days and weeks have one.

        >>> Window.parse("last 4 school weeks").before.words
        'the 4 school weeks before the last 4'
        """
        if self.unit not in _SCHOOL:
            raise ValueError(f"there is no window before {self.words!r}: use last n school days or weeks")
        ends = self.passed + self.count
        before = Window.parse(f"the {self.count} {self.unit} before the last {ends}")
        return before.without_last(self.grace)

    def _nth_back(self, calendar: Calendar, today: NDArray[np.int64], count: int) -> NDArray[np.int64]:
        """The first day of the `count`-th last school day or week that has begun, or of the calendar."""
        return _nth_back(calendar.days if self.unit == "school days" else calendar.weeks, today, count)

    def _begins(self, calendar: Calendar, days: NDArray[np.int64]) -> Iterator[int]:
        """The first day for each last one, of a window that goes up to it whatever the calendar holds."""
        for today in map(date.fromordinal, days.tolist()):
            if self.unit == WHOLE_REGISTER:
                yield _EVER
            elif self.unit == YEAR_TO_DATE:
                yield calendar.year_begins(today).toordinal()
            elif self.unit == "days":
                yield today.toordinal() - self.count + 1
            else:
                yield _months_before(today, self.count * _MONTHS[self.unit]).toordinal() + 1

    def _days_of_terms(self, calendar: Calendar, spans: Sequence[Span], today: NDArray[np.int64]) -> Days:
        """The half-term or term begun last, or the one before it; none where that is not known to have been.

        Sessions between two, or after the one begun last, belong to one that nobody has told.
        """
        starts, ends = np.array([(first.toordinal(), last.toordinal()) for _, first, last in spans]).T
        latest = np.searchsorted(starts, today, side="right") - 1
        held = np.searchsorted(calendar.day, np.minimum(today, ends[latest]), side="right")
        told = (latest >= 0) & (np.searchsorted(calendar.day, today, side="right") == held)
        wanted = latest - _OF_TERMS[self.unit]
        there, at = wanted >= 0, np.maximum(wanted, 0)
        if self.unit.startswith("last"):
            ended = np.where(there, np.searchsorted(calendar.day, ends[at], side="right"), 0)
            told &= ended >= np.searchsorted(calendar.day, starts[latest])
        first = np.where(there, starts[at], today + 1)
        return Days(first, np.where(there, np.minimum(ends[at], today), today), told)


@lru_cache(maxsize=64)  # of the school at hand: many clauses speak of the same window
def _days(window: Window, calendar: Calendar, instants: Instants) -> Days:
    return window.days(calendar, instants)


@lru_cache(maxsize=64)
def _bounds(window: Window, calendar: Calendar, instants: Instants) -> Bounds:
    days, closed = _days(window, calendar, instants), window.latest(calendar, instants)
    hi = np.minimum(np.searchsorted(calendar.day, days.last, side="right"), closed)
    return Bounds(np.minimum(np.searchsorted(calendar.day, days.first), hi), hi)


def _nth_back(starts: NDArray[np.int32], today: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """The `count`-th last of some first days that has come by each day, or the earliest of them.

    Where there are none no session is, from whichever day on.
    """
    if not starts.size:
        return today
    begun = np.searchsorted(starts, today, side="right")
    return starts[np.maximum(begun - count, 0)].astype(np.int64)


def _months_before(day: date, count: int) -> date:
    """The same day so many months earlier; the last of its month where there is no such day.

    >>> _months_before(date(2026, 5, 31), 3).isoformat()
    '2026-02-28'
    """
    month = day.year * 12 + day.month - 1 - count
    first = date(month // 12, month % 12 + 1, 1)
    after = date((month + 1) // 12, (month + 1) % 12 + 1, 1)
    return min(first + (day - day.replace(day=1)), date.fromordinal(after.toordinal() - 1))


def year_end(calendar: Calendar, instants: Instants) -> NDArray[np.int64]:
    """The session after the last of the school year that each instant lies in; 0 where it has none.

    >>> from engine.sample import AFTER, school
    >>> year_end(school("// // // // //").calendar, AFTER).tolist()
    [10]
    """
    label_of = [calendar.years[number] for number in calendar.year_no]
    ends = {label: session + 1 for session, label in enumerate(label_of)}
    return np.array(
        [ends.get(calendar.year_of(moment.date()), 0) for moment in _local(instants)], dtype=np.int64
    )


def _local(instants: Instants) -> list[datetime]:
    return [local(moment) for moment in instants.moments]
