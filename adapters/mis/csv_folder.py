"""The CSV folder: a school's facts as up to eight files, any subset of them (design.md 5)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from adapters.mis.columns import SHEETS
from adapters.mis.header import places
from adapters.mis.lines import Broken, Lines, Row
from adapters.mis.marks import read_marks
from adapters.mis.parse import near
from adapters.mis.rows import read_rows
from workflows.incoming import Read, Refused, Remarks, Unreadable

_KIND = re.compile(rf"({'|'.join(SHEETS)})(?![a-z])", re.IGNORECASE)
_ORDER = {kind: place for place, kind in enumerate(SHEETS)}


class CsvFolder:
    """The CSV files among some paths (files, or folders of files), each told by its name.

    `marks.csv`, `marks-2025-09-15.csv` and `Marks (2).csv` are all marks. A path that does not exist
    or holds nothing of use is Unreadable before anything is read.
    """

    def __init__(self, paths: Iterable[Path]) -> None:
        self._warnings: list[str] = []
        found = [file for path in paths for file in self._found(path)]
        self._files = sorted(dict.fromkeys(found), key=lambda path: (_ORDER[_kind(path)], found.index(path)))
        if not self._files:
            raise Unreadable("no file was given to import")

    @property
    def warnings(self) -> Sequence[str]:
        """The CSV files passed over because of their name."""
        return tuple(self._warnings)

    def files(self) -> Sequence[CsvFile]:
        """The files in the order in which they rest on each other: schools first, marks last."""
        return tuple(CsvFile(path, _kind(path)) for path in self._files)

    def _found(self, path: Path) -> list[Path]:
        if path.is_file():
            if not _kind(path):
                raise Unreadable(f"{path}: {_unnamed(path)}")
            return [path]
        if not path.is_dir():
            raise Unreadable(f"{path}: there is no such file or folder")
        listed = sorted(
            child for child in path.iterdir() if child.suffix.lower() == ".csv" and child.is_file()
        )
        known = [child for child in listed if _kind(child)]
        if not known:
            raise Unreadable(
                f"{path}: the folder holds none of {', '.join(f'{kind}.csv' for kind in SHEETS)}"
            )
        self._warnings += [
            f"{child.name}: {_unnamed(child)}; not read" for child in listed if not _kind(child)
        ]
        return known


class CsvFile:
    """One file of the folder, read once."""

    def __init__(self, path: Path, kind: str) -> None:
        self.name = path.name
        self.kind = kind
        self.remarks = Remarks(path.name)
        self._lines = Lines(path)

    @property
    def size(self) -> int:
        """Its length in bytes."""
        return self._lines.size

    @property
    def bytes_read(self) -> int:
        """How much of it has been read so far."""
        return self._lines.bytes_read

    @property
    def sha256(self) -> str:
        """The digest of what has been read: of the whole file once `rows` has ended."""
        return self._lines.sha256

    def rows(self) -> Iterator[Read | Refused]:
        """Every row as a record or a refusal; Unreadable where the header or the format is not ours."""
        with closing(self._lines.rows()) as rows:  # a header that is not ours must not leave the file open
            yield from self._read(rows)
        if self._lines.ended_without_newline:
            self.remarks.add(
                self._lines.last_line,
                "the file does not end with a line end: if it was cut off, its last field may be too short",
            )

    def _read(self, rows: Iterator[Row | Broken]) -> Iterator[Read | Refused]:
        header = next(rows, None)
        if header is None:
            raise Unreadable(f"{self.name}:1: the file is empty; the first line must name the columns")
        if isinstance(header, Broken):
            raise Unreadable(f"{self.name}:1: the header cannot be read: {header.reason}")
        sheet = SHEETS[self.kind]
        where = places(self.name, header[1], sheet, self.remarks)
        if self.kind == "marks":
            yield from read_marks(rows, where, self.remarks)
        else:
            yield from read_rows(rows, sheet, where, self.remarks)


def _kind(path: Path) -> str:
    found = _KIND.match(path.name)
    return found[1].lower() if found else ""


def _unnamed(path: Path) -> str:
    kinds = [f"{kind}.csv" for kind in SHEETS]
    return f"the name must begin with one of {', '.join(SHEETS)}{near(path.name, kinds)}"
