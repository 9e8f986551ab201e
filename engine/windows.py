"""Windows: which sessions a measure looks at, for a whole vector of as-of instants at once.

A window is a pair of session indices [lo, hi) for each instant; `hi` is never past the last session
whose register has closed (semantics 3).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from engine.calendar import Calendar
from engine.instants import Instants, local

TODAY = "today"
YEAR_TO_DATE = "year to date"
WHOLE_REGISTER = "whole register"
_LAST = re.compile(r"last (\d+) school (days|weeks)")
SPELLINGS = (TODAY, "last 5 school days", "last 4 school weeks", YEAR_TO_DATE, WHOLE_REGISTER)


@dataclass(frozen=True, slots=True, eq=False)
class Bounds:
    """Session indices `lo` (inside) and `hi` (outside) for each instant, both of length T."""

    lo: NDArray[np.int64]
    hi: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Window:
    """A window by its words: `today`, `last n school days|weeks`, `year to date`, `whole register`."""

    words: str
    unit: str
    count: int = 0

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
        raise ValueError(f"{words!r} is not a window; windows are: {', '.join(SPELLINGS)} (any number)")

    def bounds(self, calendar: Calendar, instants: Instants) -> Bounds:
        """The sessions of this window as of each instant, in that school's calendar."""
        closed = calendar.closed(instants).astype(np.int64)
        first = np.minimum(self._first(calendar, instants), closed)
        return Bounds(first, closed)

    def _first(self, calendar: Calendar, instants: Instants) -> NDArray[np.int64]:
        if self.unit == TODAY:
            return np.searchsorted(calendar.day, instants.days, side="left").astype(np.int64)
        if self.unit == "days":
            return _nth_back(calendar.days, calendar.day_no, instants.days, self.count)
        if self.unit == "weeks":
            return _nth_back(calendar.weeks, calendar.week_no, instants.days, self.count)
        if self.unit == YEAR_TO_DATE:
            return _year_start(calendar, instants)
        return np.zeros(instants.days.size, dtype=np.int64)


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


def _local(instants: Instants) -> list[datetime]:
    return [local(moment) for moment in instants.moments]
