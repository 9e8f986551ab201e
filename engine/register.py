"""The register as integer arrays: pupils x sessions, and cumulative counts over them.

A count over any window, for a whole vector of as-of instants, is a difference of two columns of a
cumulative integer sum. No floating point, no loop over pupils.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache

import numpy as np
from numpy.typing import NDArray

from engine import codes
from engine.calendar import Calendar
from engine.records import MarkGrid
from engine.windows import Bounds

SLOTS = 14
_NEVER = 2**31 - 1
_NO_SPELL = (1, 0)
_PLAIN = codes.PLAIN_MARKS
Sessions = Callable[[int, int], NDArray[np.int64]]
"""The sessions that a number counts, for one row and one instant, ascending."""
Stay = tuple[str, date, date | None]
"""A pupil's upn, and one time on roll: its first and its last day (None: open), both inside."""


@dataclass(frozen=True, slots=True, eq=False)
class Odd:
    """The marks that are not plainly present (one in fifteen), session by session, as parallel arrays.

    `row` is the pupil; those of session s stand from `at[s]` up to `at[s + 1]`.
    """

    row: NDArray[np.int64]
    session: NDArray[np.int64]
    mark: NDArray[np.uint8]
    at: NDArray[np.int64]
    pupils: int

    @classmethod
    def of(cls, marks: NDArray[np.uint8]) -> Odd:
        """The odd ones among encoded marks (P x S).

        >>> odd = Odd.of(np.array([[2, 3, 0], [2, 16, 3]], dtype=np.uint8))
        >>> odd.row.tolist(), odd.session.tolist(), odd.mark.tolist()
        ([1, 0], [1, 2], [16, 0])
        """
        pupils, sessions = marks.shape
        marked = np.ascontiguousarray(marks.T).ravel()
        place = np.flatnonzero((marked < _PLAIN[0]) | (marked > _PLAIN[1]))
        at = np.searchsorted(place, np.arange(sessions + 1) * pupils)
        session = np.repeat(np.arange(sessions), np.diff(at))
        return cls(place - session * pupils, session, marked[place], at, pupils)

    def count(
        self, flags: NDArray[np.bool_], sessions: range, only: NDArray[np.bool_] | None
    ) -> NDArray[np.int64]:
        """How many odd marks of each pupil carry a flag in some sessions, of those in `only` (P x 1)."""
        here = slice(self.at[sessions.start], self.at[sessions.stop])
        flagged = np.flatnonzero(looked_up(flags, self.mark[here]))
        row = self.row[here][flagged]
        if only is not None:
            session = self.session[here][flagged]
            row = row[only[session] if only.ndim == 1 else only[row, session]]
        return np.bincount(row, minlength=self.pupils).astype(np.int64)[:, None]


