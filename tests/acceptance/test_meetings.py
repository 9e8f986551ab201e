"""What the week's meetings look at, by the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.conftest import Firstbell
from tests.acceptance.small import small_school, write

DAY = "2025-11-21"
HALVES = "school_id,year,term,half_term,starts,ends\nS,2025/26,autumn,2,2025-11-14,2025-12-19\n"
TRIAL = """pack: own
rules:
  calls:
    title: Calls
    because: "{coded_sessions.numerator} sessions"
    when: {coded_sessions: {over: today, codes: unexplained, at_least: 1}}
    autonomy: send
    rollout:
      - {cohort: {years: [7]}, from: 2025-11-17}
      - {from: 2025-12-01}
    then:
      - task: {do: ring, by: office, due: same day}
"""
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


def test_a_rollout_is_shown_and_compared(
    opened: Firstbell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A school's own rule in two waves: rules show tells them, explain when, the report both sides."""
    monkeypatch.setenv("FIRSTBELL_RULES_SCHOOLS", "own")
    pack = tmp_path / "own" / "S.yaml"
    pack.parent.mkdir()
    pack.write_text(TRIAL, encoding="utf-8")
    (rule,) = [
        each
        for each in opened("rules", "show", "--school", "S", "--json").document["rules"]
        if each["rollout"]
    ]
    assert rule["rollout"] == [{"from": "2025-11-17", "years": ["7"]}, {"from": "2025-12-01", "years": []}]
    assert "everybody from" in " ".join(opened("rules", "show", "--school", "S").out.split())
    (line,) = opened("explain", "P1", "--rule", "calls", *AT, "--json").document
    assert (line["result"], line["because"]) == (
        "not_applicable",
        "the rule is rolled out to year 8 from 2025-12-01",
    )
    (report,) = opened("report", "rollout", "calls", *AT, "--json").document
    assert (report["from"], report["to"], report["school_days"]) == ("2025-11-17", DAY, 5)
    assert report["not_yet"] == {"years": ["8"], "pupils": 2, "absent": 1, "possible": 20}
    shown = opened("report", "rollout", "calls", "--from", "2025-11-18", "--to", "2025-11-19", *AT)
    assert "Tue 18 Nov to Wed 19 Nov 2025" in shown.out
    assert "cannot tell: a side has fewer than 30 pupils" in shown.out
    wrong = opened("report", "rollout", "absence-day-1", *AT)
    assert (wrong.code, "rules that have: calls" in wrong.err) == (2, True)


def test_who_does_what(opened: Firstbell) -> None:
    """Nobody is head of year in the small school: the check says so, the table of roles shows it."""
    assert opened("rules", "check").code == 0
    done = opened("rules", "check", "--staff", "--json")
    said = [line["what"] for line in done.document]
    assert done.code == 1
    assert any("Sample School: nobody is head_of_year, whose work is absence-day-2" in what for what in said)
    assert not any("attendance_officer," in what for what in said)
    roles = {each["role"]: each for each in opened("rules", "show", "--roles", "--json").document}
    assert [person["name"] for person in roles["form_tutor"]["held_by"]] == ["Tom Tutor"]
    assert (roles["form_tutor"]["held_by"][0]["covers"], roles["form_tutor"]["missing"]) == (["8A"], [])
    assert (roles["dsl"]["held_by"], roles["dsl"]["instead"]) == ([], "Asha Officer")
    shown = " ".join(opened("rules", "show", "--roles", "--school", "S").out.split())
    assert "Tom Tutor (8A)" in shown
    assert "head of year NOBODY" in shown
    assert "write dsl into the column roles of a line of staff.csv for S" in shown


def test_who_does_what_in_a_store_without_schools(firstbell: Firstbell) -> None:
    """It is said in a sentence, not as an empty table."""
    assert firstbell("init").code == 0
    assert firstbell("rules", "show", "--roles").out == "There is no school in the store yet.\n"
