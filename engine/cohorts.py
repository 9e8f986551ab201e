"""The absence of groups of pupils, without giving away a child.

A table splits all pupils into cells that share nobody, and the sum over all is told beside it. So a small
cell left out alone would be the sum less the others: with it as many more are left out as it takes for what
is missing to be two cells at least, and a number of children that may be told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.match import Judge
from engine.measures import MEASURES, Asked
from engine.records import Pupil, value_of
from engine.rulebook.cohorts import Cohort
from engine.windows import YEAR_TO_DATE, Window

WINDOWS = tuple(
    Window.parse(words)
    for words in ("last 1 school weeks", "the 1 school weeks before the last 1", YEAR_TO_DATE)
)
EVERYBODY = "all pupils"
_FIGURES = ("absence_rate", "possible_sessions")


@dataclass(frozen=True, slots=True)
class Cell:
    """One group of a table: so many pupils on roll, and absent and possible sessions of each of WINDOWS.

    Of a cell that is `hidden` nothing is told.
    """

    name: str
    hidden: bool
    pupils: int = 0
    sessions: tuple[tuple[int, int], ...] = ()


def tables(
    judge: Judge, cohorts: Sequence[Cohort], fewest: int
) -> tuple[Cell, tuple[tuple[Cohort, tuple[Cell, ...]], ...]]:
    """Everybody on roll at the judge's first instant as one cell, and the cells of every cohort.

    No cell of fewer than `fewest` pupils is told, and none can be had from the others.

    >>> from engine.sample import school, AFTER
    >>> tables(Judge(school("/I //", "// //"), AFTER), [], 2)[0].sessions[2]
    (1, 8)
    """
    asked = [(MEASURES[name], Asked(window)) for window in WINDOWS for name in _FIGURES]
    figures = np.stack([judge.measure(*each).numerator[:, 0] for each in asked], axis=1)
    here = judge.on_roll[:, 0]
    everybody = _cells([EVERYBODY], np.where(here, 0, -1), figures, fewest)[0]
    people = judge.snapshot.people
    return everybody, tuple((each, _table(each, people, here, figures, fewest)) for each in cohorts)


def hidden(sizes: NDArray[np.int64], fewest: int) -> NDArray[np.bool_]:
    """Which cells of a table are left out, by how many pupils each has; an empty cell tells of nobody.

    >>> hidden(np.array([2, 30, 9, 0]), 5).tolist(), hidden(np.array([3, 4, 30]), 5).tolist()
    ([True, False, True, False], [True, True, False])
    """
    out = (sizes > 0) & (sizes < fewest)
    for cell in np.argsort(sizes, kind="stable").tolist():
        if not out.any() or (out.sum() > 1 and sizes[out].sum() >= fewest):
            break
        out[cell] |= sizes[cell] > 0
    return out


def _table(
    cohort: Cohort, people: Sequence[Pupil], here: NDArray[np.bool_], figures: NDArray[np.int64], fewest: int
) -> tuple[Cell, ...]:
    values = [value_of(pupil, cohort.by) for pupil in people]
    names = cohort.cells(set(values))
    place = {name: number for number, name in enumerate(names)}
    cell = np.array([place[cohort.cell(value)] for value in values], dtype=np.int64)
    return tuple(_cells(names, np.where(here, cell, -1), figures, fewest))


def _cells(
    names: Sequence[str], cell: NDArray[np.int64], figures: NDArray[np.int64], fewest: int
) -> list[Cell]:
    """The cells by name; `cell` is the one of each pupil, -1 for nobody's."""
    within = cell == np.arange(len(names))[:, None]
    sizes, sums = within.sum(axis=1), within.astype(np.int64) @ figures
    out = hidden(sizes, fewest)
    return [
        Cell(name, hidden=True)
        if out[number]
        else Cell(
            name,
            hidden=False,
            pupils=int(sizes[number]),
            sessions=tuple((int(absent), int(possible)) for absent, possible in sums[number].reshape(-1, 2)),
        )
        for number, name in enumerate(names)
    ]
