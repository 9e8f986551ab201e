"""Penalty notices, and which sessions they cover.

A notice covers the sessions from its `from` to its `until`, or, without a period, every session up to
its `on`; a withdrawn notice covers nothing (semantics 12). A notice speaks from the day it was issued,
a withdrawal from its own day: judged as of an earlier instant neither was there yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from engine.calendar import Calendar
from engine.instants import Instants
from engine.records import Event
from engine.register import Register, looked_up
from engine.windows import Bounds

NOTICE = "penalty_notice"
WITHDRAWN = "penalty_withdrawn"
FIRST_COUNTED = date(2024, 8, 19).toordinal()
"""The day on which the national framework began: notices issued before it do not count towards its limit."""
_NEVER = 2**31 - 1


@dataclass(frozen=True, slots=True, eq=False)
class Notices:
    """The notices of a school as parallel arrays of length N, one entry a notice.

    `row` is the pupil, `lo` and `hi` the sessions covered, `issued` and `ended` the days (ordinals)
    from which it speaks and is withdrawn, `contact` whom it went to, `place` where it is among the events.
    """

    row: NDArray[np.int64]
    lo: NDArray[np.int64]
    hi: NDArray[np.int64]
    issued: NDArray[np.int64]
    ended: NDArray[np.int64]
    contact: tuple[str, ...]
    place: NDArray[np.int64]

    @classmethod
    def build(cls, calendar: Calendar, events: Sequence[Event], upns: Sequence[str]) -> Notices:
        """The notices among a school's history; other kinds are passed over."""
        place = {upn: row for row, upn in enumerate(upns)}
        told = [(at, e) for at, e in enumerate(events) if e.kind == NOTICE and e.upn in place]
        places, notices = [at for at, _ in told], [event for _, event in told]
        withdrawals = [event for event in events if event.kind == WITHDRAWN]
        first = [(event.from_ or date.min).toordinal() for event in notices]
        last = [(event.until or event.on).toordinal() for event in notices]
        return cls(
            row=np.array([place[event.upn] for event in notices], dtype=np.int64),
            lo=np.searchsorted(calendar.day, first, side="left").astype(np.int64),
            hi=np.searchsorted(calendar.day, last, side="right").astype(np.int64),
            issued=np.array([event.on.toordinal() for event in notices], dtype=np.int64),
            ended=np.array(_ends(notices, withdrawals), dtype=np.int64),
            contact=tuple(event.contact_id for event in notices),
            place=np.array(places, dtype=np.int64),
        )

    def covered(
        self,
        instants: Instants,
        register: Register,
        flags: NDArray[np.bool_],
        bounds: Bounds,
        only: NDArray[np.bool_],
    ) -> NDArray[np.int64]:
        """How many flagged sessions of a window, of those in `only` (P x S), a notice covers (P x T).

        A loop over instants, not over pupils; only the rows with a notice are looked at.
        """
        rows = np.unique(self.row)
        out = np.zeros((register.marks.shape[0], instants.days.size), dtype=np.int64)
        counted = looked_up(flags, register.marks[rows], only[rows])
        sessions = np.arange(counted.shape[1])
        for number, day in enumerate(instants.days):
            inside = (sessions >= bounds.lo[number]) & (sessions < bounds.hi[number])
            out[rows, number] = (counted & self._mask(int(day), rows, sessions.size) & inside).sum(axis=1)
        return out

    def free(self, row: int, day: int, sessions: NDArray[np.int64]) -> NDArray[np.int64]:
        """Those of a pupil's sessions that no notice in force on a day covers."""
        mine = (self.row == row) & (self.issued <= day) & (day < self.ended)
        covered = (sessions[:, None] >= self.lo[mine]) & (sessions[:, None] < self.hi[mine])
        free: NDArray[np.int64] = sessions[~covered.any(axis=1)]
        return free

    def _mask(self, day: int, rows: NDArray[np.int64], sessions: int) -> NDArray[np.bool_]:
        """Which sessions of these rows (ascending) a notice in force on a day covers."""
        steps = np.zeros((rows.size, sessions + 1), dtype=np.int32)
        live = (self.issued <= day) & (day < self.ended)
        place = np.searchsorted(rows, self.row[live])
        np.add.at(steps, (place, self.lo[live]), 1)
        np.add.at(steps, (place, np.maximum(self.hi, self.lo)[live]), -1)
        covered: NDArray[np.bool_] = np.cumsum(steps, axis=1)[:, :-1] > 0
        return covered


def _ends(notices: Sequence[Event], withdrawals: Sequence[Event]) -> list[int]:
    """For each notice the day on which it was withdrawn (never: a day beyond all others).

    A withdrawal ends the notice to the same contact with the same period; one that names neither ends
    the latest notice issued before it that still stands.
    """
    ends = [_NEVER] * len(notices)
    for number, notice in enumerate(notices):
        if notice.outcome == "withdrawn":
            ends[number] = notice.on.toordinal()
    for withdrawal in sorted(withdrawals, key=lambda event: event.on):
        meant = [
            number
            for number, notice in enumerate(notices)
            if ends[number] == _NEVER and _names(withdrawal, notice)
        ]
        if meant:
            latest = max(meant, key=lambda number: notices[number].on)
            ends[latest] = withdrawal.on.toordinal()
    return ends


def _names(withdrawal: Event, notice: Event) -> bool:
    same_contact = not withdrawal.contact_id or withdrawal.contact_id == notice.contact_id
    same_period = withdrawal.from_ is None or withdrawal.from_ == notice.from_
    return withdrawal.upn == notice.upn and notice.on <= withdrawal.on and same_contact and same_period
