"""Schools with less than everything: each command still says what is so."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from engine.sample import weekdays
from tests.acceptance.conftest import Firstbell
from tests.acceptance.small import small_school, write

NINE = "2025-11-21T09:20"
FILES = small_school()
HEAD = {name: text.partition("\n")[0] + "\n" for name, text in FILES.items()}
PRESENT = {name: text.replace(",N\n", ",/\n") for name, text in FILES.items()}


def _without(*names: str) -> dict[str, str]:
    return {name: text for name, text in FILES.items() if name not in names}


def _only_noor() -> dict[str, str]:
    kept = {
        name: "".join(line for line in FILES[name].splitlines(keepends=True) if "P2" not in line)
        for name in ("pupils", "contacts", "marks")
    }
    return FILES | kept


ODD: list[tuple[str, dict[str, str], set[str]]] = [
    # what it is, its files, the rules that make tasks at 09:20
    ("one pupil", _only_noor(), {"absent-without-reason"}),
    ("no form", FILES | {"pupils": FILES["pupils"].replace(",8A,", ",,")}, {"absent-without-reason"}),
    ("no pupils", _without("pupils", "contacts", "marks"), set()),
    ("pupils.csv with a header alone", _without("contacts", "marks") | {"pupils": HEAD["pupils"]}, set()),
    ("no calendar", _without("calendar", "marks"), set()),
    ("no terms", _without("terms"), {"absent-without-reason"}),
    ("no staff", _without("staff"), {"absent-without-reason"}),
    ("no contacts", _without("contacts"), {"absent-without-reason"}),
    ("a school and nothing else", {"schools": FILES["schools"]}, set()),
    ("everybody in", PRESENT, set()),
]


@pytest.mark.parametrize(("files", "rules"), [row[1:] for row in ODD], ids=[row[0] for row in ODD])
def test_every_command_copes_with_less_than_everything(
    bell: Firstbell, files: dict[str, str], rules: set[str]
) -> None:
    """Import, run twice, explain, list, send: each ends well, and the tasks are those there is ground for."""
    assert bell("import", str(write(Path("in"), files))).code == 0
    run = bell("run", "--as-of", NINE, "--json")
    assert run.code == 0
    assert {task["rule"] for task in run.document["tasks"]} == rules
    assert bell("run", "--as-of", NINE, "--json").document["tasks"] == []
    for words in (["explain", "--as-of", NINE], ["tasks", "--as-of", NINE], ["outbox", "list"]):
        done = bell(*words, "--json")
        assert done.code == 0
        if words[0] == "explain" and "calendar" not in files:
            assert {line["result"] for line in done.document} <= {"unknown", "not_applicable"}
    assert bell("tasks", "--as-of", NINE).code == bell("run", "--as-of", NINE).code == 0
    assert bell("outbox", "send", "--as-of", "2025-11-21T09:25").code == 0


def test_without_staff_every_task_is_unassigned_and_stands_first(bell: Firstbell) -> None:
    """A school with nobody beside one with an officer: its work is not dropped, it stands at the top."""
    other = {
        name: text.replace("S,", "T,").replace("P1,", "Q1,").replace("P2,", "Q2,").replace("C1,", "D1,")
        for name, text in FILES.items()
        if name in {"schools", "calendar", "terms", "pupils", "marks"}
    }
    bell("import", str(write(Path("in"), FILES)))
    bell("import", str(write(Path("other"), other)))
    bell("run", "--as-of", NINE)
    first, second = bell("tasks", "--as-of", NINE, "--json").document
    assert (first["school_id"], first["assignee"], first["owner"]) == ("T", None, "unassigned")
    assert (second["school_id"], second["assignee"]) == ("S", "ao")
    assert "unassigned" in bell("tasks", "--as-of", NINE).out


def test_a_form_of_its_own_where_the_form_is_empty(bell: Firstbell) -> None:
    """The year group stands in for an empty form: the class is year 8, its missing marks are asked for."""
    files = FILES | {
        "pupils": FILES["pupils"].replace(",8A,", ",,"),
        "marks": FILES["marks"].replace("P1,2025-11-21,AM,N\n", ""),
    }
    bell("import", str(write(Path("in"), files)))
    run = bell("run", "--as-of", NINE, "--json").document
    assert [(task["class"], task["rule"]) for task in run["tasks"]] == [("8", "register-not-taken")]


def test_a_session_on_a_saturday_is_a_session(bell: Firstbell) -> None:
    """Its mark counts, its absence is called for, and Friday to Saturday is two days in a row."""
    saturday = "2025-11-22"
    marks = FILES["marks"].replace("2025-11-21,PM,\\\nP2", "2025-11-21,PM,N\nP2", 1)
    files = FILES | {
        "calendar": f"{FILES['calendar']}S,{saturday},1,0,term\n",
        "marks": f"{marks}P1,{saturday},AM,N\nP2,{saturday},AM,/\n",
    }
    done = bell("import", str(write(Path("in"), files)), "--json")
    assert done.document["refused"] == 0
    bell("run", "--as-of", "2025-11-21T16:00")
    run = bell("run", "--as-of", f"{saturday}T09:10", "--json").document
    assert {"absent-without-reason", "absence-day-2"} <= {task["rule"] for task in run["tasks"]}
    assert run["tasks"][0]["because"].endswith("Sat 22 Nov AM")
    sunday = f"{FILES['marks']}P1,2025-11-23,AM,N\n"
    refused = bell("import", str(write(Path("more"), {"marks": sunday})), "--json").document
    assert refused["refused"] == 1


def test_a_school_that_has_not_begun_yet_asks_for_nothing(bell: Firstbell) -> None:
    """Everything is there, all of it next term: no session has closed, so no rule has a ground."""
    days = weekdays(date(2026, 1, 5), 5)
    files = FILES | {
        "calendar": "school_id,date,am,pm\n" + "".join(f"S,{day},1,1\n" for day in days),
        "marks": HEAD["marks"],
    }
    bell("import", str(write(Path("in"), files)))
    run = bell("run", "--as-of", NINE, "--json")
    assert (run.code, run.document["tasks"]) == (0, [])
