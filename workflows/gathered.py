"""The rows of one file on their way into the store: each key once, each row with its schools."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from engine.records import Contact, Event, Pupil, School, SchoolDay, Staff, Term
from workflows.admission import Unfit, admit
from workflows.incoming import Read, Refused, Remarks
from workflows.known import Known
from workflows.ports import Record

KEYS: dict[type[Any], Callable[[Any], tuple[object, ...]]] = {
    School: lambda school: (school.school_id,),
    SchoolDay: lambda day: (day.school_id, day.date),
    Term: lambda term: (term.school_id, term.year, term.term, term.half_term),
    Staff: lambda staff: (staff.school_id, staff.staff_id),
    Pupil: lambda pupil: (pupil.upn, pupil.school_id, pupil.admitted_on),
    Contact: lambda contact: (contact.contact_id, contact.upn),
    Event: lambda event: (event.school_id, event.upn, event.kind, event.on, event.contact_id, event.from_),
}
"""What makes a row one of its kind (semantics 28)."""


class Gathered:
    """The rows of any file but marks. Of two rows with one key the first stands and the second is refused.

    One thing is stricter: where two rows of one contact disagree about a restriction, the safeguarding
    lead is asked, whichever came first.
    """

    def __init__(self, known: Known, today: date, remarks: Remarks) -> None:
        self.repeated = 0
        self.agreed: dict[str, int] = {}
        self._known = known
        self._today = today
        self._remarks = remarks
        self._rows: dict[tuple[object, ...], tuple[int, Record, tuple[str, ...]]] = {}

    def add(self, row: Read) -> None:
        """Keep one row, or count it as repeated; Unfit where it cannot be taken."""
        record, schools = admit(row.record, self._known, self._today)
        key = KEYS[type(record)](record)
        first = self._rows.get(key)
        if first is None:
            self._rows[key] = (row.line, record, schools)
            return
        line, standing, _ = first
        if standing == record:
            self.repeated += 1
            return
        if isinstance(standing, Contact) and isinstance(record, Contact):
            self._disagree(key, line, standing, record)
        raise Unfit(
            "", f"line {line} has the same key with other details: that line is taken, this one is not"
        )

    def refused_late(self) -> Iterator[Refused]:
        """Nothing here is refused after the fact."""
        return iter(())

    def batches(self) -> list[tuple[str, list[Record]]]:
        """The records of each school, in the order of the file."""
        found: dict[str, list[Record]] = {}
        for _, record, schools in self._rows.values():
            for school_id in schools:
                own = replace(record, school_id=school_id) if isinstance(record, Event) else record
                found.setdefault(school_id, []).append(own)
        return sorted(found.items())

    def remark_loose_ends(self) -> None:
        """Warn of people named who are not on the staff: their work would go to the next in line."""
        for line, record, _ in self._rows.values():
            match record:
                case Staff(deputy=named) | Pupil(key_adult=named):
                    column = "deputy" if isinstance(record, Staff) else "key_adult"
                    if named and named not in self._known.staff(record.school_id):
                        self._remarks.add(
                            line,
                            f"{column} {named} is not on the staff of {record.school_id}",
                            f"no {column}",
                        )
                case _:
                    return

    def _disagree(self, key: tuple[object, ...], line: int, standing: Contact, other: Contact) -> None:
        if standing.restriction != other.restriction:
            self._remarks.add(line, "two rows of this contact differ in restriction; ask_dsl is taken")
            _, _, schools = self._rows[key]
            self._rows[key] = (line, replace(standing, restriction="ask_dsl"), schools)
