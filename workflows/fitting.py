"""Which register each mark of a file belongs in: by roll and by calendar, many marks at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from operator import attrgetter
from typing import TYPE_CHECKING

import numpy as np

from engine.records import AM, PM
from workflows.admission import Unfit, school_on_roll
from workflows.incoming import MarksRead, Refused
from workflows.known import Known
from workflows.marks import Marks

if TYPE_CHECKING:
    from numpy.typing import NDArray

CLOSED = "#"
OFF_ROLL = "Z"
NO_SESSION_AGREED = "on a day without session: nothing to take"
OFF_ROLL_AGREED = "outside enrolment: nothing to take"

_SAYS_NOTHING = frozenset({OFF_ROLL, CLOSED, ""})
_HALF_NAMES = {AM: "morning", PM: "afternoon"}
_WHY_CLOSED = {"inset": "INSET day", "closure": "closed", "holiday": "holiday"}
_STAY = np.dtype([("school", "i4"), ("first", "i4"), ("last", "i4")])
_NO_STAY = (0, 1, 0)
_ANY, _NONE = -1, -2


class Sieve:
    """What is said of those rows of a block that are not simply taken, in the order of the file."""

    def __init__(self, read: MarksRead) -> None:
        self._read = read
        self._refused = list(read.refused)
        self._agreed: list[tuple[int, str]] = []

    def refuse(self, at: int, unfit: Unfit) -> None:
        """The good row at this place is not taken after all."""
        line = int(self._read.marks.rows["line"][at])
        self._refused.append(Refused(line, unfit.column, unfit.reason, self._read.raws[at]))

    def agree(self, at: int, what: str) -> None:
        """The good row at this place says what is known anyhow: there is nothing to take."""
        mark = self._read.marks[at]
        self._agreed.append((at, f"{mark.code or 'blank'} {what}"))

    def refused(self) -> list[Refused]:
        """Every refused row of the block."""
        return sorted(self._refused, key=attrgetter("line"))

    def agreed(self) -> Iterator[str]:
        """What each row agreed says."""
        return (what for _, what in sorted(self._agreed))


class Fitting:
    """Roll and calendar as arrays, for the marks of one file; `schools` are the schools by number."""

    def __init__(self, known: Known) -> None:
        self.schools = sorted(known.schools)
        self._known = known
        self._number = {school_id: number for number, school_id in enumerate(self.schools)}
        self._stays = np.zeros(0, _STAY)
        self._held: dict[int, int] = {}

    def fit(self, marks: Marks, sieve: Sieve) -> tuple[NDArray[np.void], NDArray[np.intp]]:
        """The rows that fit, each with the number of its school, and their places among all."""
        rows = marks.rows.copy()
        rows["school"] = self._on_roll(marks, sieve)
        at = np.flatnonzero(rows["school"] >= 0)
        at = at[self._in_session(Marks(marks.upns, self.schools, rows[at]), at, sieve)]
        return rows[at], at

    def _on_roll(self, marks: Marks, sieve: Sieve) -> NDArray[np.int32]:
        """The number of the school whose register each mark belongs in; negative where it is in none."""
        stays = [self._only_stay(upn) for upn in marks.upns[len(self._stays) :]]
        self._stays = np.concatenate([self._stays, np.array(stays, _STAY)])
        numbers = [self._number.get(school_id, _NONE) if school_id else _ANY for school_id in marks.schools]
        given, day = np.array(numbers)[marks.rows["school"]], marks.rows["day"]
        only = self._stays[marks.rows["pupil"]]
        fits = (only["first"] <= day) & (day <= only["last"])
        fits &= (given == _ANY) | (given == only["school"])
        schools: NDArray[np.int32] = only["school"].copy()
        for at in np.flatnonzero(~fits).tolist():
            schools[at] = self._looked_up(marks, at, sieve)
        return schools

    def _only_stay(self, upn: str) -> tuple[int, int, int]:
        """School, first and last day of a pupil with one enrolment, as nearly all have: the quick way."""
        stays = self._known.stays.get(upn, {})
        if len(stays) != 1:
            return _NO_STAY
        (((school_id, first), last),) = stays.items()
        return self._number[school_id], first.toordinal(), last.toordinal()

    def _looked_up(self, marks: Marks, at: int, sieve: Sieve) -> int:
        mark = marks[at]
        try:
            return self._number[school_on_roll(mark, mark.date, self._known)]
        except Unfit as unfit:
            here = self._known.on_roll(mark.upn, mark.date)
            outside = mark.school_id not in here if mark.school_id else not here
            if mark.code in _SAYS_NOTHING and outside and mark.upn in self._known.stays:
                sieve.agree(at, OFF_ROLL_AGREED)
            else:
                sieve.refuse(at, unfit)
            return _NONE

    def _in_session(self, marks: Marks, places: NDArray[np.intp], sieve: Sieve) -> NDArray[np.bool_]:
        """Which marks can be kept: those on a session, and blanks, so that what stands can be cleared."""
        rows = marks.rows
        sessions = (rows["school"].astype(np.int64) << 32) + 2 * rows["day"] + rows["half"]
        held = each(sessions, self._held, self._is_held)
        fits: NDArray[np.bool_] = (held == 1) | (rows["code"] == b"")
        for row in np.flatnonzero(~fits).tolist():
            mark, at = marks[row], int(places[row])
            if mark.code == CLOSED:
                sieve.agree(at, NO_SESSION_AGREED)
            else:
                sieve.refuse(at, Unfit("date", self._why_not(mark.school_id, mark.date, mark.session)))
        return fits

    def _is_held(self, session: int) -> int:
        school, (day, half) = session >> 32, divmod(session & 0xFFFFFFFF, 2)
        known = self._known.days(self.schools[school]).get(date.fromordinal(day))
        return int(known is not None and (known.am, known.pm)[half])

    def _why_not(self, school_id: str, day: date, half: str) -> str:
        """The sentence for a mark on a session that is not held."""
        days = self._known.days(school_id)
        if not days:
            return f"the school {school_id} has no calendar: import calendar.csv first"
        known = days.get(day)
        if known is None:
            return f"{day} is not in calendar.csv of {school_id}"
        why = " ".join(filter(None, (_WHY_CLOSED.get(known.kind), known.note and f"({known.note})")))
        where = f"no session that {_HALF_NAMES[half]} ({day}) in calendar.csv"
        return f"{where}: {why}" if why else where


def each(keys: NDArray[np.int64], answers: dict[int, int], ask: Callable[[int], int]) -> NDArray[np.intp]:
    """The answer for each key, asked once for a key that is new.

    >>> each(np.array([7, 3, 7]), {}, lambda key: key + 1).tolist()
    [8, 4, 8]
    """
    distinct, which = np.unique(keys, return_inverse=True)
    for key in distinct.tolist():
        if key not in answers:
            answers[key] = ask(key)
    return np.array([answers[key] for key in distinct.tolist()], np.intp)[which]
