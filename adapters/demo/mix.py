"""What a pupil's absence is made of: how many sessions of each code, so that the whole adds up to England's.

Who is how likely to miss a session for what is told by `_leanings`; raking then scales the codes until their
totals are the published ones, and the pupils until each has exactly the absence drawn for it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from adapters.demo import england
from adapters.demo.rates import Cohort, Floats, Ints

ABSENT = ("I", "O", "M", "C", "C2", "E", "G", "U", "N", "R", "S", "T", "C1", "J1")
AWAY = ("W", "B", "K", "P")
"""Approved education elsewhere that is one pupil's own; a visit (V) takes a whole form."""

SITTING_EXAMS = 11
AT_WORK = 10
_FULL_YEAR = 300
_OFTEN_AWAY = 0.35
# Sessions come in blocks: a week's work experience, a day elsewhere, a fortnight's provision, an afternoon.
_BLOCKS = {"W": 10, "B": 2, "K": 20, "P": 1}
_TAKERS = {"W": 1.0, "B": 0.12, "K": 0.01, "P": 0.2}


def absence_mix(rng: np.random.Generator, cohort: Cohort, absent: Ints, possible: Ints) -> Ints:
    """Sessions by pupil and code (P x codes of `ABSENT`); each row adds up to that pupil's `absent`."""
    wanted = np.array([england.CODES[cohort.phase].get(code, 0.0) for code in ABSENT])
    if not absent.sum():
        return np.zeros((absent.size, len(ABSENT)), dtype=np.int64)
    shares = _leanings(rng, cohort, absent, possible)
    totals = wanted / wanted.sum() * absent.sum()
    for _ in range(60):
        there = shares.sum(axis=0)
        shares *= np.divide(totals, there, out=np.zeros_like(totals), where=there > 0)
        rows = shares.sum(axis=1)
        shares *= np.divide(absent, rows, out=np.zeros_like(rows), where=rows > 0)[:, None]
    return _whole(rng, shares, absent)


def away_mix(rng: np.random.Generator, cohort: Cohort, absent: Ints, possible: Ints) -> Ints:
    """Sessions by pupil and code (P x codes of `AWAY`), in whole blocks, among pupils who are mostly in."""
    counts = np.zeros((absent.size, len(AWAY)), dtype=np.int64)
    steady = (possible >= _FULL_YEAR) & (absent <= _OFTEN_AWAY * possible)
    for column, code in enumerate(AWAY):
        blocks = england.CODES[cohort.phase].get(code, 0.0) / 100 * possible.sum() / _BLOCKS[code]
        may = steady & (cohort.year == AT_WORK) if code == "W" else steady
        weight = may * (rng.random(absent.size) < _TAKERS[code]) * rng.uniform(0.6, 1.4, absent.size)
        if code == "W":
            weight = may.astype(np.float64)
        if blocks and weight.sum():
            share = np.cumsum(weight / weight.sum()) * blocks
            counts[:, column] = np.diff(np.floor(share + rng.random()), prepend=0) * _BLOCKS[code]
    return counts


def _leanings(rng: np.random.Generator, cohort: Cohort, absent: Ints, possible: Ints) -> Floats:
    """The sessions each pupil would miss by code if nothing had to add up."""
    size = absent.size
    often = absent / np.maximum(possible, 1)
    average = np.full(size, 1.0)

    def some(code: str, sessions: float, likelier: Floats) -> Floats:
        """As many pupils miss `sessions` each for this code as its published share asks for."""
        share = england.CODES[cohort.phase].get(code, 0.0) / 100 * possible.mean()
        chance = np.minimum(0.7, likelier / max(likelier.mean(), 1e-9) * share / sessions)
        taken: Floats = (rng.random(size) < chance) * sessions
        return taken

    by_code: dict[str, NDArray[np.float64]] = {
        "I": absent / (1 + 5 * often) * rng.gamma(3, 1 / 3, size),
        "O": absent * (0.12 + 3 * often) * rng.gamma(0.8, 1 / 0.8, size),
        "M": (0.6 + 4 * often) * rng.gamma(1, 1, size) + 0.02,
        "C": some("C", 4.0, 0.05 + often),
        "C2": some("C2", 40.0, often**2 * (often < 0.7)),
        "E": some("E", 6.0, often * np.where(cohort.year >= 7, 1, 0.3)),
        "G": some("G", 8.0, np.minimum(absent, 12.0)),
        "U": absent * rng.gamma(0.4, 1 / 0.4, size) * (often < 0.5),
        "N": np.sqrt(absent) * rng.gamma(0.5, 2, size),
        "R": some("R", 2.0, np.where(cohort.observes, 1.0, 0.06)),
        "S": (cohort.year == SITTING_EXAMS) * rng.gamma(2, 5, size),
        "T": some("T", 20.0, average),
        "C1": some("C1", 4.0, average),
        "J1": some("J1", 1.0, average),
    }
    return np.stack([by_code[code] for code in ABSENT], axis=1)


def _whole(rng: np.random.Generator, shares: Floats, absent: Ints) -> Ints:
    """The shares as whole sessions, rounded along each row from a random start; the rows still add up."""
    running = np.cumsum(shares, axis=1) + rng.random((shares.shape[0], 1))
    steps = np.floor(running + 1e-9).astype(np.int64)
    steps[:, -1] = absent + np.floor(running[:, 0] - shares[:, 0]).astype(np.int64)
    counts = np.diff(steps, axis=1, prepend=0)
    return np.maximum(counts, 0)
