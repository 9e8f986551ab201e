"""The rows of a CSV file as it comes off a school's disk: one broken line costs one row, never the file."""

from __future__ import annotations

import csv
import hashlib
import io
import os
from collections.abc import Generator, Iterator
from pathlib import Path

from adapters.mis.damage import OVERLONG, SAVE_AGAIN, doubt, miscounted, not_csv, other_format
from adapters.mis.table import Broken, Row, Table, singly
from workflows.incoming import Unreadable

LONGEST = 1 << 20
"""A line longer than this many bytes is cut there and its row refused."""

BLOCK = 1 << 18
"""How many bytes are looked at together. No row depends on it."""

_SHOWN_OF_OVERLONG = 200


class Lines:
    """One CSV file. `rows` gives the header row first and then every other row or broken line.

    Plain lines are read many at a time. Where anything about them needs a closer look they are decoded
    one by one, and csv.reader is fed through a memory of the row under way, so that a quote that never
    closes gives back the lines it swallowed.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = 0
        self.bytes_read = 0
        self.last_line = 0
        self.ended_without_newline = False
        self._digest = hashlib.sha256()
        self._held: list[str] = []
        self._ahead: list[str] = []
        self._look_closer_until = 0
        self._doubtful = False

    @property
    def sha256(self) -> str:
        """The digest of the bytes read so far."""
        return self._digest.hexdigest()

    def rows(self) -> Iterator[Row | Broken]:
        """Header, rows and broken lines in order; Unreadable if this is no CSV text at all."""
        return singly(self.parts())

    def parts(self) -> Generator[Row | Broken | Table, None, None]:
        """The same, plain rows many at a time; the header always comes first and alone."""
        name = self.path.name
        try:
            with self.path.open("rb", buffering=0) as raw, io.BufferedReader(raw, BLOCK) as handle:
                self.size = os.fstat(handle.fileno()).st_size
                if looks := other_format(handle.peek(64)[:64]):
                    raise Unreadable(f"{name}:1: this looks like {looks}; {SAVE_AGAIN}")
                yield from self._parsed(handle)
        except OSError as fault:
            raise Unreadable(f"{name}: cannot be read: {fault.strerror}") from fault

    def _parsed(self, handle: io.BufferedReader[io.FileIO]) -> Iterator[Row | Broken | Table]:
        reader = self._reader(handle)
        held = self._held
        width, line = 0, 1
        while True:
            if width and (table := self._plain(handle, line, width)):
                self.last_line = table.lines[-1]
                line = self.last_line + 1
                yield table
                continue
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
                self._ahead.extend(reversed(held[1:]))
                del held[1:]
                reader = self._reader(handle)  # the last one may have met the end of the file
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

    def _plain(self, handle: io.BufferedReader[io.FileIO], line: int, width: int) -> Table | None:
        """The whole lines in the buffer as rows; None where one of them is more than a plain row."""
        if self._ahead or self.bytes_read < self._look_closer_until:
            return None
        block = handle.peek(1)
        block = block[: block.rfind(b"\n") + 1]
        self._look_closer_until = self.bytes_read + len(block)
        try:
            text = block.decode().replace("\r\n", "\n")
            raws = text.split("\n")[:-1]
            rows = list(csv.reader(raws, strict=True))
        except (UnicodeDecodeError, csv.Error):
            return None
        if len(rows) != len(raws) or set(map(len, rows)) != {width} or "\r" in text or "\0" in text:
            return None
        self._took(handle.read(len(block)))
        return Table(list(range(line, line + len(rows))), rows, raws)

    def _uneven(self, line: int, cells: list[str], raw: str, width: int) -> Row | Broken:
        if len(cells) > width and not any(cell.strip() for cell in cells[width:]):
            return line, cells[:width], raw  # Excel leaves empty cells beyond the header
        reason = miscounted(len(cells), width)
        at_end = not self._ahead and self.bytes_read >= self.size
        if len(cells) < width and at_end and self.ended_without_newline:
            reason = f"the file seems cut off at line {line}: {reason}"
        return Broken(line, reason, raw)

    def _reader(self, handle: io.BufferedReader[io.FileIO]) -> Iterator[list[str]]:
        return csv.reader(self._feed(handle), strict=True)

    def _feed(self, handle: io.BufferedReader[io.FileIO]) -> Iterator[str]:
        """Lines for csv.reader: those given back, else the next of the file."""
        while self._ahead or self._read_on(handle):
            line = self._ahead.pop()
            self._held.append(line)
            yield line

    def _read_on(self, handle: io.BufferedReader[io.FileIO]) -> bool:
        """Put the next line of the file ahead; False at its end."""
        first = not self.bytes_read
        raw = handle.readline(LONGEST)
        if not raw:
            return False
        self._took(raw)
        try:
            line = raw.decode()
        except UnicodeDecodeError:
            line = raw.decode(errors="surrogateescape")
            self._doubtful = True
        if first:
            line = line.lstrip("\ufeff")
        if "\0" in line:
            self._doubtful = True
        if len(raw) == LONGEST and self.ended_without_newline:
            self._skip_to_newline(handle)
            line = f"{line[:_SHOWN_OF_OVERLONG]}{OVERLONG}\n"
            self._doubtful = True
        if line.find("\r", 0, -2) < 0:
            self._ahead.append(line)
        else:  # an old Macintosh ends its lines with CR alone
            pieces = line.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")
            self._ahead.extend(f"{piece}\n" for piece in reversed(pieces.split("\n")))
        return True

    def _took(self, raw: bytes) -> None:
        self._digest.update(raw)
        self.bytes_read += len(raw)
        self.ended_without_newline = not raw.endswith((b"\n", b"\r"))

    def _skip_to_newline(self, handle: io.BufferedReader[io.FileIO]) -> None:
        while raw := handle.readline(LONGEST):
            self._digest.update(raw)
            self.bytes_read += len(raw)
            if raw.endswith(b"\n"):
                return
