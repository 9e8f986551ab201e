"""Where a value in force comes from, through the layers, and what is to be looked at again."""

from __future__ import annotations

from datetime import date

from engine.rulebook.changes import changes, notes
from engine.rulebook.layered import Threshold
from engine.rulebook.rulebook import Rulebook
from tests.engine.rulebook.trial import PACK, read

TRUST = """pack: trust
thresholds:
  few:
    title: Few days
    unit: school days
    values: {2025-11-03: 6, 2026-03-02: 7}
    changed_by: {who: A. Okafor, why: agreed, review: 2026-07-01}
overrides:
  trial:
    changed_by: {who: B. Yardley, why: letters are looked at, review: 2026-09-01}
    autonomy: propose
    at_most: 40
"""
SCHOOL = """pack: school
thresholds:
  few:
    title: Few days
    unit: school days
    values: {2026-02-02: 5}
    changed_by: {who: C. Tarrant, why: earlier}
overrides:
  trial:
    changed_by: {who: C. Tarrant, why: we ring}
    tasks: {ring: {by: dsl}}
  sound:
    changed_by: {who: C. Tarrant, why: the tutor sees it, review: 2026-02-01}
    off: true
"""


_AGAIN = "this change was to be looked at again"


def book() -> Rulebook:
    """A national pack, changed by a trust and by a school below it."""
    found = read(PACK, ("trust", TRUST), ("school", SCHOOL))
    assert found.problems == ()
    return found


def few() -> Threshold:
    """The threshold that all three layers speak of."""
    return next(each for each in book().thresholds if each.name == "few")


def test_each_day_has_the_layer_that_set_its_value() -> None:
    """National before the trust's first day, the trust before the school's, the school from then on."""
    days = {
        date(2025, 9, 1): "a.yaml:3",
        date(2025, 11, 3): "trust.yaml:3",
        date(2026, 2, 2): "school.yaml:3",
    }
    assert {day: str(few().set_by(day).place) for day in days} == days
    assert (few().law, few().set_by(date(2026, 1, 1)).layer) == ("Attendance Act 2030", "trust")


def test_every_change_in_force_says_what_where_instead_of_what_and_who() -> None:
    """Values and rules in the order of the layers; a value that a narrower layer took away is not listed."""
    said = [
        (each.of, each.name, each.said, each.layer, str(each.place), str(each.instead_of))
        for each in changes(book())
    ]
    assert said == [
        ("threshold", "few", "6 school days from 3 November 2025", "trust", "trust.yaml:3", "a.yaml:3"),
        ("threshold", "few", "5 school days from 2 February 2026", "school", "school.yaml:3", "trust.yaml:3"),
        ("rule", "trial", "autonomy: propose", "trust", "trust.yaml:9", "a.yaml:23"),
        ("rule", "trial", "at_most: 40", "trust", "trust.yaml:9", "a.yaml:23"),
        ("rule", "trial", "by of ring: dsl", "school", "school.yaml:9", "trust.yaml:9"),
        ("rule", "sound", "off", "school", "school.yaml:12", "a.yaml:16"),
    ]
    assert {str(each.changed) for each in changes(book())} == {
        "A. Okafor: agreed; to be looked at again by 1 July 2026",
        "B. Yardley: letters are looked at; to be looked at again by 1 September 2026",
        "C. Tarrant: earlier",
        "C. Tarrant: we ring",
        "C. Tarrant: the tutor sees it; to be looked at again by 1 February 2026",
    }


def test_a_review_date_that_has_passed_is_a_note_and_only_then() -> None:
    """On the day itself there is still time; the day after there is one note a change, not one a key."""
    assert [*notes(book(), date(2026, 2, 1))] == []
    told = [*notes(book(), date(2026, 9, 2))]
    assert [(each.file, each.line, each.what) for each in told] == [
        ("trust.yaml", 3, f"few: {_AGAIN} by 1 July 2026 (A. Okafor)"),
        ("trust.yaml", 9, f"trial: {_AGAIN} by 1 September 2026 (B. Yardley)"),
        ("school.yaml", 12, f"sound: {_AGAIN} by 1 February 2026 (C. Tarrant)"),
    ]
    assert {each.do for each in told} == {
        "look whether it still fits, then give it a new review date or take it out"
    }


def test_always_has_no_date_to_tell() -> None:
    """A value without a first day is said without one."""
    always = TRUST.replace("{2025-11-03: 6, 2026-03-02: 7}", "{always: 6}")
    assert next(changes(read(PACK, ("trust", always)))).said == "6 school days"
