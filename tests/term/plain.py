"""Every shipped rule in plain Python: read from the semantics and the packs, written without the engine.

`judged` answers for one school and instant what `firstbell explain` answers: for every subject and rule
the result, the evidence of each clause, and what is lacking where the rule does not hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tests.term import measured, plain_england, plain_trust
from tests.term.asked import (
    BEFORE_4,
    DAY_OF_ABSENCE,
    LAST_4,
    UNAUTHORISED,
    YEAR,
    Clauses,
    change,
    days,
    enough,
    rate,
    towards_notice,
)
from tests.term.clauses import NO, UNKNOWN, YES, Clause, Json, Requirement, Size, waits_for
from tests.term.known import Known, Moment

WORDS = {NO: "not_matched", UNKNOWN: "unknown", YES: "matched"}
NOT_APPLICABLE = "not_applicable"
NO_LEAVE = ("G", "N", "O")
WITH_LEAVE = ("C", "C1", *NO_LEAVE)
ILLNESS = ("I",)
UNEXPLAINED = ("N",)
Shortfall = tuple[str, Size | None, str]


@dataclass(frozen=True)
class Answer:
    """What one rule says of one subject, as far as people act on it."""

    result: str
    evidence: tuple[Json, ...] = ()
    short_by: tuple[Shortfall, ...] = ()
    not_yet: str | None = None
    """What a rule that may have to wait and holds still waits for: empty where it may act."""


NOBODY_ASKED = Answer(NOT_APPLICABLE)


def judged(known: Known, moment: Moment) -> Iterator[tuple[str, str, Answer]]:
    """Subject, rule and answer, for every pupil and class that this school ever had."""
    classes: dict[str, list[str]] = {}
    for upn in known.stays:
        classes.setdefault(known.class_of(upn), []).append(upn)
        row, on_roll = known.latest(upn), known.on_roll(upn, moment.today)
        for rule, clauses in PUPIL_RULES.items():
            there = on_roll and (rule not in ABOUT or ABOUT[rule](row))
            first = FIRST[rule](moment, upn) if there and rule in FIRST else ()
            answer = _answer(rule, clauses(moment, upn), first) if there else NOBODY_ASKED
            if rule in AFTER and answer.result == WORDS[YES]:
                higher, said = AFTER[rule]
                acted = known.acted.get((upn, higher), moment.as_of) < moment.as_of
                answer = replace(answer, not_yet="" if acted else said)
            yield upn, rule, answer
    for name, members in classes.items():
        there = any(known.on_roll(upn, moment.today) for upn in members)
        blank = Clause(
            "missing_marks", YEAR, "marks", measured.missing_marks(moment, members, YEAR), {"at_least": 1}
        )
        answer = _answer("register-not-taken", [blank]) if there else NOBODY_ASKED
        yield f"class:{name}", "register-not-taken", answer


def _answer(rule: str, clauses: Clauses, first: Sequence[Requirement] = ()) -> Answer:
    truths = [clause.truth for clause in clauses]
    together = TOGETHER.get(rule, min)(truths)
    failing = [clause for clause in clauses if clause.truth == NO] if together == NO else []
    return Answer(
        WORDS[together],
        tuple(clause.evidence for clause in (*clauses, *(part for each in first for part in each.clauses))),
        tuple(line for clause in failing for line in clause.short_by()),
        waits_for(first) if first and together == YES else None,
    )


def near_persistent_absence(at: Moment, upn: str) -> Clauses:
    """5 to under 10 percent of the school year, of at least 20 possible sessions."""
    return [enough(at, upn, YEAR), rate(at, upn, YEAR, {"at_least": 5, "below": 10})]


def persistent_absence(at: Moment, upn: str) -> Clauses:
    """10 to under 50 percent."""
    return [enough(at, upn, YEAR), rate(at, upn, YEAR, {"at_least": 10, "below": 50})]


def severe_absence(at: Moment, upn: str) -> Clauses:
    """50 percent and over."""
    return [enough(at, upn, YEAR), rate(at, upn, YEAR, {"at_least": 50})]


def penalty_notice_threshold(at: Moment, upn: str) -> Clauses:
    """10 unauthorised sessions in 10 school weeks, of school age, that no notice covers."""
    return [towards_notice(at, upn)]


def joint_enquiries(at: Moment, upn: str) -> Clauses:
    """20 or more whole days in a row of G, N, O; or just 10, and more of them if leave counts too."""
    number = measured.finished_absent_days(at, upn, NO_LEAVE)
    with_leave = measured.finished_absent_days(at, upn, WITH_LEAVE)
    return [
        days("finished_absent_days", number, {"at_least": 20}),
        days("finished_absent_days", number, {"exactly": 10}),
        days("finished_absent_days", with_leave, {"above": 10}),
    ]


def attendance_return(at: Moment, upn: str) -> Clauses:
    """10 or more whole days in a row of G, N, O, U, of school age."""
    number = measured.days_towards_return(at, upn, UNAUTHORISED)
    return [days("days_towards_return", number, {"at_least": 10})]


def sickness_return(at: Moment, upn: str) -> Clauses:
    """10 or more whole days of I in a row, or 30 sessions of I in the school year, of school age."""
    in_a_row = measured.days_towards_return(at, upn, ILLNESS)
    in_all = measured.sessions_towards_return(at, upn, YEAR, ILLNESS)
    return [
        days("days_towards_return", in_a_row, {"at_least": 10}),
        Clause("sessions_towards_return", YEAR, "sessions", in_all, {"at_least": 30}),
    ]


def reason_not_established(at: Moment, upn: str) -> Clauses:
    """An N older than 5 school days, anywhere on the register."""
    return [days("age_of_oldest", measured.age_of_oldest(at, upn, UNEXPLAINED), {"above": 5})]


def absent_without_reason(at: Moment, upn: str) -> Clauses:
    """An N today."""
    number = measured.coded_sessions(at, upn, "today", UNEXPLAINED)
    return [Clause("coded_sessions", "today", "sessions", number, {"at_least": 1})]


def nth_day(n: int) -> Callable[[Moment, str], Clauses]:
    """Exactly the nth day of a run of absence."""

    def absence_day(at: Moment, upn: str) -> Clauses:
        number = measured.consecutive_absent_days(at, upn, DAY_OF_ABSENCE)
        return [days("consecutive_absent_days", number, {"exactly": n})]

    return absence_day


def golden_hour_call(at: Moment, upn: str) -> Clauses:
    """No mark yet, the register still open, and 5 to under 15 percent missed in 4 school weeks."""
    awaited = measured.mark_awaited(at, upn)
    return [
        Clause("mark_awaited", "today", "sessions", awaited, {"at_least": 1}),
        enough(at, upn, LAST_4),
        rate(at, upn, LAST_4, {"at_least": 5, "below": 15}),
    ]


def falling_attendance(at: Moment, upn: str) -> Clauses:
    """5 points more of absence in these 4 school weeks than in the 4 before."""
    return [enough(at, upn, LAST_4), enough(at, upn, BEFORE_4), change(at, upn, {"at_least": 5})]


def improved_attendance(at: Moment, upn: str) -> Clauses:
    """10 percent or more missed in the 4 before, and 5 points less in these 4."""
    return [
        enough(at, upn, LAST_4),
        enough(at, upn, BEFORE_4),
        rate(at, upn, BEFORE_4, {"at_least": 10}),
        change(at, upn, {"at_most": -5}),
    ]


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
    **plain_england.RULES,
    **plain_trust.RULES,
}
TOGETHER: dict[str, Callable[[list[int]], int]] = {
    "sickness-return": max,
    "joint-enquiries": lambda truths: max(truths[0], min(truths[1:])),
    "missing-education": lambda truths: max(truths[0], min(truths[1:])),
}
"""How the clauses of a rule come together; of all others every clause must hold."""
FIRST = plain_england.FIRST
"""What a rule requires before it acts: told with its evidence, whatever the rule says."""
AFTER = plain_trust.AFTER
"""Which rule comes after a stage: of a ladder on which nobody does the work."""
ABOUT: dict[str, Callable[[Mapping[str, str]], bool]] = {**plain_england.ABOUT, **plain_trust.ABOUT}
"""Whom a rule speaks of, by the pupil's row."""
RULES = (*PUPIL_RULES, "register-not-taken")
