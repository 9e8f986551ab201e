"""When work is due, in school time."""

from __future__ import annotations

from datetime import time

import pytest

from engine.calendar import Calendar
from engine.instants import local, read_instant
from engine.rulebook.due import Due
from tests.engine import shipped

ENDS = time(15, 30)


def calendar() -> Calendar:
    """The real Hampshire calendar."""
    given = shipped.calendars()["hampshire-2025"]
    return Calendar.build(given.school, given.days, given.terms)


@pytest.mark.parametrize(
    ("words", "as_of", "ground", "due"),
    [
        ("50 minutes after close", "2025-09-08T09:12", ("2025-09-08", "AM"), "2025-09-08T10:00"),
        ("50 minutes after close", "2025-09-08T16:00", ("2025-09-08", "PM"), "2025-09-08T14:15"),  # passed
        ("50 minutes after close", "2025-09-08T16:00", None, "2025-09-08T15:30"),  # of no session: today
        ("50 minutes after close", "2026-03-30T09:12", ("2026-03-27", "AM"), "2026-03-27T10:00"),
        ("end of that school day", "2025-09-09T08:00", ("2025-09-08", "AM"), "2025-09-08T15:30"),
        ("end of that school day", "2025-09-09T08:00", None, "2025-09-09T15:30"),
        (
            "same day",
            "2025-09-08T23:00",
            ("2025-09-05", "AM"),
            "2025-09-08T15:30",
        ),  # as-of's, not the ground's
        ("same day", "2025-10-25T10:00", None, "2025-11-03T15:30"),  # half-term: the next school day
        ("1 school day", "2025-10-16T10:00", None, "2025-10-20T15:30"),  # over INSET and a weekend
        ("5 school days", "2025-10-23T10:00", ("2025-10-22", "AM"), "2025-11-06T15:30"),  # clocks went back
        ("0 school days", "2025-10-25T10:00", None, "2025-11-03T15:30"),
    ],
)
def test_a_due_rule_gives_this_instant(
    words: str, as_of: str, ground: tuple[str, str] | None, due: str
) -> None:
    """Each form, with and without a session that the ground is about."""
    held = calendar()
    at = None
    if ground:
        at = next(number for number in range(held.day.size) if held.name(number) == ground)
    found = Due.parse(words).at(held, read_instant(as_of), at, ENDS)
    assert local(found).strftime("%Y-%m-%dT%H:%M") == due


@pytest.mark.parametrize("words", ["soon", "school days", "5 days", "-1 school days", "5 minutes", ""])
def test_words_that_are_no_due_time_are_answered_with_those_that_are(words: str) -> None:
    """The message shows what can be written."""
    with pytest.raises(ValueError, match="is not a due time; write one like: 15 minutes after close"):
        Due.parse(words)
