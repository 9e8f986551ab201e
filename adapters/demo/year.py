"""A school year of a phase, drawn whole: the true code of every pupil and session.

The same drawing feeds the lived demo and the check against the published figures. Only codes that are valid
in 2025/26 occur. Days are drawn first (off roll, another school's, absence in spells, visits), then lateness
within what is left.
"""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from adapters.demo import england
from adapters.demo.mix import ABSENT, AWAY, absence_mix, away_mix
from adapters.demo.rates import absences, places
from adapters.demo.spells import MORNING, WHOLE, lay, spells

if TYPE_CHECKING:
    from collections.abc import Sequence

    from adapters.demo.rates import Bools, Cohort, Floats

OFF_ROLL = 255
PRESENT = 0
CODES = ("/", *ABSENT, *AWAY, "V", "L", "D", "Y1", "X")
"""What the numbers of a drawn year stand for; a present mark is `\\` in the afternoon."""

_SPELT = (*ABSENT, *AWAY)
_BEGINS = {
    "primary": (1.06, 0.93, 0.88, 0.95, 1.4),
    "secondary": (0.84, 0.96, 0.98, 1.05, 1.4),
    "special": (0.8, 0.93, 0.98, 1.09, 1.38),
}  # by weekday; fitted to the published week
_ILLNESS = {9: 0.75, 10: 0.95, 11: 1.3, 12: 1.45, 1: 1.2, 2: 1.1, 3: 1.0, 4: 0.85, 5: 0.8, 6: 0.85, 7: 0.9}
_UNEXCUSED = {9: 0.7, 10: 0.9, 11: 1.0, 12: 1.1, 1: 0.95, 2: 1.0, 3: 1.05, 4: 1.0, 5: 1.05, 6: 1.2, 7: 1.35}
_FEASTS = (date(2026, 3, 20), date(2026, 3, 19), date(2025, 9, 23), date(2025, 10, 20))
_WORK_WEEKS = (date(2026, 6, 15), date(2026, 6, 29), date(2026, 7, 6), date(2026, 7, 13))
_EXAMS = date(2026, 5, 11)
_OTHER_SCHOOL = (1, 3)
_DATED = ("S", "R", "W", "G")
_SIDES = np.array([12 / 7, 2 / 7])  # six late marks in seven are a morning's
_SETTLING = 5  # afternoons that Reception does not come in yet


def draw(
    rng: np.random.Generator, cohort: Cohort, days: Sequence[date], level: float | None
) -> NDArray[np.uint8]:
    """The year of a cohort: numbers into `CODES`, `OFF_ROLL` outside enrolment; P x days x 2.

    `level` is the overall absence in percent, None for that of the published bands (2022/23).
    """
    numbers = np.arange(len(days))
    cells = np.zeros((cohort.year.size, len(days), 2), dtype=np.uint8)
    cells[(numbers < cohort.since[:, None]) | (numbers > cohort.until[:, None])] = OFF_ROLL
    _not_possible(rng, cohort, days, cells)
    free = (cells == PRESENT).all(axis=2)
    room = free.sum(axis=1)
    absent = absences(cohort.phase, places(rng, cohort), 2 * room, level)
    counts = np.concatenate(
        (absence_mix(rng, cohort, absent, 2 * room), away_mix(rng, cohort, absent, 2 * room)), axis=1
    )
    cut = spells(rng, _SPELT, counts, room, absent / np.maximum(2 * room, 1))
    dated = np.array([code in _DATED for code in _SPELT])
    laid, first = lay(rng, cut, free, _likely(cohort.phase, days), dated)
    for offset in range(int(laid.days.max(initial=0))):
        still = laid.days > offset
        some, day = laid.take(still), first[still] + offset
        whole = some.half == WHOLE
        cells[some.pupil[whole], day[whole]] = (1 + some.code[whole])[:, None]
        half = np.where(some.half[~whole] == MORNING, 0, 1)
        cells[some.pupil[~whole], day[~whole], half] = 1 + some.code[~whole]
    _visits(rng, cohort, cells, free, free.sum() / max(room.sum(), 1))
    _lateness(rng, cohort, cells, absent / np.maximum(2 * room, 1))
    return cells


