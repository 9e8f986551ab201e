"""spells: how many separate spells of a code set a window holds.

Unit: spells. Formula: sessions of the set in a row are one spell; what was not possible for the pupil is
passed over, anything else ends it; a spell under way when the window begins counts. Source: domain
practice (more than 5 separate spells of illness: ask for medical evidence; Newport Primary School).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from engine import codes
from engine.instants import Instants
from engine.measures.measure import Asked, Measure, Measured
from engine.measures.runs import States
from engine.snapshot import Snapshot

Ints = NDArray[np.int64]
_NEVER = 1_000_000


def spells(snapshot: Snapshot, instants: Instants, asked: Asked) -> Measured:
    """Spells of each pupil in a window; a missing mark may make one, join two, or divide one.

    >>> from engine.sample import school, AFTER
    >>> from engine.windows import Window
    >>> found = spells(school("II I/ -I /I"), AFTER, Asked(Window.parse("year to date"), frozenset("I")))
    >>> found.numerator.tolist(), found.low.tolist(), found.high.tolist()
    ([[3]], [[3]], [[3]])
    """
    register = snapshot.register
    bounds = asked.over.bounds(snapshot.calendar, instants)
    states = States.of(register.marks, asked.codes)
    found = [_counted(states, int(lo), int(hi)) for lo, hi in zip(bounds.lo, bounds.hi, strict=True)]
    known, least, most = (np.stack(parts, axis=1) for parts in zip(*found, strict=True))
    missing = np.where(most > least, register.missing(bounds), 0)
    return Measured(known, least, most, missing, bounds, register.at(codes.members(asked.codes), bounds))


def _counted(states: States, first: int, last: int) -> tuple[Ints, Ints, Ints]:
    """By pupil: spells with the blanks passed over, and the least and most there can be."""
    size = states.coded.shape[0]
    known, inside = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.bool_)
    # The least and the most so far, where the last session that counts was in a spell, and where not.
    least = (np.full(size, _NEVER), np.zeros(size, dtype=np.int64))
    most = (np.full(size, -_NEVER), np.zeros(size, dtype=np.int64))
    for at in range(first, last):
        coded, passed, blank = states.coded[:, at], states.passed[:, at], states.blank[:, at]
        known += coded & ~inside
        inside = np.where(passed | blank, inside, coded)
        least = _step(least, coded, passed, blank, np.minimum, _NEVER)
        most = _step(most, coded, passed, blank, np.maximum, -_NEVER)
    return known, np.minimum(*least), np.maximum(*most)


def _step(
    counts: tuple[Ints, Ints],
    coded: NDArray[np.bool_],
    passed: NDArray[np.bool_],
    blank: NDArray[np.bool_],
    best: Callable[[Ints, Ints], Ints],
    never: int,
) -> tuple[Ints, Ints]:
    """One session further: coded begins or goes on with a spell, a blank may, anything else ends it."""
    inside, outside = counts
    then_inside = np.where(passed, inside, np.where(coded | blank, best(inside, outside + 1), never))
    then_outside = np.where(passed, outside, np.where(coded, never, best(inside, outside)))
    return then_inside, then_outside


MEASURE = Measure("spells", "spells", "spells", ("over", "codes"), spells)
