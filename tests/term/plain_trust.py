"""The trust's graduated response, welcome, praise and watch of the codes in plain Python."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.term import measured, patterns, told
from tests.term.asked import (
    BEFORE_4,
    DAY_OF_ABSENCE,
    LAST_4,
    LAST_10,
    YEAR,
    Clauses,
    begun,
    coded,
    days,
    enough,
    rate,
    since,
)
from tests.term.clauses import Bounds, Clause
from tests.term.known import Moment

ABSENCE = ("I", "M", "R", "S", "T", "E", "C", "C1", "C2", "J1", "H", "F", "G", "N", "O", "U")
TIGHTENED = "2026-01-05"
Rule = Callable[[Moment, str], Clauses]


def near_persistent(at: Moment) -> Bounds:
    """8 to under 10 percent, from 5 January 2026 on 7 to under 10."""
    return {"at_least": 7 if at.today >= TIGHTENED else 8, "below": 10}


def near_and_goes_on(at: Moment, upn: str) -> Clauses:
    """Near to persistent in the year, and three days missed of late."""
    return _of_late(at, upn, near_persistent(at))


def wider_help(at: Moment, upn: str) -> Clauses:
    """Persistent, three days missed of late, 20 to 60 school days after a plan."""
    plan = since(at, upn, "plan", {"at_least": 20, "at_most": 60})
    return [*_of_late(at, upn, {"at_least": 10, "below": 50}), plan]


def joined_in_the_year(at: Moment, upn: str) -> Clauses:
    """On roll for 10 school days at most, and more than 11 of the year have passed."""
    admitted = told.days_since_admission(at, upn)
    return [days("days_since_admission", admitted, {"at_most": 10}), begun(at, 11)]


def welcome_back(at: Moment, upn: str) -> Clauses:
    """Here today, and all of the five school days before away."""
    return [
        coded(at, upn, "today", ("/", "\\", "L"), {"at_least": 1}),
        coded(at, upn, "the 5 school days before the last 1", DAY_OF_ABSENCE, {"at_least": 10}),
    ]


def on_time_again(at: Moment, upn: str) -> Clauses:
    """Late 5 times or more in the 4 weeks before, and not since."""
    return [
        _late(at, upn, BEFORE_4, {"at_least": 5}),
        _late(at, upn, LAST_4, {"below": 1}),
        enough(at, upn, LAST_4),
    ]


def one_weekday_missed(at: Moment, upn: str) -> Clauses:
    """A weekday missed as chance alone makes one pupil in 5,000 do."""
    number = patterns.weekday_pattern(at, upn, LAST_10, ABSENCE, 5000)
    return [Clause("weekday_pattern", LAST_10, "weekdays", number, {"at_least": 1})]


def illness_again(at: Moment, upn: str) -> Clauses:
    """Six spells of illness in the year."""
    return [Clause("spells", YEAR, "spells", patterns.spells(at, upn, YEAR, ("I",)), {"at_least": 6})]


def after_the_register_closed(at: Moment, upn: str) -> Clauses:
    """Five U in 4 school weeks."""
    return [coded(at, upn, LAST_4, ("U",), {"at_least": 5})]


def _of_late(at: Moment, upn: str, tests: Bounds) -> Clauses:
    possible = measured.possible_sessions(at, upn, YEAR)
    return [
        Clause("possible_sessions", YEAR, "sessions", possible, {"at_least": 80}),
        rate(at, upn, YEAR, tests),
        Clause("days_missed", LAST_4, "days", patterns.days_missed(at, upn, LAST_4), {"at_least": 3}),
    ]


def _late(at: Moment, upn: str, over: str, tests: Bounds) -> Clause:
    return Clause(
        "late_sessions", over, "sessions", measured.coded_sessions(at, upn, over, ("L", "U")), tests
    )


RULES: dict[str, Rule] = {
    "early-support-plan": near_and_goes_on,
    "support-plan-reviewed": near_and_goes_on,
    "wider-help": wider_help,
    "joined-in-the-year": joined_in_the_year,
    "welcome-back": welcome_back,
    "on-time-again": on_time_again,
    "one-weekday-missed": one_weekday_missed,
    "illness-again": illness_again,
    "after-the-register-closed": after_the_register_closed,
}
AFTER: dict[str, tuple[str, str]] = {
    "support-plan-reviewed": ("wider-help", "stage 1 comes first, and was not done yet")
}
"""What comes after a stage's work, in a term in which nobody does any: the rule of a higher stage, once which
has acted nothing is waited for, and what is said till then."""
ABOUT: dict[str, Callable[[Mapping[str, str]], bool]] = {
    "illness-again": lambda row: not {"medical", "medical evidence"} & {*row["flags"].split(";")}
}
