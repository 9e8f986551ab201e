"""Runs and spells of absence: days in a row, and sessions between two returns.

A run is of school days (semantics 7), a spell of sessions: both pass over what was not possible for the
pupil, and both end with anything else that is not absence of the set.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from engine import codes
from engine.calendar import Calendar
from engine.measures.measure import Measured
from engine.register import Sessions, looked_up, translated
from engine.snapshot import Snapshot
from engine.windows import Bounds

LONGEST = 62
"""Runs longer than this are all alike to `exactly`; a rulebook may not ask for more."""
_ONE = np.uint64(1)
_NONE = np.uint64(0)
_TOP = np.uint64(1 << 63)
_CODED, _ENDS = b"c", b"."
_IS_CODED, _IS_PASSED, _IS_BLANK = (np.uint8(1 << bit) for bit in range(3))


@dataclass(frozen=True, slots=True, eq=False)
class States:
    """What each mark (of any shape) says of its session, in bits: coded, passed over, missing; 0 ends it."""

    said: NDArray[np.uint8]

    @classmethod
    def of(
        cls, marks: NDArray[np.uint8], of: frozenset[str], counts: NDArray[np.bool_] | None = None
    ) -> States:
        """The states of encoded marks for a code set; where `counts` is false, a session is passed over."""
        said = translated(_bits(of), marks)
        return cls(said if counts is None else np.where(counts, said, _IS_PASSED))

    @property
    def coded(self) -> NDArray[np.bool_]:
        """Where the mark has a code of the set."""
        return self._any_of(_IS_CODED)

    @property
    def passed(self) -> NDArray[np.bool_]:
        """Where the session does not count for the pupil."""
        return self._any_of(_IS_PASSED)

    @property
    def blank(self) -> NDArray[np.bool_]:
        """Where the mark was not taken."""
        return self._any_of(_IS_BLANK)

    @property
    def goes_on(self) -> NDArray[np.bool_]:
        """Where nothing ends a run."""
        return self._any_of(_IS_CODED | _IS_PASSED | _IS_BLANK)

    def _any_of(self, bits: np.uint8) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = (self.said & bits) != 0
        return found


@cache
def _bits(of: frozenset[str]) -> bytes:
    """What each mark says for a code set."""
    passed = codes.not_possible_marks().copy()
    passed[codes.OUTSIDE] = True
    coded, blank = codes.members(of) * _IS_CODED, codes.missing_marks() * _IS_BLANK
    return (coded | passed * _IS_PASSED | blank).tobytes()


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
    found = [_Run.at(snapshot.calendar, marks, of, counts, int(hi)) for hi in bounds.hi]
    first = np.stack([each.first for each in found], axis=1)
    since = np.stack([each.since for each in found], axis=1)
    shortest = np.stack([each.shortest for each in found], axis=1)
    longest = np.stack([each.longest for each in found], axis=1)
    blanks = np.stack([each.blanks for each in found], axis=1)
    values = np.stack([each.values for each in found], axis=1)
    known = np.ones((marks.shape[0], 1), dtype=np.bool_) if sure is None else sure[:, None]

    def absent(begins: NDArray[np.int64]) -> Sessions:
        @cache
        def sessions(row: int, number: int) -> NDArray[np.int64]:
            run = slice(int(begins[row, number]), int(bounds.hi[number]))
            only = None if counts is None else counts[row, run]
            return run.start + np.flatnonzero(looked_up(codes.members(of), marks[row, run], only))

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


class _Run:
    """The run that stands after the first `closed` sessions, by pupil.

    `shortest` and `longest` are the run's lengths, `values` the set of those it can have (bits), `since` and
    `first` the first sessions of the shortest and of the longest, `blanks` the missing marks of the longest.
    """

    def __init__(self, count: int, closed: int) -> None:
        self.shortest = np.zeros(count, dtype=np.int64)
        self.longest = np.zeros(count, dtype=np.int64)
        self.values: NDArray[np.uint64] = np.full(count, _ONE, dtype=np.uint64)
        self.since = np.full(count, closed, dtype=np.int64)
        self.first = np.full(count, closed, dtype=np.int64)
        self.blanks = np.zeros(count, dtype=np.int64)

    @classmethod
    def at(
        cls,
        calendar: Calendar,
        marks: NDArray[np.uint8],
        of: frozenset[str],
        counts: NDArray[np.bool_] | None,
        closed: int,
    ) -> _Run:
        """The run of every pupil; only those whom the last day does not rule out are looked at further."""
        run = cls(marks.shape[0], closed)
        if closed:
            starts = np.searchsorted(calendar.day_no, np.arange(int(calendar.day_no[closed - 1]) + 1))
            last = np.s_[:, int(starts[-1]) : closed]
            counted = None if counts is None else counts[last]
            rows = np.flatnonzero(States.of(marks[last], of, counted).goes_on.all(axis=1))
            if rows.size:
                counted = None if counts is None else counts[rows, :closed]
                run._look_back(rows, starts, States.of(marks[rows, :closed], of, counted))
        return run

    def _look_back(self, rows: NDArray[np.int64], starts: NDArray[np.int64], states: States) -> None:
        """What each day of these rows is (R x D), and how far back from the last one it still counts."""
        lasts = np.append(starts[1:], states.said.shape[1]) - 1  # of a day of one session, that one
        begins, ends = (States(states.said[:, sessions]) for sessions in (starts, lasts))
        goes_on, day = begins.goes_on & ends.goes_on, States(begins.said | ends.said)
        coded, blank = day.coded, day.blank
        standing = _unbroken(goes_on)
        absent, doubtful = coded & ~blank & standing, blank & standing
        certain = absent & _unbroken(goes_on & ~blank)
        within = absent | doubtful
        self.shortest[rows], self.longest[rows] = certain.sum(axis=1), within.sum(axis=1)
        for first, days in ((self.since, certain), (self.first, within)):
            first[rows] = np.where(days.any(axis=1), starts[days.argmax(axis=1)], first[rows])
        inside = np.arange(states.said.shape[1]) >= self.first[rows, None]
        self.blanks[rows] = (states.blank & inside).sum(axis=1)
        self.values[rows] = _ONE << np.minimum(self.longest[rows], 63).astype(np.uint64)
        unsure = np.flatnonzero(doubtful.any(axis=1))
        self.values[rows[unsure]] = _lengths(absent[unsure], doubtful[unsure], coded[unsure])


def _unbroken(days: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which days (R x D) are true together with every later one."""
    return np.logical_and.accumulate(days[:, ::-1], axis=1)[:, ::-1]


