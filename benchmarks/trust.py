"""A synthetic trust for measuring: 57 schools, 40,000 pupils, a year of marks, drawn as arrays.

Plausible rather than true to life: about 6 % of sessions absent, in spells; some reasons not yet known, a
few registers not taken. The same number gives the same school. Nothing here is shared with the demo.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.people import People, people_of
from benchmarks.register import registers, true_codes
from engine.records import HALVES, Event, Mark, School, SchoolDay, Term
from engine.rulebook.calendars import TestCalendar, read_calendar
from workflows.ports import Record

if TYPE_CHECKING:
    from numpy.typing import NDArray

CALENDAR = Path(__file__).parent.parent / "rules" / "calendars" / "hampshire-2025.yaml"
BEGINS = date(2025, 9, 1)
NOT_YET_KNOWN = (0.5, 0.2, 0.1)
"""How likely the reason of an absence is still unknown on its own day, the day after, two days after."""
LATE = 0.01
"""How many registers are taken only the day after."""


@dataclass(frozen=True, slots=True)
class Size:
    """How many schools of each kind, and how many pupils each has."""

    secondaries: int = 17
    in_secondary: int = 1200
    primaries: int = 40
    in_primary: int = 490

    @property
    def schools(self) -> int:
        """All schools."""
        return self.secondaries + self.primaries

    @property
    def pupils(self) -> int:
        """All pupils."""
        return self.secondaries * self.in_secondary + self.primaries * self.in_primary


@dataclass(frozen=True, slots=True, eq=False)
class TrustSchool:
    """One school: its facts, and the marks of its whole year as text (`codes`, P x S, empty: no mark).

    `sessions` are the year's sessions (date and half) in order, two a day; `chance` (P x S) decides how long
    a reason stays unknown, `late` (P x S) whether the register is taken only the day after.
    """

    school: School
    days: tuple[SchoolDay, ...]
    terms: tuple[Term, ...]
    people: People
    events: tuple[Event, ...]
    sessions: tuple[tuple[date, str], ...]
    codes: NDArray[np.bytes_]
    chance: NDArray[np.float64]
    late: NDArray[np.bool_]

    def files(self) -> dict[str, Sequence[Record]]:
        """The rows of every file but marks, in the order in which they rest on each other."""
        return {
            "schools": (self.school,),
            "calendar": self.days,
            "terms": self.terms,
            "staff": self.people.staff,
            "pupils": self.people.pupils,
            "contacts": self.people.contacts,
            "history": self.events,
        }

    def on_roll(self) -> NDArray[np.bool_]:
        """Which sessions (P x S) lie within each pupil's time on roll."""
        day = np.array([on.toordinal() for on, _ in self.sessions])
        spells = self.people.pupils
        first = np.array([pupil.admitted_on.toordinal() for pupil in spells])
        last = np.array([(pupil.left_on or date.max).toordinal() for pupil in spells])
        return (day >= first[:, None]) & (day <= last[:, None])

    def known(self, last: int) -> NDArray[np.bytes_]:
        """The marks as they stand when the session `last` is the newest: recent reasons may be N still."""
        codes = self.codes.copy()
        codes[:, last + 1 :] = b""
        for ago, unknown in enumerate(NOT_YET_KNOWN):
            day = slice(max(last // 2 - ago, 0) * 2, last // 2 * 2 - ago * 2 + 2)
            part = codes[:, day]
            part[np.isin(part, [b"I", b"O", b"G"]) & (self.chance[:, day] < unknown)] = b"N"
        today = slice(last // 2 * 2, last + 1)
        codes[:, today][self.late[:, today]] = b""
        return codes

    def marks(self, cells: NDArray[np.bytes_], wanted: NDArray[np.bool_]) -> Iterator[Mark]:
        """The marks of some cells (P x S), session by session."""
        texts = np.char.decode(cells, "ascii")
        upns = [pupil.upn for pupil in self.people.pupils]
        school_id = self.school.school_id
        for session in np.flatnonzero(wanted.any(axis=0)).tolist():
            on, half = self.sessions[session]
            rows = np.flatnonzero(wanted[:, session])
            for row, code in zip(rows.tolist(), texts[rows, session].tolist(), strict=True):
                yield Mark(upns[row], school_id, on, half, code)

    def until(self, last: int) -> Iterator[Mark]:
        """Every mark that stands once session `last` is in."""
        cells = self.known(last)
        return self.marks(cells, cells != b"")

    def since(self, before: int, last: int) -> Iterator[Mark]:
        """What is new between two sessions: the marks taken, and the reasons found out."""
        cells = self.known(last)
        return self.marks(cells, (cells != b"") & (cells != self.known(before)))


def session_of(on: date, half: str) -> int:
    """The place of a session in the trust's year."""
    return _sessions().index((on, half))


def school_of(number: int, size: Size) -> TrustSchool:
    """The school of this number (0 is the first secondary)."""
    secondary = number < size.secondaries
    school_id = f"school-{number:02}"
    calendar = _calendar()
    draw = np.random.default_rng([2025, number])
    roll = size.in_secondary if secondary else size.in_primary
    years = ("7", "8", "9", "10", "11") if secondary else ("R", "1", "2", "3", "4", "5", "6")
    people = people_of(draw, school_id, number, roll, years)
    sessions = _sessions()
    codes = true_codes(draw, people, len(sessions) // 2)
    phase = "secondary" if secondary else "primary"
    school = TrustSchool(
        replace(calendar.school, school_id=school_id, name=f"School {number:02}", phase=phase),
        tuple(replace(day, school_id=school_id) for day in calendar.days),
        tuple(replace(term, school_id=school_id) for term in calendar.terms),
        people,
        tuple(_history(draw, school_id, people, codes)),
        sessions,
        codes,
        draw.random(codes.shape),
        registers(draw, people, len(sessions), LATE),
    )
    school.codes[~school.on_roll()] = b""
    return school


def _history(
    draw: np.random.Generator, school_id: str, people: People, codes: NDArray[np.bytes_]
) -> Iterator[Event]:
    """Support offered to those who miss much; notices to half of those who missed ten sessions by March."""
    before = codes[:, : session_of(date(2026, 3, 13), "PM") + 1]
    missed = np.isin(before, [b"G", b"N", b"O", b"U"]).sum(axis=1)
    for row in np.flatnonzero(missed >= 5).tolist():
        upn = people.pupils[row].upn
        yield Event(upn, school_id, "support_offered", date(2026, 1, 19))
        kind = draw.random()
        if missed[row] < 10 or kind > 0.5:
            continue
        contact = f"{people.families[row]}-1"
        first, last = (date(2026, 1, 5), date(2026, 3, 13)) if kind < 0.25 else (None, None)
        yield Event(upn, school_id, "penalty_notice", date(2026, 3, 20), first, last, contact)
        if kind < 0.05:
            yield Event(upn, school_id, "penalty_withdrawn", date(2026, 4, 20), first, None, contact)


@cache
def _calendar() -> TestCalendar:
    calendar, problems = read_calendar(str(CALENDAR), CALENDAR.read_text(encoding="utf-8"))
    if calendar is None:
        raise ValueError("\n".join(map(str, problems)))
    return calendar


@cache
def _sessions() -> tuple[tuple[date, str], ...]:
    held = [day.date for day in _calendar().days if day.am and day.date >= BEGINS]
    return tuple((day, half) for day in sorted(held) for half in HALVES)
