"""Compulsory school age at every edge the law draws."""

from __future__ import annotations

from datetime import date

import pytest

from engine.school_age import birthday, compulsory_from, compulsory_until


@pytest.mark.parametrize(
    ("born", "first"),
    [
        (date(2020, 3, 31), date(2025, 3, 31)),  # the fifth birthday is a prescribed day: that day
        (date(2020, 4, 1), date(2025, 8, 31)),  # a day later: the end of August
        (date(2020, 8, 31), date(2025, 8, 31)),
        (date(2020, 9, 1), date(2025, 12, 31)),
        (date(2020, 12, 31), date(2025, 12, 31)),
        (date(2021, 1, 1), date(2026, 3, 31)),
        (date(2020, 2, 29), date(2025, 3, 31)),  # a leap-day child is five on 1 March
    ],
)
def test_it_begins_on_the_prescribed_day_on_or_after_the_fifth_birthday(born: date, first: date) -> None:
    """31 March, 31 August and 31 December, each from both sides."""
    assert compulsory_from(born) == first


@pytest.mark.parametrize(
    ("born", "last"),
    [
        (date(2009, 8, 31), date(2025, 6, 27)),  # sixteen on the last day of the school year 2024/25
        (date(2009, 9, 1), date(2026, 6, 26)),  # a day younger: a school year more
        (date(2008, 6, 28), date(2024, 6, 28)),  # sixteen on the leaving date itself
        (date(2008, 7, 15), date(2024, 6, 28)),  # fifteen when leaving
        (date(2006, 1, 1), date(2022, 6, 24)),
        (date(2007, 1, 1), date(2023, 6, 30)),  # 30 June is a Friday
        (date(2008, 2, 29), date(2024, 6, 28)),
    ],
)
def test_it_ends_on_the_last_friday_in_june_of_the_year_of_turning_sixteen(born: date, last: date) -> None:
    """The school leaving date, from both sides of 1 September."""
    assert compulsory_until(born) == last


def test_a_leap_day_birthday_falls_on_the_first_of_march_in_other_years() -> None:
    """And on 29 February where there is one."""
    assert (birthday(date(2020, 2, 29), 5), birthday(date(2020, 2, 29), 4)) == (
        date(2025, 3, 1),
        date(2024, 2, 29),
    )
