"""Two groups compared: the interval covers what is true as often as it says, and small groups say nothing."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.trial import FEWEST, Interval, compare

DAYS = 60
TRIALS = 300


def _group(rng: np.random.Generator, pupils: int, rate: float, before: float) -> NDArray[np.int64]:
    """Pupils who differ: each has an inclination of their own, about these rates."""
    own = rng.beta(2, 2 / rate - 2, size=pupils)
    now, then = rng.binomial(DAYS, own), rng.binomial(DAYS, np.minimum(own * before / rate, 1))
    whole = np.full(pupils, DAYS)
    return np.stack([now, whole, then, whole], axis=1).astype(np.int64)


def test_the_interval_holds_the_truth_nineteen_times_in_twenty() -> None:
    """A true difference of -4 points, of -2 in the changes, three hundred times: 92 to 98 in 100 hold it."""
    rng = np.random.default_rng(1)
    held = np.zeros(2)
    for _ in range(TRIALS):
        found = compare(_group(rng, 60, 0.08, 0.10), _group(rng, 80, 0.12, 0.12))
        for number, (interval, truth) in enumerate(((found.level, -4.0), (found.change, -2.0))):
            assert interval is not None
            held[number] += interval.low <= truth <= interval.high
    assert (held / TRIALS >= 0.92).all()
    assert (held / TRIALS <= 0.98).all()


def test_a_large_difference_is_told_and_the_same_twice() -> None:
    """Half the absence among 200: below nothing, whichever side; the same numbers give the same interval."""
    rng = np.random.default_rng(2)
    low, high = _group(rng, 200, 0.05, 0.05), _group(rng, 200, 0.12, 0.12)
    found = compare(low, high)
    assert found.level is not None
    assert found.level.tells
    assert found.level.low < found.level.difference < found.level.high < 0
    assert found == compare(low, high)
    other = compare(high, low).level
    assert other is not None
    assert other.difference == -found.level.difference
    assert (found.reached.pupils, found.reached.now) == (200, (int(low[:, 0].sum()), 200 * DAYS))


def test_an_interval_tells_only_where_it_leaves_no_difference_out() -> None:
    """Nought inside, or at an edge, is no answer."""
    edges = ((-1.0, 2.0), (0.0, 2.0), (0.1, 2.0), (-2.0, -0.1))
    assert [Interval(1.0, low, high).tells for low, high in edges] == [False, False, True, True]


def test_a_worked_example() -> None:
    """Every pupil alike on each side, 10 and 20 percent: no spread, so the difference is the interval."""
    low, high = (np.tile([absent, 40, 4, 40], (FEWEST, 1)) for absent in (4, 8))
    assert compare(low, high).level == Interval(-10.0, -10.0, -10.0)
    mixed = np.array([[0, 40, 0, 40], [8, 40, 8, 40]] * 20)  # the shares are 10 and -10: variance 102.564
    found = compare(mixed, mixed).level
    assert found is not None
    student = 1.9908  # with 78 degrees of freedom
    assert found.high == pytest.approx(student * (2 * 102.564 / 40) ** 0.5, abs=0.006)


def test_small_groups_and_days_without_sessions_say_nothing() -> None:
    """One pupil too few on a side; nothing before; nobody at all."""
    rng = np.random.default_rng(3)
    many, few = _group(rng, FEWEST, 0.1, 0.1), _group(rng, FEWEST - 1, 0.1, 0.1)
    for found in (compare(many, few), compare(few, many), compare(many[:0], many)):
        assert (found.level, found.change) == (None, None)
    assert compare(many, many).level is not None
    assert compare(many * np.array([1, 0, 1, 0]), many).level is None
    new = many * np.array([1, 1, 0, 0])
    found = compare(new, many)
    assert found.level is not None
    assert found.change is None
