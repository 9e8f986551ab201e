"""What is different since a batch of the journal: what was judged before need not all be judged again."""

from __future__ import annotations

import hashlib
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import bindparam, select

from adapters.store.deltas import unpack_marks, unpack_rows
from adapters.store.driven import Driven
from adapters.store.journal import BATCHES, last
from workflows.ports import Changed

if TYPE_CHECKING:
    from sqlalchemy import Connection

ABOUT_PUPILS = ("pupils", "history")
ABOUT_NO_RULE = ("staff", "contacts")
_NEVER = date.max.toordinal()


def changed(db: Connection, school_id: str, since: int | None) -> Changed:
    """What the batches after `since` changed: see `workflows.ports.Changed`.

    A damaged batch (`folded` says so when somebody looks back) may have changed everything.
    """
    newest = last(db, school_id)
    if since is None:
        return Changed(newest, everything=True, since={})
    first: dict[str, int] = {}
    for kind, digest, delta in _after().ask(db, school_id=school_id, since=since):
        if kind in ABOUT_NO_RULE:
            continue
        if hashlib.sha256(delta).hexdigest() != digest or kind not in (*ABOUT_PUPILS, "marks"):
            return Changed(newest, everything=True, since={})
        found = _marked(delta) if kind == "marks" else {row.new["upn"]: 1 for row in unpack_rows(delta)}
        first |= {upn: min(day, first.get(upn, _NEVER)) for upn, day in found.items()}
    days = {upn: date.fromordinal(day) for upn, day in first.items()}
    return Changed(newest, everything=False, since=days)


@cache
def _after() -> Driven:
    later = (BATCHES.c.school_id == bindparam("school_id")) & (BATCHES.c.id > bindparam("since"))
    return Driven.of(select(BATCHES.c.kind, BATCHES.c.digest, BATCHES.c.delta).where(later))


def _marked(delta: bytes) -> dict[str, int]:
    """The first day of each pupil on which a mark is another."""
    marks = unpack_marks(delta)
    first = np.full(marks.upns.size, _NEVER)
    np.minimum.at(first, marks.pupil, marks.day)
    return dict(zip(marks.upns.tolist(), first.tolist(), strict=True))
