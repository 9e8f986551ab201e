"""What is believed of a school: taken in batch by batch, read back as it is or as it was known."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from sqlalchemy import func, select

from adapters.store.deltas import fold_marks, pack_marks, pack_rows, unpack_marks, unpack_rows
from adapters.store.journal import Batch, deltas, keep, newest
from adapters.store.problems import StoreProblem
from adapters.store.register import read_register, redraw, write_marks
from adapters.store.rows import Plain
from adapters.store.sheets import SHEET_OF, SHEETS, records, standing_rows, write_rows
from adapters.store.tables import core
from adapters.store.tables.facts import PupilRow, SchoolRow
from engine.records import Contact, Mark, MarkGrid, Pupil, School, SchoolDay, SchoolFacts, Staff, Term
from workflows.marks import Marks
from workflows.ports import Taken

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from workflows.ports import Record

MARKS = "marks"
ENROLMENTS = core(PupilRow)
Rows = dict[str, Sequence[Sequence[Any]]]


def school_ids(db: Connection) -> tuple[str, ...]:
    """The schools in the store, sorted."""
    return tuple(sorted(db.execute(select(core(SchoolRow).c.school_id)).scalars()))


def school_name(db: Connection, school_id: str) -> str:
    """The name of a school, its id where it has none."""
    schools = core(SchoolRow)
    found: str | None = db.execute(
        select(schools.c.name).where(schools.c.school_id == school_id)
    ).scalar_one_or_none()
    return found or school_id


def frame(db: Connection, school_id: str) -> tuple[School, tuple[SchoolDay, ...], tuple[Term, ...]]:
    """A school with its calendar and its terms, as the tables hold them now."""
    (school,) = cast("tuple[School]", _standing(db, School, school_id))
    return school, days(db, school_id), cast("tuple[Term, ...]", _standing(db, Term, school_id))


def days(db: Connection, school_id: str) -> tuple[SchoolDay, ...]:
    """The calendar of a school as the tables hold it now."""
    return cast("tuple[SchoolDay, ...]", _standing(db, SchoolDay, school_id))


def stays(db: Connection) -> Iterator[tuple[str, str, date, date | None]]:
    """Every enrolment as the table holds it now: a trust's in a tenth of the time of `pupils`."""
    wanted = (ENROLMENTS.c.upn, ENROLMENTS.c.school_id, ENROLMENTS.c.admitted_on, ENROLMENTS.c.left_on)
    day = cache(date.fromisoformat)
    for upn, school_id, first, last in db.execute(select(*wanted)).all():
        yield upn, school_id, day(first), day(last) if last else None


def pupils(db: Connection, school_id: str) -> tuple[Pupil, ...]:
    """The pupils of a school as the tables hold them now, without their marks."""
    return cast("tuple[Pupil, ...]", _standing(db, Pupil, school_id))


def staff(db: Connection, school_id: str) -> tuple[Staff, ...]:
    """The staff of a school as the tables hold them now."""
    return cast("tuple[Staff, ...]", _standing(db, Staff, school_id))


def contacts(db: Connection, school_id: str) -> tuple[Contact, ...]:
    """The contacts of a school's pupils as the tables hold them now."""
    return cast("tuple[Contact, ...]", _standing(db, Contact, school_id))


def links(db: Connection, contact_ids: Collection[str]) -> tuple[Contact, ...]:
    """Every link of these contacts to a pupil of any school."""
    sheet = SHEET_OF[Contact]
    wanted = func.json_each(json.dumps(sorted(contact_ids))).table_valued("value").c.value
    columns = (sheet.table.c[name] for name in sheet.columns)
    found = db.execute(select(*columns).where(sheet.table.c.contact_id.in_(select(wanted)))).all()
    return cast("tuple[Contact, ...]", records(sheet, found))


def _standing(db: Connection, kind: type[Record], school_id: str) -> tuple[Record, ...]:
    sheet = SHEET_OF[kind]
    return cast("tuple[Record, ...]", records(sheet, standing_rows(db, sheet, school_id)))


