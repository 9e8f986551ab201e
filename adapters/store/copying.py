"""A copy of the store as of one moment, in a file of its own, while everything else goes on."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import mkstemp

from adapters.store.problems import StoreProblem


def copy(store: sqlite3.Connection, to: Path) -> None:
    """Copy a store into a new file and read the copy through; StoreProblem where it cannot be done.

    The file is there when all of it is: until then it has a name of its own, beside it. A copy of the
    store's file alone would lack what was written lately and stands beside it.
    """
    if to.exists():
        raise StoreProblem(f"{to} is there already: name a new file, so that an older copy is not lost")
    try:
        # Readable for us alone, as the store is: children's data.
        opened, name = mkstemp(prefix=f".{to.name}.", suffix=".part", dir=to.parent)
        os.close(opened)
    except OSError as trouble:
        raise StoreProblem(f"{to} cannot be written: {trouble.strerror or trouble}") from trouble
    part = Path(name)
    try:
        with closing(sqlite3.connect(part)) as copied:
            store.backup(copied)
            copied.execute("PRAGMA journal_mode=DELETE").close()  # one file, with nothing beside it
            ((found,),) = copied.execute("PRAGMA quick_check(1)").fetchall()
        if found != "ok":
            raise StoreProblem(f"the store is damaged ({found}): keep the copies that you have, use the last")
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.replace(to)
    except (OSError, sqlite3.Error) as trouble:
        raise StoreProblem(
            f"{to} cannot be written: {trouble}; check its folder and the room on the disk"
        ) from trouble
    finally:
        part.unlink(missing_ok=True)
