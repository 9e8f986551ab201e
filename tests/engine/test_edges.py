"""Boundary cases: what is generated, that it holds, and that it tells changes apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from engine.around import around, lines_of, token
from engine.edges import Edges
from engine.homes import home
from engine.inference.agree import Inference
from engine.mutants import mutants
from engine.rulebook import shapes
from engine.rulebook.model import Rule
from engine.rulebook.rulebook import Rulebook, Source, read_rulebook
from engine.ruletests import RuleTest, read_tests
from engine.scenes import Scene
from tests.engine import shipped
from tests.engine.small import book

RULEBOOK = shipped.rulebook()
CALENDARS = shipped.calendars()


def standing_in(rulebook: Rulebook) -> tuple[RuleTest, ...]:
    """The tests that stand in the packs of a rulebook."""
    return tuple(test for pack in rulebook.sources for test in read_tests(pack, rulebook)[0])


SHIPPED = standing_in(RULEBOOK)


def edges_of(rulebook: Rulebook, *, tested: bool = False) -> Edges:
    """What finds the cases of a rulebook, with its tests or as if it had none."""
    return Edges(
        rulebook,
        CALENDARS,
        (SHIPPED if rulebook is RULEBOOK else standing_in(rulebook)) if tested else (),
        Inference(),
    )


def said(cases: list[shapes.TestShape]) -> dict[str, object]:
    """What each case expects of its rule, by its name."""
    return {shape.name: next(iter(shape.expect.values())) for shape in cases}


MADE_UP = {
    "absence-day-2", "absent-without-reason", "attendance-return", "falling-attendance", "golden-hour-call",
    "near-persistent-absence", "penalty-notice-threshold", "reason-not-established", "register-not-taken",
    "sickness-return", "suspension-goes-on", "tell-the-social-worker", "tell-the-youth-offending-worker",
}  # fmt: skip
"""Rules of every kind that some marks of one pupil match; to look for those takes a while for each."""


@pytest.mark.parametrize("rule", RULEBOOK.rules, ids=lambda rule: rule.id)
def test_every_shipped_rule_has_boundary_cases(rule: Rule) -> None:
    """From a pupil made up, or else from its tests: on the threshold, short of it, at the ends of terms."""
    made_up = rule.id in MADE_UP
    found = said(list(edges_of(RULEBOOK, tested=not made_up).of(rule)))
    assert len(found) >= (10 if made_up else 6)
    if not made_up:
        return
    on = found[f"{rule.title}, on the threshold"]
    assert isinstance(on, dict)
    assert on["result"] == "matched"
    for case in ("joined last week", "last day of term", "first day after the clocks change"):
        assert any(name.startswith(f"{rule.title}, {case}") for name in found), case


def test_the_cases_of_a_day_of_absence_read_as_a_teacher_would_say_them() -> None:
    """The session before, on and after; a mark put right; the same each time they are asked for."""
    rule = RULEBOOK.rule("absence-day-2")
    found = list(edges_of(RULEBOOK).of(rule))
    assert found == list(edges_of(RULEBOOK).of(rule))
    expects = said(found)
    for name, result in (
        ("a minute before the register closes", "matched"),
        ("the session after", "not_matched"),
        ("one session short of the threshold", "not_matched"),
        ("a mark corrected to present", "not_matched"),
        ("the last of the marks was not taken", "unknown"),
    ):
        wanted = expects[f"Second day of absence, {name}"]
        assert (wanted["result"] if isinstance(wanted, dict) else wanted) == result, name


def test_what_stands_in_a_test_already_is_not_generated_again() -> None:
    """With the tests of the pack the base itself is told, and nothing comes twice."""
    rule = RULEBOOK.rule("absence-day-2")
    names = [shape.name for shape in edges_of(RULEBOOK, tested=True).of(rule)]
    assert "Second day of absence, on the threshold" not in names
    assert len(names) == len(set(names))


def test_a_rule_that_nothing_matches_has_none() -> None:
    """No pupil could be made up: nothing is said rather than something wrong."""
    never = book("{late_sessions: {over: last 5 school days, above: 5}}")
    short = {"summer-2024": shipped.calendars()["summer-2024"]}
    assert list(replace(edges_of(never), calendars=short).of(never.rule("tried"))) == []
    empty = {"empty": replace(short["summer-2024"], days=(), terms=())}
    assert home(RULEBOOK.rule("absence-day-1"), RULEBOOK, empty) is None


def test_a_case_whose_code_means_nothing_in_its_year_is_left_out() -> None:
    """C2 came in 2024: in the summer before it no test can be told of it, and nothing breaks."""
    text = book("{coded_sessions: {over: year to date, codes: [I], at_least: 1}}").sources[0].text
    text += """tests:
  - name: ill once, years ago
    calendar: summer-2024
    as_of: 2024-07-12T16:00
    pupil: {admitted_on: 2023-09-01}
    marks: {2024-07-08: "I/"}
    expect: {tried: matched}
