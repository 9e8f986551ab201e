"""Numbers and dates as words a ten-year-old reads."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from messaging.words import day_name, days, days_list, lessons, month_name, session_name

MONDAY = date(2025, 11, 10)


@pytest.mark.parametrize(
    ("sessions", "words"),
    [
        (0, "no days"),
        (1, "half a day"),
        (2, "1 day"),
        (3, "1 and a half days"),
        (4, "2 days"),
        (189, "94 and a half days"),
    ],
)
def test_days(sessions: int, words: str) -> None:
    """Two sessions are a day, and an odd one is half of one."""
    assert days(sessions) == words


@pytest.mark.parametrize(
    ("sessions", "per_day", "words"),
    [
        (8, 5, "20 lessons"),
        (9, 5, "about 22 lessons"),
        (9, 6, "27 lessons"),
        (1, 2, "1 lesson"),
        (1, 1, ""),
        (0, 5, ""),
        (9, None, ""),
    ],
)
def test_lessons_are_never_overstated(sessions: int, per_day: int | None, words: str) -> None:
    """Whole lessons are said plainly, a half is rounded down, and what is not known is not said."""
    assert lessons(sessions, per_day) == words


def test_dates() -> None:
    """A date is a weekday, a day and a month, in English on every machine."""
    assert day_name(date(2026, 2, 1)) == "Sunday 1 February"
    assert month_name(date(2025, 9, 3)) == "September"
    assert session_name(MONDAY, "PM") == "the afternoon of Monday 10 November"


def test_a_list_of_days_is_short_and_in_order() -> None:
    """Three days by name, halves marked, the rest counted."""
    one = [(MONDAY, "AM")]
    assert days_list([]) == ""
    assert days_list(one) == "Monday 10 November (morning)"
    three = [(MONDAY + timedelta(days=n), half) for n in (2, 0, 1) for half in ("PM", "AM")]
    assert days_list(three) == "Monday 10 November, Tuesday 11 November and Wednesday 12 November"
    four = [*three, (MONDAY + timedelta(days=3), "PM")]
    assert days_list(four).endswith("Wednesday 12 November and 1 more day")
    assert days_list([*four, (MONDAY + timedelta(days=4), "PM")]).endswith("and 2 more days")


def test_nonsense_is_refused() -> None:
    """A negative count or a session that is neither AM nor PM never becomes words."""
    with pytest.raises(ValueError, match="-1 is no count"):
        days(-1)
    with pytest.raises(ValueError, match="-5 is no count"):
        lessons(2, -5)
    with pytest.raises(ValueError, match="use AM or PM"):
        session_name(MONDAY, "am")
