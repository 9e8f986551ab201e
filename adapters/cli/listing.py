"""A long list on the screen: the look of rich's table, laid out in one pass.

rich takes every cell of a table through measuring, padding, wrapping, cropping and styling: 200 us a cell,
and half a minute for the messages of a trust. Most cells fit their column, and those need none of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions
from rich.segment import Segment
from rich.style import Style
from rich.text import Text

_HEAD = Style(bold=True)
_EDGE, _BETWEEN = " ", "   "


@dataclass(frozen=True, slots=True)
class Column:
    """A column as wide as its widest cell or, with a `share`, that part of the room the others leave."""

    name: str
    share: int = 0
    right: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """Rows under a head as wide as the screen; a cell that is a Text has one style throughout.

    Looks as `Table(box=box.SIMPLE_HEAD, expand=True, pad_edge=False)` does, with a `ratio` for a share and
    `no_wrap` without one.
    """

    columns: Sequence[Column]
    rows: Sequence[Sequence[str | Text]]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Segment]:
        """The head, a line, and the rows."""
        widths = self._widths(options.max_width)
        blank = _EDGE * options.max_width + "\n"
        yield Segment(blank)
        yield from self._row(console, [Text(column.name, _HEAD) for column in self.columns], widths)
        yield Segment(f"{_EDGE}{'─' * (options.max_width - 2 * len(_EDGE))}{_EDGE}\n")
        for row in self.rows:
            yield from self._row(console, row, widths)
        yield Segment(blank)

    def _widths(self, room: int) -> list[int]:
        """How many characters wide the cells of each column are."""
        room -= 2 * len(_EDGE) + len(_BETWEEN) * (len(self.columns) - 1)
        widths = [
            0 if column.share else max(map(_widest, (column.name, *(row[at] for row in self.rows))))
            for at, column in enumerate(self.columns)
        ]
        # As rich shares it out: the space at each side of a column is a part of its share.
        last = len(self.columns) - 1
        sides = [(at > 0) + (at < last) for at in range(len(self.columns))]
        shares = sum(column.share for column in self.columns)
        room += sum(side for side, column in zip(sides, self.columns, strict=True) if column.share)
        room -= sum(widths)
        for at, column in enumerate(self.columns):
            if column.share:
                own = max(1 + sides[at], -(-column.share * room // shares))
                widths[at] = own - sides[at]
                room, shares = room - own, shares - column.share
        return widths

    def _row(self, console: Console, cells: Sequence[str | Text], widths: Sequence[int]) -> Iterator[Segment]:
        columns = [
            _lines(console, cell, width, right=column.right)
            for cell, width, column in zip(cells, widths, self.columns, strict=True)
        ]
        styles = [console.get_style(cell.style) if isinstance(cell, Text) else None for cell in cells]
        for number in range(max(map(len, columns))):
            plain = _EDGE
            for at, (lines, width, style) in enumerate(zip(columns, widths, styles, strict=True)):
                words = lines[number] if number < len(lines) else " " * width
                plain += _BETWEEN if at else ""
                if style is None:
                    plain += words
                else:
                    yield Segment(plain)
                    yield Segment(words, style)
                    plain = ""
            yield Segment(f"{plain}{_EDGE}\n")


def _widest(cell: str | Text) -> int:
    return max(map(cell_len, str(cell).splitlines()), default=0)


def _lines(console: Console, cell: str | Text, width: int, *, right: bool) -> list[str]:
    """The lines of a cell, each exactly as wide as its column."""
    words = str(cell)
    if words.isprintable() and (used := cell_len(words)) <= width:
        pad = " " * (width - used)
        return [pad + words if right else words + pad]
    if words.isascii() and words.isprintable() and not right:
        parts = words.split(" ")
        if all(0 < len(part) <= width for part in parts):
            return [line.ljust(width) for line in _wrapped(parts, width)]
    stacked = words.split("\n")
    if not right and all(part and part.isprintable() and cell_len(part) <= width for part in stacked):
        return [part + " " * (width - cell_len(part)) for part in stacked]
    lines = Text(words).wrap(console, width, justify="right" if right else "left", overflow="ellipsis")
    return [line.plain for line in lines]


def _wrapped(words: Sequence[str], width: int) -> list[str]:
    """Words on as few lines as rich would need, for a tenth of its time."""
    lines = [words[0]]
    for word in words[1:]:
        if len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
