"""What comes round by the calendar, of all layers: duties for people, and the runs of the rules."""

from __future__ import annotations

from collections.abc import Mapping

from engine.cadence import Cadence
from engine.rulebook.model import Duty, IfLate, Naming, Place, Schedule, TaskStep, Threshold, Triage
from engine.rulebook.problems import nearest
from engine.rulebook.rules import read_task
from engine.rulebook.shapes import DutyShape, RunShape, TaskShape
from engine.rulebook.typed import shaped
from engine.rulebook.yaml_source import Path, Tree

_MEASURED_IN = {Naming.LOWEST: "pupils", Naming.PLANS: "school days"}


def read_duties(
    tree: Tree,
    data: Mapping[str, object],
    above: Mapping[str, Duty],
    thresholds: Mapping[str, Threshold],
    triage: Mapping[str, Triage],
) -> dict[str, Duty]:
    """The duties in force below a file: those `above` it, with what the file adds.

    What a duty names is measured by one of the `thresholds`, what it proposes is an outcome of `triage`.

    >>> from engine.rulebook.yaml_source import read_yaml
    >>> tree = read_yaml("a.yaml", "duties: {}")
    >>> registers = {"title": "Registers", "comes": "every school day when am closes",
    ...     "task": {"do": "look", "by": "office", "due": "20 minutes later"}}
    >>> read_duties(tree, {"registers": registers}, {}, {}, {})["registers"].comes.words
    'every school day when am closes'
    """
    out = dict(above)
    for name, raw in data.items():
        path: Path = ("duties", name)
        shape = shaped(tree, path, raw, DutyShape)
        if shape is None:
            continue
        before = len(tree.problems)
        if name in above:
            what = f"the duty {name!r} stands already in {above[name].place}"
            tree.problems.append(tree.problem(path, what, "", "give this one another name"))
        cadence = _cadence(tree, (*path, "comes"), shape.comes)
        task = _task(tree, (*path, "task"), shape.task)
        each = _task(tree, (*path, "each"), shape.each) if shape.each else None
        _check_names(tree, path, shape, thresholds, triage)
        naming, measured_by = next(iter(shape.names.items()), (None, ""))
        if cadence is None or task is None or len(tree.problems) > before:
            continue
        line, column = tree.place(path)
        out[name] = Duty(
            name=name,
            title=shape.title,
            comes=cadence,
            task=task,
            place=Place(tree.file, line, column),
            missed_if_late=shape.if_late == "miss",
            phases=tuple(shape.phases),
            source=shape.source,
            names=Naming(naming) if naming else None,
            measured_by=thresholds.get(measured_by),
            each=each,
            proposes=tuple(shape.proposes.items()),
        )
    return out


def read_runs(tree: Tree, data: Mapping[str, object], above: Mapping[str, Schedule]) -> dict[str, Schedule]:
    """The runs in force below a file: a lower layer may move a time of day by naming it again.

    >>> from engine.rulebook.yaml_source import read_yaml
    >>> tree = read_yaml("a.yaml", "runs: {}")
    >>> read_runs(tree, {"noon": {"comes": "every school day at 12:00"}}, {})["noon"].if_late.value
    'run latest'
    """
    out = dict(above)
    for name, raw in data.items():
        path: Path = ("runs", name)
        shape = shaped(tree, path, raw, RunShape)
        cadence = _cadence(tree, (*path, "comes"), shape.comes) if shape else None
        if shape is not None and cadence is not None:
            line, column = tree.place(path)
            out[name] = Schedule(name, cadence, Place(tree.file, line, column), IfLate(shape.if_late))
    return out


def _task(tree: Tree, path: Path, shape: TaskShape) -> TaskStep | None:
    task = read_task(tree, path, shape, {})
    if task is not None and task.due.at_the_minute:
        what = f"{task.due.words!r} counts from one register, and a duty is about none"
        do = "write due: 20 minutes later, same day, or so many school days"
        tree.problems.append(tree.problem((*path, "due"), what, "", do))
    return task


def _check_names(
    tree: Tree,
    path: Path,
    shape: DutyShape,
    thresholds: Mapping[str, Threshold],
    triage: Mapping[str, Triage],
) -> None:
    """Whether what a duty names can be measured, and what it proposes is there."""
    for naming, name in shape.names.items():
        unit = _MEASURED_IN[Naming(naming)]
        fitting = sorted(each.name for each in thresholds.values() if each.unit == unit)
        if name not in fitting:
            do = f"name a threshold in {unit}: {', '.join(fitting) or 'none yet'}"
            what = f"{name!r} is no such threshold"
            tree.problems.append(tree.problem((*path, "names", naming), what, nearest(name, fitting), do))
    for kind, name in shape.proposes.items():
        if name not in triage:
            do = f"outcomes are: {', '.join(triage)}"
            what = f"there is no outcome {name!r}"
            tree.problems.append(tree.problem((*path, "proposes", kind), what, nearest(name, triage), do))
    if (shape.each or shape.proposes) and not shape.names:
        what = "a duty that names nobody has nothing for each of them"
        tree.problems.append(tree.problem(path, what, "", f"add names: {', '.join(Naming)}, or take it out"))


def _cadence(tree: Tree, path: Path, words: str) -> Cadence | None:
    try:
        return Cadence.parse(words)
    except ValueError as wrong:
        tree.problems.append(tree.problem(path, str(wrong)))
        return None
