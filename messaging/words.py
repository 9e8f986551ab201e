"""The words that numbers and dates turn into. Pure: no clock, no locale.

Counts are sessions (half-days) throughout; two of them are a day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.records import AM, HALVES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

# Not strftime: that speaks the language of the machine it runs on.
_WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_MOST_NAMED: Final = 3


def days(sessions: int) -> str:
    """A count of sessions as days.

    >>> days(9), days(1), days(2), days(3), days(0)
    ('4 and a half days', 'half a day', '1 day', '1 and a half days', 'no days')
    """
    _count(sessions)
    whole, half = divmod(sessions, 2)
    if half:
        return f"{whole} and a half days" if whole else "half a day"
    return _of(whole, "day")


def lessons(sessions: int, lessons_per_day: int | None) -> str:
    """A count of sessions as lessons, or "" where the school's lessons a day are not known.

    An odd half-day of an odd number of lessons is rounded down and says so: a family is never
    told of more lessons than were missed.

    >>> lessons(8, 5), lessons(9, 5), lessons(9, None)
    ('20 lessons', 'about 22 lessons', '')
    """
    _count(sessions)
    if lessons_per_day is None:
        return ""
    _count(lessons_per_day)
    whole, half = divmod(sessions * lessons_per_day, 2)
    if not whole:
        return ""
    return f"about {_of(whole, 'lesson')}" if half else _of(whole, "lesson")


def day_name(day: date) -> str:
    """A date as people say it.

    >>> from datetime import date
    >>> day_name(date(2025, 11, 10))
    'Monday 10 November'
    """
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {month_name(day)}"


def date_in_words(day: date) -> str:
    """A date as it stands on a letter.

    >>> from datetime import date
    >>> date_in_words(date(2025, 11, 10))
    '10 November 2025'
    """
    return f"{day.day} {month_name(day)} {day.year}"


def month_name(day: date) -> str:
    """The month of a date: since when a count runs.

    >>> from datetime import date
    >>> month_name(date(2025, 9, 3))
    'September'
    """
    return _MONTHS[day.month - 1]


def session_name(day: date, session: str) -> str:
    """One session as people say it; `session` is AM or PM.

    >>> from datetime import date
    >>> session_name(date(2025, 11, 10), "AM")
    'the morning of Monday 10 November'
    """
    return f"the {half_name(session)} of {day_name(day)}"


def days_list(sessions: Iterable[tuple[date, str]]) -> str:
    """The days of some (date, AM or PM), oldest first: three by name, the rest counted.

    >>> from datetime import date
    >>> days_list([(date(2025, 11, 11), "PM"), (date(2025, 11, 10), "AM"), (date(2025, 11, 10), "PM")])
    'Monday 10 November and Tuesday 11 November (afternoon)'
    """
    halves: dict[date, set[str]] = {}
    for day, session in sessions:
        halves.setdefault(day, set()).add(half_name(session))
    spoken = [
        day_name(day) if len(held) == len(HALVES) else f"{day_name(day)} ({min(held)})"
        for day, held in sorted(halves.items())
    ]
    more = len(spoken) - _MOST_NAMED
    if more > 0:
        spoken[_MOST_NAMED:] = [f"{more} more {'day' if more == 1 else 'days'}"]
    return listed(spoken)


def listed(things: Sequence[str]) -> str:
    """Some things as a sentence names them; none are the empty word.

    >>> listed(["a visit", "a letter", "a call"]), listed([])
    ('a visit, a letter and a call', '')
    """
    *first, last = things or [""]
    return f"{', '.join(first)} and {last}" if first else last


def of_several(names: Sequence[str]) -> dict[str, str]:
    """The variables that speak of a child, for one or several: their names and the verbs that go with them.

    >>> of_several(["Ada", "Ben", "Cy"])
    {'child': 'Ada, Ben and Cy', 'was': 'were', 'has': 'have', 'is': 'are'}
    >>> of_several(["Ada"])
    {'child': 'Ada', 'was': 'was', 'has': 'has', 'is': 'is'}
    """
    verbs = ("were", "have", "are") if len(names) > 1 else ("was", "has", "is")
    return {"child": listed(names), **dict(zip(("was", "has", "is"), verbs, strict=True))}


def half_name(session: str) -> str:
    """AM or PM as people say it.

    >>> half_name("AM")
    'morning'
    """
    if session not in HALVES:
        raise ValueError(f"{session!r} is no session: use AM or PM")
    return "morning" if session == AM else "afternoon"


def _of(number: int, thing: str) -> str:
    return f"{number or 'no'} {thing}{'' if number == 1 else 's'}"


def _count(number: int) -> None:
    if number < 0:
        raise ValueError(f"{number} is no count: sessions and lessons are counted from 0")
