"""The promises of an evening can be broken, and each breach is seen; a day in peace breaks none."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from copy import deepcopy
from datetime import timedelta
from pathlib import Path

from adapters.bootstrap import Service
from engine.instants import read_instant
from tests.durability.invariants import STORE
from tests.year.agenda import SNOW, agenda
from tests.year.server import settled
from tests.year.test_year import in_peace

DAY, MORNING = SNOW - timedelta(days=1), read_instant(f"{SNOW}T07:00")
COPY = "CREATE TABLE more AS SELECT * FROM message WHERE state = 'sent' LIMIT 1"
SECOND = "UPDATE more SET message_id = 'm-2', stage = 9; INSERT INTO message SELECT * FROM more"
TWICE = "CREATE TABLE more AS SELECT * FROM run WHERE scheduled <> '' LIMIT 1"
AGAIN = "UPDATE more SET run_id = 'r-2'; INSERT INTO run SELECT * FROM more"
BREACHES = {
    "slots_once": f"{TWICE}; {AGAIN}",
    "slots_once: ": "DELETE FROM run_slot WHERE schedule = 'evening'",
    "acts_have_tasks": "DELETE FROM task WHERE rule = 'near-persistent-absence'",
    "one_message_a_day": f"{COPY}; {SECOND}",
    "nothing_past_its_end": "UPDATE task SET state = 'open' WHERE state = 'expired'",
    "is gone": "DELETE FROM task WHERE task_id = (SELECT max(task_id) FROM task)",
    "begins with other than": "UPDATE task SET state = 'open', ended_at = NULL WHERE state = 'done'",
    "the_chains_are_whole": "UPDATE ledger_entry SET prev = 'x' WHERE seq = 5",
    "seq=6": "UPDATE ledger_content SET content = content || ' ' WHERE seq = 6",
}


def test_each_breach_is_seen(tmp_path: Path) -> None:
    """By the promise that it breaks, the next morning; undamaged, nothing is found."""
    life = in_peace(tmp_path / "day", agenda(seed=1, pupils=60, since=DAY, days=1))
    found = {}
    for number, (promise, damage) in enumerate({"": "", **BREACHES}.items()):
        folder = Path(shutil.copytree(life.folder, tmp_path / f"{number}"))
        with closing(sqlite3.connect(folder / STORE)) as db:
            db.executescript(damage)
            db.commit()
        service = Service(settled(folder))
        found[promise] = deepcopy(life.evenings).broken(service, folder, MORNING)
        service.close()
    assert found.pop("") == []
    for promise, lines in found.items():
        assert any(promise in line for line in lines), (promise, lines[:3])
