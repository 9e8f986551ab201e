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
_OTHER, _CODED, _BLANK, _PASSED = range(4)


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
    here = States(states.said[:, first:last])
    coded, passed, blank = here.coded, here.passed, here.blank
    known = _unbroken(coded & ~passed, here.goes_on)
    least, most = known.copy(), known.copy()
    unsure = np.flatnonzero(blank.any(axis=1))
    if unsure.size:
        kinds = np.where(coded[unsure], _CODED, np.where(blank[unsure], _BLANK, _OTHER))
        least[unsure], most[unsure] = _least_and_most(np.where(passed[unsure], _PASSED, kinds))
    return known, least, most


def _unbroken(coded: NDArray[np.bool_], goes_on: NDArray[np.bool_]) -> Ints:
    """How many stretches of each row that go on from session to session hold a coded one."""
    sessions = max(goes_on.shape[1], 1)
    place = np.flatnonzero(goes_on)
    begins = (np.diff(place, prepend=-2) != 1) | (place % sessions == 0)
    stretch = np.cumsum(begins)[coded.ravel()[place]]
    stretches = stretch[np.diff(stretch, prepend=0) != 0] - 1
    return np.bincount(place[begins][stretches] // sessions, minlength=goes_on.shape[0]).astype(np.int64)


def _least_and_most(kinds: Ints) -> tuple[Ints, Ints]:
    """The least and the most spells of pupils (R x S) with a blank: one turn of each at a time.

    Sessions that go on as the last did change nothing, and make no turn.
    """
    size = kinds.shape[0]
    rows, sessions = np.nonzero(kinds != _PASSED)
    there = kinds[rows, sessions]
    # Two blanks stay two: one may be in a spell and the other not.
    goes_on = (np.diff(rows, prepend=-1) == 0) & (np.diff(there, prepend=_PASSED) == 0) & (there != _BLANK)
    rows, turns = rows[~goes_on], there[~goes_on]
    begins = np.searchsorted(rows, np.arange(size + 1))
    laid = np.full((size, int(np.diff(begins).max())), _PASSED)
    laid[rows, np.arange(rows.size) - begins[rows]] = turns
    # The least and the most so far, where the last session that counts was in a spell, and where not.
    least = (np.full(size, _NEVER), np.zeros(size, dtype=np.int64))
    most = (np.full(size, -_NEVER), np.zeros(size, dtype=np.int64))
    for turn in laid.T:
        coded, passed, blank = turn == _CODED, turn == _PASSED, turn == _BLANK
        least = _step(least, coded, passed, blank, np.minimum, _NEVER)
        most = _step(most, coded, passed, blank, np.maximum, -_NEVER)
    return np.minimum(*least), np.maximum(*most)


def _step(
    counts: tuple[Ints, Ints],
    coded: NDArray[np.bool_],
    passed: NDArray[np.bool_],
    blank: NDArray[np.bool_],
    best: Callable[[Ints, Ints], Ints],
    never: int,
) -> tuple[Ints, Ints]:
    """One turn further: coded begins or goes on with a spell, a blank may, anything else ends it."""
    inside, outside = counts
    then_inside = np.where(passed, inside, np.where(coded | blank, best(inside, outside + 1), never))
    then_outside = np.where(passed, outside, np.where(coded, never, best(inside, outside)))
    return then_inside, then_outside


MEASURE = Measure("spells", "spells", "spells", ("over", "codes"), spells)
