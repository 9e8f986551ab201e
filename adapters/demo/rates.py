"""How much of the year each pupil misses: a place in the queue of absence, and the sessions it stands for.

Every pupil of a phase gets a place between 0 and 1, pulled up by need and year group; places are ranks, so
the published bands come out whatever the trust looks like. The place is then read off the published curve.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from adapters.demo import england

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

FULL_YEAR = 380
MOST = 0.95  # nobody misses every session: a pupil who never comes is taken off the roll
_TAIL = 1.8  # bends the curve above 50 % so that its mean is about 66 %


@dataclass(frozen=True, slots=True, eq=False)
class Cohort:
    """The pupils of one phase as arrays: what the drawing may know of them.

    `year` is a number (0 for Reception); `school` and `form` number the pupil's school and form; `observes`
    says whether the family keeps a day of another faith than the calendar's; `since` and `until` are the
    first and last school day on roll, counted from 0.
    """

    phase: str
    year: Ints
    fsm: Bools
    sen: Bools
    school: Ints
    form: Ints
    observes: Bools
    since: Ints
    until: Ints


def places(rng: np.random.Generator, cohort: Cohort) -> Floats:
    """Each pupil's place in the queue, between 0 (never away) and 1, in the order of the cohort.

    Reception is not in the published bands: it is placed among the others, and they are ranked without it.
    """
    size = cohort.year.size
    pulls = england.PULL_YEAR[cohort.phase]
    first = int(england.YEARS[cohort.phase][0])
    own = np.array(pulls)[np.clip(cohort.year - first, 0, len(pulls) - 1)]
    schools = rng.normal(0, england.SPREAD_OF_SCHOOLS, int(cohort.school.max(initial=0)) + 1)
    queue = own + schools[cohort.school] + rng.normal(size=size)
    queue += england.PULL_FSM[cohort.phase] * cohort.fsm + england.PULL_SEN[cohort.phase] * cohort.sen
    ranked = np.sort(queue[cohort.year >= first]) if (cohort.year >= first).any() else np.sort(queue)
    return np.minimum((np.searchsorted(ranked, queue) + 0.5) / ranked.size, 1 - 0.5 / ranked.size)


def rate(phase: str, place: Floats) -> Floats:
    """The part of a year that a place stands for, 2022/23: the published bands read as one rising curve.

    >>> rate("secondary", np.array([0.01, 0.46307, 0.46307 + 0.27168, 0.99999])).round(3).tolist()
    [0.0, 0.05, 0.1, 0.95]
    """
    shares, rates = _curve(phase)
    over = np.clip((place - shares[-1]) / (1 - shares[-1]), 0, 1)
    tail: Floats = np.where(place > shares[-1], (MOST - 0.5) * over**_TAIL, 0)
    return np.interp(place, shares, rates) + tail


def absences(phase: str, place: Floats, possible: Ints, level: float | None) -> Ints:
    """Sessions each pupil misses. `level` is the overall absence to reach in percent, None the bands' own.

    A level other than the bands' is reached by one factor on every pupil's rate. The curve is read in
    sessions of a full year, rounded up, for the published bands hold their upper edge; a pupil with fewer
    possible sessions misses the same part of them, rounded down, and stays in the same band.

    >>> absences("primary", np.array([0.56117, 0.5612]), np.array([380, 380]), None).tolist()
    [19, 20]
    """
    own = rate(phase, place)
    if level is None:
        return _sessions(own, possible)
    low, high = 0.5, 2.0
    for _ in range(40):
        factor = (low + high) / 2
        too_few = _sessions(own * factor, possible).sum() * 100 < level * possible.sum()
        low, high = (factor, high) if too_few else (low, factor)
    return _sessions(own * high, possible)


def _sessions(rates: Floats, possible: Ints) -> Ints:
    of_full_year = np.ceil(np.minimum(rates, MOST) * FULL_YEAR - 1e-6)
    return np.floor(of_full_year * possible / FULL_YEAR + 0.01).astype(np.int64)


@cache
def _curve(phase: str) -> tuple[Floats, Floats]:
    """The published bands as knots of a cumulative curve: shares of pupils, and rates as parts of 1."""
    bands = np.array(england.BANDS[phase]) / sum(england.BANDS[phase])
    lowest, second = (np.cumsum(np.array(shape)) / 100 for shape in england.BELOW_TEN[phase])
    edges = np.cumsum(bands)[:-1]
    shares = [lowest * bands[0], edges[:1], edges[0] + second * bands[1], edges[1:]]
    # "Below 1 %" is at most 3 sessions of 380, half a session short of 1 %; at 5 % the edge itself belongs.
    points = np.array([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, *range(10, 51, 5)], dtype=np.float64)
    points[[1, 2, 3, 4, 6, 7, 8, 9]] -= 0.13
    return np.concatenate(shares), points / 100
