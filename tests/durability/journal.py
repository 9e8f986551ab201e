"""The journal read without Firstbell: every batch applied onto nothing, to compare with what stands.

Needs zlib, json and numpy's archive format, and of Firstbell nothing: a reader of its own.
"""

from __future__ import annotations

import hashlib
import io
import json
import sqlite3
import zlib
from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np

Row = tuple[object, ...]
TABLES = {
    "schools": "school",
    "calendar": "calendar",
    "terms": "term",
    "staff": "staff",
    "pupils": "pupil",
    "contacts": "contact",
    "history": "event",
}
_SLOT = 2
_EMPTY = ("  ", "..")


def misremembered(db: sqlite3.Connection) -> Iterator[str]:
    """Each table that is not the sum of its journal, and each batch whose digest is another."""
    rows: dict[tuple[str, str], dict[str, dict[str, object]]] = {}
    marks: dict[Row, str] = {}
    for number, school, kind, digest, delta in db.execute(
        "SELECT id, school_id, kind, digest, delta FROM journal_batch ORDER BY id"
    ):
        if hashlib.sha256(delta).hexdigest() != digest:
            yield f"journal batch {number}: its digest is another"
        if kind == "marks":
            marks.update(((school, *where), code) for where, code in _marks(delta))
        else:
            stands = rows.setdefault((kind, school), {})
            stands.update((json.dumps(change["key"]), change["new"]) for change in _unpacked(delta))
    for kind, table in TABLES.items():
        told = [
            {**row, "school_id": school}
            for (of, school), stands in rows.items()
            if of == kind
            for row in stands.values()
        ]
        if _sorted(told) != _sorted(_table(db, table)):
            yield f"the table {table} is not what its journal adds up to"
    if {where: code for where, code in marks.items() if code} != dict(_register(db)):
        yield "the register is not what its journal adds up to"


def _unpacked(delta: bytes) -> list[dict[str, dict[str, object]]]:
    unpacked: list[dict[str, dict[str, object]]] = json.loads(zlib.decompress(delta))
    return unpacked


def _marks(delta: bytes) -> Iterator[tuple[Row, str]]:
    with np.load(io.BytesIO(delta), allow_pickle=False) as archive:
        columns = [archive[name].tolist() for name in ("pupil", "day", "half", "new")]
        upns = archive["upns"].tolist()
    for pupil, day, half, new in zip(*columns, strict=True):
        yield (upns[pupil], date.fromordinal(day).isoformat(), half), new.decode()


def _register(db: sqlite3.Connection) -> Iterator[tuple[Row, str]]:
    for school, upn, week, text in db.execute("SELECT school_id, upn, week, marks FROM register_week"):
        for slot in range(len(text) // _SLOT):
            code = text[_SLOT * slot : _SLOT * slot + _SLOT]
            if code not in _EMPTY:
                day = date.fromisoformat(week) + timedelta(days=slot // 2)
                yield (school, upn, day.isoformat(), slot % 2), code.strip()


def _table(db: sqlite3.Connection, table: str) -> list[dict[str, object]]:
    found = db.execute(f"SELECT * FROM {table}")  # noqa: S608 - a name of TABLES
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found]


def _sorted(rows: list[dict[str, object]]) -> list[str]:
    """In one order and spelling: SQLite has no booleans, only 0 and 1."""
    return sorted(
        json.dumps({name: int(v) if isinstance(v, bool) else v for name, v in row.items()}, sort_keys=True)
        for row in rows
    )
