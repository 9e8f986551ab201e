"""Statements in the driver's own words: SQLAlchemy writes each once, and the values go past it.

Going through every row by itself it takes longer than SQLite needs to write them, and to find its own words
for a question of a night once more takes longer than SQLite needs for most answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import DateTime, TypeDecorator
from sqlalchemy.dialects import sqlite

if TYPE_CHECKING:
    import sqlite3

    from sqlalchemy import ClauseElement, Connection, Dialect
    from sqlalchemy.sql.compiler import SQLCompiler
    from sqlalchemy.types import TypeEngine

BOUND = "of_row_"
"""What the parameters of a row begin with: an update will not have one of the name of a column."""


@dataclass(frozen=True, slots=True)
class Driven:
    """A statement as text, and what it takes: names, each with its spelling, and what is always the same."""

    text: str
    takes: tuple[tuple[str, Callable[[Any], Any] | None], ...]
    always: Mapping[str, Any]

    @classmethod
    def of(cls, statement: ClauseElement) -> Driven:
        """A statement whose values are to be given under the names of its parameters."""
        dialect = sqlite.dialect()
        drawn = cast("SQLCompiler", statement.compile(dialect=dialect))
        asked = {name: bound for name, bound in drawn.binds.items() if bound.required}
        whole = drawn.construct_expanded_state(dict.fromkeys(asked))
        takes = tuple(
            (place.removeprefix(BOUND), _writes(asked[place].type, dialect) if place in asked else None)
            for place in whole.positiontup or ()
        )
        always = {name: value for name, value in whole.parameters.items() if name not in asked}
        return cls(whole.statement, takes, always)

    def ask(self, db: Connection, **given: object) -> list[tuple[Any, ...]]:
        """What it answers, row by row as it is kept: an instant as text, yes and no as 1 and 0."""
        given |= self.always
        spelt = [write(given[name]) if write else given[name] for name, write in self.takes]
        connection = cast("sqlite3.Connection", db.connection.driver_connection)
        return connection.execute(self.text, spelt).fetchall()

    def run(self, db: Connection, rows: Sequence[Mapping[str, Any]]) -> int:
        """Run it for each row; how many rows of the table were touched."""
        return self.fill(db, {name: map(itemgetter(name), rows) for name, _ in self.takes})

    def fill(self, db: Connection, columns: Mapping[str, Iterable[Any]]) -> int:
        """Run it for each row, given column by column; how many rows of the table were touched."""
        spelt = [map(write, columns[name]) if write else columns[name] for name, write in self.takes]
        rows = list(zip(*spelt, strict=True))
        return db.exec_driver_sql(self.text, rows).rowcount if rows else 0


def _writes(kind: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """How a value of a column is spelt: an instant once, as the rows of a run name few of them."""
    write = kind.dialect_impl(dialect).bind_processor(dialect)
    of_time = isinstance(kind.impl if isinstance(kind, TypeDecorator) else kind, DateTime)
    return lru_cache(maxsize=1_000)(write) if write and of_time else write
