"""The tiny markup of letters, e-mails and call scripts taken apart: what is a heading, a list, a table.

Paragraphs stand apart by a blank line; `## ` begins a heading, `- ` a line of a list, `| a | b |` a row of a
table whose first row is the header. It reads well as it stands, and nothing else is markup.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

from messaging.variables import flat

if TYPE_CHECKING:
    from collections.abc import Sequence

_HEADING: Final = "## "
_ITEM: Final = "- "
_ROW: Final = "|"
_WORDS: Final = "words"


class NotLaidOut(ValueError):  # noqa: N818 - a sentence for a person
    """The words cannot be laid out as they stand; says where and why."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading below the title."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words that belong together; where their lines were broken does not show."""

    text: str


@dataclass(frozen=True, slots=True)
class Items:
    """A list, one text an item."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A header and the rows below it, all of as many cells as the header."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block = Heading | Paragraph | Items | Table


def blocks(text: str) -> tuple[Block, ...]:
    r"""The words as blocks, in their order.

    >>> blocks("Dear Ms Khan,\n\n## What was missed\n| date | session |\n| 10 November | morning |")[1:]
    (Heading(text='What was missed'), Table(header=('date', 'session'), rows=(('10 November', 'morning'),)))

    Raises:
        NotLaidOut: there are no words, or a row of a table has not as many cells as its header.
    """
    lines = [flat(line) for line in text.splitlines()]
    found = [block for kind, own in groupby(lines, _kind) if kind for block in _blocks(kind, tuple(own))]
    if not found:
        raise NotLaidOut("there are no words to lay out")
    return tuple(found)


def _kind(line: str) -> str:
    """What a line is part of; nothing, for one that parts blocks."""
    for kind in (_HEADING, _ITEM, _ROW):
        if line.startswith(kind):
            return kind
    return _WORDS if line else ""


def _blocks(kind: str, lines: tuple[str, ...]) -> tuple[Block, ...]:
    if kind == _HEADING:
        return tuple(Heading(line.removeprefix(_HEADING)) for line in lines)
    if kind == _ITEM:
        return (Items(tuple(line.removeprefix(_ITEM) for line in lines)),)
    return (_table(lines),) if kind == _ROW else (Paragraph(" ".join(lines)),)


def _table(lines: Sequence[str]) -> Table:
    header, *rows = (
        tuple(cell.strip() for cell in line.removeprefix(_ROW).removesuffix(_ROW).split(_ROW))
        for line in lines
    )
    for line, row in zip(lines[1:], rows, strict=True):
        if len(row) != len(header):
            raise NotLaidOut(
                f"the row {line!r} of a table has {len(row)} cells, its header has {len(header)}: "
                "write the row again, without a | inside a cell"
            )
    return Table(header, tuple(rows))
