"""A real-looking register of 112 pupils and 338 sessions each, counted by hand beside the command."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from tests.acceptance.conftest import Firstbell

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "pupil_level" / "grand_bend_csv"
AS_OF = "2021-11-19"

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the register of this test is not beside the project"
)


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _expected() -> Counter[str]:
    """Bands and days of absence on the last school day of the week, from the rows alone."""
    marks: dict[str, dict[tuple[str, str], str]] = defaultdict(dict)
    for row in _rows("marks"):
        if row["date"] <= AS_OF:
            marks[row["upn"]][row["date"], row["session"]] = row["code"]
    school = {row["upn"]: row["school_id"] for row in _rows("pupils")}
    days: dict[str, list[str]] = defaultdict(list)
    for row in _rows("calendar"):
        if row["am"] == "1" and row["date"] <= AS_OF:
            days[row["school_id"]].append(row["date"])
    counts: Counter[str] = Counter()
    for upn, own in marks.items():
        held = [(day, half) for day in sorted(days[school[upn]]) for half in ("AM", "PM")]
        assert set(held) == set(own), "no mark is missing: nothing here can be unknown"
        absent = sum(code in "IO" for code in own.values())
        percent = absent * 100 / len(held)
        band = next((name for least, name in _BANDS if percent >= least), "")
        length = 0
        while own[held[-1 - 2 * length]] in "IO" and own[held[-2 - 2 * length]] in "IO":
            length += 1
        counts[band] += 1
        counts[f"absence-day-{length}"] += 1
    return Counter({rule: number for rule, number in counts.items() if rule in COUNTED})


_BANDS = ((50, "severe-absence"), (10, "persistent-absence"), (5, "near-persistent-absence"))
COUNTED = {name for _, name in _BANDS} | {"absence-day-1", "absence-day-2", "absence-day-3"}


def test_counts_of_tasks_are_those_of_a_slow_count(firstbell: Firstbell) -> None:
    """Import, run, tasks: as many of each rule as the rows say, and every task has its owner or says so."""
    assert firstbell("import", str(FOLDER)).code == 0
    said = firstbell("run", "--as-of", f"{AS_OF}T16:00", "--json").document
    expected = _expected()
    assert sum(expected.values()) > 20, "a count of nothing proves nothing"
    assert {rule: number for rule, number in said["counts"].items() if number and rule in COUNTED} == expected
    listed = firstbell("tasks", "--as-of", f"{AS_OF}T16:00", "--json").document
    assert Counter(task["rule"] for task in listed if task["rule"] in COUNTED) == expected
    assert sorted(task["rank"] for task in listed) == list(range(1, len(listed) + 1))
    assert said["messages"] == [], "numbers from abroad are telephoned, not texted"
    told = {line["rule"] for line in said["decisions"] if "no_contact" in line["reasons"]}
    assert "persistent-absence" in told


def test_explain_has_every_pair_and_agrees_with_the_run(firstbell: Firstbell) -> None:
    """112 pupils and the classes with each rule, once; what matched is what run counted."""
    assert firstbell("import", str(FOLDER)).code == 0
    said = firstbell("explain", "--as-of", f"{AS_OF}T16:00", "--json").document
    pupils = [line for line in said if line["subject"] == "pupil"]
    rules = {line["rule"] for line in pupils}
    assert len(pupils) == len({(line["upn"], line["rule"]) for line in pupils}) == 112 * len(rules)
    matched = Counter(line["rule"] for line in said if line["result"] == "matched")
    assert {rule: number for rule, number in matched.items() if rule in COUNTED} == _expected()
    assert {line["result"] for line in said if line["rule"] == "penalty-notice-threshold"} == {
        "not_applicable"
    }
