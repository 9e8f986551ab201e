"""Rows of marks.csv that are made as they are read: a trust's year would be heavy as a list of rows."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    import numpy as np
    from numpy.typing import NDArray

    from adapters.demo.calendar import Row


@dataclass(frozen=True, slots=True, eq=False)
class SchoolMarks:
    """Marks of one school as parallel arrays.

    Pupil (into `upns`), session (two to each of `days`, the morning first), code, and the minutes of a late
    arrival, else 0.
    """

    upns: tuple[str, ...]
    days: tuple[date, ...]
    pupil: NDArray[np.int64]
    session: NDArray[np.int64]
    code: NDArray[np.bytes_]
    minutes: NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class MarkRows(Collection[dict[str, str]]):
    """The marks of some schools, school by school, as rows of marks.csv."""

    schools: tuple[SchoolMarks, ...]

    def __len__(self) -> int:
        return sum(school.pupil.size for school in self.schools)

    def __iter__(self) -> Iterator[Row]:
        for school in self.schools:
            days = [f"{day}" for day in school.days]
            arrays = (school.pupil, school.session, school.code, school.minutes)
            for pupil, session, code, minutes in zip(*(array.tolist() for array in arrays), strict=True):
                yield {
                    "upn": school.upns[pupil],
                    "date": days[session // 2],
                    "session": "PM" if session % 2 else "AM",
                    "code": code.decode(),
                    "minutes_late": str(minutes) if minutes else "",
                }

    def __contains__(self, row: object) -> bool:
        return any(row == own for own in self)
