"""The lowest attendance: who misses the most of school, and of them those for whom a person decides first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.bands import banded
from engine.circumstances import among, circumstances
from engine.match import Judge
from engine.reasons import Circumstance

_FINE = 10**9
"""Rates of fewer than 30,000 sessions that differ at all differ in their whole billionths."""


@dataclass(frozen=True, slots=True)
class Low:
    """One pupil: the row, absent of possible sessions in the school year, and what stands in the way."""

    row: int
    absent: int
    possible: int
    stands: tuple[Circumstance, ...] = ()


def lowest(judge: Judge, most: int) -> tuple[Low, ...]:
    """Pupils from the lowest attendance on, until `most` of them have nothing that stands in the way.

    At least 20 possible sessions, and 5 percent of them missed: above that nobody's attendance is low. Of
    two who missed the same share the first by UPN comes first. At the judge's first instant.

    >>> from engine.instants import Instants, read_instant
    >>> from engine.sample import school
    >>> tenth_day = Instants.of([read_instant("2025-09-19T16:00")])
    >>> found = lowest(Judge(school("// " * 9 + "OO", "OO " * 2 + "// " * 8, "// " * 10), tenth_day), 1)
    >>> [(low.row, low.absent, low.possible) for low in found]
    [(1, 4, 20)]
    """
    found = banded(judge)
    band, absent, possible = (each[:, 0] for each in (found.band, found.absent, found.possible))
    rows = np.flatnonzero(band > 0)
    share = absent[rows] * _FINE // possible[rows]
    ranked = rows[np.argsort(-share, kind="stable")]
    flags = circumstances(judge)[ranked]
    free = np.cumsum(~flags.any(axis=1))
    last = int(np.searchsorted(free, most)) + 1
    return tuple(
        Low(row, int(absent[row]), int(possible[row]), among(stands))
        for row, stands in zip(ranked[:last].tolist(), flags[:last], strict=True)
    )
