"""The ways a task can end, of all layers: each outcome with the task that it opens."""

from __future__ import annotations

from collections.abc import Mapping

from engine.rulebook.model import Place, Threshold, Triage
from engine.rulebook.rules import read_task
from engine.rulebook.shapes import TriageShape
from engine.rulebook.typed import shaped
from engine.rulebook.yaml_source import Path, Tree


def read_triage(
    tree: Tree, data: Mapping[str, object], above: Mapping[str, Triage], thresholds: Mapping[str, Threshold]
) -> dict[str, Triage]:
    """The outcomes in force below a file: those `above` it, with what the file adds.

    An outcome is counted by its name in every school of the trust, so a lower layer adds to them and never
    gives one another meaning.

    >>> from engine.rulebook.yaml_source import read_yaml
    >>> tree = read_yaml("a.yaml", "triage: {reached: {title: Spoke with the family}}")
    >>> read_triage(tree, {"reached": {"title": "Spoke with the family"}}, {}, {})["reached"].title
    'Spoke with the family'
    """
    out = dict(above)
    for name, raw in data.items():
        path: Path = ("triage", name)
        shape = shaped(tree, path, raw, TriageShape)
        if shape is None:
            continue
        if name in above:
            what = f"the outcome {name!r} stands already in {above[name].place}"
            tree.problems.append(tree.problem(path, what, "", "give this one another name"))
            continue
        before = len(tree.problems)
        task = read_task(tree, (*path, "task"), shape.task, thresholds) if shape.task else None
        if task is not None and task.due.at_the_minute:
            what = f"{task.due.words!r} counts from a register, and an outcome comes at any time"
            do = "write due: same day, or so many school days"
            tree.problems.append(tree.problem((*path, "task", "due"), what, "", do))
        if len(tree.problems) > before:
            continue  # without its task the outcome would let go of what it is there to hold
        line, column = tree.place(path)
        place = Place(tree.file, line, column)
        out[name] = Triage(
            name, shape.title, place, shape.note == "required", shape.decide, task, shape.source
        )
    return out
