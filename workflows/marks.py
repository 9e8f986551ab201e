"""Many marks at once: an array holds them, as a year of a school has half a million."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, overload

import numpy as np

from engine.records import HALVES, PM, Mark

if TYPE_CHECKING:
    from numpy.typing import NDArray

NOT_GIVEN = -1
ROW = np.dtype(
    [
        ("line", "i4"),
        ("pupil", "i4"),
        ("school", "i4"),
        ("day", "i4"),
        ("half", "i1"),
        ("code", "S2"),
        ("entered_at", "i8"),
        ("minutes_late", "i4"),
    ]
)
"""One mark: the line of the file it stood on, places in `upns` and `schools`, a proleptic ordinal, 0 for AM
and 1 for PM, the code, epoch seconds and minutes (NOT_GIVEN where the source does not say)."""


@dataclass(frozen=True, slots=True, eq=False)
class Marks(Sequence[Mark]):
    """Marks as an array of ROW; one of them becomes a `Mark` only when it is asked for."""

    upns: Sequence[str]
    schools: Sequence[str]
    rows: NDArray[np.void]

    @classmethod
    def of(cls, marks: Sequence[Mark]) -> Marks:
        """Marks told one by one.

        >>> Marks.of([Mark("A1", "S", date(2025, 9, 8), "PM", "C1")])[0].code
        'C1'
        """
        if isinstance(marks, cls):
            return marks
        upns: dict[str, int] = {}
        schools: dict[str, int] = {}
        rows = [
            (
                0,
                upns.setdefault(mark.upn, len(upns)),
                schools.setdefault(mark.school_id, len(schools)),
                mark.date.toordinal(),
                mark.session == PM,
                as_cell(mark.code),
                int(mark.recorded_at.timestamp()) if mark.recorded_at else NOT_GIVEN,
                NOT_GIVEN if mark.minutes_late is None else mark.minutes_late,
            )
            for mark in marks
        ]
        return cls(tuple(upns), tuple(schools), np.array(rows, ROW))

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, at: int) -> Mark: ...
    @overload
    def __getitem__(self, at: slice) -> Marks: ...
    def __getitem__(self, at: int | slice) -> Mark | Marks:
        if isinstance(at, slice):
            return Marks(self.upns, self.schools, self.rows[at])
        _, pupil, school, day, half, code, entered_at, minutes_late = self.rows[at].item()
        return Mark(
            self.upns[pupil],
            self.schools[school],
            date.fromordinal(day),
            HALVES[half],
            code.decode(),
            None if entered_at == NOT_GIVEN else datetime.fromtimestamp(entered_at, UTC),
            None if minutes_late == NOT_GIVEN else minutes_late,
        )


def as_cell(code: str) -> bytes:
    """A code as the register keeps it; empty says that no mark stands.

    >>> as_cell("ILL")
    Traceback (most recent call last):
    ...
    ValueError: 'ILL' is no attendance code: one or two printable characters
    """
    if not (code.isascii() and code.isprintable() and len(code) <= 2 and not set(code) & set(" .")):
        raise ValueError(f"{code!r} is no attendance code: one or two printable characters")
    return code.encode("ascii")
