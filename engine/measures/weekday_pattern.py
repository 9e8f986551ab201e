"""weekday_pattern: how many weekdays a pupil misses more often than chance explains.

Unit: weekdays. Formula: of N days that count, K with a session of the set, n on one weekday and k of those
with one: that weekday is a pattern where so many or more fall on it by chance (hypergeometric, the exact
tail P = sum over j >= k of C(n, j) C(N - n, K - j) / C(N, K)) at most once in `one_in` pupils: P x weekdays
looked at x one_in <= 1 (Bonferroni). Whole days, since the two sessions of one are no two coincidences. A
week away falls on each weekday alike, so that spells make no pattern. In whole numbers: no rounding
decides.
Source: R. A. Fisher, Statistical Methods for Research Workers (the exact test); Working together to improve
school attendance (patterns of absence).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import comb

import numpy as np
from numpy.typing import NDArray

from engine import codes
from engine.calendar import Calendar
from engine.instants import Instants
from engine.measures.measure import WEEKDAYS, Asked, Measure, Measured
from engine.register import looked_up
from engine.snapshot import Snapshot

_BITS = 21


def weekday_pattern(snapshot: Snapshot, instants: Instants, asked: Asked) -> Measured:
    """The weekdays of each pupil; a blank mark is taken as it makes each weekday stand out most, and least.

    >>> from engine.sample import school, AFTER
    >>> from engine.instants import read_instant
    >>> from engine.windows import Window
    >>> later = Instants.of([read_instant("2025-10-31T16:00")])
    >>> asked = Asked(Window.parse("year to date"), frozenset("I"), one_in=1000)
    >>> mondays, two_weeks = "II // // // // " * 7, "II " * 10 + "// " * 25
    >>> weekday_pattern(school(mondays, two_weeks), later, asked).numerator.tolist()
    [[1], [0]]
    """
    calendar, register = snapshot.calendar, snapshot.register
    bounds = asked.over.bounds(calendar, instants)
    windows = [range(int(lo), int(hi)) for lo, hi in zip(bounds.lo, bounds.hi, strict=True)]
    found = [_Counts.of(calendar, register.marks, asked.codes, each) for each in windows]
    flagged = [each.patterns(asked.one_in) for each in found]
    numbers = np.array([[each.sum(axis=1) for each in three] for three in flagged], dtype=np.int64).reshape(
        len(windows), 3, register.marks.shape[0]
    )
    known, low, high = numbers.transpose(1, 2, 0)
    flags = codes.members(asked.codes)

    def sessions(row: int, number: int) -> NDArray[np.int64]:
        coded = np.array(windows[number], dtype=np.int64)
        coded = coded[flags[register.marks[row, coded]]]
        found: NDArray[np.int64] = coded[flagged[number][0][row, _weekday(calendar, coded)]]
        return found

    missing = np.where(high > low, register.missing(bounds), 0)
    return Measured(known, low, high, missing, bounds, sessions)


@dataclass(frozen=True, slots=True, eq=False)
class _Counts:
    """Days of each pupil by weekday (P x 7): coded, counted, in doubt, and in doubt whether they count.

    `weekdays` is how many weekdays the window holds.
    """

    coded: NDArray[np.int64]
    counted: NDArray[np.int64]
    doubt: NDArray[np.int64]
    perhaps: NDArray[np.int64]
    weekdays: int

    @classmethod
    def of(cls, calendar: Calendar, marks: NDArray[np.uint8], of: frozenset[str], window: range) -> _Counts:
        """The counts of a window of sessions."""
        here = marks[:, window.start : window.stop]
        starts = np.flatnonzero(np.diff(calendar.day_no[window.start : window.stop], prepend=-1))
        lasts = np.append(starts[1:], len(window))[: starts.size] - 1  # of a day of one session, that one
        weekday = _weekday(calendar, window.start + starts)

        def days(flags: NDArray[np.bool_]) -> NDArray[np.bool_]:
            found = looked_up(flags, here)
            return found.take(starts, axis=1) | found.take(lasts, axis=1)

        def by_weekday(found: NDArray[np.bool_]) -> NDArray[np.int64]:
            row, day = np.nonzero(found)
            size = len(WEEKDAYS) * len(marks)
            counted = np.bincount(row * len(WEEKDAYS) + weekday[day], minlength=size)
            return counted.reshape(-1, len(WEEKDAYS)).astype(np.int64)

        coded, missing = days(codes.members(of)), days(codes.missing_marks())
        nothing = ~(coded | days(codes.possible_marks()))  # few days: what is counted is all the others
        every = np.bincount(weekday, minlength=len(WEEKDAYS)).astype(np.int64)
        return cls(
            coded=by_weekday(coded),
            counted=every - by_weekday(nothing),
            doubt=by_weekday(missing & ~coded),
            perhaps=by_weekday(missing & nothing),
            weekdays=int(np.count_nonzero(every)),
        )

    def patterns(self, one_in: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
        """Which weekdays stand out (P x 7): without the doubtful days, at their least, at their most."""
        alarm = one_in * max(self.weekdays, 1)
        known = _rare(self.coded, self.counted, self.coded.sum(axis=1)[:, None], alarm)
        least, most = known.copy(), known.copy()
        rows = np.flatnonzero(self.doubt.any(axis=1))
        coded, doubt = self.coded[rows], self.doubt[rows]
        counted = self.counted[rows] + self.perhaps[rows]
        total, unsure = coded.sum(axis=1)[:, None], doubt.sum(axis=1)[:, None]
        least[rows] = _rare(coded, counted, total + unsure - doubt, alarm)
        most[rows] = _rare(coded + doubt, counted, total + doubt, alarm)
        return known, least, most


def _rare(
    coded: NDArray[np.int64], counted: NDArray[np.int64], total: NDArray[np.int64], alarm: int
) -> NDArray[np.bool_]:
    """Where `coded` of `counted` days of a weekday come by chance at most once in `alarm`; `total` of all."""
    some = coded > 0  # none at all never is
    every = counted.sum(axis=1)[:, None]
    keys = ((counted << 2 * _BITS) | (total << _BITS) | every)[some]
    different, place = np.unique(keys, return_inverse=True)
    mask = (1 << _BITS) - 1
    least = [_least(key >> 2 * _BITS, key >> _BITS & mask, key & mask, alarm) for key in different.tolist()]
    rare = np.zeros(coded.shape, dtype=np.bool_)
    rare[some] = coded[some] >= np.array(least, dtype=np.int64)[place]
    return rare


@lru_cache(maxsize=200_000)
def _least(on_weekday: int, coded: int, every: int, alarm: int) -> int:
    """The least number of coded days on a weekday that chance makes at most once in `alarm`.

    >>> _least(7, 7, 35, 5000), _least(7, 1, 35, 5000)
    (6, 2)
    """
    ways, tail, there = comb(every, coded), 0, min(on_weekday, coded) + 1
    while tail * alarm <= ways:  # at 0 the tail is everything, and alarm is 2 at least
        there -= 1
        tail += comb(on_weekday, there) * comb(every - on_weekday, coded - there)
    return there + 1


def _weekday(calendar: Calendar, sessions: NDArray[np.int64]) -> NDArray[np.int64]:
    """The weekday of each session; 0 is Monday."""
    found: NDArray[np.int64] = (calendar.day[sessions].astype(np.int64) - 1) % len(WEEKDAYS)
    return found


MEASURE = Measure(
    "weekday_pattern",
    "weekdays missed beyond chance",
    "weekdays",
    ("over", "codes", "one_in"),
    weekday_pattern,
)
