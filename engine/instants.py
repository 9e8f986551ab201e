"""Instants and local days: everything stored is UTC, everything a school means is Europe/London."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

LONDON = ZoneInfo("Europe/London")
_DATE_ALONE = re.compile(r"\d{4}-?(\d\d-?\d\d|W\d\d(-?\d)?)")
_SHOWN = 40


def read_instant(text: str) -> datetime:
    """The instant that a person wrote, in UTC (semantics 2).

    Without an offset it is Europe/London; a date alone is 23:59 of it. Anything else is a ValueError
    with a sentence for the person.

    >>> read_instant("2025-07-01T09:20").isoformat(), read_instant("2025-11-10").isoformat()
    ('2025-07-01T08:20:00+00:00', '2025-11-10T23:59:00+00:00')
    """
    try:
        if _DATE_ALONE.fullmatch(text):
            return local_instant(date.fromisoformat(text), time(23, 59))
        when = datetime.fromisoformat(text)
        return when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=LONDON).astimezone(UTC)
    except (ValueError, OverflowError) as wrong:
        shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
        raise ValueError(
            f"{shown!r} is not an instant; write 2025-11-10T09:20, or 2025-11-10 for the end of that day"
        ) from wrong


@lru_cache(maxsize=10_000)
def local_instant(day: date, at: time) -> datetime:
    """The UTC instant of a wall-clock time in England.

    >>> local_instant(date(2026, 3, 30), time(9, 10)).isoformat()
    '2026-03-30T08:10:00+00:00'
    """
    return datetime.combine(day, at, tzinfo=LONDON).astimezone(UTC)


@lru_cache(maxsize=10_000)
def local(instant: datetime) -> datetime:
    """An instant as a clock in England shows it.

    >>> local(read_instant("2025-07-01T09:20")).isoformat()
    '2025-07-01T09:20:00+01:00'
    """
    return instant.astimezone(LONDON)


@dataclass(frozen=True, slots=True, eq=False)
class Instants:
    """A vector of as-of instants: UTC epoch `seconds` and local `days` (ordinals), both of length T."""

    moments: tuple[datetime, ...]
    seconds: NDArray[np.int64]
    days: NDArray[np.int32]

    @classmethod
    def of(cls, moments: Sequence[datetime]) -> Instants:
        """The vector for some instants, in the order given.

        >>> Instants.of([read_instant("1970-01-02T01:00")]).seconds.tolist()
        [86400]
        """
        return cls(
            tuple(moments),
            np.array([int(moment.timestamp()) for moment in moments], dtype=np.int64),
            np.array([local(moment).date().toordinal() for moment in moments], dtype=np.int32),
        )
