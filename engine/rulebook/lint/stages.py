"""Stages of a ladder that never act, and stages that offer nobody anything."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from engine.rulebook.lint.days import of_rule, turns
from engine.rulebook.lint.possible import never, possible
from engine.rulebook.model import Episode, Group, Rule
from engine.rulebook.patience import Patience

if TYPE_CHECKING:
    from engine.rulebook.problems import Problem
    from engine.rulebook.rulebook import Rulebook

_OF_ONE_DAY = frozenset({Episode.DAY, Episode.SESSION})


def never_acts(rulebook: Rulebook) -> Iterator[Problem]:
    """Stages below one that holds whenever they do, and stages that come after one which never acts.

    >>> from engine.rulebook.lint.sample import book, rule
    >>> late = "{{late_sessions: {{over: last 5 school days, at_least: {}}}}}".format
    >>> first = rule("first", late(5), "ladder: late", "stage: 1")
    >>> second = rule("second", late(3), "ladder: late", "stage: 2")
    >>> [problem.what for problem in never_acts(book(first, second))]
    ["stage 1 never acts: whenever it holds, 'second' (stage 2) holds too"]
    """
    idle: set[tuple[str, int]] = set()
    for rule in sorted(rulebook.rules, key=lambda rule: (rule.on_ladder, rule.stage)):
        why, do = _idle(rulebook, rule, idle)
        if why:
            idle.add((rule.on_ladder, rule.stage))
            yield of_rule(rule, f"stage {rule.stage} never acts: {why}", do)


def offers_nothing(rulebook: Rulebook) -> Iterator[Problem]:
    """Stages that only write to the family: nobody at school does anything.

    >>> from engine.rulebook.lint.sample import book
    >>> list(offers_nothing(book()))
    []
    """
    for rule in rulebook.rules:
        if rule.ladder and not rule.beside and not rule.tasks:
            what = f"stage {rule.stage} of ladder {rule.ladder!r} has no supportive action: it only writes"
            yield of_rule(
                rule, what, "add a task: what somebody at school offers the family, by whom and when"
            )


def _idle(rulebook: Rulebook, rule: Rule, idle: set[tuple[str, int]]) -> tuple[str, str]:
    """Why a stage never acts, and what to do; empty where it may."""
    higher = next((each for each in rulebook.rules if _hides(each, rule)), None)
    if higher:
        why = f"whenever it holds, {higher.id!r} (stage {higher.stage}) holds too"
        return why, "let it end where the higher stage begins, or exchange the two"
    first = rule.after
    if first and (rule.on_ladder, first.stage) in idle:
        why = f"it comes after stage {first.stage}, which never does"
        return why, f"mend stage {first.stage} first"
    if first and rule.episode in _OF_ONE_DAY:
        why = f"a case of one {rule.episode.value} is over before {first.done_for.words} are"
        return why, "give the ladder's rules an episode that lasts, such as school year"
    return "", ""


def _hides(higher: Rule, rule: Rule) -> bool:
    """Whether a higher stage holds, and acts, for every pupil and on every day on which a rule holds."""
    if higher.on_ladder != rule.on_ladder or higher.stage <= rule.stage or higher.after or higher.waits_for:
        return False
    if higher.patience != Patience():
        return False
    if higher.rollout or higher.applies_to not in {rule.applies_to, type(rule.applies_to)()}:
        return False
    alone = Group("all", (rule.when, never(higher.when)))
    days = [day for day in turns((rule, higher)) if rule.in_force(day)]
    return all(higher.in_force(day) and not possible(alone, day) for day in days)
