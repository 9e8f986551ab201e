"""The school year 2025/26 as each school of the trust keeps it: half-terms, holidays, pupil days.

The dates are those of a Hampshire secondary (190 pupil days, 40 school weeks); each school has one day of
staff training of its own. The last half-term of 2024/25 stands before them so that windows of school weeks
can look back across a summer.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from adapters.demo.places import Place

Row = dict[str, str]

HALF_TERMS = (
    ("2024/25", "summer", 2, date(2025, 6, 2), date(2025, 7, 22)),
    ("2025/26", "autumn", 1, date(2025, 9, 3), date(2025, 10, 24)),
    ("2025/26", "autumn", 2, date(2025, 11, 3), date(2025, 12, 19)),
    ("2025/26", "spring", 1, date(2026, 1, 5), date(2026, 2, 13)),
    ("2025/26", "spring", 2, date(2026, 2, 23), date(2026, 3, 27)),
    ("2025/26", "summer", 1, date(2026, 4, 13), date(2026, 5, 22)),
    ("2025/26", "summer", 2, date(2026, 6, 1), date(2026, 7, 22)),
)
INSET = {date(2025, 9, 3), date(2026, 1, 5), date(2026, 4, 13), date(2026, 6, 22)}
BANK_HOLIDAYS = {
    date(2025, 8, 25): "Summer bank holiday",
    date(2025, 12, 25): "Christmas Day",
    date(2025, 12, 26): "Boxing Day",
    date(2026, 1, 1): "New Year's Day",
    date(2026, 4, 3): "Good Friday",
    date(2026, 4, 6): "Easter Monday",
    date(2026, 5, 4): "Early May bank holiday",
    date(2026, 5, 25): "Spring bank holiday",
}

ADMITTED = date(2025, 9, 3)
LIVED_MONDAY = date(2025, 11, 10)
MOMENTS = (time(9, 20), time(10, 30), time(13, 20), time(15, 45))  # when the offices import, each lived day


def kind_of(day: date, own_inset: date) -> tuple[str, str]:
    """The calendar's kind and note for one weekday, in a school whose own training day is `own_inset`.

    >>> own = date(2025, 10, 17)
    >>> kind_of(own, own), kind_of(date(2025, 10, 28), own), kind_of(date(2026, 5, 4), own)
    (('inset', 'Staff training'), ('holiday', ''), ('holiday', 'Early May bank holiday'))
    """
    if day in BANK_HOLIDAYS:
        return "holiday", BANK_HOLIDAYS[day]
    if day in INSET or day == own_inset:
        return "inset", "Staff training"
    inside = any(starts <= day <= ends for _, _, _, starts, ends in HALF_TERMS)
    return ("term", "") if inside else ("holiday", "")


def calendar_rows(place: Place) -> list[Row]:
    """Every weekday from June 2025 to July 2026, one row each; two sessions on a term day, none otherwise."""
    rows = []
    first, last = HALF_TERMS[0][3], HALF_TERMS[-1][4]
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        if day.weekday() < 5:
            kind, note = kind_of(day, place.inset)
            held = "1" if kind == "term" else "0"
            rows.append(
                {
                    "school_id": place.school_id,
                    "date": f"{day}",
                    "am": held,
                    "pm": held,
                    "kind": kind,
                    "note": note,
                }
            )
    return rows


def term_rows(place: Place) -> list[Row]:
    """One row per half-term."""
    return [
        {
            "school_id": place.school_id,
            "year": year,
            "term": term,
            "half_term": str(half),
            "starts": f"{starts}",
            "ends": f"{ends}",
        }
        for year, term, half, starts, ends in HALF_TERMS
    ]


@cache
def pupil_days(own_inset: date) -> tuple[date, ...]:
    """The 190 days of 2025/26 on which pupils of a school are in, from 4 September to 22 July.

    >>> days = pupil_days(date(2025, 10, 17))
    >>> len(days), days.index(LIVED_MONDAY)
    (190, 41)
    """
    span = (HALF_TERMS[-1][4] - ADMITTED).days + 1
    days = (ADMITTED + timedelta(days=offset) for offset in range(span))
    return tuple(day for day in days if day.weekday() < 5 and kind_of(day, own_inset)[0] == "term")


def entry_moment(session: int) -> int:
    """The moment (four to each of a school's days, from its first) at which a session's register is in.

    >>> entry_moment(0), entry_moment(1), entry_moment(2)
    (0, 2, 4)
    """
    return session // 2 * 4 + session % 2 * 2


def moment_at(day: date, moment: int) -> datetime:
    """The local time of one of the four moments of a day.

    >>> moment_at(LIVED_MONDAY, 1)
    datetime.datetime(2025, 11, 10, 10, 30)
    """
    return datetime.combine(day, MOMENTS[moment])