def _not_possible(
    rng: np.random.Generator, cohort: Cohort, days: Sequence[date], cells: NDArray[np.uint8]
) -> None:
    """Pupils with a second school go there on two days a week; transport fails; Reception settles in."""
    shares = england.NOT_POSSIBLE[cohort.phase]
    here = cells[:, :, 0] == PRESENT
    elsewhere = rng.random(cohort.year.size) < shares["D"] / 100 * 5 / 2
    other = np.array([day.weekday() in _OTHER_SCHOOL for day in days])
    cells[here & elsewhere[:, None] & other] = CODES.index("D")
    stranded = rng.random(here.shape, dtype=np.float32) < shares["Y1"] / 100
    cells[here & stranded] = CODES.index("Y1")
    settling = here & (cohort.year == 0)[:, None] & (np.arange(len(days)) < _SETTLING)
    cells[:, :, 1][settling] = CODES.index("X")


def _visits(
    rng: np.random.Generator, cohort: Cohort, cells: NDArray[np.uint8], free: Bools, there: float
) -> None:
    """Whole forms go out for a day, as often as visits are marked: each form its share, by turns."""
    forms = int(cohort.form.max(initial=-1)) + 1
    share = england.CODES[cohort.phase]["V"] / 100 / max(there, 0.01)
    trips = np.diff(np.floor(np.arange(forms + 1) * share * cells.shape[1] + rng.random())).astype(int)
    trips = rng.permutation(trips)
    keys = rng.random((forms, cells.shape[1]))
    turn = keys.argsort(axis=1).argsort(axis=1)
    out = (turn < trips[:, None])[cohort.form]
    cells[out & free] = CODES.index("V")


def _lateness(rng: np.random.Generator, cohort: Cohort, cells: NDArray[np.uint8], often: Floats) -> None:
    """Late marks among the sessions still present; some are late by habit."""
    present = cells == PRESENT
    habit = rng.gamma(0.5, 2, often.size) * (0.5 + 5 * often)
    there = present.sum(axis=1) @ _SIDES
    wanted = england.CODES[cohort.phase]["L"] / 100 * (cells < CODES.index("D")).sum()
    chance = _capped(habit, there, wanted)
    late = rng.random(cells.shape, dtype=np.float32) < (chance[:, None] * _SIDES)[:, None, :]
    cells[present & late] = CODES.index("L")


def _capped(habit: Floats, there: Floats, wanted: float) -> Floats:
    """Chances in proportion to a habit, none above one half, that give `wanted` marks in all."""
    chance = habit.copy()
    for _ in range(20):
        total = (chance * there).sum()
        chance = np.minimum(0.5, chance * (wanted / total if total else 0))
    return chance


def _likely(phase: str, days: Sequence[date]) -> NDArray[np.float32]:
    """How likely a spell of each code begins on each day (codes x days)."""
    weekday = np.array([_BEGINS[phase][day.weekday()] for day in days])
    months = {code: _ILLNESS if code in "IM" else _UNEXCUSED for code in _SPELT}
    likely = np.stack([weekday * [months[code][day.month] for day in days] for code in _SPELT])
    edge = np.array(
        [min((abs((day - other).days) for other in _breaks(days)), default=9) for day in days], dtype=float
    )
    only = {
        "G": np.where(edge <= 9, 1.0, 0.15),
        "R": np.array([10.0 if day in _FEASTS[:2] else float(day in _FEASTS) for day in days]),
        "S": np.array([float(day >= _EXAMS) for day in days]),
        "W": np.array([float(day in _WORK_WEEKS) for day in days]),
    }
    for code, weights in only.items():
        likely[_SPELT.index(code)] = weights
    return likely.astype(np.float32)


def _breaks(days: Sequence[date]) -> list[date]:
    """The days beside a holiday: the first and last before and after a gap of more than a weekend."""
    gaps = [(a, b) for a, b in pairwise(days) if (b - a).days > 4]
    return [day for pair in gaps for day in pair]
