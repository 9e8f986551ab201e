"""consecutive_absent_days: the number of the present day in an unbroken run of absent days.

Unit: school days. Formula (semantics 7): a day is absent when every session of it that has closed and
is possible for the pupil has a code of the set, and there is at least one. Days without a session, and
days on which none was possible for this pupil, are passed over. Anything else ends the run: present,
late, on site after the register closed (U), leave. A day not begun is passed over, so that the run
stands overnight. Source: Department for Education, Attendance toolkit for schools (day 1, 2, 3).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine import codes
from engine.calendar import Calendar
from engine.instants import Instants
from engine.measures.measure import Asked, Measure, Measured
from engine.register import Register
from engine.snapshot import Snapshot

LONGEST = 62
"""Runs longer than this are all alike to `exactly`; a rulebook may not ask for more."""
_ONE = np.uint64(1)
_TOP = np.uint64(1 << 63)


def consecutive_absent_days(snapshot: Snapshot, instants: Instants, asked: Asked) -> Measured:
    """The run of absent days that stands at each instant: how long it is, and could be.

    >>> from engine.sample import school, AFTER
    >>> from engine.windows import Window
    >>> asked = Asked(Window.parse("whole register"), frozenset("IGNO"))
    >>> consecutive_absent_days(school("// II DD II"), AFTER, asked).numerator.tolist()
    [[2]]
    """
    calendar, register = snapshot.calendar, snapshot.register
    bounds = asked.over.bounds(calendar, instants)
    states = _States.of(calendar, register, codes.members(asked.codes))
    found = [_stand(calendar, states, int(hi)) for hi in bounds.hi]
    shortest, longest, values, first = (np.stack(parts, axis=1) for parts in zip(*found, strict=True))
    blank = register.running("missing", register.marks == codes.MISSING)
    missing = np.where(
        longest > shortest, blank[:, bounds.hi] - blank[np.arange(first.shape[0])[:, None], first], 0
    )

    def sessions(row: int, number: int) -> NDArray[np.int64]:
        start, end = int(first[row, number]), int(bounds.hi[number])
        return start + np.flatnonzero(states.coded[row, start:end])

    return Measured(
        shortest, shortest, longest, missing.astype(np.int64), bounds, sessions, run_values=values
    )


class _States:
    """What each mark says of its day: coded (of the set), passed over, missing, or else: ends the run."""

    def __init__(self, coded: NDArray[np.bool_], passed: NDArray[np.bool_], blank: NDArray[np.bool_]) -> None:
        self.coded = coded
        self.passed = passed
        self.blank = blank

    @classmethod
    def of(cls, calendar: Calendar, register: Register, wanted: NDArray[np.bool_]) -> _States:
        marks = register.marks
        passed = codes.not_possible_marks()[marks] | (marks == codes.OUTSIDE)
        return cls(wanted[marks], passed, marks == codes.MISSING)


def _stand(
    calendar: Calendar, states: _States, closed: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint64], NDArray[np.int64]]:
    """The run at one instant, walking the school days once for all pupils.

    Returns, by pupil, the shortest and longest it can be, the set of lengths it can have (bits), and
    the first session of the run taken at its longest.
    """
    count = states.coded.shape[0]
    shortest = np.zeros(count, dtype=np.int64)
    longest = np.zeros(count, dtype=np.int64)
    values: NDArray[np.uint64] = np.full(count, _ONE, dtype=np.uint64)
    first = np.full(count, closed, dtype=np.int64)
    starts = np.searchsorted(calendar.day_no, np.arange(calendar.days.size))
    for start in starts[starts < closed]:
        end = min(closed, start + int((calendar.day_no[start : start + 2] == calendar.day_no[start]).sum()))
        coded, passed, blank = (flags[:, start:end] for flags in (states.coded, states.passed, states.blank))
        ends = ~(coded | passed | blank).all(axis=1)
        doubtful = blank.any(axis=1) & ~ends
        absent = coded.any(axis=1) & ~ends & ~doubtful
        skipped = passed.all(axis=1)
        may_skip = skipped | (doubtful & ~coded.any(axis=1))
        begins = (longest == 0) & (absent | doubtful)
        first = np.where(begins, start, np.where(ends, closed, first))
        shortest = np.where(absent, shortest + 1, np.where(skipped, shortest, 0))
        longest = np.where(absent | doubtful, longest + 1, np.where(skipped, longest, 0))
        longer = (values << _ONE) | (values & _TOP)
        none = np.uint64(0)
        counted, kept = np.where(absent | doubtful, longer, none), np.where(may_skip, values, none)
        ended = np.where(ends | doubtful, _ONE, none)
        values = (counted | kept | ended).astype(np.uint64)
    return shortest, longest, values, first


MEASURE = Measure(
    "consecutive_absent_days",
    "consecutive absent days",
    "school days",
    ("codes",),
    consecutive_absent_days,
)
