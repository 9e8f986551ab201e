"""Two rulebooks beside each other: every difference has a sentence, and the sentence can be read."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest

from engine.rulebook.compare import compared
from engine.rulebook.layered import Threshold
from engine.rulebook.model import AppliesTo, Cap, MessageStep, Rule, TaskStep
from engine.rulebook.rulebook import Rulebook, Source, read_rulebook
from engine.rulebook.said import said
from tests.engine import shipped
from tests.engine.rulebook.trial import PACK, read


def edited(*changes: tuple[str, str]) -> Rulebook:
    """The shipped packs with some words put in the place of others."""
    packs = shipped.packs()
    for old, new in changes:
        assert any(old in pack.text for pack in packs), old
        packs = tuple(replace(pack, text=pack.text.replace(old, new)) for pack in packs)
    return read_rulebook(packs)


def told(before: Rulebook, after: Rulebook) -> list[str]:
    """Each difference as people read it."""
    return [str(each) for each in compared(before, after)]


OWN = """pack: own
thresholds:
  near_persistent:
    title: Near-persistent absence begins, in percent of possible sessions
    unit: percent
    values: {2026-01-05: 4}
    changed_by: {who: A. Okafor, why: agreed with heads of year, review: 2026-07-01}
overrides:
  absence-day-1:
    in_force: {from: 2026-01-05}
    tasks: {call the family: {by: head_of_year}}
    changed_by: {who: A. Okafor, why: we ring}
  improved-attendance:
    off: true
    changed_by: {who: A. Okafor, why: praise is given in assembly}
