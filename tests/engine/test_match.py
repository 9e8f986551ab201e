"""Whom a rule speaks of, and what its judgement is made of; what it says is held against the oracle."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from engine.explain import explain
from engine.instants import Instants, read_instant
from engine.match import Judge, Judgement
from engine.reasons import Result
from engine.rulebook.model import AppliesTo, Rule
from engine.sample import AFTER, school
from engine.scope import left_out_because
from engine.snapshot import Snapshot
from tests.engine.arrays import declared, found
from tests.engine.small import p1, rule, small

ABSENT = "{coded_sessions: {over: whole register, codes: [O], at_least: 1}}"
BLANK = "{missing_marks: {over: whole register, at_least: 1}}"
ABSENTEE = school("OO")
NO_CALENDAR = Snapshot.build(replace(ABSENTEE.facts, days=()))
HOLDS, NOT_ITS_OWN = Result.MATCHED, Result.NOT_APPLICABLE


def judged(rule: Rule, snapshot: Snapshot = ABSENTEE) -> Judgement:
    """A rule over a school, by default of one absent pupil, as of its last afternoon."""
    return Judge(snapshot, AFTER).judge(rule)


@pytest.mark.parametrize(
    ("to", "flags", "expected"),
    [
        (AppliesTo(), ("a", "b"), HOLDS),  # nothing asked: everybody
        (AppliesTo(years=("8",)), (), HOLDS),
        (AppliesTo(years=("7", "8")), (), HOLDS),
        (AppliesTo(years=("7",)), (), NOT_ITS_OWN),
        (AppliesTo(phases=("primary", "secondary")), (), HOLDS),
        (AppliesTo(phases=("primary",)), (), NOT_ITS_OWN),
        (AppliesTo(phases=("primary",), years=("8",)), (), NOT_ITS_OWN),
        (AppliesTo(years=("8",), unless_flagged=("a",)), (), HOLDS),
        (AppliesTo(years=("8",), unless_flagged=("a",)), ("a",), NOT_ITS_OWN),
        (AppliesTo(years=("7",), unless_flagged=("a",)), ("b",), NOT_ITS_OWN),  # no flag, but the wrong year
        (AppliesTo(unless_flagged=("a", "b")), ("a",), NOT_ITS_OWN),  # either flag is enough
        (AppliesTo(unless_flagged=("a", "b")), ("b",), NOT_ITS_OWN),
        (AppliesTo(unless_flagged=("a", "b")), ("c",), HOLDS),
        (AppliesTo(flagged=("a", "b")), ("b",), HOLDS),  # one is enough
        (AppliesTo(flagged=("a", "b")), ("c",), NOT_ITS_OWN),
        (AppliesTo(flagged=("a",), unless_flagged=("b",)), ("a", "b"), NOT_ITS_OWN),
        (AppliesTo(where=(("sen", ("E", "K")),)), (), HOLDS),
        (AppliesTo(where=(("sen", ("E", "K")), ("fsm", ("yes",)))), (), NOT_ITS_OWN),  # every column
        (AppliesTo(where=(("ethnicity", ("",)),)), (), HOLDS),  # not recorded is a value
        (AppliesTo(where_not=(("sen", ("E", "K")),)), (), NOT_ITS_OWN),
        (AppliesTo(where_not=(("sen", ("N",)), ("fsm", ("yes",)))), (), HOLDS),
        (AppliesTo(where_not=(("sen", ("N",)), ("fsm", ("no",)))), (), NOT_ITS_OWN),  # any column
        (AppliesTo(years=("7",), flagged=("a",)), ("a",), NOT_ITS_OWN),  # the flag, but the wrong year
        (AppliesTo(years=("7",), where=(("sen", ("K",)),)), (), NOT_ITS_OWN),
        (AppliesTo(years=("7",), where_not=(("sen", ("N",)),)), (), NOT_ITS_OWN),
    ],
)
def test_a_rule_speaks_of_those_whom_every_line_lets_in(
    to: AppliesTo, flags: tuple[str, ...], expected: Result
) -> None:
    """Phase, year and each flag narrow it: no later line lets in again whom an earlier one has left out."""
    snapshot = small("OO", pupil=replace(p1(), flags=flags, sen="K"))
    found = judged(replace(rule(ABSENT), applies_to=to), snapshot)
    assert found.result(0) is expected
    if expected is NOT_ITS_OWN:
        because = explain(Judge(snapshot, AFTER), found, 0).because
        assert because == left_out_because(to, "secondary", snapshot.people[0])


def test_a_flag_leaves_out_the_pupil_who_has_it_and_no_other() -> None:
    """Of three absent pupils the first is flagged: the rule still speaks of the two others."""
    snapshot = small("OO", "OO", "OO", pupil=replace(p1(), flags=("a",)))
    judgement = judged(replace(rule(ABSENT), applies_to=AppliesTo(unless_flagged=("a",))), snapshot)
    assert [judgement.result(row) for row in range(3)] == [NOT_ITS_OWN, HOLDS, HOLDS]


def test_a_judgement_has_one_result_for_each_instant_and_the_first_is_meant() -> None:
    """Before the absence the rule does not hold, afterwards it does; the first is the default."""
    before_and_after = Instants.of([read_instant("2025-09-08T08:00"), AFTER.moments[0]])
    judgement = Judge(ABSENTEE, before_and_after).judge(rule(ABSENT))
    assert [judgement.result(0, number) for number in (0, 1)] == [Result.NOT_MATCHED, HOLDS]
    assert judgement.result(0) is Result.NOT_MATCHED


@pytest.mark.parametrize(("days", "expected"), [("0.5", HOLDS), ("0.51", Result.NOT_MATCHED)])
def test_a_ratio_that_is_no_percentage_is_read_in_its_own_unit(days: str, expected: Result) -> None:
    """One session missed is half a day: at least 0.5 of a day, and not a hundredth more."""
    tried = rule(f"{{days_missed: {{over: whole register, at_least: {days}}}}}")
    assert judged(tried, school("O/")).result(0) is expected


def test_a_rule_comes_into_force_on_its_day() -> None:
    """Of two evenings of an absence, the rule speaks of the second only."""
    evenings = Instants.of([read_instant("2025-09-08"), read_instant("2025-09-09")])
    judgement = Judge(school("OO OO"), evenings).judge(replace(rule(ABSENT), in_force_from=date(2025, 9, 9)))
    assert [judgement.result(0, number) for number in (0, 1)] == [NOT_ITS_OWN, HOLDS]


def test_a_rule_out_of_force_says_nothing_and_has_no_trace() -> None:
    """Before its first day a rule is not applicable to anybody, and no clause of it is there to be quoted."""
    judgement = judged(replace(rule(ABSENT), in_force_from=date(2025, 9, 12)), school("OO", "OO", "OO"))
    assert [judgement.result(row) for row in range(3)] == [NOT_ITS_OWN] * 3
    assert judgement.weighed == ()
    assert judgement.rule.in_force_from == date(2025, 9, 12)


def test_a_rule_out_of_force_waits_for_nothing() -> None:
    """What it would require is not looked at before its first day; from then on it is."""
    needs = "    requires: [{title: four, when: {possible_sessions: {over: year to date, at_least: 4}}}]"
    tried = rule(ABSENT, needs)
    later = replace(tried, in_force_from=date(2025, 9, 12))
    assert [len(judged(each).before) for each in (tried, later)] == [1, 0]


@pytest.mark.parametrize(
    ("tried", "snapshot"),
    [
        (rule(ABSENT), ABSENTEE),
        (rule(f"{{not: {ABSENT}}}"), ABSENTEE),
        (rule(BLANK, "    subject: class"), ABSENTEE),
        (replace(rule(ABSENT), in_force_until=date(2025, 9, 1)), ABSENTEE),
        (replace(rule(ABSENT), applies_to=AppliesTo(phases=("primary",))), ABSENTEE),
        (rule(ABSENT), NO_CALENDAR),
    ],
    ids=["clause", "not", "class", "out of force", "other phase", "no calendar"],
)
def test_a_judgement_is_one_small_number_for_each_subject(tried: Rule, snapshot: Snapshot) -> None:
    """Results and truths are of one byte each, whichever way they came about: a backtest holds millions."""
    judgement = judged(tried, snapshot)
    assert judgement.results.shape == (1, 1)
    assert found(judgement) == declared(judgement) == {"results": "int8"}
    for each in judgement.weighed:
        assert found(each) == declared(each) == {"truth": "int8"}


def test_a_condition_turned_round_is_as_small_as_the_condition() -> None:
    """`not` mirrors the truth values and stays what it mirrors."""
    judge = Judge(school("OO", "//"), AFTER)
    truths = [judge.hold(rule(when).when, []) for when in (ABSENT, f"{{not: {ABSENT}}}")]
    assert [each[:, 0].tolist() for each in truths] == [[2, 0], [0, 2]]
    assert {each.dtype.name for each in truths} == {"int8"}


def test_a_case_is_clear_only_where_its_line_is_reached_for_certain() -> None:
    """Present: clear; absent: not; a blank may be either, so not; and without a line nobody ever is."""
    judge = Judge(school("//", "OO", "/-"), AFTER)
    line = rule("{coded_sessions: {over: whole register, codes: [O], below: 1}}").when
    with_line, without = replace(rule(ABSENT), clears_when=line), replace(rule(ABSENT), id="without")
    clear = [judge.cleared(each) for each in (with_line, without)]
    assert [each.tolist() for each in clear] == [[[True], [False], [False]], [[False], [False], [False]]]
    assert {each.dtype.name for each in clear} == {"bool"}


def test_other_instants_are_looked_at_once() -> None:
    """The same judge whenever the same instants are asked for; another one for others."""
    judge = Judge(ABSENTEE, AFTER)
    noon = Instants.of([read_instant("2025-09-08T12:00")])
    assert judge.at(noon) is judge.at(Instants.of([read_instant("2025-09-08T12:00")]))
    assert judge.at(noon) is not judge.at(AFTER)
