"""The numbers that the shipped rules ask of history, of admission and of the calendar."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from tests.term.clauses import Number, Size
from tests.term.known import FOREVER, Moment, Row
from tests.term.law import standing_notices
from tests.term.measured import SHARED, WHOLE, counted, extremes

FIRST_COUNTED = "2024-08-19"


def events(at: Moment, upn: str, over: str, kinds: Sequence[str], outcomes: Sequence[str] = ()) -> Number:
    """How many lines of some kinds lie in a window."""
    lines = [row for row in _lines(at, upn, kinds, outcomes) if at.holds(over, row["on"])]
    return Number(len(lines), extremes(len(lines)), 0, at.window(over), (), events=lines)


@lru_cache(SHARED)
def days_since_event(at: Moment, upn: str, kind: str) -> Number:
    """School days after the day of the latest line; no number where there is none."""
    latest = _lines(at, upn, (kind,), ())[-1:]
    days = sum(row["on"] < day for row in latest for day in at.school_days())
    return _perhaps_none(at, days, there=bool(latest), lines=latest)


def sessions_since_event(
    at: Moment, upn: str, kind: str, codes: Sequence[str], outcomes: Sequence[str] = ()
) -> Number:
    """Sessions of some codes after the latest line, within the time that it names."""
    latest = _lines(at, upn, (kind,), outcomes)[-1:]
    slots = [
        slot
        for row in latest
        for slot in at.line(upn, WHOLE)
        if row["on"] < slot.day <= (row["until"] or FOREVER) and slot.day >= (row["from"] or "")
    ]
    found = counted(slots, at.window(WHOLE), [slot for slot in slots if slot.code in codes])
    return Number(found.numerator, found.could_be, found.missing, found.window, found.sessions, events=latest)


def notices_to_one_parent(at: Moment, upn: str, over: str) -> Number:
    """The most notices that stand to one contact; one to nobody by name may have been to any of them."""
    standing = sorted(standing_notices(at.known.history, upn, at.today), key=lambda row: row["on"])
    there = [row for row in standing if row["on"] >= FIRST_COUNTED and at.holds(over, row["on"])]
    to = [row["contact_id"] for row in there]
    most = max((sum(who in {"", each} for who in to) for each in to), default=0)
    return Number(most, extremes(most), 0, at.window(over), (), events=there)


def days_since_admission(at: Moment, upn: str) -> Number:
    """School days after the first day of the latest stay."""
    begun = [since for since in at.known.stays[upn] if since <= at.today]
    return _perhaps_none(at, sum(day > max(begun) for day in at.school_days()), there=True)


def days_to_leaving(at: Moment, upn: str) -> Number:
    """School days until the last day of the stay that holds today; no number where none is told."""
    here = [row for since, row in at.known.stays[upn].items() if since <= at.today]
    last = max(row.get("left_on") or FOREVER for row in here)
    left = {session.day for session in at.known.sessions if at.today < session.day <= last}
    return _perhaps_none(at, len(left) if last < FOREVER else 0, there=last < FOREVER)


@lru_cache(SHARED)
def school_days(at: Moment, over: str) -> Number:
    """How many school days of a window have begun."""
    days = sum(at.holds(over, day) for day in at.school_days())
    return Number(days, extremes(days), 0, at.window(over), ())


def _perhaps_none(at: Moment, days: int, *, there: bool, lines: Sequence[Row] | None = None) -> Number:
    could_be = extremes(days) if there else frozenset[Size | None]({None})
    return Number(days, could_be, 0, at.window(WHOLE), (), int(there), lines, there)


def _lines(at: Moment, upn: str, kinds: Sequence[str], outcomes: Sequence[str]) -> list[Row]:
    """The lines of some kinds up to today, by day."""
    mine = [row for row in at.known.history if row["upn"] == upn and row["on"] <= at.today]
    wanted = [row for row in mine if row["kind"] in kinds and (not outcomes or row["outcome"] in outcomes)]
    return sorted(wanted, key=lambda row: row["on"])
