"""Ashgrove Academy, its two registers and its school year: half-terms, holidays, pupil days.

The dates of 2025/26 are those of a Hampshire secondary (190 pupil days, 40 school weeks). The last half-term
of 2024/25 stands before them so that windows of school weeks can look back across a summer.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

Row = dict[str, str]

SCHOOL_ID = "ashgrove"
SCHOOL: Row = {
    "school_id": SCHOOL_ID,
    "name": "Ashgrove Academy",
    "phase": "secondary",
    "la": "999",
    "lessons_per_day": "5",
    "am_opens": "08:40",
    "am_closes": "09:10",
    "pm_opens": "13:00",
    "pm_closes": "13:15",
}

HALF_TERMS = (
    ("2024/25", "summer", 2, date(2025, 6, 2), date(2025, 7, 22)),
    ("2025/26", "autumn", 1, date(2025, 9, 3), date(2025, 10, 24)),
    ("2025/26", "autumn", 2, date(2025, 11, 3), date(2025, 12, 19)),
    ("2025/26", "spring", 1, date(2026, 1, 5), date(2026, 2, 13)),
    ("2025/26", "spring", 2, date(2026, 2, 23), date(2026, 3, 27)),
    ("2025/26", "summer", 1, date(2026, 4, 13), date(2026, 5, 22)),
    ("2025/26", "summer", 2, date(2026, 6, 1), date(2026, 7, 22)),
)
INSET = {date(2025, 9, 3), date(2025, 10, 17), date(2026, 1, 5), date(2026, 4, 13), date(2026, 6, 22)}
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
LIVED_FRIDAY = date(2025, 11, 14)
MOMENTS = (time(9, 20), time(10, 30), time(13, 20), time(15, 45))  # when the office imports, each lived day


def kind_of(day: date) -> tuple[str, str]:
    """The calendar's kind and note for one weekday.

    >>> kind_of(date(2025, 10, 17)), kind_of(date(2025, 10, 28)), kind_of(date(2026, 5, 4))
    (('inset', 'Staff training'), ('holiday', ''), ('holiday', 'Early May bank holiday'))
    """
    if day in BANK_HOLIDAYS:
        return "holiday", BANK_HOLIDAYS[day]
    if day in INSET:
        return "inset", "Staff training"
    inside = any(starts <= day <= ends for _, _, _, starts, ends in HALF_TERMS)
    return ("term", "") if inside else ("holiday", "")


def calendar_rows() -> list[Row]:
    """Every weekday from June 2025 to July 2026, one row each; two sessions on a term day, none otherwise."""
    rows = []
    first, last = HALF_TERMS[0][3], HALF_TERMS[-1][4]
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        if day.weekday() < 5:
            kind, note = kind_of(day)
            held = "1" if kind == "term" else "0"
            rows.append(
                {"school_id": SCHOOL_ID, "date": f"{day}", "am": held, "pm": held, "kind": kind, "note": note}
            )
    return rows


def term_rows() -> list[Row]:
    """One row per half-term."""
    return [
        {
            "school_id": SCHOOL_ID,
            "year": year,
            "term": term,
            "half_term": str(half),
            "starts": f"{starts}",
            "ends": f"{ends}",
        }
        for year, term, half, starts, ends in HALF_TERMS
    ]


def _pupil_days() -> tuple[date, ...]:
    span = (LIVED_FRIDAY - ADMITTED).days + 1
    days = (ADMITTED + timedelta(days=offset) for offset in range(span))
    return tuple(day for day in days if day.weekday() < 5 and kind_of(day)[0] == "term")


DAYS = _pupil_days()  # the 46 pupil days from 4 September to 14 November 2025
LIVED = DAYS.index(LIVED_MONDAY)  # the index of the first lived day


def session_index(day: date, session: str) -> int:
    """The place of one session among all sessions since 4 September: two a day, the morning first.

    >>> session_index(date(2025, 9, 4), "AM"), session_index(date(2025, 11, 14), "PM")
    (0, 91)
    """
    return DAYS.index(day) * 2 + (session == "PM")


def entry_moment(session: int) -> int:
    """The moment (four a day, counted from 4 September) at which a session's register reaches the office.

    >>> entry_moment(0), entry_moment(1), entry_moment(2)
    (0, 2, 4)
    """
    return session // 2 * 4 + session % 2 * 2


def moment_at(moment: int) -> datetime:
    """The local time of a moment.

    >>> moment_at(LIVED * 4 + 1)
    datetime.datetime(2025, 11, 10, 10, 30)
    """
    return datetime.combine(DAYS[moment // 4], MOMENTS[moment % 4])
