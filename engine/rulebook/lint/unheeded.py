"""What is written and does nothing: nothing that a person wrote may be passed over without a word."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING

from engine.rulebook.cohorts import SMALLEST_COHORT
from engine.rulebook.lint.days import of_rule
from engine.rulebook.model import Threshold
from engine.rulebook.problems import Problem, nearest

if TYPE_CHECKING:
    from engine.rulebook.rulebook import Rulebook


def waits_for_no_one(rulebook: Rulebook) -> Iterator[Problem]:
    """Rules that wait for a rule about somebody else.

    >>> from engine.rulebook.lint.sample import book
    >>> list(waits_for_no_one(book()))
    []
    """
    subjects = {rule.id: rule.subject for rule in rulebook.rules}
    for rule in rulebook.rules:
        other = subjects.get(rule.waits_for, rule.subject)
        if other != rule.subject:
            what = f"waits_for names {rule.waits_for!r}, about a {other}; this rule is about a {rule.subject}"
            yield of_rule(rule, what, "name a rule about the same, or take waits_for out")


def unused_thresholds(rulebook: Rulebook) -> Iterator[Problem]:
    """Thresholds that nothing names: most are a name misspelt, and what was meant keeps its old value.

    >>> from engine.rulebook.lint.sample import book
    >>> few = "{few: {title: F, unit: days, values: {always: 1}}}"
    >>> [problem.what for problem in unused_thresholds(book(thresholds=few))]
    ["nothing names the threshold 'few'"]
    """
    if any(problem.rule or problem.whole_file for problem in rulebook.problems):
        return  # what names it may be what could not be read, and that is told
    if any(need.rules for need in rulebook.needs):
        return  # or what waits for an answer, and that is told too
    used = {SMALLEST_COHORT, *_named(replace(rulebook, thresholds=()))}
    for each in rulebook.thresholds:
        if each.name not in used:
            what, place = f"nothing names the threshold {each.name!r}", each.place
            do = "name it in a rule, or take it out"
            yield Problem(place.file, place.line, place.column, what, nearest(each.name, sorted(used)), do)


def _named(value: object) -> Iterator[str]:
    """The names of all thresholds inside of a value, wherever a rule or a duty may hold one."""
    if isinstance(value, Threshold):
        yield value.name
    elif isinstance(value, tuple):
        for each in value:
            yield from _named(each)
    elif is_dataclass(value):
        for part in fields(value):
            yield from _named(getattr(value, part.name))
