"""Absence comes in spells: sessions of a code become runs of days, and each run finds its place in the year.

Days are school days counted from 0. A day holds at most one spell, so that every session counted is also
laid down: a pupil's year adds up to what was drawn for it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from adapters.demo.rates import Bools, Floats, Ints

WHOLE, MORNING, AFTERNOON = 0, 1, 2

# How long a spell lasts on average (school days), how much of it is half-days, how many of those mornings.
_SHAPES = {
    "I": (1.9, 0.12, 0.5),
    "O": (1.7, 0.3, 0.4),
    "M": (1.0, 0.8, 0.5),
    "C": (1.5, 0.3, 0.5),
    "C2": (30.0, 1.0, 0.0),
    "E": (2.5, 0.1, 0.0),
    "G": (12.0, 0.0, 0.0),
    "U": (1.0, 1.0, 1.0),
    "N": (1.0, 0.6, 0.5),
    "R": (1.0, 0.0, 0.0),
    "S": (8.0, 0.2, 0.5),
    "T": (8.0, 0.0, 0.0),
    "C1": (1.5, 0.2, 0.5),
    "J1": (1.0, 0.8, 0.5),
    "W": (1000.0, 0.0, 0.0),
    "B": (1.0, 0.0, 0.0),
    "K": (15.0, 0.0, 0.0),
    "P": (1.0, 1.0, 0.0),
}
_ONLY_HALVES = ("U",)
_CROWDED = "a pupil has more days of absence than school days"


@dataclass(frozen=True, slots=True, eq=False)
class Spells:
    """Parallel arrays: whose (row), of which code (column), whole days or one half, how many days."""

    pupil: Ints
    code: Ints
    half: Ints
    days: Ints

    def take(self, which: NDArray[np.generic]) -> Spells:
        """Some of the spells, by mask or by index."""
        return Spells(self.pupil[which], self.code[which], self.half[which], self.days[which])


def joined(parts: list[Spells]) -> Spells:
    """All the spells of several lots."""
    fields = zip(*((part.pupil, part.code, part.half, part.days) for part in parts), strict=True)
    return Spells(*(np.concatenate(field) for field in fields))


def spells(
    rng: np.random.Generator, codes: tuple[str, ...], counts: Ints, room: Ints, often: Floats
) -> Spells:
    """Cut sessions by pupil and code (P x C) into spells that fit into `room` days of each pupil.

    `often` is the part of the year the pupil misses: who misses much misses it in longer runs.
    """
    counts, halves = _halves(rng, codes, counts, room)
    whole = (counts - halves) // 2
    lots: list[Spells] = []
    for column, code in enumerate(codes):
        mean, _, mornings = _SHAPES[code]
        length = mean * (1 + 3 * often)
        lots.append(_cut(rng, column, whole[:, column], length, np.full(often.size, WHOLE)))
        side = np.where(rng.random(often.size) < mornings, MORNING, AFTERNOON)
        lots.append(
            _cut(rng, column, halves[:, column], length if code == "C2" else np.ones_like(often), side)
        )
    return joined(lots)


def _halves(rng: np.random.Generator, codes: tuple[str, ...], counts: Ints, room: Ints) -> tuple[Ints, Ints]:
    """How many sessions of each code are half-days of their own, so few that all fits into the days."""
    part = np.array([_SHAPES[code][1] for code in codes])
    odd = counts % 2
    wanted = np.floor((counts * part - odd) / 2 + rng.random(counts.shape)).astype(np.int64)
    pairs = np.where(part == 1, counts // 2, np.clip(wanted, 0, counts // 2))
    over = (counts.sum(axis=1) + odd.sum(axis=1) + 2 * pairs.sum(axis=1)) // 2 - room
    for column in sorted(range(len(codes)), key=lambda column: codes[column] in _ONLY_HALVES):
        joined_up = np.clip(over, 0, pairs[:, column])
        pairs[:, column] -= joined_up
        over = over - joined_up
    crowded = over > 0  # too many odd sessions for too few days: all of it becomes the commonest code
    counts = counts.copy()
    most, total = counts[crowded].argmax(axis=1), counts[crowded].sum(axis=1)
    counts[crowded] = 0
    counts[crowded, most] = total
    halves = counts % 2 + 2 * np.where(crowded[:, None], 0, pairs)
    return counts, halves


def _cut(rng: np.random.Generator, column: int, days: Ints, length: Floats, half: Ints) -> Spells:
    """Cut each pupil's days of one kind into runs: after each day the run ends with chance 1 / length."""
    pupil = np.repeat(np.arange(days.size), days)
    begins = rng.random(pupil.size) < 1 / length[pupil]
    begins[np.flatnonzero(np.diff(pupil, prepend=-1))] = True
    starts = np.flatnonzero(begins)
    own = pupil[starts]
    lengths = np.diff(starts, append=pupil.size)
    return Spells(own, np.full(own.size, column), half[own], lengths)


