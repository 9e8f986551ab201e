"""Rows as they leave a file: one by one, or many side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

GATHERED = 1 << 12
"""How many rows read one by one are handed on together. No row depends on it."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A line that is no row, and why."""

    line: int
    reason: str
    raw: str


Row = tuple[int, list[str], str]
"""The line a row starts on, its cells as they stand, its text."""


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Many rows at once, a list for each part of a Row, and the lines among them that are no rows."""

    lines: list[int] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    raws: list[str] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)

    def __iter__(self) -> Iterator[Row]:
        return zip(self.lines, self.rows, self.raws, strict=True)


def singly(parts: Iterable[Row | Broken | Table]) -> Iterator[Row | Broken]:
    """The same parts in the same order, one by one."""
    for part in parts:
        if isinstance(part, Table):
            yield from part
        else:
            yield part


def tables(parts: Iterable[Row | Broken | Table]) -> Iterator[Table]:
    """The same parts in the same order, those that came one by one gathered into tables too."""
    gathered = Table()
    for part in parts:
        whole = isinstance(part, Table)
        if whole or len(gathered.lines) + len(gathered.broken) == GATHERED:
            yield gathered
            gathered = Table()
        if isinstance(part, Table):
            yield part
        elif isinstance(part, Broken):
            gathered.broken.append(part)
        else:
            line, cells, raw = part
            gathered.lines.append(line)
            gathered.rows.append(cells)
            gathered.raws.append(raw)
    yield gathered
