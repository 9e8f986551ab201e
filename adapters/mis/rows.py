"""Cells to records, column by column, for every kind of file but the long one (marks)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from adapters.mis.columns import Column, Sheet
from adapters.mis.parse import REFUSE, Misread, clean
from adapters.mis.table import Broken, Row
from workflows.incoming import Read, Refused, Remarks


def read_rows(
    rows: Iterable[Row | Broken], sheet: Sheet, places: dict[str, int], remarks: Remarks
) -> Iterator[Read | Refused]:
    """Every row as a record or as a refusal; what was taken in spite of a fault is a remark."""
    builder = RowBuilder(sheet, places, remarks)
    for row in rows:
        if isinstance(row, Broken):
            yield Refused(row.line, "", row.reason, row.raw)
        elif any(cell.strip() for cell in row[1]):
            yield builder.build(row)


class RowBuilder:
    """Builds the records of one file."""

    def __init__(self, sheet: Sheet, places: dict[str, int], remarks: Remarks) -> None:
        self._sheet = sheet
        self._places = places
        self._remarks = remarks
        self._defaults = sheet.defaults()

    def build(self, row: Row) -> Read | Refused:
        """One row as a record, or the reason why it is none."""
        line, cells, raw = row
        values: dict[str, Any] = dict(self._defaults)
        for column in self._sheet.columns:
            place = self._places.get(column.name)
            cell = "" if place is None else clean(cells[place])
            try:
                values[column.target] = self._value(column, cell, line, mild=_mild(column, values))
            except Misread as fault:
                return Refused(line, column.name, f"{column.name}: {fault.reason}", raw)
        try:
            self._sheet.check(values, lambda sentence: self._remarks.add(line, sentence))
        except Misread as fault:
            return Refused(line, "", fault.reason, raw)
        return Read(line, self._sheet.record(**values), raw)

    def _value(self, column: Column, cell: str, line: int, *, mild: bool) -> object:
        default = self._defaults[column.target]
        if not cell:
            if column.required and not mild:
                raise Misread("empty; every row needs it")
            if column.say:
                self._remarks.add(line, f"{column.name} is not given; {_said(default)}")
            return default
        try:
            return column.parse(cell)
        except Misread as fault:
            value = fault.instead if fault.instead is not REFUSE else default
            if fault.instead is REFUSE and not mild:
                raise
            kind = f"{column.name} {fault.kind}"
            self._remarks.add(line, f"{column.name}: {fault.reason}; {_said(value, cell)}", kind)
            return value


def _mild(column: Column, values: dict[str, Any]) -> bool:
    return column.mild or bool(column.spared and column.spared == values.get("kind"))


def _said(value: object, cell: str = "") -> str:
    """What is taken instead, in words."""
    if cell and (value in (cell, cell.lower()) or isinstance(value, tuple)):
        return "it is taken as it stands"
    if value in ("", None, ()):
        return "it is left empty"
    if isinstance(value, bool):
        return f"{int(value)} is taken"
    return f"{value:%H:%M} is taken" if hasattr(value, "strftime") else f"{value} is taken"
