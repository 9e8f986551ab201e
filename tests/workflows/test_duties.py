"""What the calendar brings: once for each time, done, late or missed, and never taken back by a rule."""

from __future__ import annotations

from collections import Counter

import pytest

from engine.instants import local, read_instant
from engine.rulebook.rulebook import Source
from tests.workflows.story import Story, pupil, with_duties
from workflows.library import Library, SchoolSource
from workflows.tasks import listed
from workflows.values import Task, TaskState

MONDAY = "2025-11-10"


@pytest.fixture
def school(story: Story) -> Story:
    """One pupil, always in, and all that is shipped."""
    story.library = with_duties()
    return story.opens(pupil("P1")).register(f"{MONDAY}T09:16")


def of(story: Story, duty: str) -> list[Task]:
    """Every task of a duty, whatever became of it, in order."""
    with story.store.reading() as unit:
        found = [task for task in unit.tasks("S") if task.rule == f"duty/{duty}"]
    return sorted(found, key=lambda task: task.due)


def test_a_monday_brings_its_duties_as_the_day_goes_on(school: Story) -> None:
    """At the close of the register, at 09:30, at 11:00, at 15:00: each once, however often it is run.

    It is the sixth school day of the half-term, too.
    """
    seen = []
    for when in ("09:20", "09:35", "09:35", "11:05", "16:30", "16:30"):
        run = school.run(f"{MONDAY}T{when}")
        seen.append(sorted(task.rule.removeprefix("duty/") for task in run.schools[0].tasks))
    assert seen == [
        ["half-term-families", "messages-from-families", "morning-registers"],
        ["champion-meeting"],
        [],
        ["day-to-leads"],
        ["afternoon-registers", "end-of-day"],
        [],
    ]
    (meeting,) = of(school, "champion-meeting")
    assert (meeting.first_owner, meeting.subject, meeting.minutes) == ("ao", "school:S", 40)
    assert local(meeting.due).isoformat() == "2025-11-10T15:30:00+00:00"


def test_done_late_and_missed(school: Story) -> None:
    """A check of registers not done by 09:45 is missed and not on the list; a meeting can be held late."""
    school.run(f"{MONDAY}T09:20")
    (check,) = of(school, "morning-registers")
    school.run(f"{MONDAY}T10:30")
    assert [task.state for task in of(school, "morning-registers")] == [TaskState.EXPIRED]
    rules = {line.task.rule for line in listed(school.store, school.now)}
    assert "duty/morning-registers" not in rules
    assert "duty/messages-from-families" in rules
    school.run("2025-11-11T16:30")
    states = Counter(task.state for task in of(school, "afternoon-registers"))
    assert states == {TaskState.EXPIRED: 2}, "nobody looked in time: missed as well, and counted"
    with school.store.reading() as unit:
        missed = [line.content or {} for line in unit.ledger("S") if line.kind == "missed"]
        assert check.task_id in [entry["task"] for entry in missed]
        assert len(missed) == 4
        assert unit.verify()[1] == ()


def test_after_a_week_asleep_each_day_is_there_once(school: Story) -> None:
    """The machine slept from Monday to the next: every duty of every day is made or missed, none twice."""
    school.run(f"{MONDAY}T08:00")
    school.run("2025-11-17T08:00")
    days = [local(task.due).day for task in of(school, "end-of-day")]
    assert days == [10, 11, 12, 13, 14]
    assert [task.state for task in of(school, "morning-registers")] == [TaskState.EXPIRED] * 5
    assert len(of(school, "dismissals")) == 1
    before = len(of(school, "bands"))
    school.run("2025-11-17T08:00")
    assert len(of(school, "bands")) == before == 1


def test_nothing_comes_before_the_first_run(school: Story) -> None:
    """A school that begins on a Wednesday has missed nothing on Tuesday."""
    school.run("2025-11-12T12:00")
    assert {local(task.due).day for task in of(school, "end-of-day") + of(school, "day-to-leads")} == {12}


def test_a_school_has_the_duties_of_its_phase(school: Story) -> None:
    """And its own beside those of the trust."""
    text = """
pack: own
duties:
  walkers: {title: Walkers, comes: every school day at 09:00, phases: [primary],
            task: {do: look for those who walk alone, by: office, due: 20 minutes later}}
  lates: {title: Lates, comes: every school day at 09:00,
          task: {do: stand at the gate, by: office, due: 20 minutes later}}
"""
    own = SchoolSource(Source("school", "S.yaml", text), "S")
    school.library = Library((*with_duties().files, own))
    school.run(f"{MONDAY}T09:05")
    assert (len(of(school, "lates")), len(of(school, "walkers"))) == (1, 0)


def test_a_correction_never_takes_a_duty_back(school: Story) -> None:
    """The calendar loses the day after the duty was made: it stays until a person says so."""
    school.run(f"{MONDAY}T09:35")
    school.corrects(f"{MONDAY}T10:00", "P1", MONDAY, "N/").run(f"{MONDAY}T10:05")
    (meeting,) = of(school, "champion-meeting")
    school.acts().done([meeting.task_id], "ao", "reached", "", read_instant(f"{MONDAY}T10:10"))
    school.run("2025-11-11T09:20")
    assert [task.state for task in of(school, "champion-meeting")] == [TaskState.DONE]
