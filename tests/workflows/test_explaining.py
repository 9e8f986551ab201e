"""Explain: every subject and every rule, also those that do not hold, and by how much they do not."""

from __future__ import annotations

from datetime import date

import pytest

from engine.instants import read_instant
from tests.workflows.asked_for import LETTER, TALK, rules
from tests.workflows.one_ladder import AFTER, begun, pack, week
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


def test_a_stage_that_comes_after_another_says_what_was_not_done(story: Story) -> None:
    """The talk is open, done too short ago, long enough ago; and an earlier instant is told as it was."""
    talk = begun(story, pack(AFTER))
    said = story.explain("2025-11-10T16:00", "P1", "second")["because"]
    assert said == "5 of 42; not yet: stage 1 comes first, and was not done yet"
    story.run("2025-11-11T10:00")
    story.acts().done([talk.task_id], "tutor", "reached")
    said = story.explain("2025-11-12T08:00", "P1", "second")["because"]
    assert said == "5 of 42; not yet: stage 1 was done on 11 November 2025: not before 18 November 2025"
    for then in ("2025-11-10T15:00", "2025-11-11T09:00"):  # before the case opened, and before it was done
        said = story.explain(then, "P1", "second")["because"]
        assert said == "5 of 42; not yet: stage 1 comes first, and was not done yet"
    week(story, 10)
    assert "not yet" not in str(story.explain("2025-11-18T08:00", "P1", "second")["because"])
    story.run("2025-11-18T16:00")
    assert [task.step for task in story.tasks() if task.rule == "second"], "it acts"
    then = str(story.explain("2025-11-12T08:00", "P1", "second")["because"])
    assert then.endswith("not yet: stage 1 was done on 11 November 2025: not before 18 November 2025")
    before = str(story.explain("2025-11-10T09:20", "P1", "second")["because"])
    assert before.endswith("not yet: stage 1 comes first, and was not done yet"), "there was no case"


def test_a_rule_that_is_not_armed_says_from_when_on_it_is(story: Story) -> None:
    """A case closed on Monday: the next may open a school week later; while it was open nothing was said."""
    often = TALK.replace(", below: 2", "") + "    rearm: 1 school week\n"
    story.library = rules(often)
    story.opens(pupil("P1"), pupil("P2")).register("2025-11-10T09:15", P1="O/")
    story.run("2025-11-10T16:00")
    assert "not yet" not in str(story.explain("2025-11-10T17:00", "P1", "talk")["because"])
    for day in ("11", "12", "13", "14", "17"):
        story.register(f"2025-11-{day}T09:15")
    story.run("2025-11-17T16:00")
    story.register("2025-11-18T09:15", P1="O/")
    said = story.explain("2025-11-18T16:00", "P1", "talk")["because"]
    assert said == (
        "1 session; not yet: a case on its ladder closed on 17 November 2025: not before 24 November 2025"
    )
    assert story.explain("2025-11-14T16:00", "P1", "talk")["because"] == "1 session", "it was open then"


def test_what_has_acted_waits_for_nothing(story: Story) -> None:
    """A stage that acted before it was made to come after another is not said to wait."""
    story.library = rules(LETTER)
    story.opens(pupil("P1")).register("2025-11-10T09:15", P1="OO")
    story.run("2025-11-10T16:00")
    story.library = rules(TALK, LETTER + "    after: {stage: 1, done_for: 1 school day}\n")
    assert story.explain("2025-11-11T08:00", "P1", "letter")["because"] == "2 sessions"
