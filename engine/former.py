"""Rules as they were when a case opened, for cases that finish under them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from engine.measures.measure import Dated
from engine.rulebook.model import Condition, Group, Place, Rule, Test, Threshold
from engine.rulebook.patience import Requirement
from engine.rulebook.rulebook import Rulebook

_NOWHERE = Place("", 0, 0)


@dataclass(frozen=True, slots=True)
class Former:
    """The rules that one ladder had, from the rulebook `version`, and the `subjects` still judged by them."""

    ladder: str
    version: str
    rules: tuple[Rule, ...]
    subjects: frozenset[str]


def ladder_on(rulebook: Rulebook, ladder: str, day: date) -> tuple[Rule, ...]:
    """The rules of a ladder that were in force on a day, each threshold at its value of that day, for good.

    >>> from engine.rulebook.rulebook import read_rulebook
    >>> ladder_on(read_rulebook([]), "rate", date(2025, 9, 1))
    ()
    """
    return tuple(
        frozen(rule, day) for rule in rulebook.rules if rule.on_ladder == ladder and rule.in_force(day)
    )


def frozen(rule: Rule, day: date) -> Rule:
    """A rule with each threshold at its value of a day, for good."""
    clears = rule.clears_when and _settled(rule.clears_when, day)
    when = _settled(rule.when, day)
    patience = rule.patience.each(lambda each: replace(each, when=_settled(each.when, day)))
    tasks = tuple(
        replace(step, due=replace(step.due, threshold=_fixed(step.due.threshold, day))) for step in rule.tasks
    )
    return replace(
        rule,
        when=when,
        clears_when=clears,
        patience=patience,
        tasks=tasks,
        in_force_from=None,
        in_force_until=None,
    )


def alike(one: Iterable[Rule], other: Iterable[Rule]) -> bool:
    """Whether frozen rules mean the same: the words about them, and where they stand, do not count."""
    return [_meaning(rule) for rule in one] == [_meaning(rule) for rule in other]


def _settled(condition: Condition, day: date) -> Condition:
    if isinstance(condition, Group):
        return replace(condition, parts=tuple(_settled(part, day) for part in condition.parts))
    tests = tuple(_at(test, day) for test in condition.tests)
    asked = replace(condition.asked, until=_fixed(condition.asked.until, day))
    return replace(condition, tests=tests, asked=asked)


def _at(test: Test, day: date) -> Test:
    value = test.needed(day)
    return test if value is None else replace(test, threshold=value)


def _fixed(named: Dated | None, day: date) -> Dated | None:
    """A threshold at its value of a day, and without the words about it: nobody is told of it by those."""
    value = named.on(day) if named else None
    return named if value is None else Threshold("", "", "", ((date.min, value),), _NOWHERE)


def _meaning(rule: Rule) -> Rule:
    clears = rule.clears_when and _unplaced(rule.clears_when)
    when = _unplaced(rule.when)
    patience = rule.patience.each(lambda each: Requirement("", _unplaced(each.when), each.task))
    rule = replace(rule, layer="", locked=False, may_change=None, overrides=())
    return replace(
        rule,
        when=when,
        clears_when=clears,
        patience=patience,
        place=_NOWHERE,
        title="",
        because="",
        pack="",
        source="",
    )


def _unplaced(condition: Condition) -> Condition:
    if isinstance(condition, Group):
        return replace(condition, parts=tuple(_unplaced(part) for part in condition.parts))
    return replace(condition, place=_NOWHERE)
