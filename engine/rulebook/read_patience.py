"""From the shape of one rule to its patience: hold_for, rearm, grace and requires."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engine.rulebook.conditions import Conditions
from engine.rulebook.model import Condition, Group, TaskStep, clauses
from engine.rulebook.patience import Patience, Requirement
from engine.rulebook.shapes import RuleShape
from engine.rulebook.yaml_source import Path, Tree
from engine.spans import Span
from engine.windows import TODAY

KEYS = ("hold_for", "rearm", "grace", "requires")
_DAYS_A_WEEK = 5


def read_patience(
    tree: Tree, path: Path, shape: RuleShape, conditions: Conditions, tasks: Sequence[TaskStep | None]
) -> Patience:
    """What a rule waits for, as far as it can be read; the problems of the rest are added to the tree.

    `tasks` are the tasks of what it requires, one for one.
    """
    same_day = shape.time_anchored or any(step.message and step.message.urgent for step in shape.then)
    for key in KEYS:
        if same_day and getattr(shape, key):
            what = f"a rule of the same day waits for nothing, and this one has {key}"
            do = f"leave {key} out: where a child may be missing each minute counts"
            tree.problems.append(tree.problem((*path, key), what, "", do))
    requires = []
    for number, (each, task) in enumerate(zip(shape.requires, tasks, strict=True)):
        here = (*path, "requires", number, "when")
        when = conditions.read(each.when, here)
        for clause in clauses(when) if when else ():
            if clause.measure.early:
                what = f"{clause.measure.name} looks at a session before its register closes"
                tree.problems.append(tree.problem(here, what, "", "a requirement looks at closed ones only"))
        requires += [Requirement(each.title, when, task)] if when else []
    return Patience(
        hold_for=_school_days(tree, (*path, "hold_for"), shape.hold_for),
        rearm=read_span(tree, (*path, "rearm"), shape.rearm),
        grace=_school_days(tree, (*path, "grace"), shape.grace),
        requires=tuple(requires),
    )


def with_grace(tree: Tree, path: Path, condition: Condition, grace: int) -> Condition:
    """A condition whose windows leave out the last school days; of today nothing would be left.

    >>> from engine.rulebook.yaml_source import read_yaml
    >>> tree = read_yaml("a.yaml", "rules: {late: {grace: 5 school days}}")
    >>> late = {"late_sessions": {"over": "year to date", "at_least": 3}}
    >>> when = Conditions(tree, {}, "pupil").read(late, ("rules", "late", "when"))
    >>> with_grace(tree, ("rules", "late"), when, 5).asked.over.words
    'year to date, but the last 5 school days'
    """
    if isinstance(condition, Group):
        parts = tuple(with_grace(tree, path, part, grace) for part in condition.parts)
        return replace(condition, parts=parts)
    over = condition.asked.over
    if over.words == TODAY:
        what = f"{condition.measure.name} looks at today, which grace leaves out"
        do = "give it another window, or leave grace out"
        tree.problems.append(tree.problem((*path, "grace"), what, "", do))
    return replace(condition, asked=replace(condition.asked, over=over.without_last(grace)))


def _school_days(tree: Tree, path: Path, words: str) -> int:
    """So many school days; 0 where nothing is said."""
    span = read_span(tree, path, words)
    if span and span.weeks:
        what = f"{words!r} is told in school days here"
        do = f"write {path[-1]}: {span.count * _DAYS_A_WEEK} school days"
        tree.problems.append(tree.problem(path, what, "", do))
    return span.count if span else 0


def read_span(tree: Tree, path: Path, words: str) -> Span | None:
    """So many school days or weeks; None where nothing is said, or nothing that can be read.

    >>> read_span(Tree("a.yaml"), (), "2 school weeks").count
    2
    """
    try:
        return Span.parse(words) if words else None
    except ValueError as wrong:
        tree.problems.append(tree.problem(path, str(wrong)))
        return None
