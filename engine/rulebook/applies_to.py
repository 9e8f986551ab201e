"""Whom a rule speaks of, read: no value that no pupil could have, nothing asked of what is not a pupil."""

from __future__ import annotations

from collections.abc import Iterable

from engine.rulebook.model import AppliesTo, Columns
from engine.rulebook.problems import nearest
from engine.rulebook.shapes import AppliesToShape, RuleShape
from engine.rulebook.yaml_source import Path, Tree

_YES_OR_NO = ("yes", "no")
_VALUES = {
    "fsm": _YES_OR_NO,
    "eal": _YES_OR_NO,
    "looked_after": _YES_OR_NO,
    "social_worker": _YES_OR_NO,
    "young_carer": _YES_OR_NO,
    "sen": ("N", "K", "E", ""),
    "year_group": ("N1", "N2", "R", *map(str, range(1, 15))),
}
_TELLING = ("sen", "ethnicity")
"""Columns so much of a pupil's own that no message which rests on them goes without a person."""


def read_applies_to(tree: Tree, path: Path, shape: RuleShape) -> AppliesTo:
    """Whom a rule speaks of; mistakes are added to the tree.

    >>> from engine.rulebook.yaml_source import read_yaml
    >>> of = {"title": "T", "because": "b", "when": "w", "then": [{}], "autonomy": "propose"}
    >>> shape = RuleShape.model_validate(of | {"applies_to": {"where": {"sen": ["E", "X"]}}})
    >>> tree = read_yaml("a.yaml", "rules: {}")
    >>> read_applies_to(tree, ("rules", "r"), shape).where, str(tree.problems[0]).split("; ")[0]
    ((('sen', ('E', 'X')),), "a.yaml:1:1: no pupil's sen is 'X'")
    """
    to, here = shape.applies_to, (*path, "applies_to")
    for name, columns in (("where", to.where), ("where_not", to.where_not)):
        for by, values in columns.items():
            _check_values(tree, (*here, name, by), by, values)
    if shape.subject != "pupil" and (asked := _of_pupils(to)):
        what = f"applies_to asks for {asked} of a {shape.subject}"
        tree.problems.append(
            tree.problem(here, what, "", "only phases narrow a rule that is not about pupils")
        )
    telling = [by for by in _TELLING if by in {*to.where, *to.where_not}]
    if telling and shape.autonomy != "propose" and any(step.message for step in shape.then):
        what = f"a message that rests on {telling[0]} does not go without a person"
        tree.problems.append(tree.problem((*path, "autonomy"), what, "", "write autonomy: propose"))
    return AppliesTo(
        tuple(to.years),
        tuple(to.phases),
        tuple(to.unless_flagged),
        tuple(to.flagged),
        _columns(to.where.items()),
        _columns(to.where_not.items()),
    )


def _check_values(tree: Tree, path: Path, by: str, values: list[str]) -> None:
    allowed = _VALUES.get(by)
    if not values:
        do = "list its values, or leave it out"
        tree.problems.append(tree.problem(path, f"{by} is asked for, and no value of it", "", do))
    for value in values:
        if allowed and value not in allowed:
            do = f"{by} is one of: {', '.join(allowed).rstrip(', ')}"
            tree.problems.append(
                tree.problem(path, f"no pupil's {by} is {value!r}", nearest(value, allowed), do)
            )


def _of_pupils(to: AppliesToShape) -> str:
    """The parts of a scope that only pupils have."""
    names = ("years", "flagged", "unless_flagged", "where", "where_not")
    return ", ".join(name for name in names if getattr(to, name))


def _columns(said: Iterable[tuple[str, list[str]]]) -> Columns:
    return tuple((by, tuple(values)) for by, values in said)
