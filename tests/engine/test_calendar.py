"""The calendar at its edges: clock changes, years, and due days beyond the end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

import pytest

from engine.calendar import Calendar
from engine.instants import Instants, local, read_instant
from engine.records import School, SchoolDay, Term
from tests.engine.arrays import declared, found

SCHOOL = School("S", "School", "secondary", am_closes=time(9, 10), pm_closes=time(13, 25))


def calendar(*days: date, terms: Sequence[Term] = (), kind: str = "term") -> Calendar:
    """A calendar that holds both sessions of the days given."""
    return Calendar.build(SCHOOL, [SchoolDay("S", day, am=True, pm=True, kind=kind) for day in days], terms)


def term(year: str, starts: date, ends: date) -> Term:
    """One half-term of a year."""
    return Term("S", year, "autumn", 1, starts, ends)


@pytest.mark.parametrize(
    ("day", "closes"),
    [
        (date(2026, 3, 27), "09:10:00+00:00"),  # the Friday before the clocks go forward
        (date(2026, 3, 30), "08:10:00+00:00"),  # the Monday after: an hour earlier in UTC
        (date(2025, 10, 24), "08:10:00+00:00"),  # the Friday before the clocks go back
        (date(2025, 10, 27), "09:10:00+00:00"),  # the Monday after
    ],
)
def test_a_register_closes_by_the_clock_in_england(day: date, closes: str) -> None:
    """At 09:10 local time the morning is closed, a second earlier it is not, on both sides of a change."""
    held = calendar(day)
    at = datetime.fromisoformat(f"{day}T{closes}")
    assert held.register_closes(0) == at
    assert held.closed(Instants.of([at, at.replace(minute=9, second=59)])).tolist() == [1, 0]
    assert local(at).time() == time(9, 10)


def test_the_afternoon_closes_by_its_own_hour() -> None:
    """The second session of a day closes when the afternoon register does."""
    held = calendar(date(2025, 9, 8))
    assert held.register_closes(1) == datetime(2025, 9, 8, 12, 25, tzinfo=UTC)
    assert held.name(1) == ("2025-09-08", "PM")


@pytest.mark.parametrize("kind", ["inset", "closure", "holiday"])
def test_a_day_of_a_closed_kind_holds_no_session(kind: str) -> None:
    """Even where its row says am and pm, an INSET day, a closure or a holiday is no school day."""
    assert calendar(date(2025, 9, 8), kind=kind).day.size == 0


def test_an_exam_day_is_a_school_day() -> None:
    """Exams are sat in school: the register is taken."""
    assert calendar(date(2025, 9, 8), kind="exam").day.size == 2


@pytest.mark.parametrize(("am", "pm"), [(True, False), (False, True), (False, False)])
def test_a_day_holds_the_halves_its_row_says(am: bool, pm: bool) -> None:  # noqa: FBT001
    """A school that closes at noon has no afternoon register to miss."""
    held = Calendar.build(SCHOOL, [SchoolDay("S", date(2025, 9, 8), am=am, pm=pm)], [])
    assert [held.name(session)[1] for session in range(held.day.size)] == ["AM"] * am + ["PM"] * pm


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2025, 7, 14), "2025/26"),  # a school whose new year begins in July says so by its terms
        (date(2025, 7, 11), "2024/25"),  # before the first term: by month
        (date(2025, 10, 27), "2025/26"),  # half-term: between two terms of one year
        (date(2026, 7, 10), "2025/26"),  # the last day of the last term
        (date(2026, 7, 31), "2025/26"),  # after it, to the end of July: by month
        (date(2026, 8, 1), "2026/27"),  # from 1 August the next year
        (date(2027, 8, 3), "2026/27"),  # the last day of terms that reach into August
        (date(2027, 8, 4), "2027/28"),  # the day after
    ],
)
def test_a_school_year_is_the_terms_else_from_august(day: date, year: str) -> None:
    """The label comes from the terms around a day, whatever gaps they have, else from the month."""
    terms = [
        term("2025/26", date(2025, 7, 14), date(2025, 10, 24)),
        term("2025/26", date(2025, 11, 3), date(2026, 7, 10)),
        term("2026/27", date(2026, 9, 1), date(2027, 8, 3)),
    ]
    held = calendar(date(2025, 9, 8), terms=terms)
    assert held.year_of(day) == year
    assert held.years == ("2025/26",)


@pytest.mark.parametrize("days", [(), (date(2025, 9, 8),)], ids=["no session", "one day"])
def test_every_array_holds_the_numbers_it_says(days: tuple[date, ...]) -> None:
    """Also with no session at all, where numpy would take an empty list for floats, which index nothing."""
    held = calendar(*days)
    assert len(declared(held)) == 8
    assert found(held) == declared(held)


WEEK = (date(2025, 12, 17), date(2025, 12, 18), date(2025, 12, 19), date(2026, 1, 6), date(2026, 1, 7))


@pytest.mark.parametrize(
    ("on", "count", "due"),
    [
        (date(2025, 12, 17), 0, date(2025, 12, 17)),  # a school day: that day
        (date(2025, 12, 20), 0, date(2026, 1, 6)),  # a holiday: the next school day
        (date(2025, 12, 17), 1, date(2025, 12, 18)),
        (date(2025, 12, 19), 1, date(2026, 1, 6)),  # over the holiday
        (date(2025, 12, 20), 1, date(2026, 1, 6)),  # from within it
        (date(2026, 1, 6), 1, date(2026, 1, 7)),  # the last day known
        (date(2026, 1, 6), 2, date(2026, 1, 8)),  # one beyond: weekdays stand in
        (date(2026, 1, 6), 4, date(2026, 1, 12)),  # and pass over the weekend
        (date(2026, 1, 7), 0, date(2026, 1, 7)),
        (date(2026, 1, 9), 0, date(2026, 1, 9)),  # beyond the end on a Friday: that day
        (date(2026, 1, 10), 0, date(2026, 1, 12)),  # beyond the end on a Saturday: Monday
        (date(2026, 1, 9), 1, date(2026, 1, 12)),
        (date(2026, 1, 10), 2, date(2026, 1, 13)),
        (date(2026, 1, 13), 1, date(2026, 1, 14)),  # from a Tuesday beyond the end: Wednesday
    ],
)
def test_a_due_day_is_counted_in_school_days(on: date, count: int, due: date) -> None:
    """So many school days on, also where the calendar ends before."""
    assert calendar(*WEEK).day_after(on, count) == due


def test_a_due_day_exists_without_any_calendar() -> None:
    """A school with no session at all still gets a date to work by."""
    assert calendar().day_after(date(2026, 1, 10), 0) == date(2026, 1, 12)
    assert calendar().day_after(date(2026, 1, 9), 2) == date(2026, 1, 13)


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2025-10-26T00:30", "2025-10-25T23:30"),  # still summer time
        ("2025-10-26T01:30", "2025-10-26T00:30"),  # happens twice: the first of the two
        ("2025-10-26T02:30", "2025-10-26T02:30"),
        ("2026-03-29T01:30", "2026-03-29T01:30"),  # never happens on that clock
        ("2026-03-29T02:30", "2026-03-29T01:30"),
        ("2025-07-01T09:20+02:00", "2025-07-01T07:20"),  # an offset is believed
        ("2025-07-01", "2025-07-01T22:59"),  # a date alone is the end of it
    ],
)
def test_an_instant_is_read_by_the_clock_in_england(text: str, utc: str) -> None:
    """Without an offset the wall clock decides, on both days on which it jumps."""
    assert read_instant(text) == datetime.fromisoformat(f"{utc}:00+00:00")


@pytest.mark.parametrize("text", ["tomorrow", "2025-13-01", "10/11/2025", "", "0001-01-01T00:00+05:00"])
def test_what_is_no_instant_is_refused_with_an_example(text: str) -> None:
    """A person who mistypes an instant is shown one."""
    with pytest.raises(ValueError, match="is not an instant; write 2025-11-10T09:20"):
        read_instant(text)


@pytest.mark.parametrize(
    ("on", "begins"),
    [
        (date(2025, 9, 10), date(2025, 8, 1)),  # the days of August before the term bear the same label
        (date(2025, 8, 15), date(2025, 8, 1)),
        (date(2025, 7, 31), date(2025, 7, 25)),  # after the term, by the month, in other words
        (date(2025, 7, 24), date(2024, 9, 2)),
        (date(2024, 8, 30), date(2024, 8, 1)),
    ],
)
def test_a_school_year_begins_where_its_label_does(on: date, begins: date) -> None:
    """Whether the terms tell it or the month: back to the day before which another year was."""
    terms = [
        Term("S", "last year", "autumn", 1, date(2024, 9, 2), date(2025, 7, 24)),
        Term("S", "2025/26", "autumn", 1, date(2025, 9, 3), date(2025, 10, 24)),
    ]
    calendar = Calendar.build(School("S", "School", "primary"), [], terms)
    assert calendar.year_begins(on) == begins
    assert calendar.year_of(begins) == calendar.year_of(on) != calendar.year_of(begins - timedelta(days=1))


@pytest.mark.parametrize(
    ("on", "begins"),
    [
        (date(2026, 3, 10), date(2025, 8, 1)),
        (date(2026, 7, 31), date(2025, 8, 1)),
        (date(2026, 8, 1), date(2026, 8, 1)),  # a year's first day is in it
        (date(2026, 12, 31), date(2026, 8, 1)),
    ],
)
def test_without_any_term_a_school_year_begins_in_august(on: date, begins: date) -> None:
    """In spring that is the August before, in autumn the one just gone."""
    assert calendar().year_begins(on) == begins


def test_a_year_whose_beginning_nothing_tells_has_none() -> None:
    """One term written over three years under the label of the first: what came before bears it, too."""
    mistaken = calendar(terms=[term("2020/21", date(2021, 1, 5), date(2024, 7, 1))])
    assert mistaken.year_begins(date(2023, 3, 1)) == date.min


def test_half_terms_follow_each_other_by_their_first_day() -> None:
    """Not by their names, which are the school's, nor by the last day, which may be mistyped."""
    told = [
        ("b, the year before", date(2024, 9, 2), date(2024, 10, 25)),
        ("a, this year", date(2025, 9, 1), date(2025, 12, 19)),
        ("c, within it", date(2025, 11, 3), date(2025, 12, 18)),
    ]
    found = calendar(terms=[term(*each) for each in told])
    assert [first for _, first, _ in found.half_terms] == [first for _, first, _ in told]
