"""The seven files that are rows (marks are cells): which table, which key, which order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import compress
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from adapters.store.deltas import RowChange
from adapters.store.driven import Driven
from adapters.store.rows import Plain, add, columns, plain, remove, values
from adapters.store.tables import core
from adapters.store.tables.facts import (
    ContactRow,
    EventRow,
    PupilRow,
    SchoolDayRow,
    SchoolRow,
    StaffRow,
    TermRow,
)
from engine.records import Contact, Event, Pupil, School, SchoolDay, Staff, Term

if TYPE_CHECKING:
    from _typeshed import DataclassInstance
    from sqlalchemy import Connection, Select, Table


@dataclass(frozen=True, slots=True)
class Sheet:
    """One kind of record: `key` makes a row unique within its school, `order` is how rows are handed out."""

    kind: str
    record: type[DataclassInstance]
    table: Table
    key: tuple[str, ...]
    order: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of a row, in the order of the record's fields."""
        return columns(self.record)

    def key_of(self, row: Plain) -> tuple[object, ...]:
        """The key of a row, as the journal keeps it."""
        return tuple(row[name] for name in self.key)


SHEETS = (
    Sheet("schools", School, core(SchoolRow), ("school_id",), ("school_id",)),
    Sheet("calendar", SchoolDay, core(SchoolDayRow), ("date",), ("date",)),
    Sheet(
        "terms", Term, core(TermRow), ("year", "term", "half_term"), ("starts", "year", "term", "half_term")
    ),
    Sheet("staff", Staff, core(StaffRow), ("staff_id",), ("staff_id",)),
    Sheet("pupils", Pupil, core(PupilRow), ("upn", "admitted_on"), ("upn", "admitted_on")),
    Sheet("contacts", Contact, core(ContactRow), ("contact_id", "upn"), ("upn", "priority", "contact_id")),
    Sheet(
        "history",
        Event,
        core(EventRow),
        ("upn", "kind", "on", "contact_id", "from_"),
        ("upn", "on", "kind", "contact_id", "from_"),
    ),
)
SHEET_OF = {sheet.record: sheet for sheet in SHEETS}


def standing_rows(db: Connection, sheet: Sheet, school_id: str) -> Sequence[Sequence[Any]]:
    """The rows that stand at a school as they are kept, their columns in the order of the record's fields."""
    return _standing(sheet).ask(db, of_school=school_id)


@cache
def _standing(sheet: Sheet) -> Driven:
    return Driven.of(_query(sheet))


@cache
def _query(sheet: Sheet) -> Select[Any]:
    wanted = select(*(sheet.table.c[name] for name in sheet.columns))
    return wanted.where(sheet.table.c.school_id == bindparam("of_school"))


def records(sheet: Sheet, rows: Sequence[Sequence[Any]]) -> tuple[Any, ...]:
    """Rows as values, in the sheet's order."""
    return values(sheet.record, sorted(rows, key=itemgetter(*map(sheet.columns.index, sheet.order))))


def write_rows(
    db: Connection, sheet: Sheet, school_id: str, given: Sequence[DataclassInstance]
) -> tuple[list[RowChange], int]:
    """Upsert these records by key; what changed, and how many said nothing new."""
    there = db.execute(_query(sheet), {"of_school": school_id})  # as the journal keeps them: yes is no 1
    found = (dict(zip(sheet.columns, row, strict=True)) for row in there)
    stands = {sheet.key_of(row): row for row in found}
    rows = {sheet.key_of(row): row for row in map(plain, given)}
    strangers = {row["school_id"] for row in rows.values() if row.get("school_id", school_id) != school_id}
    if strangers:
        raise ValueError(f"a batch of school {school_id} holds rows of {', '.join(sorted(strangers))}")
    changes = [RowChange(key, stands.get(key), row) for key, row in rows.items() if stands.get(key) != row]
    now = [{**change.new, "school_id": school_id} for change in changes]
    remove(db, sheet.table, compress(now, [change.old is not None for change in changes]))
    add(db, sheet.table, now)
    return changes, len(given) - len(changes)
