"""The national rules by subject in plain Python: joiners and leavers, whom to tell, notices, timetables."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.term import measured, told
from tests.term.asked import (
    LAST_10,
    UNAUTHORISED,
    Clauses,
    begun,
    broken,
    coded,
    days,
    event,
    notices,
    since,
    towards_notice,
)
from tests.term.clauses import Bounds, Clause, Requirement
from tests.term.known import Moment

IMPROVE = "notice_to_improve"
NO_REASON = ("N", "O")
TEN_COUNTED = "ten of these sessions within compulsory school age and under no earlier notice"
SUPPORT_FIRST = "support that was offered, or leave that was refused beforehand"
OFFERED = "offer the family support, and write down what"
WARNED = "a notice to improve that has ended, was broken or passed over, or leave refused beforehand"
FEWER_THAN_TWO = "fewer than two notices to this parent for this child in three years"
Rule = Callable[[Moment, str], Clauses]


def new_pupil_return(at: Moment, upn: str) -> Clauses:
    """On roll for 5 school days at most, and more than 6 of the year have passed."""
    admitted = told.days_since_admission(at, upn)
    return [days("days_since_admission", admitted, {"at_most": 5}), begun(at, 6)]


def deletion_return(at: Moment, upn: str) -> Clauses:
    """20 school days at most until the last one here."""
    return [days("days_to_leaving", told.days_to_leaving(at, upn), {"at_most": 20})]


def no_reason_today(at: Moment, upn: str) -> Clauses:
    """An N today."""
    return [coded(at, upn, "today", ("N",), {"at_least": 1})]


def missing_education(at: Moment, upn: str) -> Clauses:
    """10 days of N and O in a row; or 3, and some of them since a visit that found nobody."""
    number = measured.consecutive_absent_days(at, upn, NO_REASON)
    return [
        days("consecutive_absent_days", number, {"at_least": 10}),
        days("consecutive_absent_days", number, {"at_least": 3}),
        broken(at, upn, "home_visit", NO_REASON, ("no answer", "nobody there")),
    ]


def suspended(tests: Bounds) -> Rule:
    """So many days of E in a row."""

    def rule(at: Moment, upn: str) -> Clauses:
        return [days("consecutive_absent_days", measured.consecutive_absent_days(at, upn, ("E",)), tests)]

    return rule


def may_be_asked_for(at: Moment, upn: str) -> Clauses:
    """10 unauthorised sessions in 10 school weeks, covered or not, of school age or not."""
    return [coded(at, upn, LAST_10, UNAUTHORISED, {"at_least": 10})]


def first_before_a_notice(at: Moment, upn: str) -> list[Requirement]:
    """What a penalty notice requires, in the order in which it is asked."""
    year = "last 12 months"
    support = event(at, upn, year, ("support_offered", "meeting", "plan", "contract", "leave_refused"))
    refused, improve = event(at, upn, year, ("leave_refused",)), event(at, upn, year, (IMPROVE,))
    ended = [
        since(at, upn, IMPROVE, {"at_least": 30}),
        broken(at, upn, IMPROVE, UNAUTHORISED),
        event(at, upn, "whole register", (IMPROVE,), ("failed", "passed over")),
    ]
    warned = max(refused.truth, min(improve.truth, max(clause.truth for clause in ended)))
    counted, fewer = towards_notice(at, upn), notices(at, upn, {"below": 2})
    return [
        Requirement(TEN_COUNTED, counted.truth, [counted]),
        Requirement(SUPPORT_FIRST, support.truth, [support], OFFERED),
        Requirement(WARNED, warned, [refused, improve, *ended]),
        Requirement(FEWER_THAN_TWO, fewer.truth, [fewer]),
    ]


def no_third_notice(at: Moment, upn: str) -> Clauses:
    """The threshold met, and two notices to one parent in three years."""
    return [towards_notice(at, upn), notices(at, upn, {"at_least": 2})]


def improve_runs(at: Moment, upn: str) -> Clauses:
    """A notice to improve less than 30 school days ago."""
    return [since(at, upn, IMPROVE, {"below": 30})]


def improve_broken(at: Moment, upn: str) -> Clauses:
    """The same, and an unauthorised session since then."""
    return [since(at, upn, IMPROVE, {"below": 30}), broken(at, upn, IMPROVE, UNAUTHORISED)]


def improve_over(at: Moment, upn: str) -> Clauses:
    """30 to 40 school days ago."""
    return [since(at, upn, IMPROVE, {"at_least": 30, "at_most": 40})]


def contract_review(at: Moment, upn: str) -> Clauses:
    """A contract 20 to 60 school days ago."""
    return [since(at, upn, "contract", {"at_least": 20, "at_most": 60})]


def contract_meeting_missed(at: Moment, upn: str) -> Clauses:
    """A contract 60 school days ago at most, and a meeting missed in the last 10."""
    missed = event(at, upn, "last 10 school days", ("meeting",), ("missed",))
    return [since(at, upn, "contract", {"at_most": 60}), missed]


def part_time(before: str = "") -> Rule:
    """Two sessions of C2 this week, and two in an earlier window."""

    def rule(at: Moment, upn: str) -> Clauses:
        windows = ["last 1 school weeks", *([before] if before else [])]
        return [coded(at, upn, over, ("C2",), {"at_least": 2}) for over in windows]

    return rule


def not_required(at: Moment, upn: str) -> Clauses:
    """An X within compulsory school age in 4 school weeks."""
    over = "last 4 school weeks"
    number = measured.sessions_towards_return(at, upn, over, ("X",))
    return [Clause("sessions_towards_return", over, "sessions", number, {"at_least": 1})]


RULES: dict[str, Rule] = {
    "new-pupil-return": new_pupil_return,
    "deletion-return": deletion_return,
    "tell-the-social-worker": no_reason_today,
    "tell-the-youth-offending-worker": no_reason_today,
    "missing-education": missing_education,
    "suspension-goes-on": suspended({"at_least": 2, "below": 6}),
    "suspension-without-provision": suspended({"at_least": 6}),
    "penalty-notice-may-be-asked-for": may_be_asked_for,
    "no-third-penalty-notice": no_third_notice,
    "notice-to-improve-runs": improve_runs,
    "notice-to-improve-broken": improve_broken,
    "notice-to-improve-over": improve_over,
    "contract-review": contract_review,
    "contract-meeting-missed": contract_meeting_missed,
    "part-time-timetable-begins": part_time(),
    "part-time-timetable-review": part_time("the 2 school weeks before the last 3"),
    "part-time-timetable-too-long": part_time("the 2 school weeks before the last 6"),
    "not-required-at-school-age": not_required,
}
FIRST: dict[str, Callable[[Moment, str], list[Requirement]]] = {
    "penalty-notice-may-be-asked-for": first_before_a_notice
}
ABOUT: dict[str, Callable[[Mapping[str, str]], bool]] = {
    "tell-the-social-worker": lambda row: row["social_worker"] in {"1", "true", "yes"},
    "tell-the-youth-offending-worker": lambda row: bool(
        {"youth offending worker", "youth justice worker"} & {*row["flags"].split(";")}
    ),
}
