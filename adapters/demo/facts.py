"""A drawn school year as the facts that the engine judges, without the way through the CSV folder."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from adapters.demo.calendar import calendar_rows, pupil_days, term_rows
from engine.records import MarkGrid, Pupil, School, SchoolDay, SchoolFacts, Term
from engine.register import SLOTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from adapters.demo.calendar import Row
    from adapters.demo.places import Place


def facts_of(place: Place, pupils: Sequence[Row], true: NDArray[np.bytes_]) -> SchoolFacts:
    """The school, its calendar, its pupils, their true codes (pupils x sessions); no staff, no contacts."""
    row, own = place.row, place.school_id
    days = [
        SchoolDay(own, date.fromisoformat(day["date"]), day["am"] == "1", day["pm"] == "1", day["kind"])
        for day in calendar_rows(place)
    ]
    terms = [
        Term(
            own,
            term["year"],
            term["term"],
            int(term["half_term"]),
            date.fromisoformat(term["starts"]),
            date.fromisoformat(term["ends"]),
        )
        for term in term_rows(place)
    ]
    return SchoolFacts(
        school=School(
            own,
            place.name,
            place.phase,
            am_opens=time.fromisoformat(row["am_opens"]),
            am_closes=time.fromisoformat(row["am_closes"]),
            pm_opens=time.fromisoformat(row["pm_opens"]),
            pm_closes=time.fromisoformat(row["pm_closes"]),
        ),
        days=tuple(days),
        terms=tuple(terms),
        staff=(),
        pupils=tuple(_pupil(each) for each in pupils),
        contacts=(),
        events=(),
        marks=_grid(place, pupils, true),
    )


def _pupil(row: Row) -> Pupil:
    return Pupil(
        upn=row["upn"],
        school_id=row["school_id"],
        first_name=row["first_name"],
        last_name=row["last_name"],
        year_group=row["year_group"],
        admitted_on=date.fromisoformat(row["admitted_on"]),
        left_on=date.fromisoformat(row["left_on"]) if row["left_on"] else None,
        date_of_birth=date.fromisoformat(row["date_of_birth"]),
        form=row["form"],
        fsm=row["fsm"] == "1",
        sen=row["sen"],
    )


def _grid(place: Place, pupils: Sequence[Row], true: NDArray[np.bytes_]) -> MarkGrid:
    days = pupil_days(place.inset)
    mondays = sorted({day - timedelta(days=day.weekday()) for day in days})
    number = {monday: week for week, monday in enumerate(mondays)}
    slots = [
        number[day - timedelta(days=day.weekday())] * SLOTS + day.weekday() * 2 + half
        for day in days
        for half in (0, 1)
    ]
    cells = np.zeros((len(pupils), len(mondays) * SLOTS), dtype="S2")
    cells[:, slots] = true
    weeks = np.array([monday.toordinal() for monday in mondays], dtype=np.int32)
    return MarkGrid(tuple(row["upn"] for row in pupils), weeks, cells)
