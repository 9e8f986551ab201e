"""What the checks say nothing of: a false alarm teaches people to pass over the true ones.

What they do say is in tests/rules/broken.
"""

from __future__ import annotations

import pytest

from engine.rulebook.lint.checks import DOUBTFUL, found
from engine.rulebook.lint.sample import book, clause, rule
from engine.rulebook.rulebook import Rulebook

WEEKS = "{{late_sessions: {{over: last 4 school weeks, {}}}}}".format
RATE = (
    "{{all: [{{possible_sessions: {{over: year to date, at_least: 20}}}},"
    " {{absence_rate: {{over: {}, {}}}}}]}}".format
)
YEAR = "year to date"


def stages(*rules: tuple[str, ...]) -> Rulebook:
    """One ladder, a stage for each rule: its condition, and more lines."""
    return book(
        *(
            rule(f"rule-{stage}", when, "ladder: late", f"stage: {stage}", *more)
            for stage, (when, *more) in enumerate(rules, start=1)
        )
    )


SOUND = {
    "a day after the other, each told by itself": stages((WEEKS("exactly: 1"),), (WEEKS("exactly: 3"),)),
    "a band that begins where one told by itself ends": stages(
        (WEEKS("exactly: 1"),), (WEEKS("at_least: 5, at_most: 8"),), (WEEKS("exactly: 12"),)
    ),
    "whole numbers leave nothing between 3 and 4": stages(
        (WEEKS("at_least: 1, at_most: 3"),), (WEEKS("at_least: 4"),)
    ),
    "each higher stage is a part of the lower": stages((WEEKS("at_least: 3"),), (WEEKS("at_least: 6"),)),
    "the same for other pupils": stages(
        (WEEKS("at_least: 6"), 'applies_to: {years: ["7"]}'),
        (WEEKS("at_least: 3"), 'applies_to: {years: ["8"]}'),
    ),
    "a higher stage that comes to nobody yet": stages(
        (WEEKS("at_least: 6"),), (WEEKS("at_least: 3"), "rollout: [{from: 2026-01-12}]")
    ),
    "a higher stage that waits a while": stages(
        (WEEKS("at_least: 6"),), (WEEKS("at_least: 3"), "hold_for: 2 school days")
    ),
    "a higher stage that comes first after another": stages(
        (WEEKS("at_least: 3"), "episode: school year"),
        (WEEKS("at_least: 3"), "episode: school year", "after: {stage: 1, done_for: 3 school weeks}"),
    ),
    "a higher stage that is over": stages(
        (WEEKS("at_least: 6"),), (WEEKS("at_least: 3"), "in_force: {until: 2025-12-19}")
    ),
    "side by side and apart": book(
        rule("some", WEEKS("at_least: 1, below: 4"), "ladder: late"),
        rule("many", WEEKS("at_least: 4"), "ladder: late"),
    ),
    "side by side, of different things": book(
        rule("some", WEEKS("at_least: 1"), "ladder: late"),
        rule("ill", "{days_missed: {over: year to date, at_least: 5}}", "ladder: late"),
    ),
    "one after the other in time": book(
        rule("some", WEEKS("at_least: 1"), "ladder: late", "in_force: {from: 2025-09-01, until: 2025-12-19}"),
        rule("many", WEEKS("at_least: 2"), "ladder: late", "in_force: {from: 2025-12-20}"),
    ),
    "a clear line of something else": book(
        rule(
            "some",
            RATE(YEAR, "at_least: 8"),
            "episode: until cleared",
            "clears_when: {absence_rate: {over: last 4 school weeks, below: 5}}",
        )
    ),
    "a clear line with room between": book(
        rule("some", WEEKS("at_least: 8"), "episode: until cleared", f"clears_when: {WEEKS('below: 5')}")
    ),
    "the last day there is": book(rule("some", WEEKS("at_least: 1"), "in_force: {until: 9999-12-31}")),
    "a window without an end": book(rule("some", "{late_sessions: {over: whole register, at_least: 9999}}")),
    "a threshold that only a due time names": book(
        rule("some", WEEKS("at_least: 1"), due="soon"),
        thresholds="{soon: {title: S, unit: minutes after close, values: {always: 20}}}",
    ),
}


@pytest.mark.parametrize("name", SOUND)
def test_nothing_is_said_of_what_is_sound(name: str) -> None:
    """Neither where the rulebook is read nor where it is checked."""
    assert SOUND[name].problems == ()
    assert found(SOUND[name], DOUBTFUL) == ()


def test_a_rule_that_cannot_be_meant_never_runs() -> None:
    """It is left out and named; what is only doubtful stands."""
    wrong = rule("wrong", WEEKS("at_least: 0"))
    doubtful = rule("doubtful", WEEKS("at_least: 3"), "in_force: {from: 2025-09-01}")
    kept = book(wrong, doubtful)
    assert [each.id for each in kept.rules] == ["doubtful"]
    assert [problem.rule for problem in kept.problems] == ["wrong"]


def test_a_requirement_without_a_value_is_told() -> None:
    """Nobody could know what must be so before the rule acts: it never runs, and says from when it could."""
    some = "{some: {title: S, unit: days, values: {2026-01-05: 2}}}"
    more = "requires: [{title: some days, when: {days_missed: {over: year to date, at_least: some}}}]"
    slow = book(rule("slow", WEEKS("at_least: 3"), more), thresholds=some)
    assert slow.rules == ()
    assert [problem.what for problem in slow.problems] == [
        "some has no value before 2026-01-05, and the rule is in force then"
    ]


def test_a_threshold_is_not_called_unused_while_a_rule_cannot_be_read() -> None:
    """What names it may be that very rule, and the one slip is told already."""
    few = "{few: {title: F, unit: sessions, values: {always: 3}}}"
    slip = book(rule("late", WEEKS("at_lest: few")), thresholds=few)
    assert found(slip, DOUBTFUL) == ()
    assert len(found(book(rule("late", WEEKS("at_least: 3")), thresholds=few), DOUBTFUL)) == 1


def test_each_threshold_of_a_day_is_looked_at() -> None:
    """Bands that meet today and leave a gap from January on are told, with the number."""
    ends = "{ends: {title: E, unit: percent, values: {always: 10, 2026-01-05: 8}}}"
    bands = book(
        rule("low", RATE(YEAR, "at_least: 5, below: ends"), "ladder: rate", "stage: 1"),
        rule("high", RATE(YEAR, "at_least: 10"), "ladder: rate", "stage: 2"),
        thresholds=ends,
    )
    (problem,) = found(bands, DOUBTFUL)
    assert problem.what.startswith("of 8 percent (absence_rate) nobody speaks: 'low' ends before, 'high'")


def test_a_clause_of_a_sample_that_cannot_be_read_is_refused() -> None:
    """So that no example of a check stands on a slip of its own."""
    with pytest.raises(ValueError, match="unknown key 'at_lest'"):
        clause("late_sessions", over="today", at_lest=1)
