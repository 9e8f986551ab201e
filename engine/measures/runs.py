"""Runs and spells of absence: days in a row, and sessions between two returns.

A run is of school days (semantics 7), a spell of sessions: both pass over what was not possible for the
pupil, and both end with anything else that is not absence of the set.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine import codes
from engine.calendar import Calendar
from engine.measures.measure import Measured
from engine.snapshot import Snapshot
from engine.windows import Bounds

LONGEST = 62
"""Runs longer than this are all alike to `exactly`; a rulebook may not ask for more."""
_ONE = np.uint64(1)
_TOP = np.uint64(1 << 63)


class States:
    """What each mark says of its session (P x S): coded, passed over, missing; none of them ends it."""

    def __init__(self, snapshot: Snapshot, of: frozenset[str], counts: NDArray[np.bool_] | None) -> None:
        marks = snapshot.register.marks
        self.coded = codes.members(of)[marks]
        self.passed = codes.not_possible_marks()[marks] | (marks == codes.OUTSIDE)
        self.blank = marks == codes.MISSING
        if counts is not None:
            self.coded, self.blank = self.coded & counts, self.blank & counts
            self.passed = self.passed | ~counts


def standing_run(
    snapshot: Snapshot, of: frozenset[str], bounds: Bounds, counts: NDArray[np.bool_] | None = None
) -> Measured:
    """The run of absent days that stands at the end of each window: how long it is, and could be.

    `counts` says which sessions (P x S) count at all; the others are passed over.

    >>> from engine.sample import school
    >>> standing_run(school("// II"), frozenset("I"), Bounds(np.array([0]), np.array([4]))).high.tolist()
    [[1]]
    """
    states = States(snapshot, of, counts)
    found = [_stand(snapshot.calendar, states, int(hi)) for hi in bounds.hi]
    shortest, longest, values, first = (np.stack(parts, axis=1) for parts in zip(*found, strict=True))
    blank = np.pad(np.cumsum(states.blank, axis=1, dtype=np.int64), ((0, 0), (1, 0)))
    rows = np.arange(first.shape[0])[:, None]
    missing = np.where(longest > shortest, blank[:, bounds.hi] - blank[rows, first], 0)

    def sessions(row: int, number: int) -> NDArray[np.int64]:
        start, end = int(first[row, number]), int(bounds.hi[number])
        return start + np.flatnonzero(states.coded[row, start:end])

    return Measured(shortest, shortest, longest, missing, bounds, sessions, run_values=values)


def _stand(
    calendar: Calendar, states: States, closed: int
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


def latest_spell(snapshot: Snapshot, of: frozenset[str], row: int, closed: int) -> tuple[int, bool] | None:
    """The first session of a pupil's latest spell among the first `closed` sessions, and whether it goes on.

    None where no session has a code of the set.

    >>> from engine.sample import school
    >>> pupil = school("I/ /I I# I/")
    >>> latest_spell(pupil, frozenset("I"), 0, 7), latest_spell(pupil, frozenset("I"), 0, 2)
    ((3, True), (0, False))
    """
    states = States(snapshot, of, None)
    coded, passes = states.coded[row, :closed], (states.coded | states.passed | states.blank)[row, :closed]
    there = np.flatnonzero(coded)
    if not there.size:
        return None
    ended = np.flatnonzero(~passes[: there[-1]])
    after = int(ended[-1]) + 1 if ended.size else 0
    return int(there[there >= after][0]), bool(passes[there[-1] :].all())
