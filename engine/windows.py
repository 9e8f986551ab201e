"""Windows: which sessions a measure looks at, for a whole vector of as-of instants at once.

A window is a pair of session indices [lo, hi) for each instant; `hi` is never past the last session
whose register has closed (semantics 3).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from engine.calendar import Calendar
from engine.instants import Instants, local

TODAY = "today"
YEAR_TO_DATE = "year to date"
WHOLE_REGISTER = "whole register"
_LAST = re.compile(r"last ([0-9]{1,3}) school (days|weeks)")
_BEFORE = re.compile(r"the ([0-9]{1,3}) school (days|weeks) before the last ([0-9]{1,3})")
SPELLINGS = (
    TODAY,
    "last 5 school days",
    "last 4 school weeks",
    "the 4 school weeks before the last 4",
    YEAR_TO_DATE,
    WHOLE_REGISTER,
)


@dataclass(frozen=True, slots=True, eq=False)
class Bounds:
    """Session indices `lo` (inside) and `hi` (outside) for each instant, both of length T."""

    lo: NDArray[np.int64]
    hi: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Window:
    """A window by its words.

    `today`, `last n school days|weeks`, `the n school days|weeks before the last m`, `year to date`,
    `whole register`; `passed` is m. Of all of them the last `grace` school days may be left out.
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
        if words in {TODAY, YEAR_TO_DATE, WHOLE_REGISTER}:
            return cls(words, words)
        found = _LAST.fullmatch(words)
        if found and int(found[1]) > 0:
            return cls(words, found[2], int(found[1]))
        before = _BEFORE.fullmatch(words)
        if before and int(before[1]) > 0 and int(before[3]) > 0:
            return cls(words, before[2], int(before[1]), int(before[3]))
        raise ValueError(f"{words!r} is not a window; windows are: {', '.join(SPELLINGS)} (any number)")

    def bounds(self, calendar: Calendar, instants: Instants) -> Bounds:
        """The sessions of this window as of each instant, in that school's calendar."""
        closed, days = self.latest(calendar, instants), instants.days
        if self.grace:
            days = np.append(calendar.day, np.int32(0))[closed - 1]
        if self.passed:
            closed = np.minimum(self._first_of(calendar, days, self.passed), closed)
        return Bounds(np.minimum(self._first(calendar, instants, days), closed), closed)

    def latest(self, calendar: Calendar, instants: Instants) -> NDArray[np.int64]:
        """The session after the last one looked at as of each instant: closed, and out of its grace."""
        closed = calendar.closed(instants).astype(np.int64)
        if not self.grace:
            return closed
        return np.minimum(_nth_back(calendar.days, calendar.day_no, instants.days, self.grace), closed)

    def without_last(self, grace: int) -> Window:
        """The same window without the last so many school days: it ends, and reaches back, that much earlier.

        >>> Window.parse("last 4 school weeks").without_last(5).words
        'last 4 school weeks, but the last 5 school days'
        """
        if not grace:
            return self
        days = f"{grace} school days" if grace > 1 else "school day"
        return replace(self, words=f"{self.words}, but the last {days}", grace=grace)

    @property
    def before(self) -> Window:
        """The window of the same length just before this one; only school days and weeks have one.

        >>> Window.parse("last 4 school weeks").before.words
        'the 4 school weeks before the last 4'
        """
        if not self.count:
            raise ValueError(f"there is no window before {self.words!r}: use last n school days or weeks")
        ends = self.passed + self.count
        before = Window.parse(f"the {self.count} school {self.unit} before the last {ends}")
        return before.without_last(self.grace)

    def _first(self, calendar: Calendar, instants: Instants, days: NDArray[np.int32]) -> NDArray[np.int64]:
        if self.unit == TODAY:
            return np.searchsorted(calendar.day, instants.days, side="left").astype(np.int64)
        if self.count:
            return self._first_of(calendar, days, self.count + self.passed)
        if self.unit == YEAR_TO_DATE:
            return _year_start(calendar, instants)
        return np.zeros(instants.days.size, dtype=np.int64)

    def _first_of(self, calendar: Calendar, days: NDArray[np.int32], count: int) -> NDArray[np.int64]:
        if self.unit == "days":
            return _nth_back(calendar.days, calendar.day_no, days, count)
        return _nth_back(calendar.weeks, calendar.week_no, days, count)


def _nth_back(
    starts: NDArray[np.int32], number: NDArray[np.int32], days: NDArray[np.int32], count: int
) -> NDArray[np.int64]:
    """First session of the `count`-th last day or week that has begun by each date."""
    begun = np.searchsorted(starts, days, side="right")
    return np.searchsorted(number, np.maximum(begun - count, 0), side="left").astype(np.int64)


def _year_start(calendar: Calendar, instants: Instants) -> NDArray[np.int64]:
    """First session of the school year that each instant lies in; none has begun: the end."""
    size = calendar.day.size
    first = {label: int(np.argmax(calendar.year_no == number)) for number, label in enumerate(calendar.years)}
    return np.array(
        [first.get(calendar.year_of(moment.date()), size) for moment in _local(instants)], dtype=np.int64
    )


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
