"""Thresholds of all layers: dated values, bounds and locks; a lower layer overrides within them."""

from __future__ import annotations

from datetime import date

from engine.rulebook.conditions import scaled
from engine.rulebook.model import Place, Threshold, percent_or_number
from engine.rulebook.shapes import ThresholdShape
from engine.rulebook.typed import shaped
from engine.rulebook.yaml_source import Path, Tree

ALWAYS = "always"


def read_thresholds(tree: Tree, data: dict[str, object], above: dict[str, Threshold]) -> dict[str, Threshold]:
    """The thresholds in force below a file: those `above` it, with what the file adds or overrides."""
    out = dict(above)
    for name, raw in data.items():
        path: Path = ("thresholds", name)
        shape = shaped(tree, path, raw, ThresholdShape)
        if shape is None:
            continue
        values = _values(tree, path, shape)
        parent = above.get(name)
        if parent is not None and not _allowed(tree, path, parent, shape, values):
            continue
        line, column = tree.place(path)
        bounds = shape.bounds and tuple(scaled(bound) or 0 for bound in shape.bounds)
        out[name] = Threshold(
            name=name,
            title=shape.title,
            unit=shape.unit,
            values=_merged(parent, values),
            place=Place(tree.file, line, column),
            bounds=(bounds[0], bounds[1]) if bounds else (parent.bounds if parent else None),
            locked=shape.locked,
            source=shape.source or (parent.source if parent else ""),
        )
    return out


def _values(tree: Tree, path: Path, shape: ThresholdShape) -> tuple[tuple[date, int], ...]:
    values: list[tuple[date, int]] = []
    for since, number in shape.values.items():
        here = (*path, "values", since)
        times = scaled(number)
        if times is None or times < 0:
            tree.problems.append(tree.problem(here, f"{number} must be 0 or more with at most two decimals"))
            continue
        try:
            values.append((date.min if since == ALWAYS else date.fromisoformat(since), times))
        except ValueError:
            what = f"{since!r} is neither a date (2025-09-01) nor 'always'"
            tree.problems.append(tree.problem(here, what))
    return tuple(sorted(values))


def _allowed(
    tree: Tree, path: Path, parent: Threshold, shape: ThresholdShape, values: tuple[tuple[date, int], ...]
) -> bool:
    """Whether a lower layer may set these values; says why not, with the source of the value above."""
    before = len(tree.problems)
    said = f" ({parent.source})" if parent.source else ""
    if parent.locked:
        what = f"{parent.name} is locked by {parent.place}{said}"
        tree.problems.append(tree.problem(path, what, "", "take this threshold out of the file"))
    if shape.unit != parent.unit:
        what = f"{parent.name} is in {parent.unit} at {parent.place}, here in {shape.unit}"
        tree.problems.append(tree.problem((*path, "unit"), what))
    if shape.changed_by is None:
        what = f"an override of {parent.name} must say who changed it and why"
        tree.problems.append(
            tree.problem(path, what, "", "add 'changed_by: {who: ..., why: ..., review: 2026-07-01}'")
        )
    for since, value in values:
        if parent.bounds and not parent.bounds[0] <= value <= parent.bounds[1]:
            low, high = (percent_or_number(bound) for bound in parent.bounds)
            number = percent_or_number(value)
            what = f"{number} is outside {low} to {high}, the bounds set by {parent.place}{said}"
            when = ALWAYS if since == date.min else since.isoformat()
            tree.problems.append(tree.problem((*path, "values", when), what))
    return len(tree.problems) == before


def _merged(parent: Threshold | None, values: tuple[tuple[date, int], ...]) -> tuple[tuple[date, int], ...]:
    """The parent's values until the first own date, then the own ones."""
    if parent is None or not values:
        return values
    return (*(pair for pair in parent.values if pair[0] < values[0][0]), *values)
