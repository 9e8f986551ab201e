"""School time counted on: against counting on the fingers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calendar import Calendar
from engine.records import School, SchoolDay
from engine.spans import Span

FIRST = date(2025, 9, 1)
_WEEKS = st.lists(st.sets(st.integers(0, 4)), min_size=1, max_size=9)


def calendar(weeks: list[set[int]]) -> Calendar:
    """Weeks from Monday 1 September on, each with school on these weekdays."""
    days = [FIRST + timedelta(weeks=week, days=day) for week, open_on in enumerate(weeks) for day in open_on]
    rows = [SchoolDay("S", day, am=True, pm=True) for day in days]
    return Calendar.build(School("S", "Sample", "primary"), rows, [])


@given(weeks=_WEEKS, start=st.integers(0, 60), count=st.integers(1, 6))
def test_school_weeks(weeks: list[set[int]], start: int, count: int) -> None:
    """The same weekday of the nth week with school, or the next day with school; empty weeks do not count."""
    on = FIRST + timedelta(days=start)
    held = calendar(weeks)
    days = {date.fromordinal(int(day)) for day in held.days}
    got = Span.parse(f"{count} school weeks").after(held, on)
    later = [week for week in sorted({day - timedelta(days=day.weekday()) for day in days}) if week > on]
    if len(later) >= count:
        wanted = later[count - 1] + timedelta(days=on.weekday())
        following = sorted(day for day in days if day >= wanted)
        if following:
            assert got == following[0]
    assert got > on
    assert got.weekday() < 5


def test_days_and_words() -> None:
    """School days are those of the calendar; anything but a number of days or weeks is told."""
    two_weeks = calendar([{0, 1, 2, 3, 4}, {0, 4}])
    assert Span.parse("6 school days").after(two_weeks, FIRST) == date(2025, 9, 12)
    assert Span.parse("1 school week").after(two_weeks, date(2025, 9, 2)) == date(2025, 9, 12)
    assert Span.parse("3 school weeks").after(two_weeks, FIRST) == date(2025, 9, 22)
    for words in ("3 weeks", "0 school days", "school week", ""):
        with pytest.raises(ValueError, match="write one like: 10 school days, 3 school weeks"):
            Span.parse(words)
