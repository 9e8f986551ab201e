"""The marks of one file on their way into the registers: refused, agreed, repeated, or kept for taking."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from workflows.admission import Unfit
from workflows.fitting import Fitting, Sieve, each
from workflows.incoming import MarksRead, Refused
from workflows.known import Known
from workflows.marks import ROW, Marks

if TYPE_CHECKING:
    from numpy.typing import NDArray


Cell = TypeVar("Cell", bound=np.generic)


class Registers:
    """The marks of one file, in arrays from end to end.

    `_places[row, column]` is one more than the place of a mark in `_kept`, 0 where there is none yet: a
    row for each pupil of a school, a column for each session, in the order in which the file brings them.
    """

    def __init__(self, known: Known) -> None:
        self.agreed: dict[str, int] = {}
        self.repeated = 0
        self._fitting = Fitting(known)
        self._upns: Sequence[str] = ()
        self._rows: dict[int, int] = {}
        self._columns: dict[int, int] = {}
        self._places: NDArray[np.int32] = np.zeros((0, 0), np.int32)
        self._room: NDArray[np.void] = np.zeros(0, ROW)
        self._count = 0
        self._struck: set[int] = set()

    def add(self, read: MarksRead) -> list[Refused]:
        """Keep the marks that can be taken; what comes back is refused, in the order of the file."""
        self._upns = read.marks.upns
        sieve = Sieve(read)
        self._keep(*self._fitting.fit(read.marks, sieve), sieve)
        for what in sieve.agreed():
            self.agreed[what] = self.agreed.get(what, 0) + 1
        return sieve.refused()

    def refused_late(self) -> Iterator[Refused]:
        """The first rows of contradictions: known to be wrong only once a later line was read."""
        kept = self._kept()
        for place in sorted(self._struck):
            mark = kept[place]
            raw = f"{mark.upn},{mark.date},{mark.session},{mark.code}"
            reason = _contradiction(mark.code, "a later line says otherwise")
            yield Refused(int(kept.rows["line"][place]), "code", reason, raw)

    def batches(self) -> Iterator[tuple[str, Marks]]:
        """The marks to take of each school, in the order of the file."""
        kept = self._kept()
        standing = np.ones(len(kept), np.bool_)
        standing[list(self._struck)] = False
        for school in np.unique(kept.rows["school"][standing]).tolist():
            rows = kept.rows[standing & (kept.rows["school"] == school)]
            yield kept.schools[school], Marks(kept.upns, kept.schools, rows)

    def remark_loose_ends(self) -> None:
        """Nothing to remark on."""

    def _kept(self) -> Marks:
        return Marks(self._upns, self._fitting.schools, self._room[: self._count])

    def _keep(self, rows: NDArray[np.void], at: NDArray[np.intp], sieve: Sieve) -> None:
        """Keep the first mark of a pupil and session; compare with it what another one says."""
        pupils = (rows["school"].astype(np.int64) << 32) + rows["pupil"]
        row = each(pupils, self._rows, lambda _: len(self._rows))
        column = each(2 * rows["day"] + rows["half"], self._columns, lambda _: len(self._columns))
        self._places = _roomy(self._places, (len(self._rows), len(self._columns)))
        _, firsts = np.unique(row * len(self._columns) + column, return_index=True)
        first = np.zeros(len(rows), np.bool_)
        first[firsts] = self._places[row[firsts], column[firsts]] == 0
        count = self._count + int(first.sum())
        self._room = _roomy(self._room, (count,))
        self._room[self._count : count] = rows[first]
        self._places[row[first], column[first]] = np.arange(self._count, count) + 1
        self._count = count
        for other in np.flatnonzero(~first).tolist():
            place = int(self._places[row[other], column[other]]) - 1
            self._meet(place, rows["code"][other], int(at[other]), sieve)

    def _meet(self, place: int, code: bytes, at: int, sieve: Sieve) -> None:
        first, line = self._room["code"][place], self._room["line"][place]
        if place not in self._struck and first == code:
            self.repeated += 1
            return
        self._struck.add(place)
        other = f"line {line} says {first.decode() or 'blank'}"
        sieve.refuse(at, Unfit("code", _contradiction(code.decode(), other)))


def _roomy(array: NDArray[Cell], shape: tuple[int, ...]) -> NDArray[Cell]:
    """The same array, or one at least twice as long in each direction that was too short."""
    if all(need <= have for need, have in zip(shape, array.shape, strict=True)):
        return array
    sizes = (
        have if need <= have else max(need, 2 * have) for need, have in zip(shape, array.shape, strict=True)
    )
    larger = np.zeros(tuple(sizes), array.dtype)
    larger[tuple(map(slice, array.shape))] = array
    return larger


def _contradiction(code: str, other: str) -> str:
    """The sentence for two marks of one session: neither can be trusted, so neither is taken."""
    return (
        f"this line says {code or 'blank'} and {other} for the same pupil and session: nobody can tell "
        "which is right, so neither is taken and the register stays as it was"
    )
