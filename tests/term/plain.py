"""Every shipped rule in plain Python: read from the semantics and the packs, written without the engine.

`judged` answers for one school and instant what `firstbell explain` answers: for every subject and rule
the result, the evidence of each clause, and what is lacking where the rule does not hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from tests.term import measured
from tests.term.clauses import NO, UNKNOWN, YES, Bounds, Clause, Json, Number
from tests.term.known import Known, Moment
from tests.term.measured import SHARED

WORDS = {NO: "not_matched", UNKNOWN: "unknown", YES: "matched"}
NOT_APPLICABLE = "not_applicable"
YEAR = "year to date"
LAST_4, BEFORE_4 = "last 4 school weeks", "the 4 school weeks before the last 4"
LAST_10 = "last 10 school weeks"
UNAUTHORISED = ("G", "N", "O", "U")
NO_LEAVE = ("G", "N", "O")
DAY_OF_ABSENCE = ("I", "G", "N", "O", "H", "F")
ILLNESS = ("I",)
UNEXPLAINED = ("N",)
Shortfall = tuple[str, Fraction, str]
Clauses = Sequence[Clause]


@dataclass(frozen=True)
class Answer:
    """What one rule says of one subject, as far as people act on it."""

    result: str
    evidence: tuple[Json, ...] = ()
    short_by: tuple[Shortfall, ...] = ()


def judged(known: Known, moment: Moment) -> Iterator[tuple[str, str, Answer]]:
    """Subject, rule and answer, for every pupil and class that this school ever had."""
    classes: dict[str, list[str]] = {}
    for upn in known.stays:
        classes.setdefault(known.class_of(upn), []).append(upn)
        for rule, clauses in PUPIL_RULES.items():
            there = known.on_roll(upn, moment.today)
            yield upn, rule, _answer(rule, clauses(moment, upn)) if there else Answer(NOT_APPLICABLE)
    for name, members in classes.items():
        there = any(known.on_roll(upn, moment.today) for upn in members)
        blank = Clause(
            "missing_marks", YEAR, "marks", measured.missing_marks(moment, members, YEAR), {"at_least": 1}
        )
        answer = _answer("register-not-taken", [blank]) if there else Answer(NOT_APPLICABLE)
        yield f"class:{name}", "register-not-taken", answer


def _answer(rule: str, clauses: Clauses) -> Answer:
    truths = [clause.truth for clause in clauses]
    together = max(truths) if rule in ANY else min(truths)
    failing = [clause for clause in clauses if clause.truth == NO] if together == NO else []
    return Answer(
        WORDS[together],
        tuple(clause.evidence for clause in clauses),
        tuple(line for clause in failing for line in clause.short_by()),
    )


def near_persistent_absence(at: Moment, upn: str) -> Clauses:
    """5 to under 10 percent of the school year, of at least 20 possible sessions."""
    return [_enough(at, upn, YEAR), _rate(at, upn, YEAR, {"at_least": 5, "below": 10})]


def persistent_absence(at: Moment, upn: str) -> Clauses:
    """10 to under 50 percent."""
    return [_enough(at, upn, YEAR), _rate(at, upn, YEAR, {"at_least": 10, "below": 50})]


def severe_absence(at: Moment, upn: str) -> Clauses:
    """50 percent and over."""
    return [_enough(at, upn, YEAR), _rate(at, upn, YEAR, {"at_least": 50})]


def penalty_notice_threshold(at: Moment, upn: str) -> Clauses:
    """10 unauthorised sessions in 10 school weeks, of school age, that no notice covers."""
    number = measured.sessions_towards_notice(at, upn, LAST_10, UNAUTHORISED)
    return [Clause("sessions_towards_notice", LAST_10, "sessions", number, {"at_least": 10})]


def joint_enquiries(at: Moment, upn: str) -> Clauses:
    """20 or more whole days in a row of G, N, O."""
    number = measured.finished_absent_days(at, upn, NO_LEAVE)
    return [_days("finished_absent_days", number, {"at_least": 20})]


def attendance_return(at: Moment, upn: str) -> Clauses:
    """10 or more whole days in a row of G, N, O, U, of school age."""
    number = measured.days_towards_return(at, upn, UNAUTHORISED)
    return [_days("days_towards_return", number, {"at_least": 10})]


def sickness_return(at: Moment, upn: str) -> Clauses:
    """10 or more whole days of I in a row, or 30 sessions of I in the school year, of school age."""
    in_a_row = measured.days_towards_return(at, upn, ILLNESS)
    in_all = measured.sessions_towards_return(at, upn, YEAR, ILLNESS)
    return [
        _days("days_towards_return", in_a_row, {"at_least": 10}),
        Clause("sessions_towards_return", YEAR, "sessions", in_all, {"at_least": 30}),
    ]


def reason_not_established(at: Moment, upn: str) -> Clauses:
    """An N older than 5 school days, anywhere on the register."""
    return [_days("age_of_oldest", measured.age_of_oldest(at, upn, UNEXPLAINED), {"above": 5})]


def absent_without_reason(at: Moment, upn: str) -> Clauses:
    """An N today."""
    number = measured.coded_sessions(at, upn, "today", UNEXPLAINED)
    return [Clause("coded_sessions", "today", "sessions", number, {"at_least": 1})]


def nth_day(n: int) -> Callable[[Moment, str], Clauses]:
    """Exactly the nth day of a run of absence."""

    def absence_day(at: Moment, upn: str) -> Clauses:
        number = measured.consecutive_absent_days(at, upn, DAY_OF_ABSENCE)
        return [_days("consecutive_absent_days", number, {"exactly": n})]

    return absence_day


def golden_hour_call(at: Moment, upn: str) -> Clauses:
    """No mark yet, the register still open, and 5 to under 15 percent missed in 4 school weeks."""
    awaited = measured.mark_awaited(at, upn)
    return [
        Clause("mark_awaited", "today", "sessions", awaited, {"at_least": 1}),
        _enough(at, upn, LAST_4),
        _rate(at, upn, LAST_4, {"at_least": 5, "below": 15}),
    ]


def falling_attendance(at: Moment, upn: str) -> Clauses:
    """5 points more of absence in these 4 school weeks than in the 4 before."""
    return [_enough(at, upn, LAST_4), _enough(at, upn, BEFORE_4), _change(at, upn, {"at_least": 5})]


def improved_attendance(at: Moment, upn: str) -> Clauses:
    """10 percent or more missed in the 4 before, and 5 points less in these 4."""
    return [
        _enough(at, upn, LAST_4),
        _enough(at, upn, BEFORE_4),
        _rate(at, upn, BEFORE_4, {"at_least": 10}),
        _change(at, upn, {"at_most": -5}),
    ]


@lru_cache(SHARED)
def _enough(at: Moment, upn: str, over: str) -> Clause:
    """The guard of a rate: 20 possible sessions."""
    number = measured.possible_sessions(at, upn, over)
    return Clause("possible_sessions", over, "sessions", number, {"at_least": 20})


def _rate(at: Moment, upn: str, over: str, tests: Bounds) -> Clause:
    return Clause("absence_rate", over, "percent", measured.absence_rate(at, upn, over), tests)


def _change(at: Moment, upn: str, tests: Bounds) -> Clause:
    number = measured.absence_change(at, upn, LAST_4, BEFORE_4)
    return Clause("absence_change", LAST_4, "percentage points", number, tests)


def _days(measure: str, number: Number, tests: Bounds) -> Clause:
    return Clause(measure, measured.WHOLE, "school days", number, tests)


PUPIL_RULES: dict[str, Callable[[Moment, str], Clauses]] = {
    "absence-day-1": nth_day(1),
    "absence-day-2": nth_day(2),
    "absence-day-3": nth_day(3),
    "absent-without-reason": absent_without_reason,
    "attendance-return": attendance_return,
    "falling-attendance": falling_attendance,
    "golden-hour-call": golden_hour_call,
    "improved-attendance": improved_attendance,
    "joint-enquiries": joint_enquiries,
    "near-persistent-absence": near_persistent_absence,
    "penalty-notice-threshold": penalty_notice_threshold,
    "persistent-absence": persistent_absence,
    "reason-not-established": reason_not_established,
    "severe-absence": severe_absence,
    "sickness-return": sickness_return,
}
ANY = ("sickness-return",)
"""The rules one clause of which is enough; of all others every clause must hold."""
RULES = (*PUPIL_RULES, "register-not-taken")
