"""A drawn year adds up: what is counted for a pupil is what is laid down, whoever joins or leaves."""

from __future__ import annotations

from itertools import groupby

import numpy as np
import pytest

from adapters.demo import england
from adapters.demo.calendar import pupil_days
from adapters.demo.mix import ABSENT, absence_mix
from adapters.demo.places import open_schools
from adapters.demo.rates import Cohort, absences, places
from adapters.demo.spells import MORNING, WHOLE, lay, spells
from adapters.demo.year import CODES, OFF_ROLL, draw

DAYS = pupil_days(open_schools(1, None, stories=True)[0].inset)


def cohort(seed: int, size: int, phase: str = "secondary", *, moving: float = 0.0) -> Cohort:
    """Pupils of every year, some of whom are on roll only for a part of the year, be it a single day."""
    rng = np.random.default_rng(seed)
    years = [int(year) for year in england.YEARS[phase]]
    since, until = np.zeros(size, dtype=np.int64), np.full(size, len(DAYS) - 1)
    moves = rng.random(size) < moving
    since[moves] = rng.integers(0, len(DAYS), moves.sum())
    until[moves] = np.minimum(since[moves] + rng.integers(0, 60, moves.sum()), len(DAYS) - 1)
    return Cohort(
        phase=phase,
        year=np.array(years)[np.arange(size) % len(years)],
        fsm=rng.random(size) < 0.25,
        sen=rng.random(size) < 0.15,
        school=np.arange(size) // 200,
        form=np.arange(size) // 30,
        observes=rng.random(size) < 0.15,
        since=since,
        until=until,
    )


@pytest.mark.parametrize("phase", england.PHASES)
@pytest.mark.parametrize("seed", range(3))
def test_every_pupil_misses_just_what_was_drawn_for_it(phase: str, seed: int) -> None:
    """Absent sessions by pupil are the drawn ones, though a third of the pupils join or leave."""
    own = cohort(seed, 600, phase, moving=0.35)
    cells = draw(np.random.default_rng(seed), own, DAYS, None)
    absent = np.isin(cells, [CODES.index(code) for code in ABSENT]).sum(axis=(1, 2))
    numbers = np.arange(len(DAYS))
    outside = (numbers < own.since[:, None]) | (numbers > own.until[:, None])
    assert ((cells == OFF_ROLL).all(axis=2) == outside).all()
    here = (cells != OFF_ROLL) & (cells < CODES.index("D"))
    room = here.all(axis=2).sum(axis=1)
    ranks = places(_second_draw(seed, own), own)
    assert (absent == absences(phase, ranks, 2 * room, None)).all()


def _second_draw(seed: int, own: Cohort) -> np.random.Generator:
    """The stream as it stands after the days that are not possible were drawn."""
    rng = np.random.default_rng(seed)
    rng.random(own.year.size)
    rng.random((own.year.size, len(DAYS)), dtype=np.float32)
    return rng


def test_the_mix_adds_up_both_ways() -> None:
    """Each pupil's codes add up to its absence, and each code to its published share within a hundredth."""
    own, rng = cohort(4, 8000), np.random.default_rng(4)
    possible = np.full(8000, 380)
    absent = absences("secondary", places(rng, own), possible, england.ABSENCE_2024_25["secondary"])
    counts = absence_mix(rng, own, absent, possible)
    assert (counts >= 0).all()
    assert (counts.sum(axis=1) == absent).all()
    for column, code in enumerate(ABSENT):
        if (published := england.CODES["secondary"].get(code, 0)) > 0.1:
            assert 100 * counts[:, column].sum() / possible.sum() == pytest.approx(published, rel=0.02)


def test_spells_fill_even_a_crowded_year() -> None:
    """A pupil who misses nearly everything, in odd numbers of every code, still fits: nothing is lost."""
    counts = np.array([[61, 151, 31, 5, 21, 3, 13, 7, 5, 1, 3, 1, 3, 1], [0] * 14, [1] * 14])
    room = np.array([155, 190, 12])
    rng = np.random.default_rng(1)
    cut = spells(rng, ABSENT, counts, room, counts.sum(axis=1) / (2 * room))
    free = np.arange(190) < room[:, None]
    was_free = free.copy()
    likely = np.ones((len(ABSENT), 190), dtype=np.float32)
    laid, first = lay(rng, cut, free, likely, np.zeros(len(ABSENT), dtype=np.bool_))
    taken = np.zeros_like(was_free)
    for pupil, day, days in zip(laid.pupil, first, laid.days, strict=True):
        assert not taken[pupil, day : day + days].any()
        taken[pupil, day : day + days] = True
    assert not (taken & ~was_free).any()
    assert (taken == (was_free & ~free)).all()
    sessions = laid.days * np.where(laid.half == WHOLE, 2, 1)
    assert np.bincount(laid.pupil, sessions, 3).tolist() == [306, 0, 14]
    late = laid.half[laid.code == ABSENT.index("U")]
    assert set(late) <= {MORNING, WHOLE}


def test_absence_comes_in_spells_and_lateness_in_mornings() -> None:
    """Illness lasts days, holidays longer, exams come in summer; most late marks are a morning's."""
    cells = draw(np.random.default_rng(2), cohort(2, 3000), DAYS, None)

    def lengths(code: str) -> float:
        days = (cells == CODES.index(code)).any(axis=2)
        runs = [sum(1 for _ in run) for row in days for held, run in groupby(row) if held]
        return sum(runs) / len(runs)

    assert 1.5 <= lengths("I") <= 3
    assert 2.5 <= lengths("G") <= 6
    assert lengths("M") < 1.5
    exams = np.nonzero(cells == CODES.index("S"))[1]
    assert min(DAYS[day] for day in exams).month == 5
    late = (cells == CODES.index("L")).sum(axis=(0, 1))
    assert late[0] > 4 * late[1]
