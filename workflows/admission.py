"""Whether a row that reads well also fits what is known, and to which schools it belongs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from engine.records import Contact, Event, Mark, School
from workflows.known import Known
from workflows.ports import Record

HOLD = "hold"
_SHOWN = 40


class Unfit(Exception):  # noqa: N818  # a sentence for a person, not a name in a traceback
    """A row that cannot be taken: the column at fault and the reason."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column
        self.reason = reason


def admit(record: Record, known: Known, today: date) -> tuple[Record, tuple[str, ...]]:
    """The record, with its school filled in where the file left it out, and the schools that take it.

    Marks have a way of their own (workflows/register_in.py).
    """
    match record:
        case School():
            return record, (record.school_id,)
        case Contact():
            homes = known.homes(record.upn, today)
            if not homes:
                raise _unknown_pupil(record.upn)
            return record, homes
        case Event():
            school_id = _school_of_event(record, known)
            homes = known.homes(record.upn, today) if record.kind == HOLD else ()  # it goes with the child
            return replace(record, school_id=school_id), tuple(sorted({school_id, *homes}))
        case _:
            if record.school_id not in known.schools:
                raise _unknown_school(record.school_id)
            return record, (record.school_id,)


def school_on_roll(record: Mark | Event, on: date, known: Known) -> str:
    """The school a row about a pupil's day belongs to; Unfit where it is none or not one."""
    schools = known.on_roll(record.upn, on)
    if record.school_id:
        if record.school_id in schools:
            return record.school_id
    elif len(schools) == 1:
        return schools[0]
    if record.upn not in known.stays:
        raise _unknown_pupil(record.upn)
    if record.school_id and record.school_id not in known.schools:
        raise _unknown_school(record.school_id)
    if len(schools) > 1 and not record.school_id:
        raise Unfit(
            "school_id", f"the pupil is on the rolls of {' and '.join(schools)} on {on}: give school_id"
        )
    where = f"the roll of {record.school_id}" if record.school_id else "any roll"
    raise Unfit("upn", f"the pupil is not on {where} on {on}: look at admitted_on and left_on in pupils.csv")


def _school_of_event(event: Event, known: Known) -> str:
    """As on roll that day; else the school named, or the only one the pupil was ever at."""
    ever = {school for school, _ in known.stays.get(event.upn, {})}
    if event.school_id in ever:
        return event.school_id
    if len(ever) == 1 and not event.school_id:
        return ever.pop()
    return school_on_roll(event, event.on, known)


def _unknown_pupil(upn: str) -> Unfit:
    return Unfit("upn", f"there is no pupil {upn}: import the pupil with pupils.csv first")


def _unknown_school(school_id: str) -> Unfit:
    shown = school_id if len(school_id) <= _SHOWN else f"{school_id[:_SHOWN]}…"
    return Unfit("school_id", f"there is no school {shown}: import it with schools.csv first")
