"""What must be the same of two stores that lived through the same, however often one of them was killed."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from tests.durability.invariants import STORE

View = dict[str, list[str]]
"""Rows as text, sorted, by table and school; the files under `outbox` and `quarantine`."""

FACTS = ("school", "calendar", "term", "staff", "pupil", "contact", "event", "register_week")
INCIDENTAL = {
    "case_": (),
    "task": ("run_id",),
    "message": ("run_id", "claimed_at", "ended_at"),
    "decision_state": ("run_id",),
    "journal_batch": ("id", "recorded_at", "delta"),
}
"""Which run or attempt did it, and when: what may differ. Ids are derived, so they may not."""
ATTEMPTS = ("sending", "queued", "unknown")


def view(folder: Path) -> View:
    """A store folder with all that is incidental left out."""
    found: View = {}
    with closing(sqlite3.connect(folder / STORE)) as db:
        for table in (*FACTS, *INCIDENTAL):
            rows = _rows(db, f"SELECT * FROM {table} ORDER BY school_id")  # noqa: S608 - a name from above
            _gather(found, table, rows, INCIDENTAL.get(table, ()))
        _gather(found, "ledger", _told(db), ("run_id", "batch", "recorded_at"))
    for name in ("outbox", "quarantine"):
        files = (folder / name).glob("[!.]*.*")
        found[name] = sorted(f"{path.name}: {path.read_text(encoding='utf-8')}" for path in files)
    return found


def part(found: View, school: str) -> View:
    """The part of a view that is one school's."""
    return {key: rows for key, rows in found.items() if key.endswith(f" of {school}")}


def differing(one: View, other: View) -> list[str]:
    """What is in one of two views only, each line with its table and side; empty where they are the same."""
    return [
        f"{key}, {side}: {row[:300]}"
        for key in sorted(one.keys() | other.keys())
        for side, here, there in (("only first", one, other), ("only second", other, one))
        for row in (Counter(here.get(key, ())) - Counter(there.get(key, ()))).elements()
    ]


def _gather(found: View, name: str, rows: Iterator[dict[str, object]], incidental: tuple[str, ...]) -> None:
    for row in rows:
        school = row["school_id"]
        kept = {column: value for column, value in row.items() if column not in incidental}
        found.setdefault(f"{name} of {school}", []).append(json.dumps(kept, sort_keys=True, default=repr))
    for key in found:
        found[key].sort()


def _told(db: sqlite3.Connection) -> Iterator[dict[str, object]]:
    """What the ledger says came of things; a killed attempt is told too, so attempts are left out."""
    for row in _rows(
        db, "SELECT school_id, kind, content FROM ledger_entry JOIN ledger_content USING (school_id, seq)"
    ):
        told = {**json.loads(str(row["content"])), "kind": row["kind"], "school_id": row["school_id"]}
        if told["kind"] != "run" and told.get("state") not in ATTEMPTS:
            yield told


def _rows(db: sqlite3.Connection, query: str) -> Iterator[dict[str, object]]:
    found = db.execute(query)
    names = [column[0] for column in found.description]
    yield from (dict(zip(names, row, strict=True)) for row in found)
