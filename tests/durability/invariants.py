"""What every store keeps, at every moment, whoever was killed or ran at the same time: a list of promises.

Read through sqlite3 and the folders beside the store, so that a fault of the code under test cannot hide
itself; only the chain is checked a second time by `firstbell ledger verify`.
"""

from __future__ import annotations

import csv
import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.durability.child import Order
from tests.durability.journal import misremembered
from tests.durability.running import ran

Promise = Callable[[sqlite3.Connection, Path], Iterator[str]]
STORE = "firstbell.db"
QUARANTINE_COLUMNS = 5


def broken(folder: Path) -> list[str]:
    """The promises that a store folder does not keep, each with what was found; none is as it should be."""
    if not _begun(folder):
        return [f"{path.name} without a store" for path in _placed(folder)]
    verified = ran(Order(("ledger", "verify"), folder, "2025-11-24T12:00"))
    return [*unkept(folder), *([] if verified.code == 0 else [f"ledger verify: {verified.said}"])]


def unkept(folder: Path) -> list[str]:
    """The same without asking `firstbell` itself."""
    with closing(sqlite3.connect(folder / STORE)) as db:
        return [f"{promise.__name__}: {what}" for promise in PROMISES for what in promise(db, folder)]


def the_file_is_sound(db: sqlite3.Connection, _folder: Path) -> Iterator[str]:
    """SQLite finds nothing wrong with its pages, and nothing hangs in the air."""
    for (said,) in db.execute("PRAGMA integrity_check"):
        if said != "ok":
            yield said
    yield from (f"{row} hangs in the air" for row in db.execute("PRAGMA foreign_key_check"))


def nothing_is_there_twice(db: sqlite3.Connection, _folder: Path) -> Iterator[str]:
    """Cases, tasks, messages, runs and registers are each there once, by what they are about."""
    for table, key in (
        ("case_", "school_id, subject, ladder, episode"),
        ("case_", "school_id, subject, ladder, anchor"),
        ("task", "case_id, stage, step"),
        ("message", "case_id, stage, step, contact_id, channel"),
        ("message", "subject, substr(made_as_of, 1, 10), contact_id, rule"),
        ("run", "run_id, school_id"),
        ("register_week", "school_id, upn, week"),
        ("pupil", "school_id, upn, admitted_on"),
    ):
        twice = f"SELECT {key}, count(*) FROM {table} GROUP BY {key} HAVING count(*) > 1"  # noqa: S608
        yield from (f"{table} {row}" for row in db.execute(twice))


def the_chains_are_whole(db: sqlite3.Connection, _folder: Path) -> Iterator[str]:
    """Numbers without a gap, each entry after the one before it, the end where it is noted."""
    ends: dict[str, tuple[int, str]] = {}
    for school, seq, prev, head in db.execute(
        "SELECT school_id, seq, prev, hash FROM ledger_entry ORDER BY school_id, seq"
    ):
        before = ends.get(school, (0, prev))
        if before != (seq - 1, prev):
            yield f"{school} {seq} does not follow {before[0]}"
        ends[school] = (seq, head)
    tips = {school: (seq, head) for school, seq, head in db.execute("SELECT * FROM ledger_tip")}
    tips.pop("", None)
    if tips != ends:
        yield "a chain does not end where it is noted to end"


def every_import_is_told_once(db: sqlite3.Connection, _folder: Path) -> Iterator[str]:
    """A journal batch and its ledger entry stand or fall together."""
    batches = Counter(
        (school, number) for school, number in db.execute("SELECT school_id, id FROM journal_batch")
    )
    told = Counter((school, entry["batch"]) for school, entry in _entries(db, "import"))
    yield from (f"batch {each}" for each in _differing(batches, told))


def what_stands_is_the_sum_of_its_journal(db: sqlite3.Connection, _folder: Path) -> Iterator[str]:
    """No row and no mark that no batch brought, and none lost that one brought."""
    yield from misremembered(db)


_DUTIES = "SELECT case_id FROM case_ WHERE ladder LIKE 'duty/%' OR ladder LIKE 'listed/%'"


def every_run_is_told_once(db: sqlite3.Connection, _folder: Path) -> Iterator[str]:
    """A run over a school, its counts and its ledger entry stand or fall together."""
    runs = Counter((school, run) for school, run in db.execute("SELECT school_id, run_id FROM run"))
    told = Counter((school, entry["run_id"]) for school, entry in _entries(db, "run"))
    yield from (f"run {each}" for each in _differing(runs, told))
    counted = "SELECT run_id FROM run WHERE run_id NOT IN (SELECT run_id FROM run_count)"
    yield from (f"run {run} has no counts" for (run,) in db.execute(counted))


