"""Compulsory school age: from which day, until which day.

Source: Education Act 1996, section 8. It begins on the fifth birthday where that is a prescribed day,
else on the next prescribed day: 31 August, 31 December, 31 March (Education (Start of Compulsory School
Age) Order 1998, SI 1998/1607). It ends with the school leaving date, the last Friday in June (Education
(School Leaving Date) Order 1997, SI 1997/1970), of the school year in which the pupil turns sixteen.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

_PRESCRIBED = ((3, 31), (8, 31), (12, 31))
_SEPTEMBER = 9
_FRIDAY = 4


def birthday(born: date, age: int) -> date:
    """The day on which a person attains an age; 29 February falls on 1 March in other years.

    >>> birthday(date(2020, 2, 29), 5)
    datetime.date(2025, 3, 1)
    """
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)


@lru_cache(maxsize=10_000)
def compulsory_from(born: date) -> date:
    """The first day of compulsory school age.

    >>> compulsory_from(date(2020, 9, 1)), compulsory_from(date(2020, 8, 31))
    (datetime.date(2025, 12, 31), datetime.date(2025, 8, 31))
    """
    fifth = birthday(born, 5)
    days = (date(fifth.year, month, day) for month, day in _PRESCRIBED)
    return next(day for day in days if day >= fifth)


@lru_cache(maxsize=10_000)
def compulsory_until(born: date) -> date:
    """The last day of compulsory school age: the last Friday in June.

    >>> compulsory_until(date(2009, 9, 1)), compulsory_until(date(2009, 8, 31))
    (datetime.date(2026, 6, 26), datetime.date(2025, 6, 27))
    """
    sixteenth = birthday(born, 16)
    year = sixteenth.year + (sixteenth.month >= _SEPTEMBER)
    last = date(year, 6, 30)
    return last - timedelta(days=(last.weekday() - _FRIDAY) % 7)
