"""The groups that a school looks at side by side, of all layers: its pupils split by one thing each."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from engine.rulebook.model import Place
from engine.rulebook.shapes import CohortShape
from engine.rulebook.typed import shaped
from engine.rulebook.yaml_source import Path, Tree

OTHERS = "all others"
SMALLEST_COHORT = "smallest_cohort"
"""The threshold, in pupils, below which a group's figures are not told."""

NOT_SAID = "not recorded"
_YEARS = ("N1", "N2", "R", *map(str, range(1, 15)))


@dataclass(frozen=True, slots=True)
class Cohort:
    """One table of groups: `by` is a column of pupils.csv, `groups` names what its values stand for.

    A value in no group stands with the other ones under OTHERS; without groups each value stands for itself.
    """

    name: str
    title: str
    by: str
    place: Place
    groups: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def cell(self, value: str) -> str:
        """The group that a value stands in.

        >>> Cohort("sen", "SEN", "sen", Place("f", 1, 1), (("support", ("K",)),)).cell("E")
        'all others'
        """
        if not self.groups:
            return value or NOT_SAID
        return next((name for name, values in self.groups if value in values), OTHERS)

    def cells(self, values: Collection[str]) -> tuple[str, ...]:
        """Every group, in order: as the pack has them, else years from the youngest, words by the alphabet.

        >>> Cohort("year", "Year", "year_group", Place("f", 1, 1)).cells({"10", "R", "9"})
        ('R', '9', '10')
        """
        there = {self.cell(value) for value in values}
        if not self.groups:
            return tuple(sorted(there, key=lambda name: (_YEARS.index(name) if name in _YEARS else 99, name)))
        return (*(name for name, _ in self.groups), *({OTHERS} & there))


def read_cohorts(tree: Tree, data: Mapping[str, object], above: Mapping[str, Cohort]) -> dict[str, Cohort]:
    """The cohorts in force below a file: those `above` it, with what the file adds.

    No two split by the same thing: the one would give away what is left out of the other.

    >>> from engine.rulebook.yaml_source import read_yaml
    >>> tree = read_yaml("a.yaml", "cohorts: {meals: {title: Free school meals, by: fsm}}")
    >>> read_cohorts(tree, {"meals": {"title": "Free school meals", "by": "fsm"}}, {})["meals"].by
    'fsm'
    """
    out = dict(above)
    for name, raw in data.items():
        path: Path = ("cohorts", name)
        shape = shaped(tree, path, raw, CohortShape)
        if shape is None:
            continue
        taken = next((each for each in out.values() if name == each.name or shape.by == each.by), None)
        listed = [value for values in shape.groups.values() for value in values]
        twice = sorted({value for value in listed if listed.count(value) > 1})
        if taken is not None:
            what = f"the cohort {taken.name!r}, by {taken.by}, stands already in {taken.place}"
            do = "two tables by one thing would give away what is left out of either: keep one"
            tree.problems.append(tree.problem(path, what, "", do))
        elif twice or OTHERS in shape.groups:
            what = f"{twice[0]!r} stands in two groups" if twice else f"{OTHERS!r} is not for a pack to name"
            do = f"each value stands in one group; those in none are {OTHERS!r}"
            tree.problems.append(tree.problem((*path, "groups"), what, "", do))
        else:
            line, column = tree.place(path)
            groups = tuple((group, tuple(values)) for group, values in shape.groups.items())
            out[name] = Cohort(name, shape.title, shape.by, Place(tree.file, line, column), groups)
    return out
