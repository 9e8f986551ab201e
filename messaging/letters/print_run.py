"""Many letters in one document for the printer, and a manifest that says which pages are whose."""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from messaging.letters.layout import laid_out, said_of
from messaging.letters.letter import Letter, LetterRefused

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from messaging.letters.layout import Said

COLUMNS: Final = (
    "number", "ref", "message_id", "addressee", "first_page", "last_page", "pages", "sha256_of_words"
)  # fmt: skip
_FORMULA: Final = ("=", "+", "-", "@")


@dataclass(frozen=True, slots=True)
class Posting:
    """A letter, and the message it is."""

    message_id: str
    letter: Letter


@dataclass(frozen=True, slots=True)
class Printed:
    """Where a letter stands in the document: `number` counts the letters from 1, pages count from 1."""

    number: int
    posting: Posting
    first_page: int
    last_page: int


@dataclass(frozen=True, slots=True)
class PrintRun:
    """What goes to the printer; empty, with no byte of PDF, where every letter was refused.

    `refused` are the letters that are not in it, each with the sentence why.
    """

    pdf: bytes
    printed: tuple[Printed, ...]
    refused: tuple[tuple[Posting, str], ...]

    @property
    def manifest(self) -> str:
        """The printed letters as CSV, one a line; no field of it is a formula in a spreadsheet."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(COLUMNS)
        for each in self.printed:
            letter = each.posting.letter
            fields = (
                each.number, letter.ref, each.posting.message_id, letter.addressee,
                each.first_page, each.last_page, each.last_page - each.first_page + 1, letter.digest,
            )  # fmt: skip
            writer.writerow([f"'{field}" if str(field).startswith(_FORMULA) else field for field in fields])
        return out.getvalue()


def print_run(postings: Iterable[Posting], *, duplex: bool = True) -> PrintRun:
    """The letters as one document, by postcode and house: what goes to one home lies together.

    A class or a year is nothing to sort by: two parents of one child, and three children of one parent, are
    one walk to the door, and the postman's order is the postcode's. The order of the postings does not
    matter: the same letters, the same bytes. One letter that cannot be printed keeps back none of the others;
    a message that is among the postings twice is printed once.
    """
    ready: list[tuple[Posting, Said]] = []
    refused: list[tuple[Posting, str]] = []
    seen: set[str] = set()
    for posting in sorted(postings, key=_place):
        if posting.message_id in seen:
            refused.append((posting, "this message stands in the run already: it is printed once"))
            continue
        seen.add(posting.message_id)
        try:
            ready.append((posting, said_of(posting.letter)))
        except LetterRefused as refusal:
            refused.append((posting, str(refusal)))
    try:
        return _run(ready, refused, duplex=duplex)
    except LetterRefused:
        return _run(_printable(ready, refused), refused, duplex=duplex)


def _printable(
    ready: Sequence[tuple[Posting, Said]], refused: list[tuple[Posting, str]]
) -> list[tuple[Posting, Said]]:
    """Those that can be printed, each tried alone; the others are added to the refused."""
    fine = []
    for posting, said in ready:
        try:
            laid_out([said], "tried alone", "", duplex=False)
        except LetterRefused as refusal:
            refused.append((posting, str(refusal)))
        else:
            fine.append((posting, said))
    return fine


def _place(posting: Posting) -> tuple[str, tuple[str, ...], str, str]:
    letter = posting.letter
    return (*letter.address[-1:], "")[0], letter.address, letter.addressee, posting.message_id


def _run(
    ready: Sequence[tuple[Posting, Said]], refused: Sequence[tuple[Posting, str]], *, duplex: bool
) -> PrintRun:
    if not ready:
        return PrintRun(b"", (), tuple(refused))
    mark = hashlib.sha256(" ".join(posting.letter.digest for posting, _ in ready).encode()).hexdigest()
    title = f"{len(ready)} letter{'' if len(ready) == 1 else 's'}"
    document, pages = laid_out([said for _, said in ready], title, mark, duplex=duplex)
    printed = tuple(
        Printed(number, posting, first, last)
        for number, ((posting, _), (first, last)) in enumerate(zip(ready, pages, strict=True), start=1)
    )
    return PrintRun(document, printed, tuple(refused))
