"""What stands where: places in files, thresholds through the layers, who changed what of a layer above."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

LAYERS = ("national", "authority", "trust", "school")
"""From the top down: the state, the local authority, the trust, the school."""

NATIONAL = LAYERS[0]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: file, line, column."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Changed:
    """Who changed what a layer above had said, why, and when somebody looks at it again."""

    who: str
    why: str
    review: date | None = None

    def __str__(self) -> str:
        """The sentence in brackets behind a change.

        >>> str(Changed("A. Okafor", "agreed with heads of year", date(2026, 7, 1)))
        'A. Okafor: agreed with heads of year; to be looked at again by 1 July 2026'
        """
        again = f"; to be looked at again by {day_in_words(self.review)}" if self.review else ""
        return f"{self.who}: {self.why}{again}"


@dataclass(frozen=True, slots=True)
class Override:
    """What a lower layer says otherwise about a rule, each key as it was `said`, and who did.

    A key of a task has the task's words in it: `by of ring the family: dsl`.
    """

    said: tuple[str, ...]
    layer: str
    place: Place
    changed: Changed


@dataclass(frozen=True, slots=True)
class Threshold:
    """A named number with dates: `values` are (in force from, number x 100), ascending.

    `date.min` is "always". The newest value not after a date is in force; before the first there is none.
    Where a lower layer changed it, `above` is what stood before, and speaks for the days before `since`.
    """

    name: str
    title: str
    unit: str
    values: tuple[tuple[date, int], ...]
    place: Place
    bounds: tuple[int, int] | None = None
    locked: bool = False
    source: str = ""
    layer: str = ""
    since: date = date.min
    changed: Changed | None = None
    above: Threshold | None = None

    def on(self, day: date) -> int | None:
        """The value in force on a day, x 100; None where none is.

        >>> ten = Threshold("t", "T", "sessions", ((date(2024, 8, 19), 1000),), Place("f", 1, 1))
        >>> ten.on(date(2024, 8, 18)), ten.on(date(2026, 1, 1))
        (None, 1000)
        """
        in_force = [value for since, value in self.values if since <= day]
        return in_force[-1] if in_force else None

    def set_by(self, day: date) -> Threshold:
        """The layer that set the value in force on a day: this threshold, or one above it.

        >>> ten = Threshold("t", "T", "sessions", ((date.min, 1000),), Place("a", 1, 1))
        >>> own = ((date.min, 1000), (date(2026, 1, 5), 800))
        >>> eight = Threshold("t", "T", "sessions", own, Place("b", 1, 1), since=date(2026, 1, 5), above=ten)
        >>> eight.set_by(date(2026, 1, 4)).place.file, eight.set_by(date(2026, 1, 5)).place.file
        ('a', 'b')
        """
        here = self
        while here.above is not None and day < here.since:
            here = here.above
        return here

    @property
    def law(self) -> str:
        """The regulation that sets it, where a national pack names one; else empty."""
        first = self
        while first.above is not None:
            first = first.above
        return first.source if first.layer == NATIONAL else ""


def day_in_words(day: date) -> str:
    """A date as people say it.

    >>> day_in_words(date(2026, 1, 5))
    '5 January 2026'
    """
    return f"{day.day} {day:%B} {day.year}"
