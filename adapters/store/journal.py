"""The register journal: one append-only row for each file and school, the change as one blob."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, insert, select

from adapters.store.driven import Driven
from adapters.store.problems import StoreProblem
from adapters.store.rows import instant, plain
from adapters.store.tables import core
from adapters.store.tables.facts import JournalBatchRow

if TYPE_CHECKING:
    from sqlalchemy import Connection

BATCHES = core(JournalBatchRow)


@dataclass(frozen=True, slots=True)
class Batch:
    """One batch to keep: `kind` says how to read `delta`, `rows` how many rows it changed."""

    kind: str
    file: str
    school_id: str
    recorded_at: datetime
    source: str
    rows: int
    delta: bytes


def keep(db: Connection, batch: Batch) -> int:
    """Append a batch; its number, which is its place in the order of belief."""
    digest = hashlib.sha256(batch.delta).hexdigest()
    kept = db.execute(insert(BATCHES).values(**plain(batch), digest=digest).returning(BATCHES.c.id))
    return int(kept.scalar_one())


def newest(db: Connection, school_id: str) -> datetime | None:
    """When the last recorded batch of a school was recorded."""
    ((found,),) = _greatest("recorded_at").ask(db, school_id=school_id)
    return instant(found)


def last(db: Connection, school_id: str) -> int:
    """The number of the last batch of a school; 0 where there is none."""
    ((found,),) = _greatest("id").ask(db, school_id=school_id)
    return found or 0


@cache
def _greatest(column: str) -> Driven:
    return Driven.of(select(func.max(BATCHES.c[column])).where(BATCHES.c.school_id == bindparam("school_id")))


def deltas(db: Connection, school_id: str, known_at: datetime) -> Iterator[tuple[str, bytes]]:
    """Kind and delta of every batch recorded at or before `known_at`, in the order they were taken."""
    found = db.execute(
        select(BATCHES.c.id, BATCHES.c.kind, BATCHES.c.digest, BATCHES.c.delta)
        .where(BATCHES.c.school_id == school_id)
        .where(BATCHES.c.recorded_at <= known_at)
        .order_by(BATCHES.c.id)
    )
    for number, kind, digest, delta in found:
        if hashlib.sha256(delta).hexdigest() != digest:
            raise StoreProblem(
                f"journal batch {number} of school {school_id} is damaged (its digest does not match): "
                "what was known then cannot be rebuilt; restore it from a backup"
            )
        yield kind, delta
