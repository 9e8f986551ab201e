"""Attendance and absence codes, looked up by code and date.

Source: School Attendance (Pupil Registration) (England) Regulations 2024 (SI 2024/208), regulation 10,
in force from 19 August 2024; before it the codes of the 2006 Regulations and their guidance. The classes
reproduce the totals that the Department for Education publishes (tests/engine/test_codes_published.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache

import numpy as np
from numpy.typing import NDArray

REGULATIONS_2024 = date(2024, 8, 19)


class Kind(StrEnum):
    """What a code says of a session."""

    PRESENT = "present"
    AEA = "approved educational activity"
    AUTHORISED = "authorised absence"
    UNAUTHORISED = "unauthorised absence"
    NOT_POSSIBLE = "not a possible session"
    ADMINISTRATIVE = "administrative"
    POSSIBLE_ONLY = "possible, neither attended nor absent"


ATTENDED = frozenset({Kind.PRESENT, Kind.AEA})
ABSENT = frozenset({Kind.AUTHORISED, Kind.UNAUTHORISED})
POSSIBLE = ATTENDED | ABSENT | {Kind.POSSIBLE_ONLY}


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """One meaning of one code: `begins` is its first day, `ends` its last (None: open).

    `retired` is set on what `look_up` returns when the code is met after its end.
    """

    code: str
    meaning: str
    kind: Kind
    begins: date | None = None
    ends: date | None = None
    retired: bool = False

    @property
    def possible(self) -> bool:
        """Whether the session counts among the possible ones."""
        return self.kind in POSSIBLE

    @property
    def absent(self) -> bool:
        """Whether the session counts as absence."""
        return self.kind in ABSENT


_OLD_END = date(2024, 8, 18)
_NEW = REGULATIONS_2024
_COVID = (date(2020, 8, 1), date(2022, 7, 31))

_TABLE = (
    CodeEntry("/", "present in the morning", Kind.PRESENT),
    CodeEntry("\\", "present in the afternoon", Kind.PRESENT),
    CodeEntry("L", "late, before the register closed", Kind.PRESENT),
    CodeEntry("K", "provision arranged by the local authority", Kind.AEA, begins=_NEW),
    CodeEntry("V", "educational visit or trip", Kind.AEA),
    CodeEntry("P", "approved sporting activity", Kind.AEA),
    CodeEntry("W", "work experience", Kind.AEA),
    CodeEntry("B", "other approved education off site", Kind.AEA),
    CodeEntry("J", "interview (before the 2024 regulations)", Kind.AEA, ends=_OLD_END),
    CodeEntry("D", "due at the other school of a dual registration", Kind.NOT_POSSIBLE),
    CodeEntry("C1", "regulated performance or employment abroad", Kind.AUTHORISED, begins=_NEW),
    CodeEntry("C2", "temporary part-time timetable", Kind.AUTHORISED, begins=_NEW),
    CodeEntry("C", "leave for exceptional circumstances", Kind.AUTHORISED, begins=_NEW),
    CodeEntry("C", "other authorised leave (before the 2024 regulations)", Kind.AUTHORISED, ends=_OLD_END),
    CodeEntry("J1", "interview", Kind.AUTHORISED, begins=_NEW),
    CodeEntry("M", "medical or dental appointment", Kind.AUTHORISED),
    CodeEntry("R", "religious observance", Kind.AUTHORISED),
    CodeEntry("S", "study leave", Kind.AUTHORISED),
    CodeEntry("T", "parent travelling for work", Kind.AUTHORISED),
    CodeEntry("I", "illness", Kind.AUTHORISED),
    CodeEntry("E", "suspended or excluded, no provision made", Kind.AUTHORISED),
    CodeEntry("H", "holiday agreed (before the 2024 regulations)", Kind.AUTHORISED, ends=_OLD_END),
    CodeEntry("F", "extended holiday agreed (until about 2013)", Kind.AUTHORISED, ends=date(2013, 8, 31)),
    CodeEntry("G", "holiday without leave", Kind.UNAUTHORISED),
    CodeEntry("N", "reason not yet established", Kind.UNAUTHORISED),
    CodeEntry("O", "absent, no other reason applies", Kind.UNAUTHORISED),
    CodeEntry("U", "arrived after the register closed", Kind.UNAUTHORISED),
    CodeEntry("X", "not of compulsory school age, not required", Kind.NOT_POSSIBLE, begins=date(2022, 8, 1)),
    CodeEntry("X", "not attending, coronavirus", Kind.POSSIBLE_ONLY, begins=_COVID[0], ends=_COVID[1]),
    CodeEntry("X", "not of compulsory school age, not required", Kind.NOT_POSSIBLE, ends=date(2020, 7, 31)),
    CodeEntry("Q", "no access arrangements by the local authority", Kind.NOT_POSSIBLE, begins=_NEW),
    CodeEntry("Y", "unable to attend (before the 2024 regulations)", Kind.NOT_POSSIBLE, ends=_OLD_END),
    CodeEntry("Y1", "transport not available", Kind.NOT_POSSIBLE, begins=_NEW),
    CodeEntry("Y2", "widespread disruption to travel", Kind.NOT_POSSIBLE, begins=_NEW),
    CodeEntry("Y3", "part of the premises out of use", Kind.NOT_POSSIBLE, begins=_NEW),
    CodeEntry("Y4", "whole school unexpectedly closed", Kind.NOT_POSSIBLE, begins=_NEW),
    CodeEntry("Y5", "in criminal-justice detention", Kind.NOT_POSSIBLE, begins=_NEW),
    CodeEntry("Y6", "public health guidance or law", Kind.NOT_POSSIBLE, begins=_NEW),
    CodeEntry("Y7", "other unavoidable cause", Kind.NOT_POSSIBLE, begins=_NEW),
    CodeEntry("Z", "not on the admission register", Kind.ADMINISTRATIVE),
    CodeEntry("#", "planned closure", Kind.ADMINISTRATIVE),
)

CODE_SETS: dict[str, frozenset[str]] = {
    "present": frozenset("/\\L"),
    "approved educational activity": frozenset({"B", "K", "P", "V", "W", "J"}),
    "authorised": frozenset({"I", "M", "R", "S", "T", "E", "C", "C1", "C2", "J1", "H", "F"}),
    "unauthorised": frozenset("GNOU"),
    "absence": frozenset({"I", "M", "R", "S", "T", "E", "C", "C1", "C2", "J1", "H", "F", "G", "N", "O", "U"}),
    "late": frozenset("LU"),
    "unexplained": frozenset("N"),
    "penalty notice": frozenset("GNOU"),
    "day of absence": frozenset("IGNOHF"),
    "illness": frozenset("I"),
    "part-time timetable": frozenset({"C2"}),
    "health or exclusion": frozenset({"I", "M", "C2", "E"}),
}
"""Code sets by the name rules use. H and F are counted with I, G, N, O for day 1, 2, 3 (semantics 7)."""

MISSING = 0
OUTSIDE = 1
_FIRST = 2
PLAIN_MARKS = np.array([2, 3])
"""Present in the morning, present in the afternoon: what nearly every mark is."""


@cache
def look_up(code: str, on: date) -> CodeEntry | None:
    """The meaning a code had on a date; None where no such code existed then.

    A retired code met after its end keeps its old meaning, marked `retired` (semantics 14): registers
    still carry them. A code met before its beginning did not exist.

    >>> look_up("J", date(2024, 6, 3)).kind, look_up("J1", date(2026, 6, 3)).kind
    (<Kind.AEA: 'approved educational activity'>, <Kind.AUTHORISED: 'authorised absence'>)
    >>> look_up("J", date(2024, 9, 9)).retired, look_up("J1", date(2024, 6, 3))
    (True, None)
    """
    index = _index(code, on)
    if index is None:
        return None
    entry = _TABLE[index]
    if entry.ends is not None and on > entry.ends:
        return CodeEntry(entry.code, entry.meaning, entry.kind, entry.begins, entry.ends, retired=True)
    return entry


def known(code: str) -> bool:
    """Whether a code exists on any date.

    >>> known("Y4"), known("!")
    (True, False)
    """
    return any(entry.code == code for entry in _TABLE)


def began(code: str) -> date | None:
    """The first day of a code that has one; None for a code that was always there or never was.

    >>> began("C1"), began("I")
    (datetime.date(2024, 8, 19), None)
    """
    begins = [entry.begins for entry in _TABLE if entry.code == code]
    if not begins or None in begins:
        return None
    return min(day for day in begins if day is not None)


@cache
def table_hash() -> str:
    """The version of this table: every line of it, hashed.

    >>> len(table_hash())
    64
    """
    lines = [f"{e.code}|{e.meaning}|{e.kind.value}|{e.begins}|{e.ends}" for e in _TABLE]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def encode(cells: NDArray[np.bytes_], ordinals: NDArray[np.int32]) -> NDArray[np.uint8]:
    """Codes as text (`S2`, pupils x sessions) to small integers, each by its own date.

    `ordinals` holds the date of each column, ascending. 0 is a mark not taken, 1 a session outside enrolment
    (never returned here), higher numbers index the code table. A text that is no code on its date is
    a ValueError: it should have gone to quarantine.

    >>> encode(np.array([[b"/", b"", b"J1"]]), np.full(3, date(2025, 9, 8).toordinal(), np.int32)).tolist()
    [[2, 0, 16]]
    """
    keys = np.ascontiguousarray(cells, dtype="S2").view("<u2")
    out = np.empty(cells.shape, dtype=np.uint8)
    borders = [day.toordinal() for day in _borders()]
    eras, first = np.unique(np.searchsorted(borders, ordinals, side="right"), return_index=True)
    for era, begins, ends in zip(eras, first, [*first, cells.shape[1]][1:], strict=True):
        out[:, begins:ends] = _codebook(int(era)).take(keys[:, begins:ends], mode="clip")
    if out.max(initial=0) == 255:
        row, column = (int(axis[0]) for axis in np.nonzero(out == 255))
        text = cells[row, column].decode("latin-1")
        on = date.fromordinal(int(ordinals[column]))
        raise ValueError(f"{text!r} is no attendance code on {on}")
    return out


def code_of(index: int) -> str:
    """The code that an encoded mark stands for; empty for a mark not taken.

    >>> code_of(16), code_of(MISSING)
    ('J1', '')
    """
    return _TABLE[index - _FIRST].code if index >= _FIRST else ""


CODES = tuple(map(code_of, range(len(_TABLE) + _FIRST)))
"""The code of each encoded mark: `code_of` for who asks for many."""


@cache
def members(codes: frozenset[str]) -> NDArray[np.bool_]:
    """A lookup from encoded mark to "has a code of this set" (shape 256).

    >>> int(members(CODE_SETS["unauthorised"]).sum())
    4
    """
    return _flags(lambda entry: entry.code in codes)


@cache
def possible_marks() -> NDArray[np.bool_]:
    """A lookup from encoded mark to "counts among the possible sessions" (shape 256).

    >>> bool(possible_marks()[MISSING])
    False
    """
    return _flags(lambda entry: entry.possible)


@cache
def absent_marks() -> NDArray[np.bool_]:
    """A lookup from encoded mark to "counts as absence" (shape 256).

    >>> bool(absent_marks()[16])
    True
    """
    return _flags(lambda entry: entry.absent)


@cache
def not_possible_marks() -> NDArray[np.bool_]:
    """A lookup from encoded mark to "taken, but not a possible session" (shape 256).

    >>> int((possible_marks() & not_possible_marks()).sum())
    0
    """
    return _flags(lambda entry: not entry.possible)


@cache
def missing_marks() -> NDArray[np.bool_]:
    """A lookup from encoded mark to "not taken" (shape 256).

    >>> missing_marks().nonzero()[0].tolist()
    [0]
    """
    flags: NDArray[np.bool_] = np.arange(256) == MISSING
    flags.setflags(write=False)
    return flags


def _flags(test: Callable[[CodeEntry], bool]) -> NDArray[np.bool_]:
    flags = np.zeros(256, dtype=np.bool_)
    flags[_FIRST : _FIRST + len(_TABLE)] = [test(entry) for entry in _TABLE]
    flags.setflags(write=False)  # one array for everybody who asks
    return flags


def _index(code: str, on: date) -> int | None:
    """The row of the table in force on a date, else the latest row that has ended before it."""
    ended: int | None = None
    for index, entry in enumerate(_TABLE):
        if entry.code != code or (entry.begins is not None and on < entry.begins):
            continue
        if entry.ends is None or on <= entry.ends:
            return index
        ended = index
    return ended


@cache
def _borders() -> tuple[date, ...]:
    """The days on which the meaning of some code changes, ascending."""
    days = {entry.begins for entry in _TABLE} | {
        date.fromordinal(entry.ends.toordinal() + 1) for entry in _TABLE if entry.ends
    }
    return tuple(sorted(day for day in days if day is not None))


@cache
def _codebook(era: int) -> NDArray[np.uint8]:
    """Two-byte text to encoded mark, for one era between two borders; 255 where the text is no code."""
    day = _borders()[era - 1] if era else date.min
    book = np.full(65536, 255, dtype=np.uint8)
    book[0] = MISSING
    for code in {entry.code for entry in _TABLE}:
        index = _index(code, day)
        if index is not None:
            book[int.from_bytes(code.encode().ljust(2, b"\0"), "little")] = index + _FIRST
    return book
