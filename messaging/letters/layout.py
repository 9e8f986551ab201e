"""Letters laid out on pages: what the template is told, and the pages that came of it."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from messaging.blocks import Items, Table
from messaging.direction import direction, in_order
from messaging.letters.letter import LetterRefused, body_of
from messaging.typeset import NotTypeset, Sheets
from messaging.variables import flat

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from messaging.blocks import Block
    from messaging.letters.letter import Letter

Said = dict[str, object]

_TEMPLATE: Final = Path(__file__).with_name("letter.typ")
_WIDTH: Final = {False: 65, True: 43}
"""How many letters of the alphabet surely go on a line, in ordinary and in large print."""
_LONG_WORD: Final = re.compile(r"[^\s\u200b]{25,}")
_PIECE: Final = 12
_BREAK: Final = "\N{ZERO WIDTH SPACE}"


def said_of(letter: Letter) -> Said:
    """A letter as the template is told it.

    Raises:
        LetterRefused: it is not fit to be posted.
    """
    body = body_of(letter)
    language, _, country = letter.language.partition("-")

    def line(words: str) -> str:
        return in_order(_breakable(words), letter.language)

    return {
        "ref": flat(letter.ref),
        "addressee": _breakable(letter.addressee),
        "address": [_breakable(each) for each in letter.address],
        "school": _breakable(letter.school),
        "letterhead": [_breakable(each) for each in letter.letterhead],
        "date": line(letter.date),
        "label": line(letter.label),
        "title": line(letter.title),
        "language": language,
        "country": country,
        "direction": direction(letter.language),
        "large": letter.large_print,
        "blocks": [_said(block, line, _WIDTH[letter.large_print]) for block in body],
    }


def laid_out(
    letters: Sequence[Said], title: str, mark: str, *, duplex: bool
) -> tuple[bytes, list[list[int]]]:
    """The letters as one PDF, and of each its first and its last page.

    `title` is the document's, `mark` a word kept in it unseen. Printed `duplex`, each has sheets of its own.

    Raises:
        LetterRefused: they cannot be put on paper so that everybody can read them.
    """
    languages = {str(letter["language"]) for letter in letters}
    said: Said = {
        "title": title,
        "mark": mark,
        "language": languages.pop() if len(languages) == 1 else "en",
        "duplex": duplex,
        "letters": letters,
        "pages": [],
    }
    try:
        document, pages = _sheets().typeset(said, "pages")
        if any(first < last for first, last in pages):
            # A page says of how many it is one only where there is more than one: that is known by now.
            document, _ = _sheets().typeset(said | {"pages": pages}, "pages")
    except NotTypeset as error:
        raise LetterRefused(str(error)) from error
    return document, pages


@cache
def _sheets() -> Sheets:
    return Sheets(_TEMPLATE)


def _said(block: Block, line: Callable[[str], str], width: int) -> Said:
    said: Said = {"kind": type(block).__name__.lower()}
    match block:
        case Items(items):
            said["items"] = [line(item) for item in items]
        case Table(header, rows):
            said["header"] = [line(cell) for cell in header]
            said["cells"] = [line(cell) for row in rows for cell in row]
            said["columns"] = _columns(block, width)
        case _:
            said["text"] = line(block.text)
    return said


def _breakable(words: str) -> str:
    """One line of words, with places at which a word too long for a line may be broken."""
    return _LONG_WORD.sub(lambda found: _pieces(found[0]), flat(words))


def _pieces(word: str) -> str:
    pieces = [""]
    for char in word:
        if len(pieces[-1]) >= _PIECE and not unicodedata.category(char).startswith("M"):
            pieces.append("")
        pieces[-1] += char
    return _BREAK.join(pieces)


def _columns(table: Table, width: int) -> list[int]:
    """How wide each column is beside the others: room for its longest word first, then for whole cells."""
    columns = list(zip(table.header, *table.rows, strict=True))
    words = [[re.split(rf"[\s{_BREAK}-]", _breakable(cell)) for cell in column] for column in columns]
    widths = [max(len(word) for cell in cells for word in cell) + 2 for cells in words]
    wanted = [max(len(cell) for cell in column) + 2 for column in columns]
    room = max(0, width - sum(widths))
    for at in sorted(range(len(columns)), key=lambda at: wanted[at] - widths[at]):
        given = min(room, max(0, wanted[at] - widths[at]))
        widths[at] += given
        room -= given
    return [*widths[:-1], widths[-1] + room]
