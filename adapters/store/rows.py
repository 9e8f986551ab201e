"""Frozen values to plain columns and back: the only place that knows how a value is spelt in a table."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time
from enum import StrEnum
from functools import cache, lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeVar, get_type_hints

from sqlalchemy import String, and_, bindparam, delete, insert, type_coerce, update
from sqlalchemy.dialects import sqlite

if TYPE_CHECKING:
    from _typeshed import DataclassInstance
    from sqlalchemy import ColumnElement, Connection, Table
    from sqlalchemy.sql.dml import UpdateBase

T = TypeVar("T", bound="DataclassInstance")
Plain = dict[str, Any]


def _day(value: date | None) -> str:
    return value.isoformat() if value else ""


def _listed(values: tuple[str, ...]) -> str:
    if any(not value or ";" in value for value in values):
        raise ValueError(f"{values!r}: an item of a list is never empty and holds no ';'")
    return ";".join(values)


@lru_cache(maxsize=10_000)
def _instant(text: str | None) -> datetime | None:
    """An instant from SQLite's own text for it; a night's rows name few, each of them thousands of times."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None


SPELLINGS: Mapping[Any, tuple[Callable[[Any], str] | None, Callable[[str], Any]]] = {
    date: (_day, date.fromisoformat),
    date | None: (_day, lambda text: date.fromisoformat(text) if text else None),
    datetime: (None, _instant),
    datetime | None: (None, _instant),
    time: (time.isoformat, time.fromisoformat),
    tuple[str, ...]: (_listed, lambda text: tuple(text.split(";")) if text else ()),
}


@cache
def _spelling(kind: type[DataclassInstance]) -> tuple[tuple[str, Any, Any], ...]:
    hints = get_type_hints(kind)
    spelt = []
    for field in fields(kind):
        hint = hints[field.name]
        is_word = isinstance(hint, type) and issubclass(hint, StrEnum)
        write, read = (str, hint) if is_word else SPELLINGS.get(hint, (None, None))
        spelt.append((field.name, write, read))
    return tuple(spelt)


def columns(kind: type[DataclassInstance]) -> tuple[str, ...]:
    """The column names of a value, in the order of its fields."""
    return tuple(field.name for field in fields(kind))


def texts(kind: type[DataclassInstance], table: Table) -> list[ColumnElement[Any]]:
    """The columns of a value to select, in the order of its fields; an instant as the text it is kept as."""
    return [
        type_coerce(table.c[name], String) if read is _instant else table.c[name]
        for name, _, read in _spelling(kind)
    ]


def plain(value: DataclassInstance) -> Plain:
    """A value as a row: days and times as ISO text, lists with `;` between, enum members as their value."""
    return {
        name: write(getattr(value, name)) if write else getattr(value, name)
        for name, write, _ in _spelling(type(value))
    }


def values(kind: type[T], rows: Sequence[Sequence[Any]]) -> tuple[T, ...]:
    """Rows (columns in the order of `texts`) as values, which are plain: nothing happens when one is made.

    Column by column, straight into their slots: a trust has 160,000 rows, and a frozen value fills its own
    fields four times as slowly.
    """
    made = [kind.__new__(kind) for _ in rows]
    for (name, _, read), column in zip(_spelling(kind), zip(*rows, strict=True), strict=bool(rows)):
        fill = getattr(kind, name).__set__
        deque(map(fill, made, map(read, column) if read else column), maxlen=0)
    return tuple(made)


def put(db: Connection, table: Table, rows: Iterable[Plain]) -> None:
    """Write rows over whatever stands under their primary keys."""
    rows = list(rows)
    remove(db, table, rows)
    add(db, table, rows)


def add(db: Connection, table: Table, rows: Iterable[Plain]) -> None:
    """Write rows where none stand under their primary keys; all of the same columns."""
    rows = list(rows)
    if rows:
        _adding(table, tuple(rows[0])).run(db, rows)


def change(db: Connection, table: Table, names: tuple[str, ...], rows: Iterable[Plain]) -> int:
    """Write these columns of what stands under the primary keys of the rows; how many there were."""
    return _changing(table, names).run(db, list(rows))


def remove(db: Connection, table: Table, rows: Iterable[Plain]) -> None:
    """Take away what stands under the primary keys of these rows."""
    _removing(table).run(db, list(rows))


@dataclass(frozen=True, slots=True)
class _Driven:
    """A statement in the driver's own words, and what it takes of a row: columns, each with its spelling.

    SQLAlchemy writes the statement and spells the values; going through every row by itself it takes longer
    than SQLite needs to write them.
    """

    text: str
    takes: tuple[tuple[str, Callable[[Any], Any] | None], ...]

    @classmethod
    def of(cls, statement: UpdateBase) -> _Driven:
        """A statement whose parameters are `_bound`."""
        dialect = sqlite.dialect()
        drawn = statement.compile(dialect=dialect)
        takes = []
        for place in drawn.positiontup or ():
            kind = drawn.binds[place].type.dialect_impl(dialect)
            takes.append((place.removeprefix(_BOUND), kind.bind_processor(dialect)))
        return cls(str(drawn), tuple(takes))

    def run(self, db: Connection, rows: Sequence[Plain]) -> int:
        """Run it for each row; how many rows of the table were touched."""
        if not rows:
            return 0
        spelt = [
            map(write, map(itemgetter(name), rows)) if write else map(itemgetter(name), rows)
            for name, write in self.takes
        ]
        return db.exec_driver_sql(self.text, list(zip(*spelt, strict=True))).rowcount


_BOUND = "of_row_"  # an update will not have a parameter of the name of a column


def _bound(names: Iterable[str]) -> dict[str, Any]:
    return {name: bindparam(_BOUND + name) for name in names}


def _at(table: Table) -> ColumnElement[bool]:
    return and_(*(table.c[name] == value for name, value in _bound(table.primary_key.columns.keys()).items()))


@cache
def _adding(table: Table, names: tuple[str, ...]) -> _Driven:
    return _Driven.of(insert(table).values(_bound(names)))


@cache
def _changing(table: Table, names: tuple[str, ...]) -> _Driven:
    return _Driven.of(update(table).where(_at(table)).values(_bound(names)))


@cache
def _removing(table: Table) -> _Driven:
    return _Driven.of(delete(table).where(_at(table)))
