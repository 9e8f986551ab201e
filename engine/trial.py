"""A staged rollout, compared: absence of those reached beside those not yet, over the same days.

Pupils are what is sampled, not sessions: one pupil's sessions are alike. A side's absence is a ratio of two
sums over its pupils, its variance the linearised one (W. G. Cochran, Sampling Techniques, 3rd edition, 1977,
chapter 6), the interval of the difference Welch's (B. L. Welch, Biometrika 34, 1947): 95 in 100 hold what is
true. It says how far chance among pupils goes, not why two groups differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

FEWEST = 30
_NORMAL = 1.959964


@dataclass(frozen=True, slots=True)
class Arm:
    """One side: its pupils, and their absent and possible sessions in the days compared and before."""

    pupils: int
    now: tuple[int, int]
    before: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Interval:
    """A difference in percentage points, and the interval that holds the true one 95 times in 100."""

    difference: float
    low: float
    high: float

    @property
    def tells(self) -> bool:
        """Whether the interval leaves no difference out."""
        return not self.low <= 0 <= self.high


@dataclass(frozen=True, slots=True)
class Compared:
    """Reached and not yet; `level` is the difference of their absence, `change` of how it changed.

    Each is None where one side has fewer than FEWEST pupils, or no sessions to divide by.
    """

    reached: Arm
    waiting: Arm
    level: Interval | None
    change: Interval | None


@dataclass(frozen=True, slots=True)
class _Estimate:
    """A rate of one side in percent, and what each pupil adds to it (N) by the linearised ratio."""

    rate: float
    shares: NDArray[np.float64]


def compare(reached: NDArray[np.int64], waiting: NDArray[np.int64]) -> Compared:
    """Two groups of pupils (N x 4: absent and possible in the days compared, then in as many days before).

    >>> away = np.array([[4, 40, 2, 40], [0, 40, 0, 40]] * 30)
    >>> compare(away, away).level
    Interval(difference=0.0, low=-1.82, high=1.82)
    """
    sides = (reached, waiting)
    level = change = None
    if all(side.shape[0] >= FEWEST and side[:, 1].sum() > 0 for side in sides):
        now = [_estimate(side[:, :2]) for side in sides]
        level = _interval(*now)
        if all(side[:, 3].sum() > 0 for side in sides):
            then = [_estimate(side[:, 2:]) for side in sides]
            change = _interval(*(_less(*both) for both in zip(now, then, strict=True)))
    return Compared(_arm(reached), _arm(waiting), level, change)


def _arm(side: NDArray[np.int64]) -> Arm:
    absent, possible, absent_before, possible_before = side.sum(axis=0).tolist()
    return Arm(side.shape[0], (absent, possible), (absent_before, possible_before))


def _estimate(sessions: NDArray[np.int64]) -> _Estimate:
    absent, possible = sessions[:, 0], sessions[:, 1]
    rate = float(absent.sum() / possible.sum())
    return _Estimate(rate * 100, (absent - rate * possible) * 100 / possible.mean())


def _less(one: _Estimate, other: _Estimate) -> _Estimate:
    """A change: the same pupils at two times, so that what is theirs alone cancels out."""
    return _Estimate(one.rate - other.rate, one.shares - other.shares)


def _interval(one: _Estimate, other: _Estimate) -> Interval:
    sizes = [each.shares.size for each in (one, other)]
    parts = [float(each.shares.var(ddof=1)) / each.shares.size for each in (one, other)]
    spread, difference = sum(parts), one.rate - other.rate
    # Where nobody differs from anybody there is no spread, and the degrees of freedom do not matter.
    freedom = (
        spread**2 / sum(part**2 / (size - 1) for part, size in zip(parts, sizes, strict=True))
        if spread
        else 1
    )
    reach = _student(freedom) * sqrt(spread)
    return Interval(*(round(each, 2) for each in (difference, difference - reach, difference + reach)))


def _student(freedom: float) -> float:
    """The 97.5th percentile of Student's t, by its expansion about the normal one: from 29 on to 4 digits."""
    z = _NORMAL
    return z + (z**3 + z) / (4 * freedom) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)
