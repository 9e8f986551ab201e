"""Conditions that cannot be meant: what never holds, what always does, a case that ends where it begins."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from engine.rulebook.lint.days import in_force, of_rule, on, said
from engine.rulebook.lint.possible import Given, never, possible
from engine.rulebook.lint.quantities import Quantity, numbers_of, quantity
from engine.rulebook.model import Clause, Condition, Episode, Group, Rule, Threshold, clauses

if TYPE_CHECKING:
    from engine.rulebook.problems import Problem
    from engine.rulebook.rulebook import Rulebook

_MEND_NUMBERS = "compare its numbers with each other, and at_least with at_most"


def never_matches(rulebook: Rulebook) -> Iterator[Problem]:
    """Rules that could as well not be there: on no day can their condition hold.

    >>> from engine.rulebook.lint.sample import book, rule
    >>> late = rule("late", "{late_sessions: {over: today, at_least: 5}}")
    >>> print(book(late).problems[0].what)
    it can never match: late_sessions over today is never at_least 5
    """
    for rule in rulebook.rules:
        days = _impossible(rule)
        if days and len(days) == len(in_force(rule)):
            yield _of_nobody(rule, days[0])


def matches_never_from(rulebook: Rulebook) -> Iterator[Problem]:
    """Rules whose condition cannot hold any more, or not yet, with the values of some day.

    >>> from engine.rulebook.lint.sample import book, rule
    >>> falls = "{few: {title: Few, unit: sessions, values: {always: 2, 2026-01-05: 9}}}"
    >>> late = rule("late", "{late_sessions: {over: today, at_least: few}}")
    >>> [problem.what for problem in matches_never_from(book(late, thresholds=falls))]
    ['from 2026-01-05 on it can never match: late_sessions over today is never at_least few (9)']
    """
    for rule in rulebook.rules:
        days = _impossible(rule)
        if days and len(days) < len(in_force(rule)):
            yield _of_nobody(rule, days[0])


def always_matches(rulebook: Rulebook) -> Iterator[Problem]:
    """Rules that hold of everybody, or of everybody with enough possible sessions.

    >>> from engine.rulebook.lint.sample import book, rule
    >>> print(book(rule("late", "{late_sessions: {over: today, at_least: 0}}")).problems[0].what)
    it always matches: no number of late_sessions is left out
    """
    for rule in rulebook.rules:
        for day in in_force(rule):
            given = _enough(rule.when, day)
            if not possible(never(rule.when), day, given):
                names = ", ".join(sorted({name for name, _ in numbers_of(rule.when, day)} - _names(given)))
                what = f"{on(day, rule)}it always matches: no number of {names} is left out"
                yield of_rule(
                    rule, what, "at_least 0 and any of opposites hold of everybody: mend the number"
                )
                break


def clear_lines(rulebook: Rulebook) -> Iterator[Problem]:
    """Clear lines that are not looked at, never reached, or reached while the rule still matches.

    >>> from engine.rulebook.lint.sample import book, rule
    >>> days = "{{consecutive_absent_days: {{codes: illness, {}}}}}".format
    >>> more = ("episode: until cleared", f"clears_when: {days('below: 4')}")
    >>> print(book(rule("ill", days("at_least: 3"), *more)).problems[0].what)
    clears_when can hold while when still does: its case would end and open again, run by run
    """
    for rule in rulebook.rules:
        line = rule.clears_when
        if line is None:
            continue
        if rule.episode is not Episode.UNTIL_CLEARED:
            what = f"clears_when does nothing: the case is over with its {rule.episode.value}"
            yield of_rule(rule, what, "write episode: until cleared, or take clears_when out")
            continue
        for day in in_force(rule):
            if why := _unclear(rule, line, day):
                yield of_rule(
                    rule, f"{on(day, rule)}{why}", "clears_when begins where when ends: below its number"
                )
                break


def _unclear(rule: Rule, line: Condition, day: date) -> str:
    """Why a clear line cannot be meant on a day; empty where it can."""
    if not possible(line, day):
        return "clears_when can never hold: its case would never end"
    together = Group("all", (rule.when, line))
    if set(numbers_of(line, day)) <= set(numbers_of(rule.when, day)) and possible(together, day):
        return "clears_when can hold while when still does: its case would end and open again, run by run"
    return ""


def _impossible(rule: Rule) -> list[date]:
    return [day for day in in_force(rule) if not possible(rule.when, day)]


def _of_nobody(rule: Rule, day: date) -> Problem:
    alone = next((clause for clause in clauses(rule.when) if not possible(clause, day)), None)
    why = _words(alone, day) if alone else "its conditions exclude each other"
    return of_rule(
        rule, f"{on(day, rule)}it can never match: {why}", _MEND_NUMBERS, alone.place if alone else None
    )


def _words(clause: Clause, day: date) -> str:
    tests = []
    for test in clause.tests:
        number = said(test.needed(day) or 0)
        named = f"{test.threshold.name} ({number})" if isinstance(test.threshold, Threshold) else number
        tests.append(f"{test.comparison.value} {named}")
    over = f" over {clause.asked.over.words}" if "over" in clause.measure.takes else ""
    return f"{clause.measure.name}{over} is never {' and '.join(tests)}"


def _enough(condition: Condition, day: date) -> Given:
    """Of each guard its highest number: that there was enough to attend is not what a rule is about."""
    guards: set[Quantity] = {quantity(each) for each in clauses(condition) if each.measure.guard}
    numbers = numbers_of(condition, day)
    return {key: numbers[key][-1] for key in guards} if guards != set(numbers) else {}


def _names(given: Given) -> set[str]:
    return {name for name, _ in given}