"""


def test_a_school_against_its_trust_in_sentences() -> None:
    """A number from a day on, a rule's key, a task's owner, a rule turned off: each with who and why."""
    school = read_rulebook([*shipped.packs(), Source("school", "own.yaml", OWN)])
    agreed = " (A. Okafor: agreed with heads of year; to be looked at again by 1 July 2026)"
    day_1 = "First day of absence (absence-day-1): "
    assert told(shipped.rulebook(), school) == [
        "Near-persistent absence begins at 4 percent, was 5, from 5 January 2026" + agreed,
        day_1 + "in force from 5 January 2026, was none (A. Okafor: we ring)",
        day_1 + "call the family: who does it head_of_year, was form_tutor (A. Okafor: we ring)",
        "Turned off: Attendance has improved (improved-attendance) (A. Okafor: praise is given in assembly)",
    ]
    first = compared(shipped.rulebook(), school)[0]
    assert (first.now, first.was, first.since, first.until) == ("4", "5", date(2026, 1, 5), None)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("{always: 5}\n    bounds: [3, 5]", "{always: 4}\n    bounds: [3, 5]", "begins at 4 percent, was 5"),
        ("bounds: [3, 5]", "bounds: [3, 6]", "(near_persistent): bounds 3 to 6, was 3 to 5"),
        (
            "{2024-08-19: 20}",
            "{2024-08-19: 20, 2025-09-01: 15, 2026-01-05: 20}",
            "15 school days, was 20, from 1 September 2025, until 4 January 2026",
        ),
        (
            "{2024-08-19: 20}",
            "{2025-09-01: 20}",
            "no value, was 20, from 19 August 2024, until 31",
        ),
        (
            "codes: [G, N, O, U], at_least: attendance",
            "codes: [G, N, O], at_least: attendance",
            "(attendance-return): it speaks",
        ),
        (
            "{2024-08-19: 20}",
            "{2024-08-19: 15, 2025-09-01: 15}",
            "15 school days, was 20, from 19 August 2024",
        ),
        ("do: lead a plan with all", "do: lead one plan with all", "no longer a task: lead a plan with all"),
        ("do: lead a plan with all", "do: lead one plan with all", "a new task: lead one plan with all"),
        ("every Monday at 09:30", "every Tuesday at 09:30", "comes every Tuesday at 09:30, was every Monday"),
        ("  no-answer:\n", "  unanswered:\n", "Gone: outcome no-answer (Nobody could be reached)"),
        ("  no-answer:\n", "  unanswered:\n", "New: outcome unanswered (Nobody could be reached)"),
    ],
)
def test_what_is_edited_is_told(old: str, new: str, sentence: str) -> None:
    """One edit of a shipped pack, a sentence that says it."""
    assert any(sentence in each for each in told(shipped.rulebook(), edited((old, new))))


WHERE = {"id", "place", "pack", "layer", "overrides", "tasks"}


@pytest.mark.parametrize("name", [each.name for each in fields(Rule) if each.name not in WHERE])
def test_no_key_of_a_rule_can_change_in_silence(name: str) -> None:
    """Whatever a rule says, saying it otherwise is a difference: also of a key that is yet to come."""
    before = with_rule(shipped.rulebook().rule("absence-day-3"))
    after = with_rule(replace(before.rules[0], **other(name)))
    (found,) = compared(before, after)
    assert (found.what, found.name) == (name, "absence-day-3")
    assert "otherwise" in found.sentence


@pytest.mark.parametrize("name", [each.name for each in fields(TaskStep) if each.name != "do"])
def test_no_key_of_a_task_can_change_in_silence(name: str) -> None:
    """Its owner, its due time, its words: each is told with the task it is of."""
    before = with_rule(shipped.rulebook().rule("golden-hour-call"))
    task = replace(before.rules[0].tasks[0], **other(name))
    (found,) = compared(before, with_rule(replace(before.rules[0], tasks=(task,))))
    assert found.what == f"{name} of a golden-hour call"


@pytest.mark.parametrize("name", [each.name for each in fields(MessageStep)])
def test_no_key_of_a_message_can_change_in_silence(name: str) -> None:
    """A family reads what a message says: a change of any of it is told."""
    before = with_rule(shipped.rulebook().rule("absent-without-reason"))
    message = replace(before.rules[0].message or MessageStep("", "", ""), **other(name))
    (found,) = compared(before, with_rule(replace(before.rules[0], message=message)))
    assert (found.what, "otherwise" in found.now) == ("message", True)


def other(name: str) -> dict[str, Any]:
    """One field with another value, whatever it holds."""
    return {name: "otherwise"}


def with_rule(rule: Rule) -> Rulebook:
    """A rulebook of one rule."""
    return replace(read_rulebook([]), rules=(rule,))


def test_tasks_in_another_order_are_told() -> None:
    """The order in which work is listed is part of a rule."""
    book = shipped.rulebook()
    rule = book.rule("joint-enquiries")
    turned = replace(rule, tasks=rule.tasks[::-1])
    after = replace(book, rules=tuple(turned if each is rule else each for each in book.rules))
    (sentence,) = told(book, after)
    assert "its tasks in another order: look at this absence" in sentence


OLD = "age of oldest (over whole register, codes N)"
_TO_DATE = "(over year to date) is at least"
RATE = f"(possible sessions {_TO_DATE} 20 and absence rate {_TO_DATE} tenth)"


def test_new_and_gone_rules_and_thresholds() -> None:
    """What came and what went, with enough to know it by."""
    nothing = read_rulebook([])
    assert told(nothing, read(PACK)) == [
        "New: Few days: 3 school days from 1 September 2025, then 4.5 from 5 January 2026",
        "New: A tenth: 10 percent",
        f"New: Sound (sound): when {OLD} is above few; look (office, same day)",
        f"New: Trial (trial): when {RATE}; ring (office, 2 school days)",
    ]
    assert told(read(PACK), nothing) == [
        "Gone: few (Few days)",
        "Gone: tenth (A tenth)",
        "Gone: Sound (sound)",
        "Gone: Trial (trial)",
    ]


def test_what_a_rule_of_a_school_says_is_told_without_its_place() -> None:
    """A comment above everything moves each line, and changes nothing."""
    moved = tuple(replace(pack, text=f"# moved\n{pack.text}") for pack in shipped.packs())
    assert told(shipped.rulebook(), read_rulebook(moved)) == []


def test_groups_read_as_they_are_nested() -> None:
    """`any` and `not` keep their brackets; whom a rule speaks of is everybody, or named."""
    assert (said(AppliesTo()), said(AppliesTo(years=("7", "8")))) == ("everybody", "years 7, 8")
    assert (said(Cap(40)), said(Cap(5, percent_of_roll=True))) == ("40", "5 percent of roll")
    text = PACK.replace(
        "when: {age_of_oldest: {codes: [N], above: few}}",
        "when:\n      any:\n        - age_of_oldest: {codes: [N], above: few}\n"
        "        - not: {late_sessions: {over: today, below: 2}}",
    )
    assert said(read(text).rule("sound").when) == (
        f"({OLD} is above few or not (late sessions (over today) is below 2))"
    )


def test_no_word_of_a_threshold_can_change_in_silence() -> None:
    """Title, unit, source, lock: each is told by its key."""
    book = read(PACK)
    others: dict[str, Any] = {"title": "Other", "unit": "days", "source": "S", "locked": True, "bounds": None}
    for key, value in others.items():
        few = next(each for each in book.thresholds if each.name == "few")
        new: Threshold = replace(few, **{key: value})
        (found,) = compared(book, replace(book, thresholds=(new, book.thresholds[1])))
        assert found.what == key