"""
    rulebook = read_rulebook([Source("trust", "tried.yaml", text)])
    maker = edges_of(rulebook, tested=True)
    (scene,) = [maker.scene(base) for base in maker._bases(rulebook.rule("tried"))]
    unread = [case for case in around(scene, rulebook.rule("tried")) if "C2" in case.name]
    assert unread
    assert not maker.noticed(unread[0].shape, mutants(rulebook))
    assert not maker._readable(unread[0].shape)
    assert list(maker.of(rulebook.rule("tried")))


def test_for_a_survivor_a_test_is_found_that_notices_it() -> None:
    """The tests found notice what they were found for; of a change without consequence none is."""
    rulebook = book(
        "{coded_sessions: {over: last 2 school days, codes: [O], at_least: 2}}",
        "    clears_when: {coded_sessions: {over: last 2 school days, codes: [O], below: 1}}\n"
        "    episode: until cleared\n",
    )
    changed = list(mutants(rulebook))
    told: list[tuple[str, int, int]] = []
    found = edges_of(rulebook).against(changed, lambda *each: told.append(each))
    assert told == [("tests that would notice", 0, 1)]
    assert {mutant.change for mutant in changed} - {mutant.change for mutant in found} <= {
        "coded_sessions: below became at_most",
        "coded_sessions: code I was put in",
    }
    for mutant, shape in found.items():
        scene = Scene.of(shape, shipped.calendars()[shape.calendar], rulebook)
        before, after = (each.seen(["tried"], Inference()) for each in (scene, scene.under(mutant.rules)))
        assert before != after
    assert any("its case open for a week" in shape.name for shape in found.values())


def test_of_a_change_without_consequence_no_test_is_found() -> None:
    """Of two sessions a day exactly two are at least two: no pupil tells them apart."""
    rulebook = book("{coded_sessions: {over: today, codes: [O], exactly: 2}}")
    less = [mutant for mutant in mutants(rulebook) if "exactly became at_least" in mutant.change]
    assert len(less) == 1
    assert edges_of(rulebook).against(less, lambda *each: None) == {}


def test_a_test_without_marks_and_one_on_a_holiday_have_cases_too() -> None:
    """No mark to take away, no school day to move: time and pupil still change."""
    shape = shapes.TestShape.model_validate(
        {
            "name": "x",
            "calendar": "hampshire-2025",
            "as_of": "2025-07-20T16:00",
            "marks": {},
            "expect": {"a": "b"},
        }
    )
    rule = RULEBOOK.rule("absence-day-1")
    scene = Scene.of(shape, shipped.calendars()["hampshire-2025"], RULEBOOK)
    names = [case.name for case in around(scene, rule)]
    assert "the session after" in names
    assert not {"one session fewer", "a minute before the register closes", "last day of term"} & set(names)
    last = shape.model_copy(update={"as_of": "2026-07-22T16:00"})
    late = [case.name for case in around(Scene.of(last, shipped.calendars()[shape.calendar], RULEBOOK), rule)]
    assert "the session after" not in late
    assert "the school day after" not in late


def test_marks_are_written_as_people_write_them() -> None:
    """A Friday and the Monday after it stand on one line, days apart on two; two letters take a comma."""
    friday, monday = date(2025, 9, 12), date(2025, 9, 15)
    assert lines_of({(friday, 0): "I", (monday, 1): ""}) == {friday: "I/ /-"}
    assert lines_of({(friday, 0): "I", (date(2025, 9, 17), 0): "C2"}) == {
        friday: "I/",
        date(2025, 9, 17): "C2,/",
    }
    assert lines_of({(friday, 0): "/", (friday, 1): "\\"}) == {}
    assert token(["", ""]) == "--"
