"""The one list: what presses most stands first, siblings stand together, the past can be looked at."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from engine.instants import read_instant
from tests.made import TASK
from tests.workflows.story import Story, contact, pupil
from workflows.subjects import NotKnown
from workflows.tasks import due_words, listed, ranked
from workflows.values import Task, TaskState

NOW = datetime(2025, 11, 10, 10, 0, tzinfo=UTC)
PLAIN = replace(TASK, subject="P1", assignee="tutor", due=NOW, made_as_of=NOW)


def _task(name: str, **told: object) -> Task:
    return replace(PLAIN, task_id=name, family=name, **told)  # type: ignore[arg-type]


def test_the_order_of_the_list() -> None:
    """Unassigned, time-anchored by end, safeguarding, oldest unexplained, highest stage, soonest due, ids."""
    wanted = [
        _task("unassigned", assignee=""),
        _task("ends first", expires_at=NOW + timedelta(minutes=5)),
        _task("ends later", expires_at=NOW + timedelta(minutes=9), safeguarding=True),
        _task("safeguarding", safeguarding=True),
        _task("old", unexplained_since="2025-10-01"),
        _task("newer", unexplained_since="2025-11-07"),
        _task("high", stage=3),
        _task("soon", due=NOW - timedelta(hours=1)),
        _task("x1"),
        _task("x2"),
    ]
    assert ranked(reversed(wanted)) == wanted


def test_siblings_stand_together_at_the_place_of_the_most_pressing() -> None:
    """One family, one telephone call: the brother's plain task comes up to the sister's urgent one."""
    sister = replace(_task("b", safeguarding=True), family="F")
    brother = replace(_task("z"), family="F", subject="P2")
    other = _task("a", stage=2)
    assert ranked([brother, other, sister]) == [sister, brother, other]
    elsewhere = replace(brother, school_id="T")
    assert ranked([elsewhere, other, sister]) == [sister, other, elsewhere]


def test_siblings_are_known_by_a_shared_contact(story: Story) -> None:
    """The same contact_id under two pupils: their tasks follow each other, ahead of the one between them."""
    shared = replace(contact("P3"), contact_id="P1-1")
    story.opens(pupil("P1"), pupil("P2"), pupil("P3"), contacts=(contact("P1"), contact("P2"), shared))
    story.register("2025-11-10T09:15", P1="N/", P2="N/", P3="N/")
    story.run("2025-11-10T09:20")
    order = [line.task.subject for line in listed(story.store, story.now)]
    assert order in (["P1", "P3", "P2"], ["P3", "P1", "P2"], ["P2", "P1", "P3"], ["P2", "P3", "P1"])


def test_the_list_as_it_stood(story: Story) -> None:
    """As of 09:30 the task is there, though it was withdrawn at 10:30; before 09:20 there was none."""
    story.opens(pupil("P1")).register("2025-11-10T09:15", P1="N/")
    story.run("2025-11-10T09:20")
    story.corrects("2025-11-10T10:00", "P1", "2025-11-10", "M/")
    story.run("2025-11-10T10:30")
    seen = [len(listed(story.store, read_instant(f"2025-11-10T{at}"))) for at in ("09:10", "09:30", "10:30")]
    assert seen == [0, 1, 0]
    assert [task.state for task in story.tasks(*TaskState)] == [TaskState.WITHDRAWN]


def test_one_persons_list(story: Story) -> None:
    """By id or by part of a name; ranks stay those of the whole list; what is late says so."""
    story.opens(pupil("P1"), before={"P1": "OO O/"}).register("2025-11-10T09:15", P1="N/")
    story.run("2025-11-10T09:20")
    (mine,) = listed(story.store, read_instant("2025-11-10T10:30"), "ao")
    (same,) = listed(story.store, read_instant("2025-11-10T09:30"), "asha")
    assert (mine.task, mine.who, mine.form, mine.owner) == (same.task, "KitP1 Kite", "8A", "Asha Officer")
    assert (mine.overdue, same.overdue) == (True, False)
    assert due_words(mine.task, story.now) == "10:05"
    assert due_words(mine.task, read_instant("2025-11-11T09:00")) == "Mon 10 Nov 10:05"
    assert listed(story.store, story.now, "head") == []
    with pytest.raises(NotKnown, match="nobody 'Nemo' on the staff"):
        listed(story.store, story.now, "Nemo")
    with pytest.raises(NotKnown, match="no school 'T' in the store; schools: S"):
        listed(story.store, story.now, schools=["T"])
    assert [line.rank for line in listed(story.store, story.now)] == [1, 2]
