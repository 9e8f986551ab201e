"""The clauses that several shipped rules are made of."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from tests.term import measured, told
from tests.term.clauses import Bounds, Clause, Number
from tests.term.known import Moment
from tests.term.measured import SHARED, WHOLE

YEAR = "year to date"
LAST_4, BEFORE_4 = "last 4 school weeks", "the 4 school weeks before the last 4"
LAST_10 = "last 10 school weeks"
UNAUTHORISED = ("G", "N", "O", "U")
DAY_OF_ABSENCE = ("I", "G", "N", "O", "H", "F")
Clauses = Sequence[Clause]


@lru_cache(SHARED)
def enough(at: Moment, upn: str, over: str) -> Clause:
    """The guard of a rate: 20 possible sessions."""
    number = measured.possible_sessions(at, upn, over)
    return Clause("possible_sessions", over, "sessions", number, {"at_least": 20})


def rate(at: Moment, upn: str, over: str, tests: Bounds) -> Clause:
    """The absence of a window, in percent."""
    return Clause("absence_rate", over, "percent", measured.absence_rate(at, upn, over), tests)


def change(at: Moment, upn: str, tests: Bounds, now: str = LAST_4, before: str = BEFORE_4) -> Clause:
    """The absence of a window less that of the one before."""
    number = measured.absence_change(at, upn, now, before)
    return Clause("absence_change", now, "percentage points", number, tests)


def days(measure: str, number: Number, tests: Bounds) -> Clause:
    """A number of school days over the whole register."""
    return Clause(measure, measured.WHOLE, "school days", number, tests)


def coded(at: Moment, upn: str, over: str, codes: Sequence[str], tests: Bounds) -> Clause:
    """Sessions of some codes in a window."""
    return Clause("coded_sessions", over, "sessions", measured.coded_sessions(at, upn, over, codes), tests)


def since(at: Moment, upn: str, kind: str, tests: Bounds) -> Clause:
    """School days since a line of history."""
    return days("days_since_event", told.days_since_event(at, upn, kind), tests)


def broken(at: Moment, upn: str, kind: str, codes: Sequence[str], outcomes: Sequence[str] = ()) -> Clause:
    """One session of some codes since a line of history, or more."""
    number = told.sessions_since_event(at, upn, kind, codes, outcomes)
    return Clause("sessions_since_event", WHOLE, "sessions", number, {"at_least": 1})


def event(at: Moment, upn: str, over: str, kinds: Sequence[str], outcomes: Sequence[str] = ()) -> Clause:
    """One line of history of some kinds in a window, or more."""
    return Clause("events", over, "events", told.events(at, upn, over, kinds, outcomes), {"at_least": 1})


def towards_notice(at: Moment, upn: str) -> Clause:
    """Ten unauthorised sessions in ten school weeks, of school age, that no notice covers."""
    number = measured.sessions_towards_notice(at, upn, LAST_10, UNAUTHORISED)
    return Clause("sessions_towards_notice", LAST_10, "sessions", number, {"at_least": 10})


def notices(at: Moment, upn: str, tests: Bounds) -> Clause:
    """Notices to one parent in three years."""
    over = "last 3 years"
    number = told.notices_to_one_parent(at, upn, over)
    return Clause("notices_to_one_parent", over, "notices", number, tests)


def begun(at: Moment, above: int) -> Clause:
    """More than so many school days of the year."""
    return Clause("school_days", YEAR, "school days", told.school_days(at, YEAR), {"above": above})
