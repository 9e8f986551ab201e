"""Rules of one ladder that divide the same number between them: what falls between two, what is in both."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from engine.rulebook.lint.days import of_rule, said, turns
from engine.rulebook.lint.possible import holds
from engine.rulebook.lint.quantities import Quantity, numbers_of, quantity
from engine.rulebook.model import Group, Rule, clauses
from engine.truth import Comparison

if TYPE_CHECKING:
    from engine.rulebook.problems import Problem
    from engine.rulebook.rulebook import Rulebook


def gaps(rulebook: Rulebook) -> Iterator[Problem]:
    """Numbers between two bands of a ladder that none of its rules speaks of.

    >>> from engine.rulebook.lint.sample import book, rule
    >>> late = "{{late_sessions: {{over: last 5 school days, {}}}}}".format
    >>> some = rule("some", late("at_least: 1, at_most: 3"), "ladder: late", "stage: 1")
    >>> many = rule("many", late("at_least: 5"), "ladder: late", "stage: 2")
    >>> [problem.what for problem in gaps(book(some, many))]
    ["of 4 sessions (late_sessions) nobody speaks: 'some' ends before, 'many' begins after"]
    """
    for bands in _bands(rulebook):
        for number, before, after in bands.found(_between):
            what = (
                f"of {bands.of(number)} nobody speaks: {before.id!r} ends before, {after.id!r} begins after"
            )
            yield of_rule(
                before, what, f"let one end where the other begins ({after.place}): at_least and below"
            )


def overlaps(rulebook: Rulebook) -> Iterator[Problem]:
    """Numbers for which two rules of a ladder act side by side: no stage says which is higher.

    >>> from engine.rulebook.lint.sample import book, rule
    >>> late = "{{late_sessions: {{over: last 5 school days, at_least: {}}}}}".format
    >>> some, many = rule("some", late(1), "ladder: late"), rule("many", late(5), "ladder: late")
    >>> [problem.what for problem in overlaps(book(some, many))]
    ["of 5 sessions (late_sessions) both 'many' and 'some' speak, and each acts for itself"]
    """
    for bands in _bands(rulebook):
        for number, one, other in bands.found(_in_both):
            what = f"of {bands.of(number)} both {one.id!r} and {other.id!r} speak, and each acts for itself"
            yield of_rule(
                one, what, f"give each a stage, or let one end where the other begins ({other.place})"
            )


Spoken = Sequence[tuple[float, Sequence[Rule]]]
Found = Iterator[tuple[float, Rule, Rule]]


@dataclass(frozen=True, slots=True)
class _Bands:
    """The rules of one ladder that speak of one quantity, and of the same pupils."""

    about: Quantity
    rules: tuple[Rule, ...]

    def of(self, number: float) -> str:
        """The number as a message names it."""
        measure = next(clauses(self.rules[0].when)).measure
        for clause in clauses(self.rules[0].when):
            measure = clause.measure if quantity(clause) == self.about else measure
        return f"{said(number)} {measure.unit} ({measure.name})"

    def found(self, look: Callable[[Spoken], Found]) -> Found:
        """What a look at each day finds of two rules, once for the two."""
        told = set()
        for day in turns(self.rules):
            for number, one, other in look(self.speaking(day)):
                if (one.id, other.id) not in told:
                    told.add((one.id, other.id))
                    yield number, one, other

    def speaking(self, day: date) -> Spoken:
        """For each stretch of numbers the rules that hold there on a day, enough sessions being possible."""
        there = [rule for rule in self.rules if rule.in_force(day)]
        if not there:
            return ()
        numbers = numbers_of(Group("all", tuple(rule.when for rule in there)), day)
        given = {key: each[-1] for key, each in numbers.items()}
        return [
            (number, [rule for rule in there if holds(rule.when, day, {**given, self.about: number})])
            for number in numbers[self.about]
        ]


def _bands(rulebook: Rulebook) -> Iterator[_Bands]:
    """The rules of each ladder that hold one and the same quantity against numbers, guards left aside."""
    groups: dict[object, list[Rule]] = defaultdict(list)
    for rule in rulebook.rules:
        about = {quantity(each) for each in clauses(rule.when) if not each.measure.guard}
        if rule.ladder and len(about) == 1:
            groups[rule.ladder, rule.applies_to, rule.rollout, about.pop()].append(rule)
    for rules in groups.values():
        about = {quantity(each) for each in clauses(rules[0].when) if not each.measure.guard}
        yield _Bands(about.pop(), tuple(rules))


def _between(spoken: Spoken) -> Found:
    """Stretches that no rule speaks of, between two that one does; days told one by one are no bands."""
    before: Rule | None = None
    empty: float | None = None
    for number, rules in spoken:
        bands = [rule for rule in rules if not _one_by_one(rule)]
        if bands and before and empty is not None:
            yield empty, before, bands[0]
        if rules:
            before, empty = bands[-1] if bands else None, None
        elif empty is None:
            empty = number


def _in_both(spoken: Spoken) -> Found:
    """Stretches of which two rules speak, one of them without a stage."""
    for number, rules in spoken:
        for one, other in itertools.combinations(rules, 2):
            if one.beside or other.beside:
                yield number, one, other


def _one_by_one(rule: Rule) -> bool:
    return any(test.comparison is Comparison.EXACTLY for each in clauses(rule.when) for test in each.tests)
