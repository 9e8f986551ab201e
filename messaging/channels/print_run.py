"""Letters for the printer: each is taken on safely, then all of them become one document with its manifest.

Taking on is a file of its own for each letter, so that what was cut off is finished by doing it again: the
same folder, the same letters, the same bytes.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Final

from messaging.channels.channel import Accepted, Cover, Outgoing, Refused, Sent, Unsure, is_message_id, unfit
from messaging.channels.forms import form, letter_of
from messaging.channels.safely import place, settle
from messaging.letters import Posting, PrintRun, print_run

DOCUMENT: Final = "letters.pdf"
MANIFEST: Final = "manifest.csv"
_TAKEN: Final = "taken"


class PrintRunChannel:
    """Takes letters on in <folder>/taken; `print` makes <folder>/letters.pdf and manifest.csv of them all."""

    real = True
    repeatable = True
    per_minute = 0

    def __init__(self, folder: Path, *, duplex: bool = True) -> None:
        self.name = f"print run {folder.resolve()}"  # what another folder took on, this one cannot tell of
        self._folder = folder
        self._duplex = duplex

    def withheld(self, to: str) -> str:
        """Nothing is withheld."""
        return ""

    def send(self, outgoing: Outgoing) -> Sent:
        """Take a letter on; one that cannot be put on paper is Refused, and so is what is no letter."""
        if outgoing.channel != "letter":
            return Refused(f"a print run takes letters, not {outgoing.channel}", passing=True)
        made = unfit(outgoing, real=False) or form(outgoing)
        if isinstance(made, Refused):
            return made
        path = self._path(outgoing.message_id)
        content = json.dumps(asdict(outgoing), ensure_ascii=False, indent=1).encode()
        try:
            if path.exists() and path.read_bytes() != content:
                return Refused(f"{path} already holds other words under this id: nothing was changed")
            place(path, content)
        except OSError as error:
            return Refused(f"{path} could not be written: {error.strerror or error}", passing=True)
        try:
            settle(path.parent)
        except OSError as error:
            return Unsure(f"{path} is written, but may not outlast a power cut: {error.strerror or error}")
        return Accepted(path.name)

    def took(self, message_id: str) -> bool:
        """Whether a letter of this id was taken on."""
        return is_message_id(message_id) and self._path(message_id).exists()

    def find(self, outgoing: Outgoing, since: datetime) -> Accepted | None:
        """Whether a letter was taken on."""
        return Accepted(self._path(outgoing.message_id).name) if self.took(outgoing.message_id) else None

    def print(self) -> PrintRun:
        """All letters taken on in this folder, as one document and its manifest beside it.

        Raises:
            OSError: they cannot be written; what was taken on stays, and printing can be done again.
        """
        taken = sorted((self._folder / _TAKEN).glob("*.json"))
        run = print_run([_posting(path) for path in taken], duplex=self._duplex)
        if run.printed:
            place(self._folder / DOCUMENT, run.pdf)
            place(self._folder / MANIFEST, run.manifest.encode())
            settle(self._folder)
        return run

    def _path(self, message_id: str) -> Path:
        return self._folder / _TAKEN / f"{message_id}.json"


def _posting(path: Path) -> Posting:
    fields = json.loads(path.read_text(encoding="utf-8"))
    cover = fields.pop("cover") or {}
    cover["letterhead"] = tuple(cover.get("letterhead", ()))
    return Posting(fields["message_id"], letter_of(Outgoing(**fields, cover=Cover(**cover))))
