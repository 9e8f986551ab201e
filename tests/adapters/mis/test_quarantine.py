"""The quarantine report: whole or not there, private, and safe to open."""

from __future__ import annotations

import csv
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.mis.quarantine import QuarantineFolder
from workflows.incoming import Quarantined


def test_a_report_is_safe_to_open_in_a_spreadsheet(tmp_path: Path) -> None:
    """No field runs as a formula, strange bytes are spelt, endless rows cut; only the owner reads it."""
    rows = [
        Quarantined("marks.csv", 2, "code", "unknown", "=cmd|' /C calc'!A0"),
        Quarantined("marks.csv", 3, "", "-1", "@\0\udce9" + "y" * 5000),
    ]
    path = Path(QuarantineFolder(tmp_path).write("batch", rows))
    assert path == tmp_path / "quarantine" / "batch.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        header, first, second = csv.reader(handle)
    assert header == ["file", "line", "column", "reason", "row"]
    assert first == ["marks.csv", "2", "code", "unknown", "'=cmd|' /C calc'!A0"]
    assert second[3] == "'-1"
    assert second[4].startswith("'@\\0\\udce9yyy")
    assert second[4].endswith("… (5,003 characters)")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_report_that_fails_half_way_leaves_the_old_one(tmp_path: Path) -> None:
    """It is written beside and renamed: what stands under the name is always whole."""
    folder = QuarantineFolder(tmp_path)
    path = Path(folder.write("batch", [Quarantined("a.csv", 2, "", "old", "row")]))

    def broken() -> Iterator[Quarantined]:
        yield Quarantined("a.csv", 2, "", "new", "row")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        folder.write("batch", broken())
    assert "old" in path.read_text(encoding="utf-8")
    assert list(path.parent.iterdir()) == [path], "nothing half-written is left beside it"
    assert "new" in Path(folder.write("batch", [Quarantined("a.csv", 2, "", "new", "row")])).read_text(
        "utf-8"
    )


def test_the_same_report_by_two_imports_at_once_is_whole(tmp_path: Path) -> None:
    """The second writes all of it while the first is in the middle; neither stumbles over the other."""
    folder = QuarantineFolder(tmp_path)

    def interrupted() -> Iterator[Quarantined]:
        yield Quarantined("a.csv", 2, "", "wrong", "row")
        folder.write("batch", [Quarantined("a.csv", 2, "", "wrong", "row")] * 2)
        yield Quarantined("a.csv", 2, "", "wrong", "row")

    path = Path(folder.write("batch", interrupted()))
    assert len(path.read_text(encoding="utf-8").splitlines()) == 3
    assert list(path.parent.iterdir()) == [path]
