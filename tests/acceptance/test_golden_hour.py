"""A golden hour by commands alone: somebody is out, the list of the hour, the calls made, the week told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.conftest import Firstbell
from tests.acceptance.small import small_school, write

DAY = "2025-11-21"
AT = ("--as-of", f"{DAY}T08:46")
EARLY = ("--as-of", f"{DAY}T08:00")


@pytest.fixture
def opened(firstbell: Firstbell, tmp_path: Path) -> Firstbell:
    """The small school with a day missed by both pupils, on a morning before the register."""
    school = small_school()
    lines = [line for line in school["marks"].splitlines() if DAY not in line]
    school["marks"] = "\n".join(f"{line[:17]}I" if "-11-05,PM" in line else line for line in lines) + "\n"
    school["marks"] = school["marks"].replace("-11-05,AM,/", "-11-05,AM,I")
    folder = write(tmp_path / "school", school)
    assert firstbell("import", str(folder), "--recorded-at", "2025-11-20T16:00").code == 0
    return firstbell


def test_the_hour_from_the_list_to_the_week(opened: Firstbell) -> None:
    """The tutor is out: the officer rings at the minute and the number listed, and the week counts it."""
    said = opened("staff", "out", "Tom", "--by", "ao", "--because", "a course", *EARLY)
    assert said.out.startswith("Tom Tutor is out on Fri 21 Nov; what is due then will go to others, each")
    assert opened("run", "--as-of", f"{DAY}T08:45").code == 0
    shown = " ".join(opened("tasks", "--now", *AT).out.split())
    assert "Asha Officer 2 calls, 8 of 24 minutes until 09:10; covering for Tom Tutor" in shown
    assert "08:46 4 min Noor [bold]Ash 8A" in shown
    assert "08:50 4 min Ben Oak 8A" in shown
    assert "07700 900001" in shown
    assert "2 calls for 1 person; all of them fit" in shown
    lines = opened("tasks", "--now", *AT, "--json").document
    assert [(line["planned"], line["fits"], line["covering"]) for line in lines] == [
        (f"{DAY}T08:46:00+00:00", True, "tutor"),
        (f"{DAY}T08:50:00+00:00", True, "tutor"),
    ]
    assert "covering for Tom Tutor" in opened("tasks", "show", lines[0]["id"], *AT).out
    late = ("--as-of", f"{DAY}T09:05")
    assert (
        "2 calls for 1 person; does not fit: 1 call, 3 minutes short" in opened("tasks", "--now", *late).out
    )
    assert "does not fit: 1 call, 3 minutes short; firstbell tasks --now" in opened("tasks", *late).out
    assert "covering for" in opened("tasks", *late).out
    ids = [line["id"] for line in lines]
    assert opened("tasks", "done", *ids, "--by", "ao", "--outcome", "reached", *AT).code == 0
    assert opened("tasks", "--now", *late).out == "Nothing is tied to this hour.\n"
    told = opened("report", "week", "--as-of", f"{DAY}T16:00")
    assert "same adult for the same family: no call that tells; 2 to new families" in told.out
    (week,) = opened("report", "week", "--as-of", f"{DAY}T16:00", "--json").document
    assert week["same_adult"] == {"same": 0, "other": 0, "covered": 0, "first": 2, "percent": None}


def test_who_is_out_when_there_is_no_school(opened: Firstbell) -> None:
    """After the last bell, and on a Saturday: nothing is promised that no run would do."""
    late = opened("staff", "out", "Tom", "--by", "ao", "--as-of", f"{DAY}T16:00").out
    assert late.startswith("Tom Tutor is out on Fri 21 Nov: the school day is over, and what is open goes")
    saturday = opened("staff", "out", "Tom", "--by", "ao", "--on", "2025-11-22", *EARLY).out
    assert saturday == (
        "Tom Tutor is out on Sat 22 Nov: nothing goes to others while the calendar has no school day then\n"
    )


def test_who_is_there(opened: Firstbell) -> None:
    """On the screen and for other programs; back again; nobody's calls are shown as nobody's."""
    out = opened("staff", "out", "ao", "--by", "ao", "--on", DAY, "--until", "2025-11-24", "--json", *EARLY)
    assert (out.document["until"], out.document["action"]) == ("2025-11-24", "out")
    assert opened("staff", "out", "tutor", "--by", "ao", *EARLY, "--school", "S").code == 0
    shown = opened("staff", "list", *EARLY).out
    assert "Sample School, Friday 21 November 2025: 0 there, 2 out" in shown
    assert "out until Mon 24 Nov" in shown
    assert "out today" in shown
    assert opened("run", "--as-of", f"{DAY}T08:45").code == 0
    nobody = opened("tasks", "--now", *AT).out
    assert "Nobody has these: 2 calls, 8 minutes" in nobody
    assert "2 calls for 0 people; does not fit: 2 calls, 8 minutes short" in nobody
    back = opened("staff", "back", "tutor", "--by", "ao", "--as-of", f"{DAY}T08:47")
    assert back.out == "Tom Tutor is back from Fri 21 Nov on\n"
    assert opened("staff", "back", "ao", "--by", "ao", "--json", *EARLY).document["until"] is None
    assert opened("run", "--as-of", f"{DAY}T08:48").code == 0
    people = opened("staff", "list", "--as-of", f"{DAY}T08:50", "--json").document
    assert {each["staff_id"]: (each["out_until"], each["minutes"]) for each in people} == {
        "ao": (None, 0),
        "tutor": (None, 8),
    }
    assert opened("ledger", "verify").code == 0


def test_what_was_said_of_other_days_is_told_with_it(opened: Firstbell) -> None:
    """A slip in the year, a day that is over, and what somebody's being back takes back with it."""

    def said(what: str, *words: str) -> str:
        return opened("staff", what, "Tom", "--by", "ao", *words, *EARLY).out

    assert said("out").startswith("Tom Tutor is out on Fri 21 Nov; ")
    assert said("out", "--on", "2026-11-24").startswith("Tom Tutor is out on Tue 24 Nov 2026: nothing")
    assert said("out", "--on", "2025-11-20") == (
        "Tom Tutor was out on Thu 20 Nov: that is over, and nothing goes to others for it\n"
    )
    assert (
        said("out", "--on", "2025-11-24", "--until", "2025-11-25").count("from Mon 24 Nov to Tue 25 Nov") == 1
    )
    assert said("back") == (
        "Tom Tutor is back from Fri 21 Nov on; taken back too: out from Mon 24 Nov, Tue 24 Nov 2026\n"
    )
    assert said("back") == "", "nothing is left to take back"


