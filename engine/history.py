"""The history of a school's pupils as arrays: support offered, meetings, notices, and when.

A line of history speaks from its own day (`on`): judged as of an earlier instant it was not there yet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.records import Event
from engine.register import Sessions
from engine.windows import Days

FOREVER = 2**31 - 1


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """The lines of history about pupils of this school as parallel arrays of length E, by day.

    `place` is where each stands among the school's events, `row` its pupil, `on` its day; `begins` and `ends`
    are the first and the last day it is about (ordinals; its own day, and FOREVER, where it does not say).
    """

    place: NDArray[np.int64]
    row: NDArray[np.int64]
    on: NDArray[np.int64]
    begins: NDArray[np.int64]
    ends: NDArray[np.int64]
    kind: tuple[str, ...]
    outcome: tuple[str, ...]

    @classmethod
    def build(cls, events: Sequence[Event], rows: Mapping[str, int]) -> History:
        """The history of a school from its events; those about nobody on its register are passed over.

        >>> from datetime import date
        >>> History.build([Event("P1", "S", "plan", date(2025, 9, 8))], {"P1": 0}).kind
        ('plan',)
        """
        there = [(place, event) for place, event in enumerate(events) if event.upn in rows]
        there.sort(key=lambda pair: (pair[1].on, pair[0]))
        columns = [
            (
                place,
                rows[event.upn],
                event.on.toordinal(),
                (event.from_ or event.on).toordinal(),
                event.until.toordinal() if event.until else FOREVER,
            )
            for place, event in there
        ]
        place, row, on, begins, ends = np.array(columns, dtype=np.int64).reshape(-1, 5).T
        kinds, outcomes = ([getattr(event, name) for _, event in there] for name in ("kind", "outcome"))
        return cls(place, row, on, begins, ends, tuple(kinds), tuple(outcomes))

    def among(self, kinds: frozenset[str], outcomes: frozenset[str]) -> NDArray[np.int64]:
        """Which lines are of these kinds and outcomes (of any, where none is named), ascending by day."""
        return np.array(
            [
                number
                for number, (kind, outcome) in enumerate(zip(self.kind, self.outcome, strict=True))
                if kind in kinds and (not outcomes or outcome in outcomes)
            ],
            dtype=np.int64,
        )

    def within(self, lines: NDArray[np.int64], days: Days) -> NDArray[np.bool_]:
        """Which of some lines lie in a window (L x T)."""
        on = self.on[lines][:, None]
        return (days.first <= on) & (on <= days.last)

    def per_pupil(self, lines: NDArray[np.int64], which: NDArray[np.bool_], pupils: int) -> NDArray[np.int64]:
        """How many of some lines (L), where `which` (L x T) says so, each pupil has (P x T)."""
        counted = np.zeros((pupils, which.shape[1]), dtype=np.int64)
        np.add.at(counted, self.row[lines], which.astype(np.int64))
        return counted

    def latest(self, lines: NDArray[np.int64], today: NDArray[np.int64], pupils: int) -> NDArray[np.int64]:
        """The latest of some lines that each pupil has by each day (P x T); -1 where there is none."""
        found = np.full((pupils, today.size), -1, dtype=np.int64)
        begun = self.on[lines][:, None] <= today
        np.maximum.at(found, self.row[lines], np.where(begun, lines[:, None], -1))
        return found

    def places(self, lines: NDArray[np.int64], which: NDArray[np.bool_]) -> Sessions:
        """The places of the lines that `which` (L x T) says, for one pupil and one instant when asked."""
        return lambda row, number: self.place[lines[(self.row[lines] == row) & which[:, number]]]
