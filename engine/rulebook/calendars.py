"""Calendars that the tests beside the rules name: rules/calendars/<name>.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Literal

from engine.records import School, SchoolDay, Term
from engine.rulebook.problems import Problem
from engine.rulebook.typed import Shape, shaped
from engine.rulebook.yaml_source import read_yaml

_WEEKDAYS = 5
_LONGEST_TERM = 366


class HoursShape(Shape):
    """When registers open and close."""

    am_opens: time
    am_closes: time
    pm_opens: time
    pm_closes: time


class TermShape(Shape):
    """One half of a term."""

    year: str
    term: Literal["autumn", "spring", "summer"]
    half_term: int
    starts: date
    ends: date


class CalendarShape(Shape):
    """One calendar: school on every weekday of a term that is not `closed`."""

    school_hours: HoursShape
    terms: list[TermShape]
    closed: list[date]


@dataclass(frozen=True, slots=True)
class TestCalendar:
    """A school with its days and terms, for tests."""

    school: School
    days: tuple[SchoolDay, ...]
    terms: tuple[Term, ...]


def read_calendar(file: str, text: str) -> tuple[TestCalendar | None, tuple[Problem, ...]]:
    """The calendar of a file, or what is wrong with it.

    >>> read_calendar("c.yaml", "terms: []")[1][0].what
    "the key 'school_hours' is missing"
    """
    tree = read_yaml(file, text)
    shape = shaped(tree, (), tree.data, CalendarShape) if not tree.problems else None
    for number, term in enumerate(shape.terms if shape else ()):
        if not 0 <= (term.ends - term.starts).days < _LONGEST_TERM:
            what = f"a term from {term.starts} to {term.ends} cannot be meant: it ends within a year"
            tree.problems.append(tree.problem(("terms", number), what))
    if shape is None or tree.problems:
        return None, tuple(tree.problems)
    hours = shape.school_hours
    school = School(
        "test",
        "Test School",
        "secondary",
        "",
        5,
        hours.am_opens,
        hours.am_closes,
        hours.pm_opens,
        hours.pm_closes,
    )
    terms = tuple(Term("test", t.year, t.term, t.half_term, t.starts, t.ends) for t in shape.terms)
    closed = set(shape.closed)
    days = tuple(
        SchoolDay("test", day, am=day not in closed, pm=day not in closed)
        for term in terms
        for day in _weekdays(term.starts, term.ends)
    )
    return TestCalendar(school, days, terms), ()


def _weekdays(first: date, last: date) -> list[date]:
    count = (last - first).days + 1
    days = (first + timedelta(days=number) for number in range(count))
    return [day for day in days if day.weekday() < _WEEKDAYS]
