"""The little markup of letters, e-mails and call scripts; it reads well as plain text too.

Paragraphs with an empty line between; `## ` a heading; lines that begin `- ` a list; lines `| a | b |` a
table, its first row the header. Everything else is words.
"""

from __future__ import annotations

from itertools import groupby
from typing import Final

HEADING, ITEM, ROW = "## ", "- ", "|"
_MARKS: Final = (HEADING, ITEM, ROW)


def tidied(text: str) -> str:
    r"""Words as they are kept: a paragraph on one line, one empty line between blocks, no more.

    >>> tidied("Dear Ada,\n\n\nplease\ncall.\n- one\n- two\n")
    'Dear Ada,\n\nplease call.\n\n- one\n- two'
    """
    lines = [" ".join(line.split()) for line in text.splitlines()]
    blocks: list[str] = []
    for mark, same in groupby(lines, key=_mark):
        if mark == HEADING:
            blocks += same
        elif mark is not None:
            blocks.append(("\n" if mark else " ").join(same))
    return "\n\n".join(blocks)


def without_tables(text: str) -> str:
    """Words without the lines of their tables: what a limit of words counts."""
    return "\n".join(line for line in text.splitlines() if not line.startswith(ROW))


def cell(value: str) -> str:
    """A value as it may stand in one cell of a table."""
    return " ".join(value.replace("|", "/").split())


def _mark(line: str) -> str | None:
    """What kind of line it is: None an empty one, "" words."""
    return next((mark for mark in _MARKS if line.startswith(mark)), "") if line else None
