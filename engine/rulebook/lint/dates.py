"""Days on which something has no value: then a rule is silent, or a number would be taken for nought."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from engine.rulebook.lint.days import ALWAYS, in_force, of_rule, thresholds_of
from engine.rulebook.model import Rule, Threshold
from engine.rulebook.problems import Problem

if TYPE_CHECKING:
    from engine.rulebook.rulebook import Rulebook


def never_in_force(rulebook: Rulebook) -> Iterator[Problem]:
    """Rules that are in force on no day, by their own dates or for want of a value.

    >>> from engine.rulebook.lint.sample import book, rule
    >>> dates = "in_force: {from: 2026-01-05, until: 2025-07-22}"
    >>> late = rule("late", "{late_sessions: {over: today, at_least: 1}}", dates)
    >>> print(book(late).problems[0].what)
    it is in force on no day: from 2026-01-05 until 2025-07-22
    """
    for rule in rulebook.rules:
        since, until = rule.in_force_from, rule.in_force_until
        if since and until and since > until:
            what = f"it is in force on no day: from {since} until {until}"
            yield of_rule(rule, what, "the first day comes before the last")
        elif until and not in_force(rule):
            late = max(thresholds_of(rule.when), key=_first)
            what = f"it is in force on no day: {late.name} has no value until {until}"
            yield of_rule(rule, what, f"its first value ({late.place}) is of {_first(late)}: end later")
        elif until and rule.rollout and rule.rollout[0].since > until:
            what = f"its rollout begins on {rule.rollout[0].since}, and it is in force until {until}"
            yield of_rule(rule, what, "the first wave comes before the last day")


def silent_at_first(rulebook: Rulebook) -> Iterator[Problem]:
    """Rules that say since when they are in force, and are silent at first: a threshold has no value yet.

    >>> from engine.rulebook.lint.sample import book, rule
    >>> few = "{few: {title: Few, unit: sessions, values: {2026-01-05: 2}}}"
    >>> late = rule("late", "{late_sessions: {over: today, at_least: few}}", "in_force: {from: 2025-09-01}")
    >>> print(next(silent_at_first(book(late, thresholds=few))).what)
    from 2025-09-01 to 2026-01-05 it says nothing: few has no value then
    """
    for rule in rulebook.rules:
        for each in thresholds_of(rule.when):
            if rule.in_force_from and rule.in_force_from < _first(each):
                begins = f"from {rule.in_force_from} to {_first(each)}"
                what = f"{begins} it says nothing: {each.name} has no value then"
                yield of_rule(rule, what, f"give {each.place} a value from {rule.in_force_from} on")


def taken_for_nought(rulebook: Rulebook) -> Iterator[Problem]:
    """Rules that are in force on a day on which their due time, clear line or requirement has no value.

    >>> from engine.rulebook.lint.sample import book, rule
    >>> ends = "{ends: {title: E, unit: minutes after close, values: {2026-01-05: 20}}}"
    >>> late = rule("late", "{late_sessions: {over: today, at_least: 1}}", due="ends")
    >>> print(book(late, thresholds=ends).problems[0].what)
    ends has no value before 2026-01-05, and the rule is in force then
    """
    for rule in rulebook.rules:
        begins = in_force(rule)[:1]
        for each in _beside(rule):
            if begins and begins[0] < _first(each):
                what = f"{each.name} has no value before {_first(each)}, and the rule is in force then"
                yield of_rule(
                    rule, what, f"write always for its first value, or in_force: {{from: {_first(each)}}}"
                )


def duties_of_nobody(rulebook: Rulebook) -> Iterator[Problem]:
    """Duties that name nobody before some day: what measures them has no value yet.

    >>> from engine.rulebook.lint.sample import book
    >>> list(duties_of_nobody(book()))
    []
    """
    for duty in rulebook.duties:
        by, place = duty.measured_by, duty.place
        if by is not None and _first(by) > ALWAYS:
            what = f"before {_first(by)} it names nobody: {by.name} has no value then"
            do = f"write always for the first value of {by.place}"
            yield Problem(place.file, place.line, place.column, what, "", do)


def _first(threshold: Threshold) -> date:
    return threshold.values[0][0]


def _beside(rule: Rule) -> Iterator[Threshold]:
    """The thresholds of a rule that stand outside its `when`."""
    if rule.clears_when is not None:
        yield from thresholds_of(rule.clears_when)
    for required in rule.patience.requires:
        yield from thresholds_of(required.when)
    for task in rule.tasks:
        if isinstance(task.due.threshold, Threshold):
            yield task.due.threshold
