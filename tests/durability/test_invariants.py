"""The promises can be broken, and each breach is seen; the undisturbed Monday breaks none."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from tests.durability.child import Order
from tests.durability.invariants import STORE, unkept
from tests.durability.life import Act
from tests.durability.running import ran

BREACHES = [
    ("the_file_is_sound", "DELETE FROM case_ WHERE case_id IN (SELECT case_id FROM task LIMIT 1)"),
    ("nothing_is_there_twice", "CREATE TABLE more AS SELECT * FROM message LIMIT 1"),
    ("the_chains_are_whole", "DELETE FROM ledger_entry WHERE seq = (SELECT max(seq) FROM ledger_entry)"),
    ("the_chains_are_whole", "DELETE FROM ledger_entry WHERE seq = 5"),
    ("the_chains_are_whole", "UPDATE ledger_entry SET prev = 'x' WHERE seq = 5"),
    ("every_import_is_told_once", "DELETE FROM journal_batch WHERE id = 3"),
    ("what_stands_is_the_sum_of_its_journal", "UPDATE pupil SET first_name = 'Else' WHERE upn = 'A1'"),
    ("what_stands_is_the_sum_of_its_journal", "DELETE FROM register_week WHERE upn = 'A1'"),
    ("what_stands_is_the_sum_of_its_journal", "UPDATE journal_batch SET digest = 'x' WHERE id = 3"),
    ("every_run_is_told_once", "DELETE FROM run WHERE school_id = 'A'"),
    ("every_run_is_told_once", "DELETE FROM run_count"),
    ("everything_made_is_told", "DELETE FROM task WHERE school_id = 'A'"),
    ("every_decision_is_told", "DELETE FROM decision_state WHERE subject = 'A1'"),
    ("a_text_has_left_once_or_not", "UPDATE message SET state = 'queued' WHERE state = 'sent'"),
    ("a_text_has_left_once_or_not", "UPDATE message SET text = 'else' WHERE state = 'sent'"),
    ("a_text_has_left_once_or_not", "UPDATE message SET state = 'sent' WHERE state = 'awaiting_approval'"),
]
SECOND_MESSAGE = "UPDATE more SET message_id = 'm-2', stage = 9; INSERT INTO message SELECT * FROM more"


@pytest.fixture
def evening(monday: dict[str, Act], tmp_path: Path) -> Path:
    """The folder as it stands when all is sent."""
    sending = monday["the sending"]
    folder = sending.set_out(tmp_path / "store")
    ran(sending.order(folder))
    assert unkept(folder) == []
    return folder


def test_each_breach_in_the_store_is_seen(evening: Path) -> None:
    """By the promise that it breaks."""
    for number, (promise, damage) in enumerate(BREACHES):
        folder = Path(shutil.copytree(evening, evening.with_name(f"{number}")))
        with closing(sqlite3.connect(folder / STORE)) as db:
            db.executescript(damage if "more" not in damage else f"{damage}; {SECOND_MESSAGE}")
            db.commit()
        assert promise in {line.partition(":")[0] for line in unkept(folder)}, damage


def test_each_breach_beside_the_store_is_seen(evening: Path) -> None:
    """A text lost, cut off or too many; a report cut off."""
    text, report = sorted(evening.glob("outbox/*.txt"))[0], sorted(evening.glob("quarantine/*.csv"))[0]
    for path, promise in ((text, "a_text_has_left_once_or_not"), (report, "a_report_is_whole")):
        whole = path.read_text(encoding="utf-8")
        path.write_text(whole[:-9], encoding="utf-8")
        assert [line.partition(":")[0] for line in unkept(evening)] == [promise]
        path.write_text(whole, encoding="utf-8")
    second = text.with_name("m-second.txt")
    text.rename(second)
    assert len(unkept(evening)) == 2, "one is missing, and one belongs to nobody"


def test_every_match_is_decided(monday: dict[str, Act], tmp_path: Path) -> None:
    """Judged once more, each rule has one decision for each match, and there is nothing left to make."""
    run = monday["the run after corrections"]
    folder = monday["the sending"].set_out(tmp_path / "store")
    document = json.loads(ran(Order((*run.words, "--dry-run", "--json"), folder, run.clock)).said)
    decided = Counter(
        line["rule"] for line in document["decisions"] if line["outcome"] not in {"withdraw", "unknown"}
    )
    assert decided == Counter(document["counts"])
    assert sum(decided.values()) > 50
    assert (document["tasks"], document["messages"]) == ([], [])
