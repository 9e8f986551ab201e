"""The marks of one school's year, drawn as arrays: spells of absence, lates, visits, registers not taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from benchmarks.people import People

REASONS = {
    b"I": 0.56, b"O": 0.16, b"M": 0.09, b"G": 0.06, b"C": 0.04, b"E": 0.03, b"N": 0.004, b"C2": 0.01,
    b"R": 0.01, b"T": 0.005, b"S": 0.005, b"Y1": 0.005, b"D": 0.01,
}  # fmt: skip
SPELLS_A_DAY, SPREAD = 0.022, 0.8
OFTEN_AWAY, LONG = 0.015, 8
VISITS, NEVER_TAKEN = 0.01, 0.0001


def true_codes(draw: np.random.Generator, people: People, days: int) -> NDArray[np.bytes_]:
    """The marks of the year (P x S, two sessions a day) once every reason is known; empty: never taken."""
    roll = len(people.pupils)
    shape = (roll, 2 * days)
    codes = np.full(shape, b"/", dtype="S2")
    codes[:, 1::2] = b"\\"
    chance = draw.random(shape)
    codes[chance < 0.02] = b"L"
    codes[chance > 0.997] = b"U"

    codes[np.repeat(registers(draw, people, days, VISITS), 2, axis=1)] = b"V"

    spell = np.repeat(_spells(draw, roll, days), 2, axis=1)
    codes = np.where(spell == b"", codes, spell)
    appointment = codes == b"M"
    appointment[:, ::2] = False
    codes[appointment] = b"\\"

    codes[registers(draw, people, 2 * days, NEVER_TAKEN)] = b""
    return codes


def registers(draw: np.random.Generator, people: People, count: int, share: float) -> NDArray[np.bool_]:
    """Whole forms drawn by chance: for each pupil and each of `count` sessions or days, whether it is one."""
    form = np.array(people.classes)
    drawn: NDArray[np.bool_] = (draw.random((form.max() + 1, count)) < share)[form]
    return drawn


def _spells(draw: np.random.Generator, roll: int, days: int) -> NDArray[np.bytes_]:
    """The reason of each day of absence (P x D), empty where there is none; later spells end earlier ones."""
    often = draw.random(roll) < OFTEN_AWAY
    begin = SPELLS_A_DAY * np.exp(draw.normal(0, SPREAD, roll))
    begin[often] = 0.15
    length = draw.geometric(0.5, (roll, days))
    length[often] += LONG // 2
    starts = draw.random((roll, days)) < begin[:, None]
    day = np.arange(days)
    latest = np.maximum.accumulate(np.where(starts, day, -1), axis=1)
    rows = np.arange(roll)[:, None]
    away = (latest >= 0) & (day < latest + length[rows, latest])
    names = np.array(list(REASONS), dtype="S2")
    weights = np.array(list(REASONS.values()))
    reasons = draw.choice(names, (roll, days), p=weights / weights.sum())
    return np.where(away, reasons[rows, latest], b"")
