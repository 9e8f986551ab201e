"""What can go wrong with a store, in a sentence for the person who has to put it right."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError, IntegrityError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class StoreProblem(Exception):  # noqa: N818  # a sentence for a person, not a name in a traceback
    """The store cannot do what was asked; the message says why and what to do."""


SENTENCES = {
    "file is not a database": "is not a Firstbell store (not even a database): give --store another file",
    "malformed": "is damaged: restore the latest backup, then import what came after it again",
    "database is locked": "has been in use by another program for {busy:.0f} seconds: close that program, "
    "or wait for its run to end, and try again",
    "attempt to write a readonly database": "cannot be written: it is read-only for this user, or was opened "
    "only for reading",
    "unable to open database file": "cannot be opened: check that its folder exists "
    "and that you may write to it",
    "disk is full": "cannot grow: the disk is full. Nothing of this step was kept; "
    "free some space and try again",
    "no such table": "was never finished: run 'firstbell init'",
    "no such column": "does not have the shape this Firstbell expects: run 'firstbell init'",
    "could not decode": "holds text that is not text: run 'firstbell ledger verify', and restore a backup",
}


@contextmanager
def in_words(path: Path, busy: float) -> Iterator[None]:
    """Whatever goes wrong with the store at `path` meanwhile is said in words."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        raise explained(error, path, busy) from error


def explained(error: DBAPIError | sqlite3.Error, path: Path, busy: float) -> StoreProblem:
    """The same trouble in words; what SQLite said stands in brackets where we know no better."""
    said = str(error.orig if isinstance(error, DBAPIError) else error)
    if isinstance(error, IntegrityError):
        return StoreProblem(f"a row {refused(error)}")
    for sign, sentence in SENTENCES.items():
        if sign in said.lower():
            return StoreProblem(f"{path} {sentence.format(busy=busy)}")
    return StoreProblem(f"{path} answered with an error that Firstbell does not know ({said})")


def refused(error: IntegrityError) -> str:
    """What is wrong with a row that would happen twice, or would hang in the air; goes after its name."""
    said = str(error.orig)
    if "FOREIGN KEY" in said:
        return "refers to a case or run that is not in the store: nothing was written"
    return f"is in the store already, and nothing happens twice ({said}): nothing was written"
