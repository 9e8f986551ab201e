"""A rule that comes to its pupils in waves: before theirs it does not speak of them, and says why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.explain import explain
from engine.inference.agree import Inference
from engine.instants import Instants, read_instant
from engine.match import Judge
from engine.reasons import Result
from engine.rulebook.model import Wave, reached_from
from engine.rulebook.rulebook import Source, read_rulebook
from engine.ruletests import read_tests, run_test
from engine.sample import school
from engine.snapshot import Snapshot
from tests.engine import shipped
from tests.engine.small import book, rule

NINTH = "    rollout:\n      - {cohort: {years: [9]}, from: 2025-09-09}\n"
ALL = "      - {from: 2025-09-10}\n"
WHEN = "{coded_sessions: {over: year to date, codes: [N], at_least: 1}}"
DAYS = Instants.of([read_instant(f"2025-09-{day:02}T16:00") for day in (8, 9, 10)])


def _school(*years: str) -> Snapshot:
    facts = school(*("NN NN NN" for _ in years)).facts
    pupils = [replace(pupil, year_group=year) for pupil, year in zip(facts.pupils, years, strict=True)]
    return Snapshot.build(replace(facts, pupils=tuple(pupils)))


def _said(snapshot: Snapshot, more: str) -> list[str]:
    tried, judge = rule(WHEN, more), Judge(snapshot, DAYS)
    judged = judge.judge(tried)
    return [
        " ".join(judged.result(row, day).value[:3] for day in range(3)) for row in range(len(snapshot.people))
    ]


def test_each_wave_reaches_its_years_from_its_day_on() -> None:
    """Year 9 from Tuesday, everybody from Wednesday; without the second wave never; without any, all."""
    both = _school("9", "8")
    assert _said(both, NINTH + ALL) == ["not mat mat", "not not mat"]
    assert _said(both, NINTH) == ["not mat mat", "not not not"]
    assert _said(both, "") == ["mat mat mat"] * 2


def test_explain_says_when_it_comes_or_that_it_never_does() -> None:
    """Not applicable, with the wave's day; applies_to comes first where that leaves the pupil out."""
    snapshot = _school("9", "8", "7")
    judge = Judge(snapshot, DAYS)
    first = judge.judge(rule(WHEN, NINTH))
    told = [explain(judge, first, row).because for row in range(3)]
    assert told == [
        "the rule is rolled out to year 9 from 2025-09-09",
        "the rule's rollout does not reach year 8",
        "the rule's rollout does not reach year 7",
    ]
    narrow = judge.judge(rule(WHEN, NINTH + "    applies_to: {years: [8, 9]}\n"))
    assert explain(judge, narrow, 2).because == (
        "the rule does not speak of this pupil: year group is 7, it is for 8 or 9"
    )
    assert explain(judge, narrow, 0).result is Result.NOT_APPLICABLE


_WAVES = st.lists(
    st.tuples(st.integers(0, 6), st.sets(st.sampled_from(["7", "8", "9"]), max_size=2)),
    min_size=1,
    max_size=3,
)


@given(told=_WAVES)
def test_arrays_and_one_by_one_agree(told: list[tuple[int, set[str]]]) -> None:
    """A pupil is reached from the first day of any wave that has the year, at every instant."""
    first = date(2025, 9, 6)
    waves = tuple(Wave(first + timedelta(days=day), tuple(sorted(years))) for day, years in told)
    snapshot, tried = _school("7", "8", "9"), replace(rule(WHEN), rollout=waves)
    results = Judge(snapshot, DAYS).judge(tried).results
    for row, pupil in enumerate(snapshot.people):
        since = reached_from(waves, pupil.year_group)
        for number, day in enumerate(Judge(snapshot, DAYS).days):
            assert (results[row, number] == 2) == (since is not None and since <= day)


def test_a_packs_own_tests_say_what_a_rollout_means() -> None:
    """In YAML, beside the rule: the same marks in two years, before and after."""
    text = f"""pack: trial
rules:
  calls:
    title: Calls
    because: "{{coded_sessions.numerator}} sessions"
    when: {WHEN}
    autonomy: send
{NINTH}    then:
      - task: {{do: ring, by: office, due: same day}}
tests:
"""
    for number, (year, day, result) in enumerate(
        [
            (9, "2025-09-08", "not_applicable"),
            (9, "2025-09-09", "matched"),
            (8, "2025-09-09", "not_applicable"),
        ]
    ):
        text += f"""  - name: number {number}
    calendar: hampshire-2025
    as_of: {day}
    marks: {{2025-09-08: "NN NN"}}
    pupil: {{year_group: {year}}}
    expect: {{calls: {result}}}
"""
    source = Source("trust", "trial.yaml", text)
    found = read_rulebook([source])
    tests, problems = read_tests(source, found)
    assert (found.problems, problems, len(tests)) == ((), (), 3)
    calendars = shipped.calendars()
    assert [list(run_test(each, found, calendars, Inference.here())) for each in tests] == [[]] * 3


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("    rollout:\n      - {cohort: {years: []}, from: 2025-09-09}\n", "at least one is needed here"),
        ("    rollout:\n      - {cohort: {years: [9]}}\n", "the key 'from' is missing"),
        (
            f"{NINTH}      - {{from: 2025-09-09}}\n",
            "tried.yaml:12:9: 2025-09-09 is not after the wave before it, 2025-09-09; write",
        ),
        (
            f"{NINTH}    applies_to: {{years: [7, 8]}}\n",
            "applies_to leaves out 9: this wave would reach nobody; years there are: 7, 8",
        ),
    ],
)
def test_a_slip_is_named(more: str, said: str) -> None:
    """At its line, with what to write."""
    with pytest.raises(ValueError) as wrong:
        book(WHEN, more)
    assert said in str(wrong.value)


def test_a_rule_about_a_class_has_no_rollout() -> None:
    """Years are pupils' years."""
    with pytest.raises(ValueError, match="a rollout is by year, and a rule about a class knows none"):
        book("{missing_marks: {over: today, at_least: 1}}", f"    subject: class\n{NINTH}")
