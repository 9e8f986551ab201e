"""What a connection promises: whole or not at all, flushed, one writer at a time."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from adapters.store import SqlStore, StoreProblem, open_store
from adapters.store.problems import explained
from workflows.ports import Store
from workflows.values import Entry

NOW = datetime(2025, 9, 8, 8, 20, tzinfo=UTC)


def test_every_connection_is_durable(store: SqlStore) -> None:
    """Write-ahead log, full synchronisation, foreign keys: on for readers and writers alike."""
    for view in (store.reading, store.transaction):
        with view() as unit:
            pragmas = [
                unit.db.exec_driver_sql(f"PRAGMA {name}").scalar_one()
                for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
            ]
        assert pragmas == ["wal", 2, 1, 30_000]


def test_it_is_the_store_that_the_workflows_ask_for(store: SqlStore) -> None:
    """The port is met: by the type checker's word, and by an empty store answering through it."""
    port: Store = store
    with port.reading() as unit:
        assert (unit.school_ids(), unit.verify()) == ((), (0, ()))


def test_rollback_leaves_nothing(store: SqlStore) -> None:
    """An exception inside a transaction takes everything back, ledger and notes alike."""

    def write_and_fail() -> None:
        with store.transaction() as unit:
            unit.set_note("demo", "1")
            unit.append("S", NOW, [Entry("run", "")])
            raise KeyError

    with pytest.raises(KeyError):
        write_and_fail()
    with store.reading() as unit:
        assert (unit.note("demo"), unit.ledger()) == (None, ())


def test_a_reading_view_does_not_write(store: SqlStore) -> None:
    """Writing through a view for reading is refused, and the next transaction writes again."""
    with pytest.raises(StoreProblem, match="opened only for reading"), store.reading() as unit:
        unit.set_note("demo", "1")
    with store.transaction() as unit:
        unit.set_note("demo", "1")


def test_a_reading_view_is_of_one_moment(store: SqlStore) -> None:
    """What another commits meanwhile is not seen by halves."""
    with store.reading() as unit:
        assert unit.note("demo") is None
        with store.transaction() as other:
            other.set_note("demo", "1")
        assert unit.note("demo") is None


def test_a_store_in_use_says_so(store: SqlStore) -> None:
    """A lock held by another program is waited for, and then explained."""
    with (
        open_store(f"sqlite:///{store.path}", codes_hash="", busy=0.1) as impatient,
        store.transaction(),
        pytest.raises(StoreProblem, match="in use by another program for 0 seconds"),
        impatient.transaction(),
    ):
        pytest.fail("two writers at once")


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("unable to open database file", "cannot be opened: check that its folder exists"),
        ("attempt to write a readonly database", "cannot be written: it is read-only"),
        ("database or disk is full", "the disk is full"),
        ("database disk image is malformed", "is damaged: restore the latest backup"),
        ("no such table: pupil", "run 'firstbell init'"),
        ("the moon is in the wrong place", r"does not know \(the moon"),
    ],
)
def test_trouble_in_words(said: str, sentence: str) -> None:
    """What SQLite says becomes a sentence with something to do."""
    error = OperationalError("SELECT 1", None, sqlite3.OperationalError(said))
    assert sentence.replace("\\", "") in str(explained(error, Path("firstbell.db"), 30.0))


WRITER = """
import sys
from datetime import UTC, datetime
from adapters.store import open_store
from workflows.ports import Store
from workflows.values import Entry

with open_store(sys.argv[1], codes_hash="codes-1") as store:
    for number in range(25):
        with store.transaction() as unit:
            count = int(unit.note("count") or 0)
            unit.set_note("count", str(count + 1))
            unit.append("S", datetime(2025, 9, 8, 8, 20, tzinfo=UTC), [Entry("run", "", {"count": count})])
"""


def test_what_is_folded_stands_in_the_file_alone(store: SqlStore, tmp_path: Path) -> None:
    """A store that stays open: a copy of its file holds what was written, but for what is being read."""

    def alone() -> str:
        copy = tmp_path / "copy.db"
        copy.write_bytes(store.path.read_bytes())
        with closing(sqlite3.connect(copy)) as db:
            found = db.execute("select value from note where key = 'told'").fetchone()
        return found[0] if found else ""

    for value in ("first", "second"):
        with store.transaction() as unit:
            unit.set_note("told", value)
        before = alone()
        store.fold()
        assert (before, alone()) == ({"first": "", "second": "first"}[value], value)
    with store.reading() as unit:
        assert unit.note("told") == "second"
        store.fold()


def test_two_processes_write_one_chain(store: SqlStore) -> None:
    """Two writers taking turns lose no count and never fork the ledger."""
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, f"sqlite:///{store.path}"], cwd=Path(__file__).parents[3]
        )
        for _ in range(2)
    ]
    assert [writer.wait(timeout=60) for writer in writers] == [0, 0]
    with store.reading() as unit:
        assert unit.note("count") == "50"
        assert [line.content for line in unit.ledger("S")] == [{"count": count} for count in range(50)]
        assert unit.verify() == (50, ())


def test_two_processes_make_one_store(tmp_path: Path) -> None:
    """Two first starts at the same moment agree on one store, with one salt."""
    code = f"from adapters.store import upgrade; upgrade('sqlite:///{tmp_path}/firstbell.db')"
    makers = [subprocess.Popen([sys.executable, "-c", code], cwd=Path(__file__).parents[3]) for _ in range(2)]
    assert [maker.wait(timeout=60) for maker in makers] == [0, 0]
    with closing(sqlite3.connect(tmp_path / "firstbell.db")) as raw:
        assert raw.execute("SELECT count(*) FROM note").fetchone() == (1,)
