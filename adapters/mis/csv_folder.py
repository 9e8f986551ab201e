"""The CSV folder: a school's facts as up to eight files, any subset of them (design.md 5)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from adapters.mis.columns import SHEETS
from adapters.mis.header import places
from adapters.mis.lines import Lines
from adapters.mis.marks import read_marks
from adapters.mis.parse import SHOWN, near
from adapters.mis.rows import read_rows
from adapters.mis.table import Broken, Row, Table, singly, tables
from workflows.incoming import MarksRead, Read, Refused, Remarks, Unreadable

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
        try:
            if path.is_file():
                if not _kind(path):
                    raise Unreadable(f"{path}: {_unnamed(path)}")
                return [path]
            if not path.is_dir():
                what = "this is no plain file" if path.exists() else "there is no such file or folder"
                raise Unreadable(f"{path}: {what}")
            children = sorted(child for child in path.iterdir() if child.suffix.lower() == ".csv")
        except OSError as fault:
            raise Unreadable(f"{_name(path)[-SHOWN:]}: cannot be read: {fault.strerror}") from fault
        listed = [child for child in children if child.is_file()]
        known = [child for child in listed if _kind(child)]
        self._warnings += [
            f"{_name(child)}: this is no plain file (a folder, a pipe, a broken link); not read"
            for child in children
            if child not in listed
        ]
        if not known:
            raise Unreadable(
                f"{path}: the folder holds none of {', '.join(f'{kind}.csv' for kind in SHEETS)}"
            )
        self._warnings += [
            f"{_name(child)}: {_unnamed(child)}; not read" for child in listed if not _kind(child)
        ]
        return known


class CsvFile:
    """One file of the folder, read once."""

    def __init__(self, path: Path, kind: str) -> None:
        self.name = _name(path)
        self.kind = kind
        self.remarks = Remarks(self.name)
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
        if self.kind == "marks":
            for block in self.marks():
                yield from block
            return
        with self._opened() as (parts, where):
            yield from read_rows(singly(parts), SHEETS[self.kind], where, self.remarks)

    def marks(self) -> Iterator[MarksRead]:
        """The same of a file of marks, many rows at a time."""
        with self._opened() as (parts, where):
            yield from read_marks(tables(parts), where, self.remarks)

    @contextmanager
    def _opened(self) -> Iterator[tuple[Iterator[Row | Broken | Table], dict[str, int]]]:
        """What follows the header, and where the header has each column."""
        with closing(self._lines.parts()) as parts:  # a header that is not ours must not leave the file open
            match next(parts, None):
                case (_, names, _):
                    yield parts, places(self.name, names, SHEETS[self.kind], self.remarks)
                case Broken(reason=reason):
                    raise Unreadable(f"{self.name}:1: the header cannot be read: {reason}")
                case _:
                    raise Unreadable(
                        f"{self.name}:1: the file is empty; the first line must name the columns"
                    )
        if self._lines.ended_without_newline:
            self.remarks.add(
                self._lines.last_line,
                "the file does not end with a line end: if it was cut off, its last field may be too short",
            )


def _name(path: Path) -> str:
    """A file's name as it can be shown and kept: controls and undecodable bytes are spelt."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in path.name)


def _kind(path: Path) -> str:
    found = _KIND.match(path.name)
    return found[1].lower() if found else ""


def _unnamed(path: Path) -> str:
    kinds = [f"{kind}.csv" for kind in SHEETS]
    return f"the name must begin with one of {', '.join(SHEETS)}{near(path.name, kinds)}"