def _lengths(
    absent: NDArray[np.bool_], doubtful: NDArray[np.bool_], coded: NDArray[np.bool_]
) -> NDArray[np.uint64]:
    """The lengths (bits) of runs with a blank in them: a doubtful day counts, ends or is passed over."""
    ended = np.zeros(absent.shape[0], dtype=np.uint64)
    going = np.full(absent.shape[0], _ONE, dtype=np.uint64)
    for day in np.flatnonzero((absent | doubtful).any(axis=0))[::-1].tolist():
        doubt, counted = doubtful[:, day], absent[:, day] | doubtful[:, day]
        ended |= np.where(doubt, going, _NONE)
        longer = np.where(counted, (going << _ONE) | (going & _TOP), _NONE)
        kept = np.where(~counted | (doubt & ~coded[:, day]), going, _NONE)
        going = np.bitwise_or(longer, kept, dtype=np.uint64)
    return np.bitwise_or(ended, going, dtype=np.uint64)


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
    said = snapshot.register.marks[row, :closed].tobytes().translate(_turns(of))
    there = said.rfind(_CODED)
    if there < 0:
        return None
    return said.find(_CODED, said.rfind(_ENDS, 0, there) + 1), said.find(_ENDS, there) < 0


@cache
def _turns(of: frozenset[str]) -> bytes:
    """For each mark what it says of its session, in a letter: coded, going on, or it ends a spell."""
    states = States.of(np.arange(256, dtype=np.uint8), of)
    kinds = np.where(states.coded, _CODED, np.where(states.goes_on, b"+", _ENDS))
    return kinds.tobytes()
