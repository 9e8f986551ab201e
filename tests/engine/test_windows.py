"""Windows at their edges, on the real Hampshire calendar of 2025/26."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from engine.calendar import Calendar
from engine.instants import Instants, read_instant
from engine.records import School, SchoolDay, Term
from engine.sample import MONDAY
from engine.windows import Window, year_end
from tests.engine import shipped
from tests.engine.arrays import declared, found


def sessions(words: str, as_of: str) -> tuple[str, str, int]:
    """First and last session of a window, and how many it holds."""
    given = shipped.calendars()["hampshire-2025"]
    calendar = Calendar.build(given.school, given.days, given.terms)
    found = Window.parse(words).bounds(calendar, Instants.of([read_instant(as_of)]))
    lo, hi = int(found.lo[0]), int(found.hi[0])
    if lo == hi:
        return "", "", 0
    return " ".join(calendar.name(lo)), " ".join(calendar.name(hi - 1)), hi - lo


@pytest.mark.parametrize(
    ("words", "as_of", "expected"),
    [
        ("today", "2025-09-08T09:09", ("", "", 0)),  # the register has not closed
        ("today", "2025-09-08T09:10", ("2025-09-08 AM", "2025-09-08 AM", 1)),
        ("today", "2025-09-08", ("2025-09-08 AM", "2025-09-08 PM", 2)),
        ("today", "2025-09-13T12:00", ("", "", 0)),  # a Saturday
        ("today", "2025-10-17T12:00", ("", "", 0)),  # INSET
        ("last 1 school days", "2025-10-20T08:00", ("", "", 0)),  # today has begun, nothing is closed
        ("last 2 school days", "2025-10-20T08:00", ("2025-10-16 AM", "2025-10-16 PM", 2)),  # over INSET
        ("last 2 school days", "2025-10-18T08:00", ("2025-10-15 AM", "2025-10-16 PM", 4)),
        ("last 1 school weeks", "2025-11-01T12:00", ("2025-10-20 AM", "2025-10-24 PM", 10)),  # half-term
        ("last 2 school weeks", "2025-11-03T09:10", ("2025-10-20 AM", "2025-11-03 AM", 11)),
        ("last 1 school weeks", "2026-01-05T12:00", ("", "", 0)),  # INSET Monday: this week has begun
        ("last 10 school weeks", "2025-11-07T16:00", ("2025-07-21 AM", "2025-11-07 PM", 86)),  # over August
        ("last 10 school weeks", "2025-11-10T09:00", ("2025-09-04 AM", "2025-11-07 PM", 82)),
        ("last 99 school weeks", "2025-09-04T16:00", ("2025-07-21 AM", "2025-09-04 PM", 6)),
        ("the 2 school weeks before the last 1", "2025-11-10T09:00", ("2025-10-20 AM", "2025-11-07 PM", 20)),
        ("the 1 school weeks before the last 2", "2025-11-05T12:00", ("2025-10-13 AM", "2025-10-16 PM", 8)),
        ("the 1 school days before the last 2", "2025-10-20T08:00", ("2025-10-15 AM", "2025-10-15 PM", 2)),
        ("the 9 school days before the last 1", "2025-07-22T16:00", ("2025-07-21 AM", "2025-07-21 PM", 2)),
        ("the 4 school weeks before the last 4", "2025-07-22T16:00", ("", "", 0)),  # before everything
        ("year to date", "2025-07-22T16:00", ("2025-07-21 AM", "2025-07-22 PM", 4)),
        ("year to date", "2025-07-31", ("2025-07-21 AM", "2025-07-22 PM", 4)),  # still the old year
        ("year to date", "2025-08-01", ("", "", 0)),  # the new one, not begun
        ("year to date", "2025-09-04T09:10", ("2025-09-04 AM", "2025-09-04 AM", 1)),
        ("year to date", "2026-07-22", ("2025-09-04 AM", "2026-07-22 PM", 380)),  # 190 pupil days
        ("whole register", "2025-09-04T09:10", ("2025-07-21 AM", "2025-09-04 AM", 5)),
        ("whole register", "2025-07-01", ("", "", 0)),  # before everything
        (
            "this half-term",
            "2025-10-30",
            ("2025-09-04 AM", "2025-10-24 PM", 72),
        ),  # in the holiday: that before
        ("this half-term", "2025-11-03T09:10", ("2025-11-03 AM", "2025-11-03 AM", 1)),
        ("last half-term", "2025-11-03T09:00", ("2025-09-04 AM", "2025-10-24 PM", 72)),
        ("last half-term", "2025-09-10", ("2025-07-21 AM", "2025-07-22 PM", 4)),  # over the summer
        ("last half-term", "2025-07-22", ("", "", 0)),  # there was none before
        ("this term", "2025-11-05", ("2025-09-04 AM", "2025-11-05 PM", 78)),
        ("last term", "2026-01-06", ("2025-09-04 AM", "2025-12-19 PM", 142)),
        ("this half-term", "2026-08-20", ("2026-06-01 AM", "2026-07-22 PM", 74)),
        ("last 3 days", "2025-09-11", ("2025-09-09 AM", "2025-09-11 PM", 6)),  # not Monday 8
        ("last 7 days", "2025-09-10", ("2025-09-04 AM", "2025-09-10 PM", 10)),
        ("last 1 months", "2025-10-15", ("2025-09-16 AM", "2025-10-15 PM", 44)),
        ("last 1 years", "2026-07-21", ("2025-07-22 AM", "2026-07-21 PM", 380)),
        ("last 999 years", "2025-09-10", ("2025-07-21 AM", "2025-09-10 PM", 14)),
    ],
)
def test_a_window_holds_these_sessions(words: str, as_of: str, expected: tuple[str, str, int]) -> None:
    """First session, last session and number, for each kind of window where it turns."""
    assert sessions(words, as_of) == expected


@pytest.mark.parametrize(
    "words",
    [
        "last 0 school days",
        "last 1000 school days",
        "last school week",
        "last -1 school weeks",
        "the 0 school weeks before the last 4",
        "the 4 school weeks before the last 0",
        "the 4 school weeks before the last 1000",
        "yesterday",
        "",
        "last 0 days",
        "last 2 half-terms",
        f"last {'9' * 500} school weeks",
    ],
)
def test_words_that_are_no_window_are_answered_with_those_that_are(words: str) -> None:
    """The message lists what can be written."""
    with pytest.raises(ValueError, match=r"is not a window; windows are: today, last 5 school days"):
        Window.parse(words)


def test_before_a_window_lies_one_of_the_same_length() -> None:
    """One step back ends where the window begins, the next one where that begins."""
    window = Window.parse("last 4 school weeks")
    assert window.before == Window.parse("the 4 school weeks before the last 4")
    assert window.before.before == Window.parse("the 4 school weeks before the last 8")
    assert Window.parse("the 2 school days before the last 3").before.words == (
        "the 2 school days before the last 5"
    )


def test_a_window_says_which_last_days_it_leaves_out() -> None:
    """None, one, or several."""
    window = Window.parse("last 4 school weeks")
    assert [window.without_last(grace).words for grace in (0, 1, 2)] == [
        "last 4 school weeks",
        "last 4 school weeks, but the last school day",
        "last 4 school weeks, but the last 2 school days",
    ]


@pytest.mark.parametrize("words", ["today", "year to date", "whole register"])
def test_nothing_lies_before_a_window_without_a_length(words: str) -> None:
    """A rule that compares such a window with the one before it is told what can be compared."""
    with pytest.raises(ValueError, match=f"no window before '{words}': use last n school days or weeks"):
        _ = Window.parse(words).before


@pytest.mark.parametrize(
    ("words", "as_of", "told"),
    [
        ("this half-term", "2025-09-08", True),
        ("this half-term", "2025-08-31", False),  # before any that is told
        ("this half-term", "2025-09-22", False),  # a session after the end of the last one
        ("this half-term", "2025-09-16", True),
        ("last half-term", "2025-09-11", True),
        ("this term", "2025-09-11", True),
        ("year to date", "2025-09-22", True),
    ],
)
def test_a_half_term_nobody_has_told_is_no_half_term(words: str, as_of: str, *, told: bool) -> None:
    """With sessions that lie in none of the terms a window of terms cannot be told; other windows can."""
    terms = [Term("S", "2025/26", "autumn", 1, date(2025, 9, 1), date(2025, 9, 17))]
    days = [SchoolDay("S", date(2025, 9, day), am=True, pm=True) for day in (8, 9, 18)]
    calendar = Calendar.build(School("S", "School", "primary"), days, terms)
    found = Window.parse(words).days(calendar, Instants.of([read_instant(as_of)]))
    assert found.told.tolist() == [told]


def test_a_half_term_left_out_between_two_is_missed() -> None:
    """The last half-term is not the one before the gap, where there was school in it."""
    terms = [
        Term("S", "2025/26", "autumn", half, date(2025, 9, first), date(2025, 9, first + 2))
        for half, first in ((1, 1), (3, 15))
    ]
    days = [SchoolDay("S", date(2025, 9, day), am=True, pm=True) for day in (2, 9, 15)]
    found = Window.parse("last half-term").days(
        Calendar.build(School("S", "School", "primary"), days, terms),
        Instants.of([read_instant("2025-09-16")]),
    )
    assert found.told.tolist() == [False]


def test_a_school_year_ends_with_its_last_session_whenever_asked() -> None:
    """In the old year, in August, on the first day and after the last; a year without sessions has no end."""
    given = shipped.calendars()["hampshire-2025"]
    calendar = Calendar.build(given.school, given.days, given.terms)
    asked = Instants.of(
        [read_instant(day) for day in ("2025-07-22", "2025-08-01", "2025-09-04", "2026-07-31", "2026-08-01")]
    )
    ends = year_end(calendar, asked)
    assert ends.tolist() == [4, 384, 384, 384, 0]
    assert year_end(calendar, Instants.of([])).dtype == ends.dtype == np.int64


EVERY_KIND = [
    "this half-term",
    "last term",
    "last 20 days",
    "last 2 months",
    "today",
    "year to date",
    "whole register",
    "last 3 school weeks",
    "the 3 school days before the last 2",
]


@pytest.mark.parametrize("words", EVERY_KIND)
@pytest.mark.parametrize("as_of", [(), ("2025-09-08",), ("2025-09-08", "2025-07-01")])
def test_a_window_has_one_pair_of_session_numbers_for_each_instant(
    words: str, as_of: tuple[str, ...]
) -> None:
    """Also for no instant, where numpy would take an empty list for floats; and it still says its words."""
    calendar = Calendar.build(
        School("S", "School", "primary"), [SchoolDay("S", MONDAY, am=True, pm=True)], []
    )
    window = Window.parse(words)
    bounds = window.bounds(calendar, Instants.of([read_instant(text) for text in as_of]))
    assert window.words == words
    assert found(bounds) == declared(bounds) == {"lo": "int64", "hi": "int64"}
    assert bounds.lo.shape == bounds.hi.shape == (len(as_of),)


@pytest.mark.parametrize("words", EVERY_KIND)
def test_a_school_without_sessions_has_empty_windows(words: str) -> None:
    """No calendar yet is no reason to fail, whatever is left out."""
    calendar = Calendar.build(School("S", "School", "primary"), [], [])
    for window in (Window.parse(words), Window.parse(words).without_last(2)):
        found = window.bounds(calendar, Instants.of([read_instant("2025-09-08")]))
        assert (found.lo.tolist(), found.hi.tolist()) == ([0], [0])


def test_the_only_session_before_those_left_out_is_still_looked_at() -> None:
    """A first day with a morning alone: the day before the one left out is that day."""
    first = SchoolDay("S", date(2025, 9, 8), am=True, pm=False)
    second = SchoolDay("S", date(2025, 9, 9), am=True, pm=True)
    calendar = Calendar.build(School("S", "School", "primary"), [first, second], [])
    window = Window.parse("last 1 school days").without_last(1)
    found = window.bounds(calendar, Instants.of([read_instant("2025-09-09T16:00")]))
    assert (found.lo.tolist(), found.hi.tolist()) == ([0], [1])
    nothing_before = Instants.of([read_instant("2025-09-08T16:00")])
    assert window.days(calendar, nothing_before).last.tolist() == nothing_before.days.tolist()


def test_without_any_term_a_window_of_terms_holds_nothing() -> None:
    """Nobody has told which half-term it is: no session counts, and the window says that it is not told."""
    day = SchoolDay("S", date(2025, 9, 8), am=True, pm=True)
    calendar = Calendar.build(School("S", "School", "primary"), [day], [])
    window, instants = Window.parse("this half-term"), Instants.of([read_instant("2025-09-08")])
    found = window.bounds(calendar, instants)
    assert found.lo.tolist() == found.hi.tolist()
    assert window.told(calendar, instants).tolist() == [False]


def test_a_morning_before_the_first_half_term_belongs_to_one_that_nobody_has_told() -> None:
    """One session is enough: the half-term before the first one told is not known to have been none."""
    terms = [Term("S", "2025/26", "autumn", 1, date(2025, 9, 1), date(2025, 9, 17))]
    day = SchoolDay("S", date(2025, 9, 8), am=True, pm=True)
    before = SchoolDay("S", date(2025, 8, 29), am=True, pm=False)
    instants = Instants.of([read_instant("2025-09-08")])
    for days, told in (([day], True), ([before, day], False)):
        calendar = Calendar.build(School("S", "School", "primary"), days, terms)
        assert Window.parse("last half-term").days(calendar, instants).told.tolist() == [told]


@pytest.mark.parametrize(
    ("words", "as_of", "begins"),
    [
        ("last 1 months", "2026-01-15", "2025-12-16"),  # into the year before
        ("last 2 months", "2026-01-31", "2025-12-01"),  # November has 30 days
        ("last 3 months", "2026-05-31", "2026-03-01"),  # February has 28
    ],
)
def test_months_back_are_those_of_the_calendar(words: str, as_of: str, begins: str) -> None:
    """It begins the day after the same day so many months back, or after the last there is of that month."""
    calendar = Calendar.build(School("S", "School", "primary"), [], [])
    found = Window.parse(words).days(calendar, Instants.of([read_instant(as_of)]))
    assert found.first.tolist() == [date.fromisoformat(begins).toordinal()]