def lay(
    rng: np.random.Generator, all_spells: Spells, free: Bools, likely: NDArray[np.float32], dated: Bools
) -> tuple[Spells, Ints]:
    """Find a first day for each spell; the spells, some of them cut in two to fit, and their days.

    `free` (P x days) is used up in place; `likely` (codes x days) says how likely a spell of a code
    begins on a day; codes that are `dated` go first, then the longest spells, last the single days.

    Raises:
        ValueError: a pupil has more days of absence than free ones; the counts did not fit into the room.
    """
    alone = (all_spells.days == 1) & ~dated[all_spells.code]
    waiting, placed, starts = all_spells.take(~alone), [], []
    while waiting.pupil.size:
        order = np.lexsort(
            (rng.random(waiting.pupil.size), -waiting.days, ~dated[waiting.code], waiting.pupil)
        )
        turn = order[np.flatnonzero(np.diff(waiting.pupil[order], prepend=-1))]  # one spell of each pupil
        now = waiting.take(turn)
        first = _first_days(rng, now, free, likely)
        fits = first >= 0
        if (now.days[~fits] == 1).any():
            raise ValueError(_CROWDED)
        _occupy(free, now.take(fits), first[fits])
        placed.append(now.take(fits))
        starts.append(first[fits])
        rest = np.ones(waiting.pupil.size, dtype=np.bool_)
        rest[turn] = False
        waiting = joined([waiting.take(rest), *_in_two(now.take(~fits))])
    single = all_spells.take(alone)
    placed.append(single)
    starts.append(_single_days(rng, single, free, likely.mean(axis=0)))
    return joined(placed), np.concatenate(starts)


def _first_days(rng: np.random.Generator, now: Spells, free: Bools, likely: NDArray[np.float32]) -> Ints:
    """A day for one spell of each pupil, drawn by `likely` from those on which it fits; -1: on none."""
    own = free[now.pupil]
    taken = np.zeros((own.shape[0], own.shape[1] + 1), dtype=np.int16)
    np.cumsum(~own, axis=1, dtype=np.int16, out=taken[:, 1:])
    ends = np.arange(own.shape[1]) + now.days[:, None]
    clear = np.take_along_axis(taken, np.minimum(ends, own.shape[1]), axis=1) == taken[:, :-1]
    clear &= ends <= own.shape[1]
    chance = np.where(clear, likely[now.code], np.float32(0))
    nowhere = ~(chance > 0).any(axis=1)
    chance[nowhere] = clear[nowhere]  # not in its season: then anywhere
    running = np.cumsum(chance, axis=1)
    drawn = (1 - rng.random(own.shape[0], dtype=np.float32)) * running[:, -1]
    first = (running >= drawn[:, None]).argmax(axis=1)
    return np.where(clear.any(axis=1), first, -1)


def _occupy(free: Bools, now: Spells, first: Ints) -> None:
    for offset in range(int(now.days.max(initial=0))):
        still = now.days > offset
        free[now.pupil[still], first[still] + offset] = False


def _in_two(stuck: Spells) -> list[Spells]:
    short = stuck.days // 2
    both = (Spells(stuck.pupil, stuck.code, stuck.half, part) for part in (short, stuck.days - short))
    return [part.take(part.days > 0) for part in both]


def _single_days(rng: np.random.Generator, single: Spells, free: Bools, likely: NDArray[np.float32]) -> Ints:
    """A day for each of the single days: all of a pupil's at once, without replacement."""
    first = np.zeros(single.pupil.size, dtype=np.int64)
    if not single.pupil.size:
        return first
    order = np.lexsort((rng.random(single.pupil.size), single.pupil))
    pupils, begin, count = np.unique(single.pupil[order], return_index=True, return_counts=True)
    if (free[pupils].sum(axis=1) < count).any():
        raise ValueError(_CROWDED)
    keys = rng.standard_exponential((pupils.size, free.shape[1]), dtype=np.float32) / likely
    keys[~free[pupils]] = np.inf
    days = np.argsort(keys, axis=1)
    place = np.arange(order.size) - np.repeat(begin, count)
    first[order] = days[np.repeat(np.arange(pupils.size), count), place]
    free[single.pupil, first] = False
    return first