def everything_made_is_told(db: sqlite3.Connection, _folder: Path) -> Iterator[str]:
    """Each task and message is in the entry of a run, or of what a person did; each case too; and back."""
    opened = {key for _, entry in _entries(db, "task") for key in entry.get("opened", ())}
    for table, column in (("task", "tasks"), ("message", "messages")):
        there = {key for (key,) in db.execute(f"SELECT {table}_id FROM {table}")}  # noqa: S608
        told = {key for _, entry in _entries(db, "run") for key in entry[column]}
        told |= opened if table == "task" else set()
        yield from (f"{table} {key}" for key in sorted(there ^ told))
    duties = {entry["case"] for _, entry in _entries(db, "duty")}
    yield from (f"duty {key}" for key in sorted(duties ^ {key for (key,) in db.execute(_DUTIES)}))
    for key, decided in db.execute(
        "SELECT case_id, (SELECT count(*) FROM decision_state d WHERE d.subject = c.subject) FROM case_ c"
    ):
        if not decided and key not in duties:
            yield f"case {key} without a decision"


def every_decision_is_told(db: sqlite3.Connection, _folder: Path) -> Iterator[str]:
    """What a run remembers having decided of a pupil and a rule, the ledger tells."""
    told = {(school, entry["subject"], entry["rule"]) for school, entry in _entries(db, "decision")}
    kept = set(db.execute("SELECT school_id, subject, rule FROM decision_state"))
    yield from (f"decision {each}" for each in sorted(kept ^ told))


def a_text_has_left_once_or_not(db: sqlite3.Connection, folder: Path) -> Iterator[str]:
    """Sent: told once and one whole file. Being sent: perhaps a file. Anything else: never one."""
    files = {path.stem: path.read_text(encoding="utf-8") for path in (folder / "outbox").glob("*.txt")}
    told = Counter(entry["message"] for _, entry in _entries(db, "message") if entry["state"] == "sent")
    for key, state, to, channel, text in db.execute(
        "SELECT message_id, state, address, channel, text FROM message"
    ):
        words = files.pop(key, None)
        if words not in (None, f"To: {to}\nChannel: {channel}\n\n{text}\n"):
            yield f"{key}: other words, or half of them"
        if told.pop(key, 0) != (state == "sent"):
            yield f"{key} is {state} and not told so once"
        if (words is None) == (state == "sent") and state not in ("sending", "unknown"):
            yield f"{key} is {state} and its file is {'not ' if words is None else ''}there"
    yield from (f"{key}: a file without a message" for key in files)


def a_report_is_whole(_db: sqlite3.Connection, folder: Path) -> Iterator[str]:
    """A quarantine report under its name is finished: its header, and five columns to the last line."""
    for path in (folder / "quarantine").glob("*.csv"):
        text = path.read_text(encoding="utf-8")
        rows = list(csv.reader(text.splitlines()))
        if not text.endswith("\n") or len(rows) < 2 or {len(row) for row in rows} != {QUARANTINE_COLUMNS}:
            yield f"{path.name} is not whole"


PROMISES: tuple[Promise, ...] = (
    the_file_is_sound,
    nothing_is_there_twice,
    the_chains_are_whole,
    every_import_is_told_once,
    what_stands_is_the_sum_of_its_journal,
    every_run_is_told_once,
    everything_made_is_told,
    every_decision_is_told,
    a_text_has_left_once_or_not,
    a_report_is_whole,
)


def _entries(db: sqlite3.Connection, kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    found = db.execute(
        "SELECT school_id, content FROM ledger_entry JOIN ledger_content USING (school_id, seq) "
        "WHERE kind = ?",
        (kind,),
    )
    yield from ((school, json.loads(content)) for school, content in found)


def _differing(one: Counter[tuple[str, Any]], other: Counter[tuple[str, Any]]) -> list[tuple[str, Any]]:
    return sorted((one - other) + (other - one))


def _begun(folder: Path) -> bool:
    """Whether there is a store: a first import may have been killed before its tables were there."""
    if not (folder / STORE).exists():
        return False
    with closing(sqlite3.connect(folder / STORE)) as db:
        return db.execute("SELECT 1 FROM sqlite_master").fetchone() is not None


def _placed(folder: Path) -> list[Path]:
    return [*(folder / "outbox").glob("*.txt"), *(folder / "quarantine").glob("*.csv")]
