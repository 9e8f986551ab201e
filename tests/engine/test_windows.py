"""Windows at their edges, on the real Hampshire calendar of 2025/26."""

from __future__ import annotations

import pytest

from engine.calendar import Calendar
from engine.instants import Instants, read_instant
from engine.records import School
from engine.windows import Window
from tests.engine import shipped


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
        ("year to date", "2025-07-22T16:00", ("2025-07-21 AM", "2025-07-22 PM", 4)),
        ("year to date", "2025-07-31", ("2025-07-21 AM", "2025-07-22 PM", 4)),  # still the old year
        ("year to date", "2025-08-01", ("", "", 0)),  # the new one, not begun
        ("year to date", "2025-09-04T09:10", ("2025-09-04 AM", "2025-09-04 AM", 1)),
        ("year to date", "2026-07-22", ("2025-09-04 AM", "2026-07-22 PM", 380)),  # 190 pupil days
        ("whole register", "2025-09-04T09:10", ("2025-07-21 AM", "2025-09-04 AM", 5)),
        ("whole register", "2025-07-01", ("", "", 0)),  # before everything
    ],
)
def test_a_window_holds_these_sessions(words: str, as_of: str, expected: tuple[str, str, int]) -> None:
    """First session, last session and number, for each kind of window where it turns."""
    assert sessions(words, as_of) == expected


@pytest.mark.parametrize(
    "words", ["last 0 school days", "last school week", "yesterday", "last -1 school weeks", ""]
)
def test_words_that_are_no_window_are_answered_with_those_that_are(words: str) -> None:
    """The message lists what can be written."""
    with pytest.raises(ValueError, match=r"is not a window; windows are: today, last 5 school days"):
        Window.parse(words)


@pytest.mark.parametrize(
    "words", ["today", "year to date", "whole register", "last 3 school weeks", "last 3 school days"]
)
def test_a_school_without_sessions_has_empty_windows(words: str) -> None:
    """No calendar yet is no reason to fail."""
    calendar = Calendar.build(School("S", "School", "primary"), [], [])
    found = Window.parse(words).bounds(calendar, Instants.of([read_instant("2025-09-08")]))
    assert (found.lo.tolist(), found.hi.tolist()) == ([0], [0])
