"""What an outside audit found: trouble is told, with an exit code that a script can rely on."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.acceptance.conftest import Firstbell
from tests.acceptance.small import small_school, write

AS_OF = "2025-11-21T09:20"


def test_a_folder_that_cannot_be_written_is_told(
    firstbell: Firstbell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The text stays queued, the reason is said, and the exit code is 1."""
    (tmp_path / "taken").write_text("a file, no folder", encoding="utf-8")
    monkeypatch.setenv("FIRSTBELL_OUTBOX_FOLDER", "taken")
    firstbell("import", str(write(tmp_path / "in", small_school())))
    firstbell("run", "--as-of", AS_OF)
    done = firstbell("outbox", "send")
    assert (done.code, "not sent: " in done.err, "wrote to" in done.out) == (1, True, False)


def test_a_backdated_run_can_be_rehearsed_in_a_folder(firstbell: Firstbell, tmp_path: Path) -> None:
    """Nothing reaches anybody, so a day of the past may be gone through; as of an evening it is too late."""
    firstbell("import", str(write(tmp_path / "in", small_school())))
    firstbell("run", "--as-of", AS_OF)
    done = firstbell("outbox", "send")
    assert done.code == 0
    assert len(list((tmp_path / "outbox").glob("m-*.txt"))) == 1


def test_an_import_from_the_future_is_named(firstbell: Firstbell, tmp_path: Path) -> None:
    """It is taken, and it is said that nobody believes it before then."""
    done = firstbell(
        "import", "--recorded-at", "2099-01-01T00:00", str(write(tmp_path / "in", small_school()))
    )
    assert (done.code, "lies in the future" in done.err) == (0, True)


def test_an_emptied_ledger_is_not_whole(firstbell: Firstbell, tmp_path: Path) -> None:
    """Runs without a single entry: the chain is gone."""
    firstbell("import", str(write(tmp_path / "in", small_school())))
    firstbell("run", "--as-of", AS_OF)
    with sqlite3.connect(tmp_path / "school.db") as db:
        for table in ("ledger_entry", "ledger_content", "ledger_tip", "ledger_head"):
            db.execute(f"DELETE FROM {table}")  # noqa: S608 - four names of our own
    db.close()
    done = firstbell("ledger", "verify")
    assert (done.code, "the chain is gone" in done.err) == (1, True)
