"""What is written and does nothing: nothing that a person wrote may be passed over without a word."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from engine.rulebook.cohorts import SMALLEST_COHORT
from engine.rulebook.lint.days import of_rule, thresholds_in, thresholds_of
from engine.rulebook.model import AppliesTo, Threshold
from engine.rulebook.problems import Problem, nearest

if TYPE_CHECKING:
    from engine.rulebook.rulebook import Rulebook


def of_every_class(rulebook: Rulebook) -> Iterator[Problem]:
    """Rules about classes that say of which pupils they speak: they speak of every class.

    >>> from engine.rulebook.lint.sample import book, rule
    >>> more = ("subject: class", "applies_to: {years: [R]}")
    >>> print(book(rule("gaps", "{missing_marks: {over: today, at_least: 1}}", *more)).problems[0].what)
    applies_to does nothing here: a rule about a class speaks of every class
    """
    for rule in rulebook.rules:
        if rule.subject == "class" and rule.applies_to != AppliesTo():
            what = "applies_to does nothing here: a rule about a class speaks of every class"
            yield of_rule(rule, what, "take it out")


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
    used = set(_used(rulebook))
    for each in rulebook.thresholds:
        if each.name not in used:
            what, place = f"nothing names the threshold {each.name!r}", each.place
            do = "name it in a rule, or take it out"
            yield Problem(place.file, place.line, place.column, what, nearest(each.name, sorted(used)), do)


def _used(rulebook: Rulebook) -> Iterator[str]:
    """The names of all thresholds that something names."""
    yield SMALLEST_COHORT
    yield from (duty.measured_by.name for duty in rulebook.duties if duty.measured_by)
    for meaning in rulebook.meanings:
        yield from (each.name for each in thresholds_of(meaning.when))
    for rule in (*rulebook.rules, *rulebook.off):  # a school that turns a rule off leaves its numbers alone
        yield from (each.name for each in thresholds_in(rule))
        due = (task.due.threshold for task in rule.tasks)
        yield from (each.name for each in due if isinstance(each, Threshold))
