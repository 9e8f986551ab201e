"""Frozen values to plain columns and back: the only place that knows how a value is spelt in a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, date, datetime, time
from enum import StrEnum
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, TypeVar, get_type_hints

from sqlalchemy import String, and_, bindparam, delete, insert, type_coerce

if TYPE_CHECKING:
    from _typeshed import DataclassInstance
    from sqlalchemy import ColumnElement, Connection, Table

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
    """Rows (columns in the order of `texts`) as values; by column, as a trust has 120,000 rows."""
    if not rows:
        return ()
    spelt = (read for _, _, read in _spelling(kind))
    decoded = [
        [read(text) for text in column] if read else column
        for read, column in zip(spelt, zip(*rows, strict=True), strict=True)
    ]
    return tuple(map(kind, *decoded))


def put(db: Connection, table: Table, rows: Iterable[Plain]) -> None:
    """Write rows over whatever stands under their primary keys."""
    rows = list(rows)
    remove(db, table, rows)
    add(db, table, rows)


def add(db: Connection, table: Table, rows: Iterable[Plain]) -> None:
    """Write rows where none stand under their primary keys."""
    rows = list(rows)
    if rows:
        db.execute(insert(table), rows)


def remove(db: Connection, table: Table, rows: Iterable[Plain]) -> None:
    """Take away what stands under the primary keys of these rows."""
    key = [column.name for column in table.primary_key]
    keys = [{f"old_{name}": row[name] for name in key} for row in rows]
    if keys:
        db.execute(
            delete(table).where(and_(*(table.c[name] == bindparam(f"old_{name}") for name in key))), keys
        )
