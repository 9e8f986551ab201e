"""What the week's meetings look at, by the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.conftest import Firstbell
from tests.acceptance.small import small_school, write

DAY = "2025-11-21"
HALVES = "school_id,year,term,half_term,starts,ends\nS,2025/26,autumn,2,2025-11-14,2025-12-19\n"
AT = ("--as-of", f"{DAY}T16:00")


@pytest.fixture
def opened(firstbell: Firstbell, tmp_path: Path) -> Firstbell:
    """The small school on its last day: P1 has missed one session of 30, P2 none."""
    folder = write(tmp_path / "school", small_school())
    assert firstbell("import", str(folder), "--recorded-at", f"{DAY}T15:50").code == 0
    return firstbell


def test_whom_a_duty_names(opened: Firstbell, tmp_path: Path) -> None:
    """P1 was ill for two days: the sixth day of the half-term names the family; the task shows why."""
    marks = "upn,date,session,code\n" + "".join(
        f"P1,2025-11-{day},{half},O\n" for day in range(17, 19) for half in ("AM", "PM")
    )
    folder = write(tmp_path / "away", {"marks": marks, "terms": HALVES})
    assert opened("import", str(folder), "--recorded-at", f"{DAY}T15:55").code == 0
    assert opened("run", *AT).code == 0
    tasks = {each["rule"]: each for each in opened("tasks", *AT, "--json").document}
    duty, meeting = (tasks[f"{kind}/half-term-families"] for kind in ("duty", "listed"))
    assert (meeting["upn"], meeting["step"]) == ("P1", "meet the family")
    because = "5 of 30 sessions missed this school year (16.7 %)"
    shown = opened("tasks", "show", duty["id"], *AT)
    assert f"named    1. Noor [bold]Ash, 8A: {because}" in shown.out
    document = opened("tasks", "show", duty["id"], *AT, "--json").document
    assert (document["named"], document["left_out"]) == ([{"upn": "P1", "because": because}], [])


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
