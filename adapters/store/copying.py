"""A copy of the store as of one moment, in a file of its own, while everything else goes on."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from adapters.store.problems import StoreProblem

if TYPE_CHECKING:
    from pathlib import Path

_OURS_ALONE = 0o600  # children's data, like the store itself


def copy(store: sqlite3.Connection, to: Path) -> None:
    """Copy a store into a new file and read the copy through; StoreProblem where it cannot be done.

    The file is there when all of it is: until then it is called `.part`. A copy of the store's file alone
    would lack what was written lately and stands beside it.
    """
    if to.exists():
        raise StoreProblem(f"{to} is there already: name a new file, so that an older copy is not lost")
    part = to.with_name(f"{to.name}.part")
    try:
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_CREAT | os.O_EXCL, _OURS_ALONE))
        with closing(sqlite3.connect(part)) as copied:
            store.backup(copied)
            copied.execute("PRAGMA journal_mode=DELETE").close()  # one file, with nothing beside it
            ((found,),) = copied.execute("PRAGMA quick_check(1)").fetchall()
        with part.open("rb") as written:
            os.fsync(written.fileno())
    except OSError as trouble:
        raise StoreProblem(f"{to} cannot be written: {trouble.strerror or trouble}") from trouble
    except sqlite3.Error as trouble:
        part.unlink(missing_ok=True)
        raise StoreProblem(
            f"{to} cannot be written: {trouble}; check its folder and the room on the disk"
        ) from trouble
    if found != "ok":
        part.unlink(missing_ok=True)
        raise StoreProblem(f"the store is damaged ({found}): keep the copies that you have, and use the last")
    part.replace(to)
