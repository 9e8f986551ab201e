"""Who is there, day by day: the staff of a school, and what was said about their being out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from engine.instants import local
from engine.records import Pupil, Staff
from workflows.people import owner
from workflows.ports import Unit
from workflows.values import StaffOut

_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rota:
    """The staff of one school, and what was said about who is out, in the order in which it was said."""

    staff: Sequence[Staff]
    said: Sequence[StaffOut] = ()

    @classmethod
    def of(cls, unit: Unit, school_id: str, known_at: datetime, staff: Sequence[Staff] | None = None) -> Rota:
        """The rota of a school as it was known at an instant; of its present staff where none is given."""
        said = tuple(each for each in unit.staff_out(school_id) if each.at <= known_at)
        return cls(unit.staff(school_id) if staff is None else staff, said)

    def out(self, first: date, last: date | None = None) -> frozenset[str]:
        """Who is out on a day; with a later `last`, who is out on every day up to it.

        Of two things said about one day the later holds.
        """
        found = self._out_on(first)
        day = first
        while found and last is not None and day < last:
            day += _A_DAY
            found &= self._out_on(day)
        return found

    def last_day_out(self, staff_id: str, first: date) -> date:
        """The last of the days on end, from the first on, on which somebody is out."""
        day = first
        while staff_id in self._out_on(day + _A_DAY):
            day += _A_DAY
        return day

    def is_out_from(self, staff_id: str, day: date) -> bool:
        """Whether somebody is out on a day or on any later one."""
        begin = {day, *(each.first for each in self.said if each.first > day)}
        return any(staff_id in self._out_on(each) for each in begin)

    def begins_after(self, staff_id: str, day: date) -> tuple[date, ...]:
        """The days after a day from which on it was said that somebody is out, where that still holds."""
        said = {each.first for each in self.said if each.staff_id == staff_id and each.first > day}
        return tuple(sorted(each for each in said if staff_id in self._out_on(each)))

    def owner(
        self, role: str, pupil: Pupil | None, at: datetime, due: datetime, *, key_adult: bool, reserved: bool
    ) -> tuple[str, str]:
        """Whose a task made now is, and for whom they cover, or empty.

        Somebody who is back before it is due keeps it: they can still do it.
        """
        usual = owner(role, pupil, self.staff, key_adult=key_adult, reserved=reserved)
        out = self.out(local(at).date(), local(due).date())
        if usual not in out:
            return usual, ""
        found = owner(role, pupil, self.staff, key_adult=key_adult, out=out, reserved=reserved)
        return found, usual if found != usual else ""

    def _out_on(self, day: date) -> frozenset[str]:
        out: dict[str, bool] = {}
        for each in self.said:
            if each.first <= day <= each.last:
                out[each.staff_id] = not each.back
        return frozenset(staff_id for staff_id, is_out in out.items() if is_out)
