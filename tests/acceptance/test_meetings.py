"""What the week's meetings look at, by the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.conftest import Firstbell
from tests.acceptance.small import small_school, write

DAY = "2025-11-21"
AT = ("--as-of", f"{DAY}T16:00")


@pytest.fixture
def opened(firstbell: Firstbell, tmp_path: Path) -> Firstbell:
    """The small school on its last day: P1 has missed one session of 30, P2 none."""
    folder = write(tmp_path / "school", small_school())
    assert firstbell("import", str(folder), "--recorded-at", f"{DAY}T15:50").code == 0
    return firstbell


def test_the_weeks_pack(opened: Firstbell) -> None:
    """Bands with their pupils, groups that give nobody away; before the import nothing is known."""
    asked = ("report", "week", *AT, "--known-at", f"{DAY}T17:00", "--json")
    (report,) = opened(*asked).document
    pack = report["pack"]
    first = pack["bands"][0]
    assert (pack["pupils"], first["pupils"], first["week_ago"]) == (2, 2, 2)
    assert [each["upn"] for each in first["listed"]] == ["P2", "P1"]
    assert {group["pupils"] for table in pack["cohorts"] for group in table["groups"]} == {None, 0}
    assert opened(*asked).document == [report]
    assert "0 to under 5 %" in opened("report", "week", *AT).out
    earlier = opened("report", "week", *AT, "--known-at", f"{DAY}T15:00")
    assert (earlier.code, "school S was not in the store" in earlier.err) == (2, True)
