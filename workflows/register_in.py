"""The marks of one file on their way into the registers: refused, agreed, repeated, or kept for taking."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from datetime import date

from engine.records import AM, PM, Mark, SchoolDay
from workflows.admission import Unfit, school_on_roll
from workflows.incoming import Read, Refused
from workflows.known import Known

CLOSED = "#"
OFF_ROLL = "Z"
NO_SESSION_AGREED = "on a day without session: nothing to take"
OFF_ROLL_AGREED = "outside enrolment: nothing to take"

_SAYS_NOTHING = frozenset({OFF_ROLL, CLOSED, ""})
_SLOT = tuple[date, str]
_PLACE_TYPE = "i"
_HALF_NAMES = {AM: "morning", PM: "afternoon"}
_WHY_CLOSED = {"inset": "INSET day", "closure": "closed", "holiday": "holiday"}


class Register:
    """The marks that a file holds for one school, with the line of each.

    `_places[upn][slot]` is one more than the mark's place in `marks`, 0 where there is none yet: a
    year of a school fits in a few megabytes beside the marks themselves.
    """

    def __init__(self, school_id: str, days: dict[date, SchoolDay]) -> None:
        self.school_id = school_id
        self.marks: list[Mark] = []
        self.lines = array(_PLACE_TYPE)
        self.struck: set[int] = set()
        self._days = days
        self._slots: dict[_SLOT, int] = {}
        for day in days.values():
            for half, held in ((AM, day.am), (PM, day.pm)):
                if held:
                    self._slots[day.date, half] = len(self._slots)
        self._outside: dict[_SLOT, int] = {}
        self._places: dict[str, array[int]] = {}

    def slot(self, day: date, half: str) -> int | None:
        """The number of a session; None where the calendar holds none."""
        return self._slots.get((day, half))

    def slot_outside(self, day: date, half: str) -> int:
        """A number for a session that the calendar does not hold, so that its mark can be cleared."""
        return self._outside.setdefault((day, half), len(self._slots) + len(self._outside))

    def why_not(self, day: date, half: str) -> str:
        """The sentence for a mark on a session that is not held."""
        if not self._days:
            return f"the school {self.school_id} has no calendar: import calendar.csv first"
        known = self._days.get(day)
        if known is None:
            return f"{day} is not in calendar.csv of {self.school_id}"
        why = " ".join(filter(None, (_WHY_CLOSED.get(known.kind), known.note and f"({known.note})")))
        where = f"no session that {_HALF_NAMES[half]} ({day}) in calendar.csv"
        return f"{where}: {why}" if why else where

    def add(self, mark: Mark, slot: int, line: int) -> int | None:
        """Keep a mark; where the file already has one for this session, the place of that one."""
        row = self._places.get(mark.upn)
        if row is None:
            row = self._places[mark.upn] = array(_PLACE_TYPE, bytes(4 * max(len(self._slots), slot + 1)))
        elif slot >= len(row):
            row.extend([0] * (slot + 1 - len(row)))
        if row[slot]:
            return row[slot] - 1
        self.marks.append(mark)
        self.lines.append(line)
        row[slot] = len(self.marks)
        return None

    def standing(self) -> list[Mark]:
        """The marks to take: all but those that another line of the file contradicts."""
        if not self.struck:
            return self.marks
        return [mark for place, mark in enumerate(self.marks) if place not in self.struck]

    def contradicted(self) -> Iterator[Refused]:
        """Each first row that a later one contradicts, its text put together again."""
        for place in sorted(self.struck):
            mark = self.marks[place]
            raw = f"{mark.upn},{mark.date},{mark.session},{mark.code}"
            yield Refused(
                self.lines[place], "code", _contradiction(mark.code, "a later line says otherwise"), raw
            )


class Registers:
    """The marks of one file, by school."""

    def __init__(self, known: Known) -> None:
        self.by_school: dict[str, Register] = {}
        self.agreed: dict[str, int] = {}
        self.repeated = 0
        self._known = known
        self._only: dict[str, tuple[str, date, date]] = {}

    def add(self, row: Read) -> None:
        """Keep one mark, or count it as agreed or repeated; Unfit where it cannot be taken."""
        mark = row.record
        if not isinstance(mark, Mark):
            raise TypeError(f"marks hold only marks, not {type(mark).__name__}")
        register = self._register_for(mark)
        if register is None:
            return
        slot = register.slot(mark.date, mark.session)
        if slot is None:
            if mark.code == CLOSED:
                self._agree(mark.code, NO_SESSION_AGREED)
                return
            if mark.code:
                raise Unfit("date", register.why_not(mark.date, mark.session))
            slot = register.slot_outside(mark.date, mark.session)
        if not mark.school_id:
            mark = Mark(
                mark.upn,
                register.school_id,
                mark.date,
                mark.session,
                mark.code,
                mark.recorded_at,
                mark.minutes_late,
            )
        place = register.add(mark, slot, row.line)
        if place is not None:
            self._meet(register, place, mark)

    def refused_late(self) -> Iterator[Refused]:
        """The first rows of contradictions: known to be wrong only once a later line was read."""
        for register in self.by_school.values():
            yield from register.contradicted()

    def batches(self) -> list[tuple[str, list[Mark]]]:
        """The marks to take of each school, in the order of the file."""
        found = [(school_id, register.standing()) for school_id, register in sorted(self.by_school.items())]
        return [(school_id, marks) for school_id, marks in found if marks]

    def remark_loose_ends(self) -> None:
        """Nothing to remark on."""

    def _register_for(self, mark: Mark) -> Register | None:
        """The register a mark belongs in; None where file and roll agree that it belongs in none."""
        only = self._only.get(mark.upn) or self._only_stay(mark.upn)
        if only and only[1] <= mark.date <= only[2] and mark.school_id in ("", only[0]):
            return self._at(only[0])
        try:
            return self._at(school_on_roll(mark, mark.date, self._known))
        except Unfit:
            here = self._known.on_roll(mark.upn, mark.date)
            outside = mark.school_id not in here if mark.school_id else not here
            if mark.code in _SAYS_NOTHING and outside and mark.upn in self._known.stays:
                self._agree(mark.code, OFF_ROLL_AGREED)
                return None
            raise

    def _only_stay(self, upn: str) -> tuple[str, date, date] | None:
        """School, first and last day of a pupil with one enrolment, as nearly all have: the quick way."""
        stays = self._known.stays.get(upn, {})
        if len(stays) != 1:
            return None
        ((school_id, first), last) = next(iter(stays.items()))
        self._only[upn] = (school_id, first, last)
        return self._only[upn]

    def _at(self, school_id: str) -> Register:
        register = self.by_school.get(school_id)
        if register is None:
            register = Register(school_id, self._known.days.get(school_id, {}))
            self.by_school[school_id] = register
        return register

    def _agree(self, code: str, what: str) -> None:
        kind = f"{code or 'blank'} {what}"
        self.agreed[kind] = self.agreed.get(kind, 0) + 1

    def _meet(self, register: Register, place: int, mark: Mark) -> None:
        first = register.marks[place]
        if place not in register.struck and first.code == mark.code:
            self.repeated += 1
            return
        register.struck.add(place)
        other = f"line {register.lines[place]} says {first.code or 'blank'}"
        raise Unfit("code", _contradiction(mark.code, other))


def _contradiction(code: str, other: str) -> str:
    """The sentence for two marks of one session: neither can be trusted, so neither is taken."""
    return (
        f"this line says {code or 'blank'} and {other} for the same pupil and session: nobody can tell "
        "which is right, so neither is taken and the register stays as it was"
    )