@dataclass(frozen=True, slots=True, eq=False)
class Register:
    """Encoded marks (`uint8`, P x S), `MISSING` where none was taken, `OUTSIDE` where not on roll.

    `spells` holds each row's times on roll as ordinals of the first and the last day (P x N x 2); one pupil
    may be on this roll twice.
    """

    upns: tuple[str, ...]
    marks: NDArray[np.uint8]
    spells: NDArray[np.int32]
    odd: Odd
    _sums: dict[str, NDArray[np.int32]] = field(default_factory=dict)
    _counts: dict[tuple[str, int, int], NDArray[np.int64]] = field(default_factory=dict)

    @classmethod
    def build(cls, calendar: Calendar, stays: Iterable[Stay], grid: MarkGrid) -> Register:
        """The register of a school: marks laid onto the sessions of its calendar.

        Marks on a session that the calendar does not hold, or outside enrolment, are not in it.
        """
        listed = sorted((upn, on.toordinal(), off.toordinal() if off else _NEVER) for upn, on, off in stays)
        row_of = {upn: row for row, upn in enumerate(dict.fromkeys(upn for upn, _, _ in listed))}
        rows = np.array([row_of[upn] for upn, _, _ in listed], dtype=np.int64)
        nth = np.arange(rows.size) - np.searchsorted(rows, rows)
        upns = tuple(row_of)
        spells = np.full((len(upns), nth.max(initial=0) + 1, 2), _NO_SPELL, dtype=np.int32)
        spells[rows, nth, 0] = [first for _, first, _ in listed]
        spells[rows, nth, 1] = [last for _, _, last in listed]
        marks = codes.encode(_lay_out(calendar, upns, grid), calendar.day)
        if marks.size:
            ends = calendar.day[[0, -1]]
            partly = ~((spells[..., 0] <= ends[0]) & (ends[1] <= spells[..., 1])).any(axis=1)
            marks[partly] = np.where(_on_roll(calendar.day, spells[partly]), marks[partly], codes.OUTSIDE)
        return cls(upns, marks, spells, Odd.of(marks))

    def with_marks(self, marks: NDArray[np.uint8]) -> Register:
        """The same pupils with other marks (encoded, P x S)."""
        return Register(self.upns, marks, self.spells, Odd.of(marks))

    def only(self, rows: Sequence[int]) -> Register:
        """The same for some pupils, by their rows."""
        marks = self.marks[rows]
        return Register(tuple(self.upns[row] for row in rows), marks, self.spells[rows], Odd.of(marks))

    def on_roll(self, days: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Whether each pupil is on roll on each day (ordinals of length T): shape P x T."""
        return _on_roll(days, self.spells)

    def running(
        self, name: str, flags: NDArray[np.bool_], only: NDArray[np.bool_] | None = None
    ) -> NDArray[np.int32]:
        """The cumulative sum (P x S+1) of flagged marks, kept under a name so that rules share it."""
        if name not in self._sums:
            sums = np.zeros((self.marks.shape[0], self.marks.shape[1] + 1), dtype=np.int32)
            np.cumsum(looked_up(flags, self.marks, only), axis=1, dtype=np.int32, out=sums[:, 1:])
            self._sums[name] = sums
        return self._sums[name]

    def count(
        self, name: str, flags: NDArray[np.bool_], bounds: Bounds, only: NDArray[np.bool_] | None = None
    ) -> NDArray[np.int64]:
        """How many marks of a window carry a flag: `flags` is a lookup of 256, the answer is P x T.

        `only` says which sessions (S, or P x S) count; the name stands for flags and `only` together. For
        one instant the odd marks of the window are looked at; for many, a cumulative sum serves them all.
        Either is kept: many rules ask for the same.
        """
        among_plain = flags[_PLAIN].tolist()
        if bounds.hi.size != 1 or among_plain[0] != among_plain[1]:
            return between(self.running(name, flags, only), bounds)
        key = (name, int(bounds.lo[0]), int(bounds.hi[0]))
        if key not in self._counts:
            here = range(*key[1:])
            counted = self.odd.count(~flags if among_plain[0] else flags, here, only)
            counts = self._every(here, only) - counted if among_plain[0] else counted
            counts.setflags(write=False)  # handed to every measure that asks
            self._counts[key] = counts
        return self._counts[key]

    def _every(self, sessions: range, only: NDArray[np.bool_] | None) -> NDArray[np.int64]:
        """How many of some sessions count at all (1 x 1, or P x 1)."""
        counting = np.ones(self.marks.shape[1], dtype=np.bool_) if only is None else only
        every: NDArray[np.int64] = counting[..., sessions.start : sessions.stop].sum(axis=-1).reshape(-1, 1)
        return every

    def first(self, flags: NDArray[np.bool_]) -> NDArray[np.int64]:
        """The first session of each pupil whose mark carries a flag; the number of sessions where none does.

        >>> from engine.sample import school
        >>> register = school("I/ //", "// //").register  # in the afternoon a present one too
        >>> [register.first(codes.members(frozenset(of))).tolist() for of in "I/"]
        [[0, 4], [1, 0]]
        """
        if flags[_PLAIN].any():
            row, session = looked_up(flags, self.marks).nonzero()
        else:
            flagged = looked_up(flags, self.odd.mark)
            row, session = self.odd.row[flagged], self.odd.session[flagged]
        found = np.full(self.marks.shape[0], self.marks.shape[1], dtype=np.int64)
        np.minimum.at(found, row, session)
        return found

    def missing(self, bounds: Bounds) -> NDArray[np.int64]:
        """How many marks of a window were not taken (P x T)."""
        return self.count("missing", codes.missing_marks(), bounds)

    def at(self, flags: NDArray[np.bool_], bounds: Bounds, only: NDArray[np.bool_] | None = None) -> Sessions:
        """The sessions of a window whose mark carries a flag, for one row and one instant when asked.

        Found once: ground, due time, sentence and evidence of one case all ask.
        """
        table = flags.tobytes()

        @cache
        def sessions(row: int, number: int) -> NDArray[np.int64]:
            lo, hi = bounds.lo.item(number), bounds.hi.item(number)
            flagged = translated(table, self.marks[row, lo:hi])
            if only is not None:
                flagged = flagged & np.atleast_2d(only)[row if only.ndim > 1 else 0, lo:hi]
            return lo + flagged.nonzero()[0]

        return sessions


def looked_up(
    flags: NDArray[np.bool_], marks: NDArray[np.uint8], only: NDArray[np.bool_] | None = None
) -> NDArray[np.bool_]:
    """The flag of every mark, in the shape of `marks`; by `bytes.translate`, six times faster than indexing.

    >>> looked_up(codes.missing_marks(), np.array([[0, 7]], dtype=np.uint8)).tolist()
    [[True, False]]
    """
    found = translated(flags.tobytes(), marks).view(np.bool_)
    return found if only is None else found & only


def translated(table: bytes, marks: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """What a table of 256 has for every mark, in the shape of `marks`."""
    return np.frombuffer(marks.tobytes().translate(table), np.uint8).reshape(marks.shape)


def between(sums: NDArray[np.int32], bounds: Bounds) -> NDArray[np.int64]:
    """Differences of a cumulative sum over windows: P x S+1 and T bounds give P x T.

    >>> sums = np.array([[0, 1, 1, 2]], dtype=np.int32)
    >>> between(sums, Bounds(np.array([0, 1]), np.array([3, 2]))).tolist()
    [[2, 0]]
    """
    return (sums[:, bounds.hi] - sums[:, bounds.lo]).astype(np.int64)


def _lay_out(calendar: Calendar, upns: tuple[str, ...], grid: MarkGrid) -> NDArray[np.bytes_]:
    """The grid's cells in the calendar's order of sessions; empty where there are none."""
    if not (grid.weeks.size and upns and calendar.day.size):
        return np.zeros((len(upns), calendar.day.size), dtype="S2")
    cells = np.ascontiguousarray(grid.cells, dtype="S2").view("u2")  # numbers are moved faster than texts
    monday = calendar.weeks[calendar.week_no]
    week = np.searchsorted(grid.weeks, monday)
    strange = grid.weeks[np.minimum(week, grid.weeks.size - 1)] != monday
    cell = week * SLOTS + (calendar.day - monday) * 2 + calendar.half
    laid = cells.take(cell, axis=1, mode="clip")
    laid[:, strange] = 0
    if upns != grid.upns:
        row_of = {upn: row for row, upn in enumerate(grid.upns)}
        rows = np.array([row_of.get(upn, -1) for upn in upns])
        laid = laid.take(rows, axis=0, mode="clip")
        laid[rows < 0] = 0
    return laid.view("S2")


def _on_roll(days: NDArray[np.int32], spells: NDArray[np.int32]) -> NDArray[np.bool_]:
    on_roll = np.zeros((len(spells), days.size), dtype=np.bool_)
    for number in range(spells.shape[1]):
        first, last = spells[:, number].T[..., None]
        on_roll |= (days >= first) & (days <= last)
    return on_roll
