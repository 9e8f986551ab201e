"""What is said once for many rules: conditions under a name, and ladders as a whole."""

from __future__ import annotations

from collections.abc import Mapping

from engine.rulebook.code_sets import CodeSet
from engine.rulebook.conditions import Conditions
from engine.rulebook.model import Ladder, Meaning, OpenCases, Place, Threshold
from engine.rulebook.shapes import LadderShape, MeaningShape
from engine.rulebook.typed import shaped
from engine.rulebook.yaml_source import Path, Tree


def read_meanings(
    tree: Tree,
    data: Mapping[str, object],
    above: Mapping[str, Meaning],
    thresholds: Mapping[str, Threshold],
    code_sets: Mapping[str, CodeSet] | None = None,
) -> dict[str, Meaning]:
    """The meanings in force below a file: those `above` it, with what the file adds.

    A word means one thing in every school of the trust: its thresholds can be changed, not the word.

    >>> from engine.rulebook.yaml_source import read_yaml
    >>> tree = read_yaml("a.yaml", "meanings: {}")
    >>> better = {"title": "Better", "when": {"late_sessions": {"over": "today", "below": 1}}}
    >>> read_meanings(tree, {"better": better}, {}, {})["better"].when.measure.name
    'late_sessions'
    """
    out = dict(above)
    for name, raw in data.items():
        path: Path = ("meanings", name)
        shape = shaped(tree, path, raw, MeaningShape)
        if shape is None:
            continue
        if name in above:
            what = f"the meaning {name!r} stands already in {above[name].place}"
            do = "change its thresholds, or give this one another name"
            tree.problems.append(tree.problem(path, what, "", do))
            continue
        conditions = Conditions(tree, thresholds, shape.subject, code_sets=code_sets)
        when = conditions.read(shape.when, (*path, "when"))
        if when is not None:
            out[name] = Meaning(name, shape.title, shape.subject, when, _place(tree, path))
    return out


def read_ladders(tree: Tree, data: Mapping[str, object], above: Mapping[str, Ladder]) -> dict[str, Ladder]:
    """What is said of ladders below a file; a lower layer decides for its own schools.

    >>> from engine.rulebook.yaml_source import read_yaml
    >>> tree = read_yaml("a.yaml", "ladders: {}")
    >>> read_ladders(tree, {"rate": {"open_cases": "finish under the old"}}, {})["rate"].open_cases.value
    'finish under the old'
    """
    out = dict(above)
    for name, raw in data.items():
        path: Path = ("ladders", name)
        shape = shaped(tree, path, raw, LadderShape)
        if shape is not None:
            out[name] = Ladder(name, OpenCases(shape.open_cases), _place(tree, path))
    return out


def _place(tree: Tree, path: Path) -> Place:
    line, column = tree.place(path)
    return Place(tree.file, line, column)
