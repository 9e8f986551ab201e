"""A letter to try things on, and eyes to look at its pages with: programs that we did not write."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any, Final

import pikepdf
from pypdf import PdfReader

from messaging.letters import Letter

MM: Final = 72 / 25.4
A4: Final = 297 * MM
TEXT: Final = """Dear Mrs Khan,

Ada was away for 4 and a half days since September.

## What was missed

| Date | Session |
| Monday 10 November | morning |
| Tuesday 11 November | all day |

## What we offer

- a talk with Mr Osei
- a lift by minibus

Please ring Mrs Okafor on 01632 960123, and quote K7M3Q2XA."""
LETTER: Final = Letter(
    ref="K7M3Q2XA",
    addressee="Mrs A Khan",
    address=("12 Mill Lane", "Southampton", "SO14 1AA"),
    school="Ashgrove Academy",
    date="Monday 17 November 2025",
    title="Ada and the days she missed",
    text=TEXT,
    letterhead=("Church Road", "01632 960000"),
)


@dataclass(frozen=True, slots=True)
class Piece:
    """Words on a page: where they begin, in mm from its top left, and how large they are, in points."""

    words: str
    x: float
    y: float
    size: float


def pages(document: bytes) -> list[str]:
    """The words of each page, in the order of the page, blanks made one."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(document)).pages]


def pieces(document: bytes, page: int = 0) -> list[Piece]:
    """The words of one page with their places."""
    found: list[Piece] = []

    def visit(text: str, cm: list[float], tm: list[float], _font: object, size: float) -> None:
        if text.strip():
            x, y = tm[4] * cm[0] + cm[4], tm[5] * cm[3] + cm[5]
            found.append(Piece(text.strip(), x / MM, (A4 - y) / MM, abs(size * tm[3] * cm[3])))

    PdfReader(io.BytesIO(document)).pages[page].extract_text(visitor_text=visit)
    return found


def tags(document: bytes) -> list[str]:
    """Every tag of the document in reading order, with its depth as blanks before it."""
    with pikepdf.open(io.BytesIO(document)) as pdf:
        return list(_below(pdf.Root.StructTreeRoot, 0))


def _below(element: Any, depth: int) -> list[str]:  # noqa: ANN401 - pikepdf's own
    if not isinstance(element, pikepdf.Dictionary):
        return []
    own = [" " * depth + str(element.S).removeprefix("/")] if "/S" in element else []
    below: Any = element.get("/K", [])
    for each in below if isinstance(below, pikepdf.Array) else [below]:
        own += _below(each, depth + len(own[:1]))
    return own
