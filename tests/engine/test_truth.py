"""Three truth values at the edges that whole schools seldom reach."""

from __future__ import annotations

import numpy as np
import pytest

from engine.measures import Measured
from engine.truth import FALSE, TRUE, UNKNOWN, Comparison, truth
from engine.windows import Bounds


def rate(absent: int, possible: int, missing: int, comparison: str, percent: float) -> int:
    """The truth of a rate of one pupil at one instant."""
    one = (
        np.array([[number]], dtype=np.int64)
        for number in (absent, absent, absent + missing, missing, possible, possible + missing)
    )
    numerator, low, high, blank, denominator, whole = one
    none = Bounds(np.array([0]), np.array([0]))
    nowhere = lambda row, number: np.array([], dtype=np.int64)  # noqa: E731
    measured = Measured(numerator, low, high, blank, none, nowhere, denominator, whole)
    return int(truth(measured, Comparison(comparison), np.array([round(percent * 100)]))[0, 0])


@pytest.mark.parametrize(
    ("absent", "possible", "missing", "comparison", "percent", "expected"),
    [
        (38, 380, 0, "at_least", 10, TRUE),  # exactly 90.0 % attendance is persistent absence
        (37, 380, 0, "at_least", 10, FALSE),
        (38, 380, 0, "above", 10, FALSE),
        (38, 380, 0, "exactly", 10, TRUE),
        (2, 21, 1, "at_least", 10, UNKNOWN),  # 2 of 21, 2 of 22 or 3 of 22
        (2, 20, 1, "at_least", 10, UNKNOWN),  # present would take it below
        (2, 20, 1, "at_least", 9.5, TRUE),  # 2 of 21 is the least
        (1, 20, 1, "at_least", 9.53, FALSE),  # 2 of 21 is the most
        (0, 0, 0, "at_least", 0, FALSE),  # nothing possible meets nothing
        (0, 0, 0, "at_most", 100, FALSE),
        (0, 0, 1, "at_least", 0, UNKNOWN),  # the only mark may turn out not to be possible
        (0, 0, 1, "at_most", 100, UNKNOWN),
        (0, 0, 1, "above", 100, FALSE),  # whatever it turns out to be
        (0, 1, 1, "at_most", 100, TRUE),
    ],
)
def test_a_rate_is_held_against_its_extremes(
    absent: int, possible: int, missing: int, comparison: str, percent: float, expected: int
) -> None:
    """Every blank as absent, as present and as not possible; integers throughout."""
    assert rate(absent, possible, missing, comparison, percent) == expected
