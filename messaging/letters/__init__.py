"""Letters on paper, alone or as a run for the printer: tagged PDF/UA-1, in fonts that come with us."""

from __future__ import annotations

from messaging.letters.layout import laid_out, said_of
from messaging.letters.letter import Letter, LetterRefused
from messaging.letters.print_run import Posting, Printed, PrintRun, print_run

__all__ = ["Letter", "LetterRefused", "Posting", "PrintRun", "Printed", "pdf", "print_run"]


def pdf(letter: Letter) -> bytes:
    """One letter as a document of its own; the same words, the same bytes.

    Its digest stands in the document's keywords.

    Raises:
        LetterRefused: it cannot be posted, or not be put on paper so that everybody can read it.
    """
    said = said_of(letter)
    document, _ = laid_out([said], str(said["title"]), letter.digest, duplex=False)
    return document
