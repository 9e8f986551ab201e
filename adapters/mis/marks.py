"""The rows of marks.csv: hundreds of thousands of them, so they are read column by column."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import suppress
from datetime import date
from itertools import compress
from operator import attrgetter
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np

from adapters.mis import parse
from adapters.mis.parse import Misread, clean
from adapters.mis.table import Table
from engine.codes import began, known, look_up
from engine.records import HALVES
from workflows.incoming import MarksRead, Refused, Remarks
from workflows.marks import NOT_GIVEN, ROW, Marks, as_cell

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BLANK = frozenset({"", "-"})
_REMEMBERED = 1 << 16
_UNREAD = -2
_VERDICT = np.dtype([("day", "i4"), ("code", "S2"), ("strange", "?")])

Cell = TypeVar("Cell", bound=Hashable)
Value = TypeVar("Value")


def read_marks(tables: Iterable[Table], places: dict[str, int], remarks: Remarks) -> Iterator[MarksRead]:
    """Every mark, or its refusal; a retired code is taken with one remark for each code."""
    return map(_MarkReader(places, remarks).read, tables)


class _Numbered(dict[str, int]):
    """Texts and their numbers, in the order in which they are first asked for."""

    def __init__(self, *texts: str) -> None:
        super().__init__({text: number for number, text in enumerate(texts)})
        self.texts = list(texts)

    def __missing__(self, text: str) -> int:
        self[text] = len(self.texts)
        self.texts.append(text)
        return self[text]


class _Column(Generic[Cell, Value]):
    """What the cells of a column say: each is judged once, and `unread` is said for one that is Misread."""

    def __init__(self, judge: Callable[[Cell], Value], unread: Value) -> None:
        self._judge = judge
        self._unread = unread
        self._said: dict[Cell, Value] = {}

    def read(self, cells: list[Cell]) -> list[Value]:
        """What each cell says."""
        if len(self._said) > _REMEMBERED:
            self._said.clear()
        for cell in dict.fromkeys(cells):
            if cell not in self._said:
                with suppress(Misread):
                    self._said[cell] = self._judge(cell)
        return [self._said.get(cell, self._unread) for cell in cells]

    def says(self, cell: Cell) -> Value:
        """What one cell says, or Misread."""
        return self._said[cell] if cell in self._said else self._judge(cell)


class _MarkReader:
    """Reads the tables of one file; the few rows that are wrong or strange are looked at one by one."""

    def __init__(self, places: dict[str, int], remarks: Remarks) -> None:
        self._places = places
        self._remarks = remarks
        self._upns = _Numbered()
        self._schools = _Numbered("")
        self._pupil = _Column(self._number_of_pupil, _UNREAD)
        self._half = _Column(_half, _UNREAD)
        self._verdict = _Column(_judged, (1, b"", True))
        self._school = _Column(self._number_of_school, 0)
        mild = (("recorded_at", "entered_at", _entered_at), ("minutes_late", "minutes_late", _minutes_late))
        self._mild = [(name, field, _Column(says, _UNREAD)) for name, field, says in mild if name in places]

    def read(self, table: Table) -> MarksRead:
        """The rows of one table, but those that are empty."""
        rows, strange = self._filled(table)
        refused = [Refused(broken.line, "", broken.reason, broken.raw) for broken in table.broken]
        good = np.ones(len(rows), np.bool_)
        for at in np.flatnonzero(strange).tolist():
            line, cells = table.lines[at], table.rows[at]
            try:
                good[at] = any(cell.strip() for cell in cells) and self._taken(line, cells)
            except Misread as fault:
                good[at] = False
                refused.append(Refused(line, fault.kind, f"{fault.kind}: {fault.reason}", table.raws[at]))
        marks = Marks(self._upns.texts, self._schools.texts, rows[good])
        raws = list(compress(table.raws, good.tolist()))
        return MarksRead(marks, raws, sorted(refused, key=attrgetter("line")))

    def _filled(self, table: Table) -> tuple[NDArray[np.void], NDArray[np.bool_]]:
        """What the cells say, and which rows need a closer look."""
        cells = {name: [row[place] for row in table.rows] for name, place in self._places.items()}
        dated = list(zip(cells["date"], cells["code"], strict=True))
        verdicts = np.array(self._verdict.read(dated), _VERDICT)
        rows = np.zeros(len(dated), ROW)
        rows["line"] = table.lines
        rows["pupil"] = self._pupil.read(cells["upn"])
        rows["half"] = self._half.read(cells["session"])
        rows["day"], rows["code"] = verdicts["day"], verdicts["code"]
        rows["entered_at"] = rows["minutes_late"] = NOT_GIVEN
        strange = verdicts["strange"] | (rows["pupil"] == _UNREAD) | (rows["half"] == _UNREAD)
        if "school_id" in cells:
            rows["school"] = self._school.read(cells["school_id"])
        for name, field, column in self._mild:
            rows[field] = column.read(cells[name])
            unread = rows[field] == _UNREAD
            rows[field][unread] = NOT_GIVEN
            strange |= unread
        return rows, strange

    def _taken(self, line: int, cells: list[str]) -> bool:
        """True, with what is to be remarked on; Misread where the row cannot be taken."""
        upn, session, day, code = (cells[self._places[name]] for name in ("upn", "session", "date", "code"))
        self._pupil.says(upn)
        self._half.says(session)
        on, cell, retired = self._verdict.says((day, code))
        if retired:
            self._remark_retired(line, cell.decode(), date.fromordinal(on))
        for name, _, column in self._mild:
            try:
                column.says(cells[self._places[name]])
            except Misread as fault:
                self._remarks.add(line, f"{name}: {fault.reason}; it is left empty", name)
        return True

    def _remark_retired(self, line: int, code: str, on: date) -> None:
        """One remark for each retired code met after its end, with the number of its rows."""
        entry = look_up(code, on)
        ends = f" after {entry.ends}" if entry else ""
        self._remarks.add(
            line, f"the code {code} is no longer used{ends}; it keeps its old class", f"retired {code}"
        )

    def _number_of_school(self, cell: str) -> int:
        return self._schools[clean(cell)]

    def _number_of_pupil(self, cell: str) -> int:
        upn = clean(cell)
        if not upn:
            raise Misread("empty; every row needs it", kind="upn")
        try:
            return self._upns[parse.name(upn)]
        except Misread as fault:
            raise Misread(fault.reason, kind="upn") from None


def _half(cell: str) -> int:
    try:
        return HALVES.index(parse.session(clean(cell)))
    except Misread as fault:
        raise Misread(fault.reason, kind="session") from None


def _entered_at(cell: str) -> int:
    cell = clean(cell)
    return int(parse.instant(cell).timestamp()) if cell else NOT_GIVEN


def _minutes_late(cell: str) -> int:
    cell = clean(cell)
    return parse.minutes_late(cell) if cell else NOT_GIVEN


def _judged(dated: tuple[str, str]) -> tuple[int, bytes, bool]:
    """A date's ordinal, the code as it was on that date, and whether it was retired by then."""
    day, code = dated
    try:
        on = parse.day(clean(day))
    except Misread as fault:
        raise Misread(fault.reason, kind="date") from None
    code, retired = _code_on(clean(code), on)
    return on.toordinal(), as_cell(code), retired


def _code_on(code: str, on: date) -> tuple[str, bool]:
    """A code and whether it was retired on a date; a blank or `-` is no mark."""
    if code in _BLANK:
        return "", False
    entry = look_up(code, on)
    if entry is not None:
        return entry.code, entry.retired
    if not known(code):
        meant = f"; did you mean {code.upper()}?" if known(code.upper()) else ""
        raise Misread(f"'{code[:20]}' is no attendance code{meant}", kind="code")
    first = began(code)
    since = f": it exists from {first.day} {first:%B %Y}" if first else ""
    raise Misread(f"there was no code {code} on {on}{since}", kind="code")
