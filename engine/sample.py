"""A school small enough to read: what the running examples and a rule's own tests are built on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import numpy as np

from engine.instants import Instants, read_instant
from engine.records import Event, MarkGrid, Pupil, School, SchoolDay, SchoolFacts, Term
from engine.register import SLOTS
from engine.snapshot import Snapshot

MONDAY = date(2025, 9, 8)
AFTER = Instants.of([read_instant("2025-09-11T16:00")])
_WEEKDAYS = 5


def tokens(text: str) -> tuple[tuple[str, str], ...]:
    """Days of marks in compact notation: a token a day, two codes each (semantics 31).

    `//` and `C2,C2` and `-/`: two characters, or two codes with a comma; `-` is a missing mark.

    >>> tokens("// N- C2,I")
    (('/', '/'), ('N', ''), ('C2', 'I'))
    """
    days: list[tuple[str, str]] = []
    for token in text.split():
        parts = tuple(token.split(",")) if "," in token else tuple(token)
        if len(parts) != 2 or not all(1 <= len(code) <= 2 for code in parts):
            raise ValueError(
                f"{token!r} is not a day of marks; write two codes such as // or C2,C2, - for none"
            )
        days.append(("" if parts[0] == "-" else parts[0], "" if parts[1] == "-" else parts[1]))
    return tuple(days)


def weekdays(first: date, count: int) -> tuple[date, ...]:
    """`count` days from Monday to Friday, from a date on.

    >>> [day.day for day in weekdays(date(2025, 9, 11), 3)]
    [11, 12, 15]
    """
    days: list[date] = []
    while len(days) < count:
        if first.weekday() < _WEEKDAYS:
            days.append(first)
        first += timedelta(days=1)
    return tuple(days)


def grid(rows: Mapping[str, Mapping[tuple[date, int], str]]) -> MarkGrid:
    """A mark grid from codes by (date, half) for each pupil."""
    upns = tuple(sorted(rows))
    mondays = sorted({day - timedelta(days=day.weekday()) for marks in rows.values() for day, _ in marks})
    place = {monday: number for number, monday in enumerate(mondays)}
    cells = np.zeros((len(upns), len(mondays) * SLOTS), dtype="S2")
    for number, upn in enumerate(upns):
        for (day, half), code in rows[upn].items():
            week = place[day - timedelta(days=day.weekday())]
            cells[number, week * SLOTS + day.weekday() * 2 + half] = code.encode()
    return MarkGrid(upns, np.array([monday.toordinal() for monday in mondays], dtype=np.int32), cells)


def facts(
    school: School,
    days: Sequence[SchoolDay],
    terms: Sequence[Term],
    pupils: Sequence[Pupil],
    marks: MarkGrid,
    events: Sequence[Event] = (),
) -> SchoolFacts:
    """The facts of a school without staff or contacts."""
    return SchoolFacts(school, tuple(days), tuple(terms), (), tuple(pupils), (), tuple(events), marks)


def school(*pupils: str, first: date = MONDAY) -> Snapshot:
    """A snapshot of a school with one pupil for each line of marks, from `first` on.

    Everybody is in class 8A and was born on 1 May 2013; the calendar holds both sessions of every
    weekday that somebody has a mark for.

    >>> school("//", "NN").register.upns
    ('P1', 'P2')
    """
    lines = [tokens(line) for line in pupils]
    days = weekdays(first, max(map(len, lines)))
    marks = {
        f"P{number}": {
            (day, half): code for day, pair in zip(days, line, strict=False) for half, code in enumerate(pair)
        }
        for number, line in enumerate(lines, start=1)
    }
    return Snapshot.build(
        facts(
            School("S", "Sample School", "secondary"),
            [SchoolDay("S", day, am=True, pm=True) for day in days],
            [],
            [_pupil(upn) for upn in marks],
            grid(marks),
        )
    )


def _pupil(upn: str) -> Pupil:
    born = date(2013, 5, 1)
    return Pupil(upn, "S", "Sam", "Sample", "8", date(2024, 9, 1), date_of_birth=born, form="8A")
