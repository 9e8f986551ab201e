"""`firstbell rules --school`: whose rules are shown, and what is said where a school has none or is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.conftest import Firstbell
from tests.acceptance.small import small_school, write

TEST = (
    "pack: own\ntests:\n  - name: late today\n    calendar: hampshire-2052\n    as_of: 2025-11-10T09:20\n"
    "    marks: {2025-11-10: L/}\n    expect: {absence-day-1: not_matched}\n"
)


@pytest.fixture
def school(firstbell: Firstbell, monkeypatch: pytest.MonkeyPatch) -> Firstbell:
    """The school S in a store; the folder of schools' own rules is not there yet."""
    monkeypatch.setenv("FIRSTBELL_RULES_SCHOOLS", "own")
    assert firstbell("import", str(write(Path("in"), small_school(1)))).code == 0
    return firstbell


def test_until_its_folder_is_there_no_school_has_rules_of_its_own(school: Firstbell) -> None:
    """That is no mistake; where it looks is said, and whose rules they are."""
    all_ = school("rules", "check")
    assert (all_.code, f"there is no folder {Path('own').absolute()}: no school has rules" in all_.err) == (
        0,
        True,
    )
    one = school("rules", "show", "--school", "S")
    assert (one.code, one.err) == (0, "S has no rules of its own: what holds there is the trust's\n")


@pytest.mark.usefixtures("few_rules")
@pytest.mark.parametrize("command", ["check", "show", "test", "flowchart"])
def test_a_school_that_nothing_knows_of_is_refused(school: Firstbell, command: str) -> None:
    """The nearest that the store or the folder knows is named, else all of them."""
    Path("own").mkdir()
    Path("own/ashgrove.yaml").write_text("pack: ashgrove\n", encoding="utf-8")
    near = school("rules", command, "--school", "ashgorve")
    assert (near.code, near.out) == (2, "")
    assert "no school 'ashgorve' in the store or among the rules; did you mean 'ashgrove'?" in near.err
    assert school("rules", command, "--school", "T").err.endswith("schools: S, ashgrove\n")
    assert school("rules", command, "--school", "ashgrove").err == ""


def test_before_there_is_a_store_any_school_may_be_meant(firstbell: Firstbell) -> None:
    """Rules are written and read before the first import."""
    shown = firstbell("rules", "show", "--school", "T")
    assert (shown.code, shown.err) == (0, "T has no rules of its own: what holds there is the trust's\n")


def test_a_rule_test_without_its_calendar_is_found_by_a_check(school: Firstbell) -> None:
    """At its line, with those there are; a calendar that is there and broken is told by itself."""
    Path("own").mkdir()
    Path("own/S.yaml").write_text(TEST, encoding="utf-8")
    told = school("rules", "check")
    assert told.code == 1
    assert (
        "own/S.yaml:4:5: there is no calendar 'hampshire-2052' in rules/calendars; did you mean " in told.out
    )
    assert "1 mistake" in told.out
    assert school("rules", "check", "--school", "S").code == 1
