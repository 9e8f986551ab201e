"""Copies of the store: whole as of one moment while others write, in a new file, or not at all."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread

import pytest

from adapters.store import SqlStore, StoreProblem, open_store
from workflows.values import Entry

NOW = datetime(2025, 9, 8, 8, 20, tzinfo=UTC)


def entries(file: Path) -> int:
    """How many entries the chains of a store hold; they are whole."""
    with open_store(f"sqlite:///{file}", codes_hash="") as copied, copied.reading() as unit:
        read, faults = unit.verify()
    assert faults == ()
    return read


def test_a_copy_holds_what_was_written_before_it_while_others_write_on(
    store: SqlStore, tmp_path: Path
) -> None:
    """Each copy is of one moment: its chain is whole, and never shorter than that of the copy before."""
    enough = Event()

    def write_on() -> None:
        while not enough.is_set():
            with store.transaction() as unit:
                unit.append("S", NOW, [Entry("run", ""), Entry("run", "")])

    with store.transaction() as unit:
        unit.append("S", NOW, [Entry("run", "")])
    writer = Thread(target=write_on)
    writer.start()
    try:
        for number in range(5):
            store.copy_to(tmp_path / f"{number}.db")
    finally:
        enough.set()
        writer.join()
    found = [entries(tmp_path / f"{number}.db") for number in range(5)]
    assert found == sorted(found)
    assert {count % 2 for count in found} == {1}
    assert 1 <= found[0] <= found[-1] <= entries(store.path)


def test_a_copy_is_one_file_with_nothing_beside_it(store: SqlStore, tmp_path: Path) -> None:
    """What is put away is that file alone, and nobody else on the machine may read it."""
    folder = tmp_path / "away"
    folder.mkdir()
    store.copy_to(folder / "copy.db")
    assert [(each.name, each.stat().st_mode & 0o077) for each in folder.iterdir()] == [("copy.db", 0)]


def test_an_older_copy_is_never_written_over(store: SqlStore, tmp_path: Path) -> None:
    """The name is taken: nothing is copied, and what is there stays."""
    older = tmp_path / "older.db"
    older.write_text("older")
    with pytest.raises(StoreProblem, match=re.escape(f"{older} is there already: name a new file")):
        store.copy_to(older)
    assert older.read_text() == "older"


def test_a_folder_that_is_not_there_is_said_so(store: SqlStore, tmp_path: Path) -> None:
    """No traceback, and no half of a copy."""
    with pytest.raises(StoreProblem, match="cannot be written: No such file or directory"):
        store.copy_to(tmp_path / "nowhere" / "copy.db")


def test_a_damaged_store_is_not_put_away_as_a_good_copy(store: SqlStore, tmp_path: Path) -> None:
    """Pages in the middle are overwritten: there is no copy, and the sentence says to keep the older ones."""
    with store.transaction() as unit:
        unit.append("S", NOW, [Entry("run", "", {"said": "x" * 200}) for _ in range(500)])
    store.close()
    there = bytearray(store.path.read_bytes())
    middle = len(there) // 2
    there[middle : middle + 20_000] = b"\xff" * 20_000
    store.path.write_bytes(there)
    with pytest.raises(StoreProblem, match="keep the copies that you have"):
        store.copy_to(tmp_path / "copy.db")
    assert not list(tmp_path.glob("copy*"))
