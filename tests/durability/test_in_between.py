"""One command stopped in the middle, another carried out, the first let go on: what may then not happen."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.durability.invariants import STORE, broken
from tests.durability.life import Act
from tests.durability.running import Running, ran
from tests.durability.view import differing, view

NUMBERED = "after commit 1"  # a run has its number and has not looked at anything yet
ONE_FILE = "after commit 2"  # an import has taken its first file


def test_a_run_that_had_to_wait_believes_what_came_in_meanwhile(
    monday: dict[str, Act], tmp_path: Path
) -> None:
    """Begun before the corrections, judged after them: it does not bring back what they took away."""
    corrections, run = monday["the import of corrections"], monday["the run after corrections"]
    folder = corrections.set_out(tmp_path / "store")
    waiting = Running(run.order(folder, NUMBERED, clock="2025-11-24T09:39"))
    waiting.reach(NUMBERED)
    ran(corrections.order(folder))
    ran(run.order(folder))
    waiting.go(clock="2025-11-24T09:50")
    assert waiting.end().code == 0
    assert broken(folder) == []
    assert differing(view(folder), run.after) == []


def test_an_import_is_known_from_its_commit_on(monday: dict[str, Act], tmp_path: Path) -> None:
    """A run that came in the middle is not said to have known the files after it: times follow commits."""
    corrections, run = monday["the import of corrections"], monday["the run after corrections"]
    folder = corrections.set_out(tmp_path / "store")
    reading = Running(corrections.order(folder, ONE_FILE))
    reading.reach(ONE_FILE)
    ran(run.order(folder))
    reading.go(clock="2025-11-24T09:50")
    assert reading.end().code == 0
    with closing(sqlite3.connect(folder / STORE)) as db:
        (known_at,) = db.execute("SELECT max(known_at) FROM run").fetchone()
        batches = db.execute("SELECT recorded_at FROM journal_batch ORDER BY id DESC LIMIT 3").fetchall()
    assert [at > known_at for (at,) in batches] == [True] * 3


def test_a_dead_sender_is_told_of(monday: dict[str, Act], tmp_path: Path) -> None:
    """What it had in hand is left alone at first, and said so; five minutes later it leaves, once."""
    sending = monday["the sending"]
    folder = sending.set_out(tmp_path / "store")
    dying = Running(sending.order(folder, "after placing 3"))
    dying.reach("after placing 3")
    dying.kill()
    soon = ran(sending.order(folder, clock="2025-11-24T10:04"))
    assert "left alone: a sender has had them since 10:00" in soon.said
    assert "send again after 10:05" in soon.said
    later = ran(sending.order(folder, clock="2025-11-24T10:06"))
    assert "left alone" not in later.said
    assert differing(view(folder), sending.after) == []
