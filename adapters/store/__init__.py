"""The store: everything Firstbell knows and did, in one SQLite file. Importing it takes most of a second."""

from __future__ import annotations

from adapters.store.connect import BUSY_SECONDS
from adapters.store.problems import StoreProblem
from adapters.store.schema import check, upgrade
from adapters.store.store import SqlStore, SqlUnit

__all__ = ["SqlStore", "SqlUnit", "StoreProblem", "open_store", "upgrade"]


def open_store(url: str, *, codes_hash: str, busy: float = BUSY_SECONDS) -> SqlStore:
    """The store that `url` names (`sqlite:///relative.db`, `sqlite:////absolute.db`), ready for use.

    `codes_hash` is the hash of the code table in force; it goes into every ledger entry. `busy` is how many
    seconds to wait for another program that is writing.

    Raises:
        StoreProblem: no such file, not a store, or not of this Firstbell's shape: 'firstbell init' helps.
    """
    return SqlStore(check(url), codes_hash, busy)
