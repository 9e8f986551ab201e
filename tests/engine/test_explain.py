"""What people read: why a rule holds, by how much it does not, and why nobody can say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from engine.explain import Explanation, explain
from engine.instants import Instants, read_instant
from engine.match import Judge
from engine.reasons import Result
from engine.rulebook.model import Rule
from engine.snapshot import Snapshot
from tests.engine import shipped
from tests.engine.small import p1, rule, small

WEEK = "{coded_sessions: {over: year to date, codes: [I], %s}}"
ILL_OR_N = "{coded_sessions: {over: year to date, codes: [I, N], %s}}"
GUARD = "{possible_sessions: {over: year to date, at_least: 1}}"
RATE = "{absence_rate: {over: year to date, %s}}"


def said(asked: Rule, snapshot: Snapshot, as_of: str = "2025-09-12T16:00") -> Explanation:
    """The explanation of P1."""
    judge = Judge(snapshot, Instants.of([read_instant(as_of)]))
    return explain(judge, judge.judge(asked), 0)


def shortfalls(found: Explanation) -> list[tuple[object, ...]]:
    """Each line of short_by as value, needed, by."""
    return [(line["value"], line["needed"], line["by"]) for line in found.short_by]


@pytest.mark.parametrize(
    ("when", "short", "because"),
    [
        # I is 3 of 10 sessions in "II I/ // // //"
        (WEEK % "at_least: 5", [(3, 5, 2)], "sessions: 3 sessions, the rule needs at least 5"),
        (WEEK % "above: 3", [(3, 4, 1)], "sessions: 3 sessions, the rule needs more than 3"),
        (WEEK % "at_most: 2", [(3, 2, 1)], "sessions: 3 sessions, the rule needs at most 2"),
        (WEEK % "below: 3", [(3, 2, 1)], "sessions: 3 sessions, the rule needs less than 3"),
        (WEEK % "exactly: 4", [(3, 4, 1)], "sessions: 3 sessions, the rule needs exactly 4"),
        # a clause with two comparisons names only the one that fails
        (WEEK % "at_least: 1, below: 2", [(3, 1, 2)], "sessions: 3 sessions, the rule needs less than 2"),
        # not: what would have to be otherwise
        (f"{{not: {WEEK % 'at_least: 3'}}}", [(3, 2, 1)], "sessions: 3 sessions, the rule needs less than 3"),
        (f"{{not: {WEEK % 'above: 1'}}}", [(3, 1, 2)], "sessions: 3 sessions, the rule needs at most 1"),
        (f"{{not: {WEEK % 'at_most: 5'}}}", [(3, 6, 3)], "sessions: 3 sessions, the rule needs more than 5"),
        (f"{{not: {WEEK % 'below: 5'}}}", [(3, 5, 2)], "sessions: 3 sessions, the rule needs at least 5"),
        (
            f"{{not: {WEEK % 'exactly: 3'}}}",
            [(3, 3, 0)],
            ("sessions: 3 sessions, the rule needs anything but 3"),
        ),
        # all: the parts that fail, and only those; the same number with another comparison keeps its words
        (
            f"{{all: [{WEEK % 'at_least: 1'}, {WEEK % 'at_most: 1'}, {ILL_OR_N % 'at_least: 4'}]}}",
            [(3, 1, 2), (3, 4, 1)],
            "sessions: 3 sessions, the rule needs at most 1; sessions: 3 sessions, the rule needs at least 4",
        ),
        # any: every part, each would do
        (
            f"{{any: [{WEEK % 'at_least: 9'}, {{not: {WEEK % 'at_least: 2'}}}]}}",
            [(3, 9, 6), (3, 1, 2)],
            (
                "sessions: 3 sessions, the rule needs at least 9; sessions: 3 "
                "sessions, the rule needs less than 2"
            ),
        ),
        # a rate has two decimals, and a shortfall that is there never reads as none
        (
            f"{{all: [{GUARD}, {RATE % 'at_least: 33.33'}]}}",
            [(30, 33.33, 3.33)],
            "absence: 30 percent, the rule needs at least 33.33",
        ),
    ],
)
def test_what_a_rule_lacks_is_said_by_how_much(
    when: str, short: list[tuple[object, ...]], because: str
) -> None:
    """Each failing comparison with its value, what is needed and the distance, also under not and any."""
    found = said(rule(when), small("II I/ // // //"))
    assert (found.result, shortfalls(found), found.because) == (Result.NOT_MATCHED, short, because)


def test_a_small_shortfall_never_reads_as_none() -> None:
    """One session of many is less than a hundredth of a percent away, and still away."""
    line = " ".join(["I/", *["//"] * 300])
    when = f"{{all: [{GUARD}, {RATE % 'at_least: 0.17'}]}}".replace("year to date", "whole register")
    found = said(rule(when), small(line), "2027-01-01")
    assert shortfalls(found) == [(0.17, 0.17, 0.003887)]


def test_a_rate_of_nothing_possible_meets_nothing_and_says_so() -> None:
    """Where no session was possible a percentage is neither low nor high."""
    found = said(rule(f"{{all: [{GUARD}, {RATE % 'below: 5'}]}}"), small("DD"))
    assert shortfalls(found) == [(0, 1, 1)]
    lax = said(rule(f"{{all: [{GUARD.replace('1', '0')}, {RATE % 'below: 5'}]}}"), small("DD"))
    assert (lax.result, lax.short_by, lax.because) == (Result.NOT_MATCHED, (), "the rule does not hold")


def test_a_rule_that_holds_says_its_own_sentence() -> None:
    """Every field of every measure can be named, and stands there in words."""
    because = (
        "{absence_rate.numerator} of {absence_rate.denominator}, {absence_rate.missing} missing, "
        "{absence_rate.percent} % of {absence_rate.threshold} %, from {absence_rate.first} to "
        "{absence_rate.last}: {absence_rate.dates}"
    )
    when = f"{{all: [{GUARD}, {RATE % 'at_least: 10'}]}}"
    found = said(rule(when, because=because), small("II I/ /- // /M"))
    assert found.because == (
        "4 of 9, 1 missing, 44.4 % of 10 %, from Mon 8 Sep AM to Fri 12 Sep PM: "
        "Mon 8 Sep, Tue 9 Sep AM, Fri 12 Sep PM"
    )


def test_a_class_has_dates_and_no_codes() -> None:
    """What was not taken has no code to tell."""
    asked = rule(
        "{missing_marks: {over: today, at_least: 1}}",
        "    subject: class\n",
        because="{missing_marks.dates}: [{missing_marks.codes}]",
    )
    assert said(asked, small("// /-"), "2025-09-09T16:00").because == "Tue 9 Sep PM: []"


def test_many_dates_are_told_by_the_latest() -> None:
    """The last six sessions are named, the others counted."""
    asked = rule(WEEK % "at_least: 1", because="{coded_sessions.dates}")
    assert said(asked, small("II II I/ II /I")).because == (
        "2 earlier and Tue 9 Sep, Wed 10 Sep AM, Thu 11 Sep, Fri 12 Sep PM"
    )


def test_a_window_without_a_session_has_no_first_and_last() -> None:
    """On a Saturday nothing is today, and the sentence still stands."""
    asked = rule(
        "{coded_sessions: {over: today, codes: [I], at_most: 0}}", because="[{coded_sessions.first}]"
    )
    found = said(asked, small("II"), "2025-09-13")
    assert found.because == "[]"
    assert found.evidence[0]["window"] == {"over": "today", "first": None, "last": None}


def test_the_evidence_holds_every_number_and_every_session() -> None:
    """The fields of `explain --json`, for one clause of two comparisons."""
    asked = rule("{coded_sessions: {over: last 2 school days, codes: [I, N], at_least: 1.5, at_most: 9}}")
    found = said(asked, small("II I- N/ // //"), "2025-09-10T16:00")
    assert found.evidence == (
        {
            "measure": "coded_sessions",
            "window": {
                "over": "last 2 school days",
                "first": {"date": "2025-09-09", "session": "AM"},
                "last": {"date": "2025-09-10", "session": "PM"},
            },
            "numerator": 2,
            "denominator": None,
            "missing": 1,
            "threshold": {"at_least": 1.5, "at_most": 9},
            "unit": "sessions",
            "sessions": [
                {"date": "2025-09-09", "session": "AM", "code": "I"},
                {"date": "2025-09-10", "session": "AM", "code": "N"},
            ],
        },
    )


def test_the_evidence_of_a_class_names_sessions_without_a_code() -> None:
    """A class has no mark of its own."""
    found = said(shipped.rulebook().rule("register-not-taken"), small("// -/", "// //"))
    assert found.because == "marks not taken: 1, Tue 9 Sep AM"
    assert found.evidence[0]["sessions"] == [{"date": "2025-09-09", "session": "AM", "code": ""}]


def test_a_rate_in_the_evidence_has_its_denominator() -> None:
    """Absent of possible, both as numbers."""
    found = said(rule(f"{{all: [{GUARD}, {RATE % 'at_least: 10'}]}}"), small("I/ DD // // //"))
    assert (found.evidence[1]["numerator"], found.evidence[1]["denominator"]) == (1, 8)


@pytest.mark.parametrize(
    ("marks", "because"),
    [
        ("-/ // // // //", "sessions cannot be told: 1 mark not taken"),
        ("-- // // // //", "sessions cannot be told: 2 marks not taken"),
    ],
)
def test_what_is_in_doubt_is_said_with_the_marks_that_lack(marks: str, because: str) -> None:
    """An unknown says what cannot be told, and how many marks could tell it."""
    found = said(rule(WEEK % "at_least: 1"), small(marks))
    assert (found.result, found.because, found.short_by) == (Result.UNKNOWN, because, ())


def test_only_the_clauses_in_doubt_are_named() -> None:
    """A clause that holds whatever the blank was is not to blame."""
    when = f"{{all: [{WEEK % 'at_most: 9'}, {WEEK % 'at_least: 3'}]}}"
    found = said(rule(when), small("II -/ // // //"))
    assert found.because == "sessions cannot be told: 1 mark not taken"


@pytest.mark.parametrize(
    ("marks", "doubt"),
    [
        ("OO OO OO OO OO", "the date of birth is missing"),
        ("OO OO OO OO O-", "1 mark not taken and the date of birth is missing"),
    ],
)
def test_a_missing_date_of_birth_is_named(marks: str, doubt: str) -> None:
    """Without it nobody knows whether the law speaks of this child."""
    notice = shipped.rulebook().rule("penalty-notice-threshold")
    found = said(notice, small(marks, pupil=replace(p1(), date_of_birth=None)))
    assert found.because == f"unauthorised sessions not covered by a notice cannot be told: {doubt}"


def test_an_old_doubt_counts_only_the_marks_that_could_change_it() -> None:
    """A blank after the oldest N cannot make it older."""
    found = said(rule("{age_of_oldest: {codes: [N], above: 3}}"), small("-/ -/ N- -- //"))
    assert found.because == "age of the oldest cannot be told: 2 marks not taken"


@pytest.mark.parametrize(
    ("more", "as_of", "because"),
    [
        ("    in_force: {from: 2025-09-12}", "2025-09-11", "the rule is in force from 2025-09-12"),
        ("    in_force: {until: 2025-09-10}", "2025-09-11", "the rule was in force until 2025-09-10"),
        (
            "    applies_to: {years: [7, 9]}",
            "2025-09-11",
            ("the rule does not speak of this pupil (applies_to)"),
        ),
        (
            "    applies_to: {phases: primary}",
            "2025-09-11",
            ("the rule does not speak of this pupil (applies_to)"),
        ),
        (
            "    applies_to: {unless_flagged: carer}",
            "2025-09-11",
            ("the rule does not speak of this pupil (applies_to)"),
        ),
        ("", "2024-08-31", "the pupil is not on roll on that day"),
    ],
)
def test_a_rule_that_does_not_speak_of_a_pupil_says_why(more: str, as_of: str, because: str) -> None:
    """Not in force, not this year group, phase or flag, or not on roll."""
    text = more.replace("phases: primary", "phases: [primary]")
    found = said(rule(WEEK % "at_least: 1", text), small("II", pupil=replace(p1(), flags=("carer",))), as_of)
    assert found == Explanation(Result.NOT_APPLICABLE, because, (), ())


def test_a_rule_within_its_reach_speaks() -> None:
    """The same pupil in the right year and phase, without the flag, is spoken of on that very day."""
    more = (
        "    in_force: {from: 2025-09-12, until: 2025-09-12}\n"
        "    applies_to: {years: [8], phases: [secondary], unless_flagged: [carer]}"
    )
    assert said(rule(WEEK % "at_least: 1", more), small("II")).result is Result.MATCHED


def test_a_class_nobody_is_in_any_more_is_not_spoken_of() -> None:
    """After the last pupil has left there is nobody to finish the register for."""
    left = replace(p1(), left_on=date(2025, 9, 9))
    found = said(shipped.rulebook().rule("register-not-taken"), small("--", pupil=left))
    assert found.because == "nobody in this class is on roll on that day"


def test_a_threshold_without_a_value_on_that_day_is_said() -> None:
    """Before the first date of its threshold a rule has nothing to compare with."""
    notice = replace(shipped.rulebook().rule("penalty-notice-threshold"), in_force_from=None)
    found = said(
        notice,
        small("OO", first=date(2024, 7, 8), pupil=replace(p1(), admitted_on=date(2020, 9, 1))),
        "2024-07-09",
    )
    assert found.because == "the rule has no value in force on 2024-07-09"
