"""Runs and spells of absence: days in a row, and sessions between two returns.

A run is of school days (semantics 7), a spell of sessions: both pass over what was not possible for the
pupil, and both end with anything else that is not absence of the set.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine import codes
from engine.calendar import Calendar
from engine.measures.measure import Measured
from engine.register import Sessions, looked_up
from engine.snapshot import Snapshot
from engine.windows import Bounds

LONGEST = 62
"""Runs longer than this are all alike to `exactly`; a rulebook may not ask for more."""
_ONE = np.uint64(1)
_NONE = np.uint64(0)
_TOP = np.uint64(1 << 63)


@dataclass(frozen=True, slots=True, eq=False)
class States:
    """What each mark (of any shape) says of its session: coded, passed over, missing; or it ends a run."""

    coded: NDArray[np.bool_]
    passed: NDArray[np.bool_]
    blank: NDArray[np.bool_]

    @classmethod
    def of(
        cls, marks: NDArray[np.uint8], of: frozenset[str], counts: NDArray[np.bool_] | None = None
    ) -> States:
        """The states of encoded marks for a code set; where `counts` is false, a session is passed over."""
        coded, blank = looked_up(codes.members(of), marks), marks == codes.MISSING
        passed = looked_up(codes.not_possible_marks(), marks) | (marks == codes.OUTSIDE)
        if counts is not None:
            coded, blank, passed = coded & counts, blank & counts, passed | ~counts
        return cls(coded, passed, blank)


def standing_run(
    snapshot: Snapshot,
    of: frozenset[str],
    bounds: Bounds,
    counts: NDArray[np.bool_] | None = None,
    sure: NDArray[np.bool_] | None = None,
) -> Measured:
    """The run of absent days that stands at the end of each window: how long it is, and could be.

    `counts` says which sessions (P x S) count at all, the others are passed over; and `sure` of whom (P)
    that is known: of anybody else perhaps none counts.

    >>> from engine.sample import school
    >>> standing_run(school("// II"), frozenset("I"), Bounds(np.array([0]), np.array([4]))).high.tolist()
    [[1]]
    """
    marks = snapshot.register.marks
    every = np.ones(marks.shape, dtype=np.bool_) if counts is None else counts
    found = [_Walk.back(snapshot.calendar, marks, of, every, int(hi)) for hi in bounds.hi]
    first = np.stack([each.first for each in found], axis=1)
    since = np.stack([each.since for each in found], axis=1)
    shortest = np.stack([each.shortest for each in found], axis=1)
    longest = np.stack([each.longest for each in found], axis=1)
    blanks = np.stack([each.blanks for each in found], axis=1)
    values = np.stack([each.values for each in found], axis=1)
    known = np.ones((marks.shape[0], 1), dtype=np.bool_) if sure is None else sure[:, None]

    def absent(begins: NDArray[np.int64]) -> Sessions:
        def sessions(row: int, number: int) -> NDArray[np.int64]:
            start, end = int(begins[row, number]), int(bounds.hi[number])
            return start + np.flatnonzero(States.of(marks[row, start:end], of, every[row, start:end]).coded)

        return sessions

    return Measured(
        numerator=shortest,
        low=np.where(known, shortest, 0),
        high=longest,
        missing=np.where(longest > shortest, blanks, 0),
        bounds=bounds,
        sessions=absent(since),
        about=absent(first),
        run_values=np.where(known, values, _up_to(longest)),
    )


class _Walk:
    """The school days walked back from an instant, by pupil, for as long as a run may still go on.

    `shortest` and `longest` are the run's lengths, `values` the set of those it can have (bits), `since` and
    `first` the first sessions of the shortest and of the longest, `blanks` the missing marks of the longest.
    """

    def __init__(self, count: int, closed: int) -> None:
        self.shortest = np.zeros(count, dtype=np.int64)
        self.longest = np.zeros(count, dtype=np.int64)
        self.values: NDArray[np.uint64] = np.zeros(count, dtype=np.uint64)
        self.since = np.full(count, closed, dtype=np.int64)
        self.first = np.full(count, closed, dtype=np.int64)
        self.blanks = np.zeros(count, dtype=np.int64)
        self._alive: NDArray[np.uint64] = np.full(count, _ONE, dtype=np.uint64)  # lengths not ended yet
        self._certain = np.ones(count, dtype=np.bool_)
        self._passed = np.zeros(count, dtype=np.int64)  # missing marks so far

    @classmethod
    def back(
        cls,
        calendar: Calendar,
        marks: NDArray[np.uint8],
        of: frozenset[str],
        counts: NDArray[np.bool_],
        closed: int,
    ) -> _Walk:
        """The walk from the last of the first `closed` sessions; pupils whose run has ended drop out."""
        walk = cls(marks.shape[0], closed)
        outside = np.ones((marks.shape[0], 1), dtype=np.bool_)  # where nothing counts: past the last session
        first = np.hstack((counts, outside)).argmax(axis=1)  # nothing counts before
        rows, end = np.flatnonzero(first < closed), closed
        while rows.size:
            start = int(np.searchsorted(calendar.day_no, calendar.day_no[end - 1]))
            day = np.s_[rows, start:end]
            rows = walk.day(rows, start, States.of(marks[day], of, counts[day]))
            rows, end = rows[first[rows] < start], start
        walk.values |= walk._alive
        return walk

    def day(self, rows: NDArray[np.int64], start: int, day: States) -> NDArray[np.int64]:
        """One day further back for these rows; returns those whose run may go on before it."""
        ends = ~(day.coded | day.passed | day.blank).all(axis=1)
        doubtful = day.blank.any(axis=1) & ~ends
        absent = day.coded.any(axis=1) & ~ends & ~doubtful
        may_skip = day.passed.all(axis=1) | (doubtful & ~day.coded.any(axis=1))
        alive = self._alive[rows]
        self.values[rows] |= np.where(ends | doubtful, alive, _NONE)
        longer = np.where(absent | doubtful, (alive << _ONE) | (alive & _TOP), _NONE)
        self._alive[rows] = longer | np.where(may_skip, alive, _NONE)
        self._certain[rows] &= ~(ends | doubtful)
        self._passed[rows] += day.blank.sum(axis=1)
        in_run = rows[absent | doubtful]
        certain = rows[absent & self._certain[rows]]
        self.shortest[certain] += 1
        self.since[certain] = start
        self.longest[in_run] += 1
        self.first[in_run] = start
        self.blanks[in_run] = self._passed[in_run]
        return rows[~ends]


def _up_to(longest: NDArray[np.int64]) -> NDArray[np.uint64]:
    """The sets (bits) of every length from 0 to a longest one."""
    every: NDArray[np.uint64] = ~_NONE >> (63 - np.minimum(longest, 63)).astype(np.uint64)
    return every


def latest_spell(snapshot: Snapshot, of: frozenset[str], row: int, closed: int) -> tuple[int, bool] | None:
    """The first session of a pupil's latest spell among the first `closed` sessions, and whether it goes on.

    None where no session has a code of the set.

    >>> from engine.sample import school
    >>> pupil = school("I/ /I I# I/")
    >>> latest_spell(pupil, frozenset("I"), 0, 7), latest_spell(pupil, frozenset("I"), 0, 2)
    ((3, True), (0, False))
    """
    states = States.of(snapshot.register.marks[row, :closed], of)
    there = np.flatnonzero(states.coded)
    if not there.size:
        return None
    goes_on = states.coded | states.passed | states.blank
    ended = np.flatnonzero(~goes_on[: there[-1]])
    after = int(ended[-1]) + 1 if ended.size else 0
    return int(there[there >= after][0]), bool(goes_on[there[-1] :].all())
