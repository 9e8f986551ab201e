"""Thresholds of all layers: dated values, bounds and locks; a lower layer overrides within them."""

from __future__ import annotations

from datetime import date

from engine.rulebook.conditions import SIGNED, beyond, scaled
from engine.rulebook.layered import NATIONAL, Changed, Place, Threshold
from engine.rulebook.model import percent_or_number
from engine.rulebook.shapes import ChangedBy, ThresholdShape
from engine.rulebook.typed import shaped
from engine.rulebook.yaml_source import Path, Tree

ALWAYS = "always"
Bounds = tuple[int, int]


def read_thresholds(tree: Tree, data: dict[str, object], above: dict[str, Threshold]) -> dict[str, Threshold]:
    """The thresholds in force below a file: those `above` it, with what the file adds or overrides."""
    out = dict(above)
    for name, raw in data.items():
        path: Path = ("thresholds", name)
        shape = shaped(tree, path, raw, ThresholdShape)
        if shape is None:
            continue
        before = len(tree.problems)
        values, bounds = _values(tree, path, shape), _bounds(tree, path, shape)
        parent = above.get(name)
        if parent is not None:
            _check(tree, path, parent, shape, values, bounds)
        if len(tree.problems) > before:
            continue
        line, column = tree.place(path)
        out[name] = Threshold(
            name=name,
            title=shape.title,
            unit=shape.unit,
            values=_merged(parent, values),
            place=Place(tree.file, line, column),
            bounds=bounds or (parent.bounds if parent else None),
            locked=shape.locked,
            source=shape.source or (parent.source if parent else ""),
            layer=tree.layer,
            since=values[0][0],
            changed=read_changed(shape.changed_by) if shape.changed_by else None,
            above=parent,
        )
    return out


def read_changed(shape: ChangedBy) -> Changed:
    """Who changed something, and why."""
    return Changed(shape.who, shape.why, shape.review)


def _values(tree: Tree, path: Path, shape: ThresholdShape) -> tuple[tuple[date, int], ...]:
    values: list[tuple[date, int]] = []
    for since, number in shape.values.items():
        here = (*path, "values", since)
        times = scaled(number)
        if times is None or (times < 0 and shape.unit not in SIGNED):
            least = "" if shape.unit in SIGNED else " of 0 or more"
            tree.problems.append(
                tree.problem(here, f"{number} must be a number{least} with at most two decimals")
            )
            continue
        if why := beyond(times, shape.unit):
            tree.problems.append(tree.problem(here, why))
            continue
        try:
            values.append((date.min if since == ALWAYS else date.fromisoformat(since), times))
        except ValueError:
            what = f"{since!r} is neither a date (2025-09-01) nor 'always'"
            tree.problems.append(tree.problem(here, what))
    return tuple(sorted(values))


def _bounds(tree: Tree, path: Path, shape: ThresholdShape) -> Bounds | None:
    if shape.bounds is None:
        return None
    low, high = (scaled(bound) for bound in shape.bounds)
    signed = shape.unit in SIGNED
    if low is None or high is None or low > high or (low < 0 and not signed):
        least = "" if signed else " of 0 or more"
        what = f"bounds are two numbers{least} with at most two decimals, the lower one first"
        tree.problems.append(tree.problem((*path, "bounds"), what))
        return None
    if why := beyond(low, shape.unit) or beyond(high, shape.unit):
        tree.problems.append(tree.problem((*path, "bounds"), why))
        return None
    return low, high


def _check(
    tree: Tree,
    path: Path,
    parent: Threshold,
    shape: ThresholdShape,
    values: tuple[tuple[date, int], ...],
    bounds: Bounds | None,
) -> None:
    """Whether a lower layer may set these values; says why not, with the source of the value above."""
    said = f" ({parent.source})" if parent.source else ""
    if parent.locked:
        what = f"{parent.name} is locked by {parent.place}{said}"
        tree.problems.append(tree.problem(path, what, "", "take this threshold out of the file"))
    elif parent.law and parent.bounds is None and tree.layer != NATIONAL:
        what = f"{parent.name} is set by {parent.law} ({parent.place}), which leaves no choice"
        tree.problems.append(tree.problem(path, what, "", "take this threshold out of the file"))
    if shape.unit != parent.unit:
        what = f"{parent.name} is in {parent.unit} at {parent.place}, here in {shape.unit}"
        tree.problems.append(tree.problem((*path, "unit"), what))
    if shape.changed_by is None:
        what = f"an override of {parent.name} must say who changed it and why"
        tree.problems.append(
            tree.problem(path, what, "", "add 'changed_by: {who: ..., why: ..., review: 2026-07-01}'")
        )
    if parent.bounds is None:
        return
    numbers: list[tuple[Path, int]] = [
        (("values", ALWAYS if since == date.min else since.isoformat()), v) for since, v in values
    ]
    numbers += [(("bounds", place), bound) for place, bound in enumerate(bounds or ())]
    low, high = parent.bounds
    for where, number in numbers:
        if not low <= number <= high:
            given, least, most = (percent_or_number(each) for each in (number, low, high))
            what = f"{given} is outside {least} to {most}, the bounds set by {parent.place}{said}"
            tree.problems.append(tree.problem((*path, *where), what))


def _merged(parent: Threshold | None, values: tuple[tuple[date, int], ...]) -> tuple[tuple[date, int], ...]:
    """The parent's values until the first own date, then the own ones."""
    if parent is None:
        return values
    return (*(pair for pair in parent.values if pair[0] < values[0][0]), *values)
