"""A register week as text and as an array: fourteen slots of two characters, Monday AM to Sunday PM."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SLOTS = 14
SCHOOL_SLOTS = 10
SPACE, DOT = b" ."
BETWEEN = " " * (2 * (SLOTS - SCHOOL_SLOTS) - 1) + "\n"
"""What glues week texts: after ten slots it fills the weekend, so that nothing need be moved."""
_EMPTY = bytes.maketrans(b" .\n", bytes(3))


def parse(glued: bytes, count: int) -> NDArray[np.bytes_]:
    """Week texts, glued by BETWEEN, as `(count, 14)` cells of type S2; a blank and a `..` are an empty cell.

    >>> parse(b"/ ..N               " + BETWEEN.encode() + b"C2", 2)[:, :3].tolist()
    [[b'/', b'', b'N'], [b'C2', b'', b'']]
    """
    packed = glued + BETWEEN.encode()
    if packed[2 * SLOTS - 1 :: 2 * SLOTS] != b"\n" * count:  # some week is not of ten slots
        packed = b"".join(text.ljust(2 * SLOTS) for text in packed.split(BETWEEN.encode())[:-1])
    return np.frombuffer(packed.translate(_EMPTY), "S2").reshape(count, SLOTS)


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
