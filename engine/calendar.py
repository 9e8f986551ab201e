"""A school's calendar as arrays over its sessions: the only place that knows which sessions exist.

A session exists where calendar.csv says the morning or the afternoon is held. A school day is a day
with a session, a school week a Monday-to-Sunday week with one (semantics 4).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from engine.instants import Instants, local_instant
from engine.records import HALVES, School, SchoolDay, Term

_AUGUST = 8
_DAY = timedelta(days=1)
Span = tuple[str, date, date]
"""A name, and its first and last day."""
_CLOSED_KINDS = frozenset({"inset", "closure", "holiday"})


def year_by_month(on: date) -> str:
    """The school year of a date by the rule for schools that give no terms: 1 August to 31 July.

    >>> year_by_month(date(2026, 7, 31)), year_by_month(date(2026, 8, 1))
    ('2025/26', '2026/27')
    """
    start = on.year if on.month >= _AUGUST else on.year - 1
    return f"{start}/{(start + 1) % 100:02d}"


def holds_session(day: SchoolDay, half: str) -> bool:
    """Whether a calendar row holds the morning (AM) or afternoon (PM) session.

    >>> holds_session(SchoolDay("s", date(2025, 10, 17), True, True, "inset"), "AM")
    False
    """
    return day.kind not in _CLOSED_KINDS and (day.am if half == "AM" else day.pm)


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """The sessions of one school in time order, as parallel arrays of length S.

    `day` ordinals, `half` 0 for AM and 1 for PM, `closes` UTC seconds when the register closes,
    `day_no`, `week_no`, `year_no` indices into `days` (ordinals; `dates` are the same), `weeks` (Mondays),
    `years` (labels). `spans` are the school years that terms name, `half_terms` and `terms` what those are
    made of, in their order;
    `names` the sessions as people name them: ISO date and AM or PM.
    """

    school: School
    spans: tuple[Span, ...]
    half_terms: tuple[Span, ...]
    terms: tuple[Span, ...]
    day: NDArray[np.int32]
    half: NDArray[np.int8]
    closes: NDArray[np.int64]
    day_no: NDArray[np.int32]
    days: NDArray[np.int32]
    dates: tuple[date, ...]
    week_no: NDArray[np.int32]
    weeks: NDArray[np.int32]
    year_no: NDArray[np.int32]
    years: tuple[str, ...]
    names: tuple[tuple[str, str], ...]

    @classmethod
    def build(cls, school: School, days: Sequence[SchoolDay], terms: Sequence[Term]) -> Calendar:
        """The calendar of a school from its rows, in any order.

        >>> monday = SchoolDay("s", date(2025, 9, 8), True, True)
        >>> Calendar.build(School("s", "S", "primary"), [monday], []).day.size
        2
        """
        rows = sorted(days, key=lambda row: row.date)
        held = np.array([[holds_session(row, half) for half in HALVES] for row in rows], dtype=np.bool_)
        number, half = np.nonzero(held.reshape(len(rows), len(HALVES)))
        day = np.array([row.date.toordinal() for row in rows], dtype=np.int32)[number]
        unique_days, day_no = np.unique(day, return_inverse=True)
        weeks, week_no = np.unique(day - (day - 1) % 7, return_inverse=True)
        open_on = tuple(date.fromordinal(ordinal) for ordinal in unique_days.tolist())
        spans = _merged((each.year, each) for each in terms)
        labels = [_year_label(spans, on) for on in open_on]
        years = tuple(sorted(set(labels)))
        closes = [[_seconds(on, at) for at in (school.am_closes, school.pm_closes)] for on in open_on]
        names = [[(on.isoformat(), half) for half in HALVES] for on in open_on]
        sessions = list(zip(day_no.tolist(), half.tolist(), strict=True))
        return cls(
            school=school,
            spans=spans,
            half_terms=_merged((f"{each.year} {each.term} {each.half_term}", each) for each in terms),
            terms=_merged((f"{each.year} {each.term}", each) for each in terms),
            day=day,
            half=half.astype(np.int8),
            closes=np.array([closes[on][half] for on, half in sessions], dtype=np.int64),
            day_no=day_no.astype(np.int32),
            days=unique_days.astype(np.int32),
            dates=open_on,
            week_no=week_no.astype(np.int32),
            weeks=weeks.astype(np.int32),
            year_no=np.array([years.index(label) for label in labels], dtype=np.int32)[day_no],
            years=years,
            names=tuple(names[on][half] for on, half in sessions),
        )

    def closed(self, instants: Instants) -> NDArray[np.int64]:
        """How many sessions have a closed register at each instant (shape T)."""
        return np.searchsorted(self.closes, instants.seconds, side="right")

    def year_of(self, on: date) -> str:
        """The label of the school year that a date belongs to (semantics 4)."""
        return _year_label(self.spans, on)

    def year_begins(self, on: date) -> date:
        """The first day of the school year that a date belongs to.

        >>> Calendar.build(School("s", "S", "primary"), [], []).year_begins(date(2026, 7, 31)).isoformat()
        '2025-08-01'
        """
        label = self.year_of(on)
        turns = {date(on.year - back, _AUGUST, 1) for back in range(2)}
        turns |= {turn for _, first, last in self.spans for turn in (first, last + _DAY)}
        for turn in sorted((each for each in turns if each <= on), reverse=True):
            if self.year_of(turn - _DAY) != label:
                return turn
        return date.min

    def name(self, session: int) -> tuple[str, str]:
        """A session as people name it: ISO date and AM or PM."""
        return self.names[session]

    def day_after(self, on: date, count: int) -> date:
        """The school day that is `count` school days after a date (0: that day, or the next school day).

        Beyond the end of the calendar the days from Monday to Friday stand in, so that a due date
        exists even where next term is not in the store yet.
        """
        position = int(np.searchsorted(self.days, on.toordinal(), side="left" if count == 0 else "right"))
        wanted = position + max(count - 1, 0)
        if wanted < self.days.size:
            return date.fromordinal(int(self.days[wanted]))
        last = max(int(self.days[-1]) if self.days.size else 0, on.toordinal() - (1 if count == 0 else 0))
        return _weekday_after(last, wanted - self.days.size + 1)

    def register_closes(self, session: int) -> datetime:
        """The instant at which the register of a session closes, in UTC."""
        on = date.fromordinal(int(self.day[session]))
        return local_instant(on, (self.school.am_closes, self.school.pm_closes)[int(self.half[session])])


def _weekday_after(ordinal: int, count: int) -> date:
    while count:
        ordinal += 1
        count -= (ordinal - 1) % 7 < 5
    return date.fromordinal(ordinal)


@lru_cache(maxsize=10_000)
def _seconds(on: date, at: time) -> int:
    return int(local_instant(on, at).timestamp())


def _merged(named: Iterable[tuple[str, Term]]) -> tuple[Span, ...]:
    """Half-terms under a name each, from the first day of its first to the last of its last, in order."""
    spans: dict[str, tuple[date, date]] = {}
    for name, term in named:
        first, last = spans.get(name, (term.starts, term.ends))
        spans[name] = (min(first, term.starts), max(last, term.ends))
    return tuple(sorted(((name, *span) for name, span in spans.items()), key=lambda span: span[1]))


def _year_label(spans: Iterable[Span], on: date) -> str:
    for label, first, last in spans:
        if first <= on <= last:
            return label
    return year_by_month(on)
