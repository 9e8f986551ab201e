"""The rows are the CSV folder's, and nothing but."""

from __future__ import annotations

import csv
import re
from datetime import date, time
from typing import TYPE_CHECKING

import pytest

from adapters.demo import DemoTrust, build, write
from adapters.demo.folders import COLUMNS

if TYPE_CHECKING:
    from pathlib import Path

TRUST = build()
ONE_OF = {
    ("schools", "phase"): "primary secondary special all-through pru",
    ("calendar", "am"): "0 1",
    ("calendar", "pm"): "0 1",
    ("calendar", "kind"): "term inset closure exam holiday",
    ("terms", "term"): "autumn spring summer",
    ("terms", "half_term"): "1 2",
    ("pupils", "year_group"): "R 1 2 3 4 5 6 7 8 9 10 11",
    ("pupils", "sen"): "N K E",
    ("contacts", "restriction"): "none no_contact court_order ask_dsl",
    ("marks", "session"): "AM PM",
    ("marks", "code"): r"/ \ L U I M N O G E C C1 C2 J1 R S T V B K P W D X Y1",
}
BOOLEANS = {
    "pupils": "fsm eal looked_after social_worker young_carer medical",
    "contacts": "parental_responsibility lives_with",
}
DATES = {
    "calendar": "date",
    "terms": "starts ends",
    "pupils": "date_of_birth admitted_on left_on",
    "marks": "date",
    "history": "on from until",
}
REQUIRED = {
    "schools": "school_id name phase am_opens am_closes pm_opens pm_closes",
    "calendar": "school_id date am pm",
    "terms": "school_id year term half_term starts ends",
    "staff": "staff_id school_id name roles",
    "pupils": "upn school_id first_name last_name year_group admitted_on",
    "contacts": "contact_id upn name relationship parental_responsibility lives_with priority",
    "marks": "upn date session code",
    "history": "upn kind on",
}
ROLES = {
    "attendance_officer",
    "form_tutor",
    "head_of_year",
    "senior_leader",
    "headteacher",
    "dsl",
    "senco",
    "attendance_champion",
    "office",
    "mental_health_lead",
}


def test_every_row_is_in_the_format() -> None:
    """Each row of the base and of each delivery has known columns, filled and typed as the format says."""
    for files in (TRUST.base, *(delivery.files for delivery in TRUST.deliveries)):
        for name, rows in files.items():
            assert rows, name
            allowed = {column: set(words.split()) for (file, column), words in ONE_OF.items() if file == name}
            allowed |= {column: {"0", "1"} for column in BOOLEANS.get(name, "").split()}
            dates, required = DATES.get(name, "").split(), REQUIRED[name].split()
            for row in rows:
                assert row.keys() <= set(COLUMNS[name]), (name, row)
                assert all(row[column] for column in required), (name, row)
                assert all(row[column] in values for column, values in allowed.items()), (name, row)
                assert all(not row[column] or date.fromisoformat(row[column]) for column in dates)


def test_roles_hours_and_keys() -> None:
    """Roles are known, the registers' hours are in order, and each key of the format occurs once."""
    assert {role for row in TRUST.base["staff"] for role in row["roles"].split(";")} <= ROLES
    for school in TRUST.base["schools"]:
        hours = [time.fromisoformat(school[f"{h}_{w}"]) for h in ("am", "pm") for w in ("opens", "closes")]
        assert hours == sorted(hours)
    for name, key in (
        ("schools", ("school_id",)),
        ("pupils", ("upn",)),
        ("contacts", ("contact_id", "upn")),
        ("staff", ("staff_id",)),
        ("calendar", ("school_id", "date")),
        ("marks", ("upn", "date", "session")),
    ):
        keys = [tuple(row[column] for column in key) for row in TRUST.base[name]]
        assert len(keys) == len(set(keys)), name


def test_every_reference_leads_somewhere() -> None:
    """Contacts, history and marks name pupils of the school; key adults and deputies name its staff."""
    upns = {row["upn"] for row in TRUST.base["pupils"]}
    staff = {row["staff_id"] for row in TRUST.base["staff"]} | {""}
    for name in ("contacts", "history", "marks"):
        assert {row["upn"] for row in TRUST.base[name]} <= upns, name
    assert {row["key_adult"] for row in TRUST.base["pupils"]} <= staff
    assert {row["deputy"] for row in TRUST.base["staff"]} <= staff


def test_nobody_real_can_be_reached() -> None:
    """Telephone numbers are fictional ranges and mailboxes are at example.org."""
    for row in TRUST.base["contacts"]:
        assert re.fullmatch(r"|07700 900\d{3}|020 7946 0\d{3}", row["phone"]), row
        assert re.fullmatch(r"|[a-z]+\.[a-z]+\d+@example\.org", row["email"]), row
    assert all(row["email"].endswith("@example.org") for row in TRUST.base["staff"])


def test_a_written_folder_reads_back_as_the_same_rows(tmp_path: Path) -> None:
    """What is written is what was built, accents, apostrophes and backslashes included."""
    small: DemoTrust = build(pupils=440)
    write(small.base, tmp_path / "base")
    for name, rows in small.base.items():
        with (tmp_path / "base" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            assert list(csv.DictReader(file)) == list(rows), name


def test_a_column_outside_the_format_is_refused(tmp_path: Path) -> None:
    """A file, a column or a ragged row that the format does not know is an error that names it."""
    for rows, said in (
        ({"lessons": [{"upn": "x"}]}, "lessons.csv is not a file"),
        ({"marks": [{"upn": "x", "mood": "y"}]}, "marks.csv has no column mood"),
        ({"marks": [{"upn": "x"}, {"upn": "x", "code": "N"}]}, "marks.csv:3: "),
    ):
        with pytest.raises(ValueError, match=re.escape(said)):
            write(rows, tmp_path)
