"""Bands of absence, five points wide: which one each pupil stands in, at each of some instants.

Source: Department for Education, Monitor your school attendance, absence bandings report: five-point bands up
to 50 %, one from there on, lower end inside, of pupils with at least 20 possible sessions in the school year.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.match import Judge
from engine.measures import MEASURES, Asked
from engine.windows import YEAR_TO_DATE, Window

WIDTH = 5
FEWEST = 20
NO_BAND = -1
_TOP = 10
_STEPS = 100 // WIDTH
BANDS = (
    *(f"{lower} to under {lower + WIDTH} %" for lower in range(0, _TOP * WIDTH, WIDTH)),
    f"{_TOP * WIDTH} % and over",
)


@dataclass(frozen=True, slots=True, eq=False)
class Banded:
    """Pupils x instants: `band` as an index of BANDS, and the sessions that it rests on.

    NO_BAND is too few sessions, or not on roll. `doubtful` says that marks not taken could put the pupil into
    another band, or into one at all.
    """

    band: NDArray[np.int64]
    absent: NDArray[np.int64]
    possible: NDArray[np.int64]
    doubtful: NDArray[np.bool_]


def banded(judge: Judge) -> Banded:
    """The band of every pupil at every instant of the judge, by the marks as they are believed.

    >>> from engine.instants import Instants, read_instant
    >>> from engine.sample import school
    >>> tenth_day = Instants.of([read_instant("2025-09-19T16:00")])
    >>> found = banded(Judge(school("// " * 9 + "/I", "// " * 9 + "//"), tenth_day))
    >>> [BANDS[band] for band in found.band[:, 0]]
    ['5 to under 10 %', '0 to under 5 %']
    """
    asked = Asked(Window.parse(YEAR_TO_DATE))
    rate = judge.measure(MEASURES["absence_rate"], asked)
    possible = judge.measure(MEASURES["possible_sessions"], asked).numerator
    whole = possible + rate.missing
    enough = judge.on_roll & (possible >= FEWEST)
    least, most = _band(rate.low, whole), _band(rate.high, whole)
    doubtful = np.where(enough, least != most, judge.on_roll & (whole >= FEWEST)) & (rate.missing > 0)
    band = np.where(enough, _band(rate.numerator, possible), NO_BAND)
    return Banded(band, rate.numerator, possible, doubtful)


def counts(band: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many stand in each band: P to the number of BANDS.

    >>> counts(np.array([0, NO_BAND, 10, 0])).tolist()
    [2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]
    """
    return np.bincount(band[band != NO_BAND], minlength=len(BANDS)).astype(np.int64)


def _band(absent: NDArray[np.int64], possible: NDArray[np.int64]) -> NDArray[np.int64]:
    """Whole steps of five in the hundred, by integers: exactly 10.0 % is in the band that begins there."""
    band: NDArray[np.int64] = np.minimum(absent * _STEPS // np.maximum(possible, 1), _TOP)
    return band
