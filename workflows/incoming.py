"""What a source hands over, and the doors of `import`: rows read, rows refused, warnings, quarantine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from operator import attrgetter
from typing import Protocol

from workflows.marks import Marks
from workflows.ports import Record

Progress = Callable[[str, int, int], None]
"""Told the file's name, the bytes read so far and the bytes in all."""

FIRST_LINES = 3


class Unreadable(Exception):  # noqa: N818  # a sentence for a person, not a name in a traceback
    """A whole file (or path) that cannot be read at all; its text is the sentence for people."""


@dataclass(frozen=True, slots=True)
class Read:
    """One good row: the line it starts on, what it says, and its text as it stood in the file."""

    line: int
    record: Record
    raw: str


@dataclass(frozen=True, slots=True)
class Refused:
    """One row that is not taken, and why; `column` is empty where the row as a whole is at fault."""

    line: int
    column: str
    reason: str
    raw: str


@dataclass(frozen=True, slots=True, eq=False)
class MarksRead:
    """Rows of a file of marks, many at once: the good ones, each with its text, and the refused ones.

    Pupils and schools keep their numbers from one to the next of a file; school 0 is "not given".
    """

    marks: Marks
    raws: Sequence[str]
    refused: Sequence[Refused]

    def __len__(self) -> int:
        return len(self.marks) + len(self.refused)

    def __iter__(self) -> Iterator[Read | Refused]:
        lines = self.marks.rows["line"].tolist()
        good = (Read(line, mark, raw) for line, mark, raw in zip(lines, self.marks, self.raws, strict=True))
        return merge(good, self.refused, key=attrgetter("line"))


@dataclass(frozen=True, slots=True)
class Quarantined:
    """One line of the quarantine report."""

    file: str
    line: int
    column: str
    reason: str
    row: str


class Remarks:
    """The warnings about one file: each kind of remark is one line, however many rows it met.

    >>> remarks = Remarks("pupils.csv")
    >>> for line in (2, 5, 9, 14): remarks.add(line, "sex is empty")
    >>> remarks.lines()
    ['pupils.csv:2: sex is empty (4 rows: lines 2, 5, 9 and 1 more)']
    """

    def __init__(self, file: str) -> None:
        self._file = file
        self._met: dict[str, tuple[str, list[int]]] = {}
        self._count: dict[str, int] = {}

    def add(self, line: int, sentence: str, kind: str = "") -> None:
        """Note a remark about a line; remarks of one `kind` are counted under the sentence of the first."""
        kind = kind or sentence
        _, lines = self._met.setdefault(kind, (sentence, []))
        if len(lines) < FIRST_LINES:
            lines.append(line)
        self._count[kind] = self._count.get(kind, 0) + 1

    def lines(self) -> list[str]:
        """One `file:line: sentence` for each kind, in the order first met."""
        return [
            f"{self._file}:{lines[0]}: {sentence}{_rows(lines, self._count[kind])}"
            for kind, (sentence, lines) in self._met.items()
        ]


def _rows(lines: list[int], count: int) -> str:
    if count == 1:
        return ""
    more = f" and {count - len(lines):,} more" if count > len(lines) else ""
    return f" ({count:,} rows: lines {', '.join(map(str, lines))}{more})"


class SourceFile(Protocol):
    """One file of a source, read once from its first row to its last."""

    @property
    def name(self) -> str:
        """The name as people know it, such as `marks.csv`."""

    @property
    def kind(self) -> str:
        """What its rows are: schools, calendar, terms, staff, pupils, contacts, history or marks."""

    @property
    def size(self) -> int:
        """Its length in bytes."""

    @property
    def bytes_read(self) -> int:
        """How much of it has been read so far."""

    @property
    def sha256(self) -> str:
        """The digest of what has been read: of the whole file once `rows` has ended."""

    @property
    def remarks(self) -> Remarks:
        """The warnings so far; the use case adds its own."""

    def rows(self) -> Iterator[Read | Refused]:
        """Every row, one after the other; Unreadable if the file as a whole cannot be taken."""

    def marks(self) -> Iterator[MarksRead]:
        """The same of a file of marks, many rows at a time."""


class Source(Protocol):
    """A place that rows come from."""

    def files(self) -> Sequence[SourceFile]:
        """The files in the order in which they rest on each other; Unreadable if there is none."""

    @property
    def warnings(self) -> Sequence[str]:
        """What was passed over, and why."""


class Quarantine(Protocol):
    """Where refused rows are kept for a person to look at."""

    def write(self, batch: str, rows: Iterable[Quarantined]) -> str:
        """Write one report under the batch's name and return where it stands."""
