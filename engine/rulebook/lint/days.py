"""The days on which what a rule says changes: with its dates, and with those of its thresholds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from engine.rulebook.model import Condition, Place, Rule, Threshold, clauses
from engine.rulebook.problems import Problem

ALWAYS = date.min


def thresholds_of(condition: Condition) -> Iterator[Threshold]:
    """Every threshold that a condition names, what it looks ahead to included.

    >>> from engine.rulebook.lint.sample import clause
    >>> list(thresholds_of(clause("late_sessions", over="today", at_least=1)))
    []
    """
    for clause in clauses(condition):
        yield from (test.threshold for test in clause.tests if isinstance(test.threshold, Threshold))
        if isinstance(clause.asked.until, Threshold):
            yield clause.asked.until


def thresholds_in(rule: Rule) -> Iterator[Threshold]:
    """Every threshold that the conditions of a rule name."""
    yield from thresholds_of(rule.when)
    if rule.clears_when is not None:
        yield from thresholds_of(rule.clears_when)


def turns(rules: Iterable[Rule]) -> tuple[date, ...]:
    """The first day of each time in which some rules say one thing; `date.min` is always, as it stands.

    >>> from engine.rulebook.lint.sample import book, rule
    >>> late = rule("late", "{late_sessions: {over: today, at_least: 1}}", "in_force: {from: 2026-01-05}")
    >>> turns(book(late).rules)[-1].isoformat()
    '2026-01-05'
    """
    days = {ALWAYS}
    for rule in rules:
        days.update(filter(None, (rule.in_force_from, _after(rule.in_force_until))))
        days.update(since for each in thresholds_in(rule) for since, _ in each.values)
    return tuple(sorted(days))


def _after(last: date | None) -> date | None:
    return last + timedelta(days=1) if last and last < date.max else None


def in_force(rule: Rule) -> tuple[date, ...]:
    """Those of its turns on which a rule, and a value of each threshold it holds against, is in force."""
    return tuple(day for day in turns((rule,)) if rule.in_force(day))


def on(day: date, rule: Rule) -> str:
    """The words for a day: none where all of the rule's life is meant.

    >>> from engine.rulebook.lint.sample import book, rule
    >>> (late,) = book(rule("late", "{late_sessions: {over: today, at_least: 1}}")).rules
    >>> on(date.min, late), on(date(2026, 1, 5), late)
    ('', 'from 2026-01-05 on ')
    """
    return "" if day == in_force(rule)[0] else f"from {day} on "


def said(number: float) -> str:
    """A number (x 100) as people write it.

    >>> said(305.0), said(1000)
    ('3.05', '10')
    """
    return f"{number / 100:.3f}".rstrip("0").rstrip(".")


def of_rule(rule: Rule, what: str, do: str, place: Place | None = None) -> Problem:
    """A problem of a rule, at its own place or that of a part of it."""
    at = place or rule.place
    return Problem(at.file, at.line, at.column, what, "", do, rule.id)