def take(
    db: Connection, file: str, school_id: str, given: Sequence[Record], when: datetime, source: str
) -> Taken:
    """Take one batch into the projection, and what it changed into the journal."""
    if not given:
        return Taken(None, 0, 0, 0)
    kinds = {Mark} if isinstance(given, Marks) else {type(record) for record in given}
    if len(kinds) > 1:
        raise ValueError(
            f"{file}: one batch holds one kind of record, not {sorted(k.__name__ for k in kinds)}"
        )
    if kinds == {Mark}:
        marks = Marks.of(cast("Sequence[Mark]", given))
        kind, new, changed, delta = _take_marks(db, school_id, marks)
    else:
        kind, new, changed, delta = _take_rows(db, school_id, given)
    if not new + changed:
        return Taken(None, 0, 0, len(given))
    number = keep(db, Batch(kind, file, school_id, when, source, new + changed, delta))
    return Taken(number, new, changed, len(given) - new - changed)


def _take_marks(db: Connection, school_id: str, marks: Marks) -> tuple[str, int, int, bytes]:
    strangers = {marks.schools[number] for number in np.unique(marks.rows["school"]).tolist()} - {school_id}
    if strangers:
        raise ValueError(f"a batch of school {school_id} holds marks of {', '.join(sorted(strangers))}")
    changes, same = write_marks(db, school_id, marks)
    new = int((changes.old == b"").sum())
    return MARKS, new, len(marks) - same - new, pack_marks(changes)


def _take_rows(db: Connection, school_id: str, given: Sequence[Record]) -> tuple[str, int, int, bytes]:
    sheet = SHEET_OF[type(given[0])]
    changes, _ = write_rows(db, sheet, school_id, given)
    if changes and sheet.record is SchoolDay:
        redraw(db, school_id, [record.date for record in given if isinstance(record, SchoolDay)])
    new = sum(change.old is None for change in changes)
    return sheet.kind, new, len(changes) - new, pack_rows(changes)


def facts(db: Connection, school_id: str, known_at: datetime) -> SchoolFacts:
    """What was believed at `known_at`: the projection, or the journal folded if it says more by now."""
    last = newest(db, school_id)
    if last is not None and last <= known_at:
        return _assembled(school_id, known_at, *projected(db, school_id))
    return _assembled(school_id, known_at, *folded(db, school_id, known_at))


def projected(db: Connection, school_id: str) -> tuple[Rows, MarkGrid]:
    """Rows and register as the tables hold them now."""
    rows = {sheet.kind: standing_rows(db, sheet, school_id) for sheet in SHEETS}
    return rows, read_register(db, school_id)


def folded(db: Connection, school_id: str, known_at: datetime) -> tuple[Rows, MarkGrid]:
    """Rows and register as the journal up to `known_at` makes them out of nothing."""
    rows: dict[str, dict[tuple[object, ...], Plain]] = {sheet.kind: {} for sheet in SHEETS}
    marks = []
    for kind, delta in deltas(db, school_id, known_at):
        if kind == MARKS:
            marks.append(unpack_marks(delta))
        else:
            rows[kind].update({change.key: change.new for change in unpack_rows(delta)})
    listed: Rows = {
        sheet.kind: [[row[name] for name in sheet.columns] for row in rows[sheet.kind].values()]
        for sheet in SHEETS
    }
    return listed, fold_marks(marks)


def _assembled(school_id: str, known_at: datetime, rows: Rows, marks: MarkGrid) -> SchoolFacts:
    school, days, terms, staff, pupils, contacts, events = (
        records(sheet, rows[sheet.kind]) for sheet in SHEETS
    )
    if not school:
        raise StoreProblem(
            f"school {school_id} was not in the store at {known_at.isoformat(timespec='minutes')}: "
            "import its schools.csv, or ask about a later time (--as-of, --known-at)"
        )
    return SchoolFacts(school[0], days, terms, staff, pupils, contacts, events, marks)
