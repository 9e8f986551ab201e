"""Three truth values, and how a measured number is held against a threshold.

0 false, 1 unknown, 2 true (strong Kleene): `all` is the minimum, `any` the maximum, `not` 2 - x.
Thresholds come scaled by 100 (7.5 is 750), so that every comparison is one of integers.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from engine.measures.measure import Measured

FALSE, UNKNOWN, TRUE = 0, 1, 2
SCALE = 100
_HUNDREDFOLD = 100


class Comparison(StrEnum):
    """How a clause compares; the word as rules write it."""

    AT_LEAST = "at_least"
    ABOVE = "above"
    AT_MOST = "at_most"
    BELOW = "below"
    EXACTLY = "exactly"


def truth(
    measured: Measured, comparison: Comparison, threshold: NDArray[np.int64], *, in_percent: bool = True
) -> NDArray[np.int8]:
    """Whether a measured number meets a threshold (scaled, one for each instant): R x T of 0, 1, 2.

    Every missing mark is taken as absent, as present and as not possible; where the answers differ it
    is unknown (semantics 5). A ratio is read in hundredths where it is `in_percent`; one of nothing
    possible meets no threshold.

    >>> from engine.windows import Bounds
    >>> one = lambda n: np.array([[n]], dtype=np.int64)
    >>> none = Bounds(np.array([0]), np.array([0]))
    >>> nine = Measured(one(9), one(9), one(11), one(2), none, lambda row, t: np.array([]))
    >>> truth(nine, Comparison.AT_LEAST, np.array([1000])).tolist()
    [[1]]
    """
    if measured.run_values is not None and comparison is Comparison.EXACTLY:
        return _exactly(measured.run_values, threshold)
    if measured.denominator is None or measured.whole is None:
        low, high = measured.low * SCALE - threshold, measured.high * SCALE - threshold
        return _held(low, high, comparison)
    times = SCALE * (_HUNDREDFOLD if in_percent else 1)
    least = measured.whole * threshold
    known = _held(measured.low * times - least, measured.high * times - least, comparison)
    certain = np.where(measured.denominator > 0, known, np.minimum(known, UNKNOWN))
    return np.where(measured.whole > 0, certain, FALSE).astype(np.int8)


def _held(low: NDArray[np.int64], high: NDArray[np.int64], comparison: Comparison) -> NDArray[np.int8]:
    """Whether a difference from the threshold, between `low` and `high` (low <= high), is as compared.

    True where it is wherever it lies, unknown where it is somewhere, false where it is nowhere.
    """
    match comparison:
        case Comparison.AT_LEAST:
            always, perhaps = low >= 0, high >= 0
        case Comparison.ABOVE:
            always, perhaps = low > 0, high > 0
        case Comparison.AT_MOST:
            always, perhaps = high <= 0, low <= 0
        case Comparison.BELOW:
            always, perhaps = high < 0, low < 0
        case _:  # exactly
            perhaps = (low <= 0) & (high >= 0)
            always = perhaps & (low == high)
    return always.view(np.int8) + perhaps.view(np.int8)


def _exactly(values: NDArray[np.uint64], threshold: NDArray[np.int64]) -> NDArray[np.int8]:
    """Whether a number that takes one of a set of values (bits) is the threshold."""
    whole = np.where(threshold % SCALE == 0, np.uint64(1), np.uint64(0))
    wanted = whole << (threshold // SCALE).astype(np.uint64)
    only = (values == wanted) & (wanted != 0)
    could = (values & wanted) != 0
    return np.where(only, TRUE, np.where(could, UNKNOWN, FALSE)).astype(np.int8)
