"""A register week as text and as an array: fourteen slots of two characters, Monday AM to Sunday PM."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SLOTS = 14
SCHOOL_SLOTS = 10
SPACE, DOT = b" ."


def parse(texts: Sequence[str]) -> NDArray[np.bytes_]:
    """Week texts as `(n, 14)` cells of type S2; a blank and a `..` are both an empty cell."""
    slots = SCHOOL_SLOTS if set(map(len, texts)) == {2 * SCHOOL_SLOTS} else SLOTS
    packed = "".join(texts if slots == SCHOOL_SLOTS else [text.ljust(2 * SLOTS) for text in texts])
    characters = np.frombuffer(packed.encode("ascii"), np.uint8).copy()
    characters[(characters == SPACE) | (characters == DOT)] = 0
    cells = np.zeros((len(texts), SLOTS), "S2")
    cells[:, :slots] = characters.view("S2").reshape(-1, slots)
    return cells


def draw(cells: NDArray[np.bytes_], closed: NDArray[np.bool_]) -> list[str]:
    """Cells `(n, 14)` as week texts; `closed` says where the calendar holds no session.

    Ten slots, or fourteen where the weekend carries a mark or, by the calendar, a session.
    """
    characters = np.ascontiguousarray(cells).view(np.uint8).reshape(-1, SLOTS, 2).copy()
    empty = cells == b""
    characters[characters == 0] = SPACE
    characters[empty & closed] = DOT
    weekend = ~(empty & closed)[:, SCHOOL_SLOTS:]
    return [
        row.decode("ascii") if wide else row[: 2 * SCHOOL_SLOTS].decode("ascii")
        for row, wide in zip(_rows(characters), weekend.any(axis=1).tolist(), strict=True)
    ]


def _rows(characters: NDArray[np.uint8]) -> list[bytes]:
    packed = characters.tobytes()
    return [packed[at : at + 2 * SLOTS] for at in range(0, len(packed), 2 * SLOTS)]


def place(days: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The Monday and the weekday (0 Monday) of proleptic ordinals, as two arrays."""
    weekday = (days + 6) % 7
    return days - weekday, weekday
