"""Our code classes against a week of every register code in England, as published.

Source: Department for Education, Pupil attendance in schools, 9 to 13 September 2024 (Open Government
Licence v3.0). The file is too large to ship; where it is not beside the checkout the test is skipped.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest

from engine.codes import CODE_SETS, CodeEntry, Kind, look_up

FILE = Path(__file__).parents[3] / "shared/data/england_stats/dfe_all_codes_2024_09_09_to_13.csv.gz"
SUPPRESSED = {"", "NA", "c", "z", "x"}
PRESENT_AM_AND_PM = {"reason_present_am": "/", "reason_present_pm": "\\"}
OTHER = {"reason_not_attending_planned_closed": "#", "reason_z_not_attending_not_on_roll": "Z"}


def code_of_column(column: str) -> str | None:
    """The register code that a published column counts; None where it is no code."""
    if column in PRESENT_AM_AND_PM or column in OTHER:
        return {**PRESENT_AM_AND_PM, **OTHER}[column]
    parts = column.split("_")
    return parts[1].upper() if parts[0] == "reason" and parts[1] != "present" else None


@pytest.mark.skipif(not FILE.exists(), reason="the published week of all codes is not beside the checkout")
def test_the_classes_reproduce_every_published_total() -> None:
    """On every unsuppressed row, summing the codes by our classes gives the totals that were published."""
    checked = 0
    with gzip.open(FILE, "rt", encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            codes = {code: column for column in row if (code := code_of_column(column))}
            totals = ("present_sessions", "possible_sessions", "late_sessions")
            if any(row[column] in SUPPRESSED for column in (*codes.values(), *totals)):
                continue
            day = date.fromisoformat(row["attendance_date"])
            counts = {code: int(row[column]) for code, column in codes.items()}
            entries = {code: _entry(code, day) for code in codes}
            _agree(row, counts, entries)
            checked += 1
    print(f"{checked} rows checked")
    assert checked == 3434


def _agree(row: dict[str, str], counts: dict[str, int], entries: dict[str, CodeEntry]) -> None:
    def of(kinds: Iterable[Kind]) -> int:
        return sum(count for code, count in counts.items() if entries[code].kind in kinds)

    def published(name: str) -> int:
        return int(row[name])

    assert of({Kind.PRESENT}) == published("present_sessions")
    assert of({Kind.AEA}) == published("approved_educational_activity")
    assert of({Kind.AUTHORISED}) == published("authorised_absence")
    assert of({Kind.UNAUTHORISED}) == published("unauthorised_absence")
    assert sum(counts[code] for code in CODE_SETS["late"]) == published("late_sessions")
    absent = sum(count for code, count in counts.items() if entries[code].absent)
    assert absent == published("overall_absence")
    possible = sum(count for code, count in counts.items() if entries[code].possible)
    assert possible == published("possible_sessions")
    assert possible - absent == published("overall_attendance")
    named = {
        name: sum(counts.get(code, 0) for code in CODE_SETS[name]) for name in ("authorised", "unauthorised")
    }
    assert list(named.values()) == [published("authorised_absence"), published("unauthorised_absence")]


def _entry(code: str, day: date) -> CodeEntry:
    entry = look_up(code, day)
    if entry is None:
        pytest.fail(f"{code} is published on {day}, but no code of ours")
    return entry


@pytest.mark.parametrize(
    ("code", "day", "kind", "retired"),
    [
        ("J", date(2024, 8, 18), Kind.AEA, False),  # the last day of the old regulations
        ("J", date(2024, 8, 19), Kind.AEA, True),  # met after its end: its old class, with a warning
        ("J1", date(2024, 8, 19), Kind.AUTHORISED, False),  # the first day of the new ones
        ("J1", date(2024, 8, 18), None, False),  # a code met before its beginning is none
        ("C2", date(2024, 8, 18), None, False),
        ("H", date(2025, 9, 8), Kind.AUTHORISED, True),  # never recoded to G
        ("F", date(2013, 8, 31), Kind.AUTHORISED, False),
        ("F", date(2013, 9, 1), Kind.AUTHORISED, True),
        ("Y", date(2024, 9, 9), Kind.NOT_POSSIBLE, True),  # never guessed to be Y1 to Y7
        ("X", date(2020, 7, 31), Kind.NOT_POSSIBLE, False),
        ("X", date(2020, 8, 1), Kind.POSSIBLE_ONLY, False),  # the two years of coronavirus
        ("X", date(2022, 7, 31), Kind.POSSIBLE_ONLY, False),
        ("X", date(2022, 8, 1), Kind.NOT_POSSIBLE, False),
        ("C", date(2024, 6, 3), Kind.AUTHORISED, False),
        ("!", date(2024, 6, 3), None, False),  # very old, meaning unknown: quarantine
    ],
)
def test_a_code_means_what_it_meant_on_its_day(
    code: str, day: date, kind: Kind | None, *, retired: bool
) -> None:
    """Class is looked up by code and date, at both edges of every change."""
    found = look_up(code, day)
    assert (found.kind, found.retired) == (kind, retired) if found else kind is None


def test_the_two_meanings_of_c_are_told_apart() -> None:
    """Leave before and after the regulations of 2024 is one code with two meanings."""
    old, new = look_up("C", date(2024, 8, 18)), look_up("C", date(2024, 8, 19))
    assert old is not None
    assert new is not None
    assert (old.meaning != new.meaning, old.retired, new.retired) == (True, False, False)
