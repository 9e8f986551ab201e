"""The rows of marks.csv: hundreds of thousands of them, so each date and code is judged once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from adapters.mis import parse
from adapters.mis.columns import SHEETS
from adapters.mis.lines import Broken, Row
from adapters.mis.parse import Misread
from engine.codes import began, known, look_up
from engine.records import AM, PM, Mark
from workflows.incoming import Read, Refused, Remarks

_HALF = {AM: AM, PM: PM}
_BLANK = frozenset({"", "-"})
_MARKS = SHEETS["marks"]


def read_marks(
    rows: Iterable[Row | Broken], places: dict[str, int], remarks: Remarks
) -> Iterator[Read | Refused]:
    """Every mark as a record or as a refusal; a retired code is taken with one remark for each code."""
    at_upn, at_date, at_half, at_code = (places[name] for name in _MARKS.required)
    extras = [places[name] for name in ("school_id", "recorded_at", "minutes_late") if name in places]
    reader = _MarkReader(places, remarks)
    upns, verdicts = reader.upns, reader.verdicts
    for row in rows:
        if isinstance(row, Broken):
            yield Refused(row.line, "", row.reason, row.raw)
            continue
        line, cells, raw = row
        upn = upns.get(cells[at_upn])
        verdict = verdicts.get((cells[at_date], cells[at_code]))
        half = _HALF.get(cells[at_half])
        if upn is None or verdict is None or half is None:
            if not any(cell.strip() for cell in cells):
                continue
            try:
                upn, half = reader.upn(cells[at_upn]), reader.half(cells[at_half])
                verdict = reader.verdict(cells[at_date], cells[at_code])
            except Misread as fault:
                yield Refused(line, fault.kind, f"{fault.kind}: {fault.reason}", raw)
                continue
        on, code, retired = verdict
        if retired:
            reader.remark_retired(line, code, on)
        if extras and any(cells[place] for place in extras):
            yield Read(line, reader.with_extras(line, cells, upn, on, half, code), raw)
        else:
            yield Read(line, Mark(upn, "", on, half, code), raw)


class _MarkReader:
    """The slow path of each cell, and what it remembers for the fast one."""

    def __init__(self, places: dict[str, int], remarks: Remarks) -> None:
        self.upns: dict[str, str] = {}
        self.verdicts: dict[tuple[str, str], tuple[date, str, bool]] = {}
        self._places = places
        self._remarks = remarks
        self._texts: dict[str, str] = {}
        self._instants: dict[str, datetime] = {}

    def upn(self, cell: str) -> str:
        """The pupil's id, one object for all of a pupil's rows."""
        upn = cell.strip()
        if not upn:
            raise Misread("empty; every row needs it", kind="upn")
        return self.upns.setdefault(cell, self.upns.setdefault(upn, upn))

    def half(self, cell: str) -> str:
        """AM or PM, capitals or not."""
        try:
            return parse.session(cell.strip())
        except Misread as fault:
            raise Misread(fault.reason, kind="session") from None

    def verdict(self, day: str, code: str) -> tuple[date, str, bool]:
        """The date, the code as it was on that date, and whether it was retired by then."""
        try:
            on = parse.day(day.strip())
        except Misread as fault:
            raise Misread(fault.reason, kind="date") from None
        found = _judged(code.strip(), on)
        self.verdicts[day, code] = (on, *found)
        return self.verdicts[day, code]

    def remark_retired(self, line: int, code: str, on: date) -> None:
        """One remark for each retired code met after its end, with the number of its rows."""
        entry = look_up(code, on)
        ends = f" after {entry.ends}" if entry else ""
        self._remarks.add(
            line, f"the code {code} is no longer used{ends}; it keeps its old class", f"retired {code}"
        )

    def with_extras(self, line: int, cells: list[str], upn: str, on: date, half: str, code: str) -> Mark:
        """A mark with its school, time of entry and minutes late; a bad one of the last two is left out."""
        school = self._cell(cells, "school_id")
        school = self._texts.setdefault(school, school)
        recorded, minutes = self._cell(cells, "recorded_at"), self._cell(cells, "minutes_late")
        entered = self._instants.get(recorded)
        late: int | None = None
        try:
            if recorded and entered is None:
                entered = self._instants[recorded] = parse.instant(recorded)
        except Misread as fault:
            self._remarks.add(line, f"recorded_at: {fault.reason}; it is left empty", "recorded_at")
        try:
            late = parse.minutes_late(minutes) if minutes else None
        except Misread as fault:
            self._remarks.add(line, f"minutes_late: {fault.reason}; it is left empty", "minutes_late")
        return Mark(upn, school, on, half, code, entered, late)

    def _cell(self, cells: list[str], name: str) -> str:
        place = self._places.get(name)
        return "" if place is None else cells[place].strip()


def _judged(code: str, on: date) -> tuple[str, bool]:
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
