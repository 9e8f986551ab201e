"""The rows of a CSV file as it comes off a school's disk: one broken line costs one row, never the file."""

from __future__ import annotations

import csv
import hashlib
import os
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from adapters.mis.damage import OVERLONG, SAVE_AGAIN, doubt, miscounted, not_csv, other_format
from workflows.incoming import Unreadable

LONGEST = 1 << 20
"""A line longer than this many bytes is cut there and its row refused."""

_SHOWN_OF_OVERLONG = 200


@dataclass(frozen=True, slots=True)
class Broken:
    """A line that is no row, and why."""

    line: int
    reason: str
    raw: str


Row = tuple[int, list[str], str]
"""The line a row starts on, its cells as they stand, its text."""


class Lines:
    """One CSV file. `rows` gives the header row first and then every other row or broken line.

    Lines are decoded one by one, and csv.reader is fed through a memory of the row under way, so that
    a quote that never closes gives back the lines it swallowed.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = 0
        self.bytes_read = 0
        self.last_line = 0
        self.ended_without_newline = False
        self._digest = hashlib.sha256()
        self._physical: Iterator[str] = iter(())
        self._held: list[str] = []
        self._again: list[str] = []
        self._doubtful = False

    @property
    def sha256(self) -> str:
        """The digest of the bytes read so far."""
        return self._digest.hexdigest()

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        """The next line for csv.reader: one given back, else one from the file."""
        line = self._again.pop() if self._again else next(self._physical)
        self._held.append(line)
        return line

    def rows(self) -> Generator[Row | Broken, None, None]:
        """Header, rows and broken lines in order; Unreadable if this is no CSV text at all."""
        name = self.path.name
        try:
            with self.path.open("rb") as handle:
                self.size = os.fstat(handle.fileno()).st_size
                if looks := other_format(handle.peek(64)[:64]):
                    raise Unreadable(f"{name}:1: this looks like {looks}; {SAVE_AGAIN}")
                self._physical = self._decoded(handle)
                yield from self._parsed()
        except OSError as fault:
            raise Unreadable(f"{name}: cannot be read: {fault.strerror}") from fault

    def _parsed(self) -> Iterator[Row | Broken]:
        reader = csv.reader(self, strict=True)
        held = self._held
        width, line = 0, 1
        while True:
            held.clear()
            fault = ""
            cells: list[str] = []
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                fault = not_csv(error, line, line + len(held) - 1)
            if not fault and len(held) > 1 and len(cells) != (width or len(cells)):
                fault = "a quote opens on this line and closes only lines later, inside another row"
            if fault:
                self._again.extend(reversed(held[1:]))
                del held[1:]
            raw = "".join(held).rstrip("\r\n")
            self.last_line = line + len(held) - 1
            if not fault and self._doubtful:
                fault = doubt(raw)
            if fault:
                yield Broken(line, fault, raw)
            elif len(cells) == width or (cells and not width):
                width = len(cells)
                yield line, cells, raw
            elif any(cells):
                yield self._uneven(line, cells, raw, width)
            line += len(held)

    def _uneven(self, line: int, cells: list[str], raw: str, width: int) -> Row | Broken:
        if len(cells) > width and not any(cell.strip() for cell in cells[width:]):
            return line, cells[:width], raw  # Excel leaves empty cells beyond the header
        reason = miscounted(len(cells), width)
        at_end = not self._again and self.bytes_read >= self.size
        if len(cells) < width and at_end and self.ended_without_newline:
            reason = f"the file seems cut off at line {line}: {reason}"
        return Broken(line, reason, raw)

    def _decoded(self, handle: BinaryIO) -> Iterator[str]:
        first = True
        digest = self._digest.update
        while raw := handle.readline(LONGEST):
            digest(raw)
            self.bytes_read += len(raw)
            self.ended_without_newline = not raw.endswith((b"\n", b"\r"))
            try:
                line = raw.decode()
            except UnicodeDecodeError:
                line = raw.decode(errors="surrogateescape")
                self._doubtful = True
            if first:
                first, line = False, line.removeprefix("\ufeff")
            if "\0" in line:
                self._doubtful = True
            if len(raw) == LONGEST and self.ended_without_newline:
                self._skip_to_newline(handle)
                line = f"{line[:_SHOWN_OF_OVERLONG]}{OVERLONG}\n"
                self._doubtful = True
            if line.find("\r", 0, -2) < 0:
                yield line
            else:  # an old Macintosh ends its lines with CR alone
                pieces = line.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")
                yield from (f"{piece}\n" for piece in pieces.split("\n"))

    def _skip_to_newline(self, handle: BinaryIO) -> None:
        while raw := handle.readline(LONGEST):
            self._digest.update(raw)
            self.bytes_read += len(raw)
            if raw.endswith(b"\n"):
                return
