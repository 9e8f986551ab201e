"""Frozen values to plain columns and back: the only place that knows how a value is spelt in a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, date, datetime, time
from enum import StrEnum
from functools import cache, lru_cache
from itertools import starmap
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar, get_type_hints

from sqlalchemy import String, and_, bindparam, delete, insert, type_coerce, update
from sqlalchemy.dialects import sqlite

from adapters.store.driven import BOUND, Driven

if TYPE_CHECKING:
    from _typeshed import DataclassInstance
    from sqlalchemy import ColumnElement, Connection, Table

T = TypeVar("T", bound="DataclassInstance")
Plain = dict[str, Any]


def _day(value: date | None) -> str:
    return value.isoformat() if value else ""


def _as_list(values: tuple[str, ...]) -> str:
    if any(not value or ";" in value for value in values):
        raise ValueError(f"{values!r}: an item of a list is never empty and holds no ';'")
    return ";".join(values)


@lru_cache(maxsize=10_000)
def _items(text: str) -> tuple[str, ...]:
    return tuple(text.split(";")) if text else ()


@lru_cache(maxsize=10_000)
def instant(text: str | None) -> datetime | None:
    """An instant from SQLite's own text for it; a night's rows name few, each of them thousands of times."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None


SPELLINGS: Mapping[Any, tuple[Callable[[Any], str] | None, Callable[[str], Any]]] = {
    date: (_day, date.fromisoformat),
    date | None: (_day, lambda text: date.fromisoformat(text) if text else None),
    bool: (None, bool),
    datetime: (None, instant),
    datetime | None: (None, instant),
    time: (time.isoformat, time.fromisoformat),
    tuple[str, ...]: (_as_list, _items),
}


@cache
def _spelling(kind: type[DataclassInstance]) -> tuple[tuple[str, Any, Any], ...]:
    hints = get_type_hints(kind)
    spelt = []
    for field in fields(kind):
        hint = hints[field.name]
        is_word = isinstance(hint, type) and issubclass(hint, StrEnum)
        word = {each.value: each for each in hint}.__getitem__ if is_word else None
        write, read = (str, word) if is_word else SPELLINGS.get(hint, (None, None))
        spelt.append((field.name, write, read))
    return tuple(spelt)


def columns(kind: type[DataclassInstance]) -> tuple[str, ...]:
    """The column names of a value, in the order of its fields."""
    return tuple(field.name for field in fields(kind))


def texts(kind: type[DataclassInstance], table: Table) -> tuple[ColumnElement[Any], ...]:
    """The columns of a value to select, in the order of its fields; an instant as the text it is kept as."""
    return tuple(
        type_coerce(table.c[name], String) if read is instant else table.c[name]
        for name, _, read in _spelling(kind)
    )


def plain(value: DataclassInstance) -> Plain:
    """A value as a row: days and times as ISO text, lists with `;` between, enum members as their value."""
    return {
        name: write(getattr(value, name)) if write else getattr(value, name)
        for name, write, _ in _spelling(type(value))
    }


def filled(kind: type[DataclassInstance], given: Sequence[DataclassInstance]) -> dict[str, Iterable[Any]]:
    """Values of a kind as rows, column by column."""
    found = ((name, write, map(attrgetter(name), given)) for name, write, _ in _spelling(kind))
    return {name: map(write, column) if write else column for name, write, column in found}


def values(kind: type[T], rows: Iterable[Sequence[Any]]) -> tuple[T, ...]:
    """Rows (columns in the order of `texts`) as values, which are plain: nothing happens when one is made."""
    return tuple(starmap(_maker(kind), rows))


@cache
def _maker(kind: type[T]) -> Callable[..., T]:
    """What makes a value of a kind out of a row: a twin that is not frozen, and then becomes one that is.

    A trust has 160,000 rows, and a frozen value that fills its own fields takes six times as long.
    """
    spelt = _spelling(kind)
    takes = ", ".join(f"given_{name}" for name, _, _ in spelt)
    fill = "; ".join(
        f"self.{name} = " + (f"read_{name}(given_{name})" if read else f"given_{name}")
        for name, _, read in spelt
    )
    within: dict[str, Any] = {"kind": kind} | {f"read_{name}": read for name, _, read in spelt}
    exec(f"def make(self, {takes}): {fill}; self.__class__ = kind", within)  # noqa: S102 - as dataclasses does
    return type(kind.__name__, (), {"__slots__": columns(kind), "__init__": within["make"]})


def put(db: Connection, table: Table, rows: Iterable[Plain]) -> None:
    """Write rows over whatever stands under their primary keys; all of the same columns, which are all."""
    rows = list(rows)
    if rows:
        _putting(table, tuple(rows[0])).run(db, rows)


def add(db: Connection, table: Table, rows: Iterable[Plain]) -> None:
    """Write rows where none stand under their primary keys; all of the same columns."""
    rows = list(rows)
    if rows:
        _adding(table, tuple(rows[0])).run(db, rows)


def add_values(db: Connection, table: Table, given: Sequence[DataclassInstance]) -> None:
    """Write values of one kind where none stand under their primary keys."""
    if given:
        kind = type(given[0])
        _adding(table, columns(kind)).fill(db, filled(kind, given))


def change_values(
    db: Connection, table: Table, given: Sequence[DataclassInstance], same: frozenset[str] = frozenset()
) -> int:
    """Write values of one kind over what stands under their primary keys; how many there were.

    What has not the `same` in these columns is left alone and not counted.
    """
    if not given:
        return 0
    kind = type(given[0])
    return _changing(table, columns(kind), same).fill(db, filled(kind, given))


def remove(db: Connection, table: Table, rows: Iterable[Plain]) -> None:
    """Take away what stands under the primary keys of these rows."""
    _removing(table).run(db, list(rows))


def _bound(names: Iterable[str]) -> dict[str, Any]:
    return {name: bindparam(BOUND + name) for name in names}


def _at(table: Table, same: Iterable[str] = ()) -> ColumnElement[bool]:
    held = (*table.primary_key.columns.keys(), *same)
    return and_(*(table.c[name] == value for name, value in _bound(held).items()))


@cache
def _adding(table: Table, names: tuple[str, ...]) -> Driven:
    return Driven.of(insert(table).values(_bound(names)))


@cache
def _putting(table: Table, names: tuple[str, ...]) -> Driven:
    adding = sqlite.insert(table).values(_bound(names))
    keys = table.primary_key.columns.keys()
    now = {name: adding.excluded[name] for name in names if name not in keys}
    return Driven.of(adding.on_conflict_do_update(keys, set_=now))


@cache
def _changing(table: Table, names: tuple[str, ...], same: frozenset[str]) -> Driven:
    written = [name for name in names if name not in same and not table.c[name].primary_key]
    return Driven.of(update(table).where(_at(table, sorted(same))).values(_bound(written)))


@cache
def _removing(table: Table) -> Driven:
    return Driven.of(delete(table).where(_at(table)))
