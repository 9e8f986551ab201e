"""Counts and dates as values of a wording in any language.

In English they are words (messaging/words). In others they are figures, with no more than a word or two
beside them: a wording says "days: 4.5" in its own language, and nothing has to be inflected to fit.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from engine.records import HALVES
from messaging import words
from messaging.languages import ENGLISH, LANGUAGES
from messaging.markup import cell

_HEADS = "Date", "Session", "Reason"


def days_in(sessions: int, language: str) -> str:
    """A count of sessions as days.

    >>> days_in(9, "en"), days_in(9, "pl"), days_in(8, "pl")
    ('4 and a half days', '4.5', '4')
    """
    english = words.days(sessions)
    return english if language == ENGLISH else f"{sessions / 2:g}"


def lessons_in(sessions: int, lessons_per_day: int | None, language: str) -> str:
    """A count of sessions as lessons, rounded down; "" where the school's lessons a day are not known.

    >>> lessons_in(9, 5, "en"), lessons_in(9, 5, "cy"), lessons_in(1, 1, "cy")
    ('about 22 lessons', '22', '')
    """
    english = words.lessons(sessions, lessons_per_day)
    return english if language == ENGLISH or not english else str(sessions * (lessons_per_day or 0) // 2)


def day_in(day: date, language: str) -> str:
    """A date.

    >>> day_in(date(2025, 11, 10), "en"), day_in(date(2025, 11, 10), "pl")
    ('Monday 10 November', '10/11/2025')
    """
    return words.day_name(day) if language == ENGLISH else f"{day:%d/%m/%Y}"


def since_in(day: date, language: str) -> str:
    """Since when a count runs.

    >>> since_in(date(2025, 9, 3), "en"), since_in(date(2025, 9, 3), "ur")
    ('September', '09/2025')
    """
    return words.month_name(day) if language == ENGLISH else f"{day:%m/%Y}"


def session_in(day: date, session: str, language: str) -> str:
    """One session; `session` is AM or PM.

    >>> session_in(date(2025, 11, 10), "AM", "en"), session_in(date(2025, 11, 10), "PM", "cy")
    ('the morning of Monday 10 November', '10/11/2025 (prynhawn)')
    """
    if language == ENGLISH:
        return words.session_name(day, session)
    return f"{day_in(day, language)} ({LANGUAGES[language].halves[HALVES.index(session)]})"


def dates_table(absences: Iterable[tuple[date, str, str]], language: str = ENGLISH) -> str:
    r"""The value of `dates`: a row for each day of some (date, AM or PM, reason), the header first.

    In other languages than English without the reasons, which are English words. "" where there is none.

    >>> dates_table([(date(2025, 11, 10), "PM", "illness"), (date(2025, 11, 10), "AM", "illness")])
    '| Date | Session | Reason |\n| Monday 10 November | all day | illness |'
    >>> dates_table([])
    ''
    >>> dates_table([(date(2025, 11, 10), "PM", "illness")], "cy")
    '| Dyddiad | Sesiwn |\n| 10/11/2025 | prynhawn |'
    """
    by_day: dict[date, dict[str, str]] = {}
    for day, half, reason in absences:
        by_day.setdefault(day, {})[half] = reason
    if not by_day:
        return ""
    head = _row(_HEADS if language == ENGLISH else LANGUAGES[language].heads)
    days = [_day_row(day, tuple(map(by_day[day].get, HALVES)), language) for day in sorted(by_day)]
    return "\n".join((head, *days))


@lru_cache(maxsize=10_000)
def _day_row(day: date, reasons: tuple[str | None, ...], language: str) -> str:
    """The row of a day with the reason of each half of it, None where there was none: alike for many."""
    held = [half for half, reason in zip(HALVES, reasons, strict=True) if reason is not None]
    if language != ENGLISH:
        spoken = LANGUAGES[language].halves
        return _row((day_in(day, language), " + ".join(spoken[HALVES.index(half)] for half in held)))
    said = ", then ".join(dict.fromkeys(cell(reason) for reason in reasons if reason is not None))
    named = "all day" if len(held) == len(HALVES) else words.half_name(held[0])
    return _row((words.day_name(day), named, said))


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
