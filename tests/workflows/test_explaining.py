"""Explain: every subject and every rule, also those that do not hold, and by how much they do not."""

from __future__ import annotations

from datetime import date

import pytest

from engine.instants import read_instant
from tests.workflows.story import Story, pupil
from workflows.explaining import explained
from workflows.subjects import NotKnown

AT = read_instant("2025-11-10T09:20")


def test_every_pair_is_there_once(story: Story) -> None:
    """Two pupils and one class, each with every rule that speaks of its kind, in a fixed order."""
    story.opens(pupil("P1"), pupil("P2", left_on=date(2025, 11, 7)))
    story.register("2025-11-10T09:15", P1="N/")
    lines = explained(story.store, story.library, AT, AT)
    rules = story.library.for_school("S").rules
    wanted = {(upn, "", rule.id) for upn in ("P1", "P2") for rule in rules if rule.subject == "pupil"}
    wanted |= {("", "8A", rule.id) for rule in rules if rule.subject == "class"}
    found = [(str(line["upn"] or ""), str(line["class"] or ""), str(line["rule"])) for line in lines]
    assert (len(found), set(found)) == (len(wanted), wanted)
    assert found == sorted(found)
    assert {line["result"] for line in lines if line["upn"] == "P2"} == {"not_applicable"}


def test_a_shortfall_says_by_how_much(story: Story) -> None:
    """Nine unauthorised sessions are one short of ten, and the evidence lists each of them."""
    story.opens(pupil("P1"), before={"P1": "OO OO OO OO O/"}).register("2025-11-10T09:15")
    line = story.explain("2025-11-10T09:20", "P1", "penalty-notice-threshold")
    assert line["result"] == "not_matched"
    assert line["short_by"] == [
        {"measure": "sessions_towards_notice", "value": 9, "needed": 10, "by": 1, "unit": "sessions"}
    ]
    evidence = line["evidence"]
    assert isinstance(evidence, list)
    (part,) = evidence
    assert (part["numerator"], part["missing"], len(part["sessions"])) == (9, 0, 9)
    assert part["sessions"][-1] == {"date": "2025-10-10", "session": "AM", "code": "O"}


def test_named_pupils_leave_the_classes_out(story: Story) -> None:
    """Asked about one pupil, told about one pupil."""
    story.opens(pupil("P1"), pupil("P2"))
    lines = explained(story.store, story.library, AT, story.now, ["P2"])
    assert {(line["subject"], line["upn"]) for line in lines} == {("pupil", "P2")}


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"upns": ["P7"]}, "no pupil with UPN 'P7' at S"),
        ({"rules": ["absence-day-9"]}, "no rule 'absence-day-9'; rules: absence-day-1"),
        ({"schools": ["T"]}, "no school 'T' in the store; schools: S"),
    ],
)
def test_a_name_that_is_nowhere_is_said(story: Story, asked: dict[str, list[str]], words: str) -> None:
    """Never an empty answer where the question was misspelt."""
    story.opens(pupil("P1"))
    with pytest.raises(NotKnown, match=words):
        explained(story.store, story.library, AT, story.now, **asked)
