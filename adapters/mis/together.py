"""What is checked across the columns of one row, once each cell has been read.

A check may change the values it is given, warn, or raise Misread to refuse the row.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from adapters.mis.parse import Misread

Warn = Callable[[str], None]

REGISTER_OPEN_FOR = timedelta(minutes=30)
_NO_SCHOOL = frozenset({"inset", "closure", "holiday"})
_HALF_NAMES = {"am": "morning", "pm": "afternoon"}


def nothing(_values: dict[str, Any], _warn: Warn) -> None:
    """No check."""


def hours(values: dict[str, Any], warn: Warn) -> None:
    """A register closes after it opens and, by the guidance, within 30 minutes."""
    for half, name in _HALF_NAMES.items():
        opens, closes = values[f"{half}_opens"], values[f"{half}_closes"]
        if closes <= opens:
            raise Misread(f"{half}_closes ({closes:%H:%M}) is not after {half}_opens ({opens:%H:%M})")
        open_for = datetime.combine(date.min, closes) - datetime.combine(date.min, opens)
        if open_for > REGISTER_OPEN_FOR:
            minutes = int(open_for.total_seconds() // 60)
            warn(
                f"the {name} register stays open for {minutes} minutes; the guidance allows 30. "
                f"{half}_closes is when the register closes, not when the session ends"
            )
    if values["pm_opens"] < values["am_closes"]:
        raise Misread(
            f"pm_opens ({values['pm_opens']:%H:%M}) is before am_closes ({values['am_closes']:%H:%M})"
        )


def sessions_of_day(values: dict[str, Any], warn: Warn) -> None:
    """On an INSET day, a closure or a holiday no session is held, whatever am and pm say."""
    kind = values["kind"]
    if kind in _NO_SCHOOL and (values["am"] or values["pm"]):
        warn(f"kind is {kind}, yet am or pm is 1: taken as a day without session")
        values["am"] = values["pm"] = False


def span_of_term(values: dict[str, Any], _warn: Warn) -> None:
    """A half-term ends on or after the day it starts."""
    if values["ends"] < values["starts"]:
        raise Misread(f"ends ({values['ends']}) is before starts ({values['starts']})")


def days_of_pupil(values: dict[str, Any], warn: Warn) -> None:
    """A pupil is born before being admitted and leaves after it; a date that cannot be is left out."""
    born, left = values["date_of_birth"], values["left_on"]
    if born is not None and born >= values["admitted_on"]:
        warn("date_of_birth is not before admitted_on; it is left out")
        values["date_of_birth"] = None
    if left is not None and left < values["admitted_on"]:
        warn("left_on is before admitted_on; it is left out, so the pupil is on the roll")
        values["left_on"] = None


def span_of_event(values: dict[str, Any], warn: Warn) -> None:
    """A period ends on or after the day it starts; a hold is kept without its period, never lost."""
    starts, until = values["from_"], values["until"]
    if starts is None or until is None or until >= starts:
        return
    if values["kind"] != "hold":
        raise Misread(f"until ({until}) is before from ({starts})")
    warn("until is before from; the hold is taken without an end")
    values["until"] = None
