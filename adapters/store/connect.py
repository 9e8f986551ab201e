"""Connections to SQLite that keep what the workflows were promised.

A writing transaction takes the write lock at BEGIN, so two runs follow each other (under SQLAlchemy's
default the SELECT of a read-then-insert stands outside the transaction, and a ledger would fork). Every
commit is flushed to the disk: 210 us, and commits are few.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

from sqlalchemy import create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from adapters.store.problems import StoreProblem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

BUSY_SECONDS = 30.0
CACHE_KB = 32_768
"""What one school's part of a run reads twice; with SQLite's own 2 MB every page is fetched anew."""

FOLD_PAGES = 25_000
"""So many pages (100 MB) are written beside the store before they are folded into it: a page that every
school of a night writes to is folded once in many schools, and not after each of them. `serve` folds after
each look at the clock, so that the file alone is never far behind."""


def file_of(url: str) -> Path:
    """The file that a store address names, absolute: `sqlite:///relative.db` or `sqlite:////absolute.db`."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise StoreProblem(
            f"{url!r} is no store address: write sqlite:///firstbell.db, four slashes before an absolute path"
        ) from None
    if parsed.get_backend_name() != "sqlite":
        raise StoreProblem(
            f"a store on {parsed.get_backend_name()} is not supported yet: use sqlite:///firstbell.db"
        )
    if not parsed.database or parsed.database == ":memory:":
        raise StoreProblem(f"{url!r} names no file: write sqlite:///firstbell.db")
    return Path(parsed.database).absolute()


def engine_for(path: Path, busy: float = BUSY_SECONDS) -> Engine:
    """An engine on one file. A connection with the option `writing=True` writes; it waits so many seconds."""
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": busy})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def fold(engine: Engine) -> None:
    """Fold the log into the file, as far as no reader needs it; a writer is not kept waiting."""
    with driver(engine) as db:
        db.execute("PRAGMA wal_checkpoint(PASSIVE)").close()


@contextmanager
def driver(engine: Engine) -> Iterator[sqlite3.Connection]:
    """A connection as sqlite3 knows it, in no transaction."""
    raw = engine.raw_connection()
    try:
        yield cast("sqlite3.Connection", raw.driver_connection)
    finally:
        raw.close()


def _prepare(dbapi_connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    connection = cast("sqlite3.Connection", dbapi_connection)
    connection.isolation_level = None  # BEGIN is ours: the driver would start too late
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"cache_size=-{CACHE_KB}",
        f"wal_autocheckpoint={FOLD_PAGES}",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(db: Connection) -> None:
    writing = db.get_execution_options().get("writing", False)
    db.exec_driver_sql(f"PRAGMA query_only={'OFF' if writing else 'ON'}")
    db.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
