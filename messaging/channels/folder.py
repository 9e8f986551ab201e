"""The default channel: each message becomes a file in a folder, and reaches nobody."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from messaging.channels.channel import Accepted, Outgoing, Refused, Sent, Unsure, is_message_id, unfit
from messaging.channels.forms import SUFFIXES, form
from messaging.channels.safely import place, settle


class FolderChannel:
    """Writes <folder>/<message_id>.txt, .eml or .pdf, whole or not at all, readable by its owner only."""

    name = "folder"
    real = False
    repeatable = True
    per_minute = 0

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def withheld(self, to: str) -> str:
        """Nothing is withheld."""
        return ""

    def send(self, outgoing: Outgoing) -> Sent:
        """Write the file; a file that is there already with the same words is Accepted as it is."""
        refusal = unfit(outgoing, real=self.real)
        if refusal:
            return refusal
        made = form(outgoing)
        if isinstance(made, Refused):
            return made
        path = self._folder / f"{outgoing.message_id}{made.suffix}"
        try:
            there = self._there(outgoing.message_id)
            if there is None:
                place(path, made.content)
            elif there != path or not made.is_in(there.read_bytes()):
                return Refused(f"{there} already holds other words under this id: nothing was changed")
        except OSError as error:
            return Refused(f"{path} could not be written: {error.strerror or error}", passing=True)
        try:
            settle(self._folder)
        except OSError as error:
            return Unsure(f"{path} is written, but may not outlast a power cut: {error.strerror or error}")
        return Accepted(path.name)

    def find(self, outgoing: Outgoing, since: datetime) -> Accepted | None:
        """The message's file, if it is there."""
        if not is_message_id(outgoing.message_id):
            return None
        there = self._there(outgoing.message_id)
        return Accepted(there.name) if there else None

    def _there(self, message_id: str) -> Path | None:
        """The file of a message, whatever kind it is."""
        for suffix in SUFFIXES:
            path = self._folder / f"{message_id}{suffix}"
            try:
                path.stat()
            except FileNotFoundError:
                continue
            return path
        return None