def test_what_does_not_fit_together_is_said(opened: Firstbell, firstbell: Firstbell) -> None:
    """Each in a sentence, with 2."""
    for words, sentence in (
        (
            ("staff", "out", "Tom", "--by", "ao", "--on", "21.11."),
            "'21.11.' is not a date: write it as 2025-11-14",
        ),
        (("staff", "back", "Tom", "--by", "ao", *EARLY), "Tom Tutor is not out on 2025-11-21 or later"),
        (("tasks", "--now", "--xlsx"), "--now is for the screen, --json and --pdf"),
        (("tasks", "--now", "--pdf", "--by", "form", *AT), "write --by person"),
    ):
        done = opened(*words)
        assert done.code == 2
        assert sentence in done.err


def test_rules_show_names_who_shares(firstbell: Firstbell) -> None:
    """On the screen and for other programs."""
    assert "shared among" in " ".join(firstbell("rules", "show").out.split())
    rules = {rule["id"]: rule for rule in firstbell("rules", "show", "--json").document["rules"]}
    assert rules["golden-hour-call"]["tasks"][0]["shared_among"][0] == "head_of_year"


def test_an_empty_store_has_nobody(firstbell: Firstbell) -> None:
    """Said in words."""
    assert firstbell("init").code == 0
    assert firstbell("staff", "list").out == "There is no school in the store yet.\n"
