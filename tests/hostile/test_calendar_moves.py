"""The calendar changes after marks came in: no mark is lost, and what follows from it follows again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest

from engine.instants import read_instant
from engine.reasons import Reason
from engine.records import School, SchoolDay, Term
from tests.acceptance.conftest import Firstbell
from tests.acceptance.small import small_school, write
from tests.workflows.story import Story, names, outcomes, pupil
from workflows.values import MessageState, TaskState

DAY = "2025-11-10"
ON = date(2025, 11, 10)
HELD = SchoolDay("S", ON, am=True, pm=True)
RULE = "persistent-absence"


def _possible(story: Story, when: str, known_at: str = "") -> int:
    """The possible sessions of P1 this school year, as explain tells them."""
    evidence: Any = story.explain(when, "P1", RULE, known_at)["evidence"]
    return int(evidence[0]["numerator"])


def _marks(story: Story) -> bytes:
    with story.store.reading() as unit:
        return unit.facts("S", story.now).marks.cells.tobytes()


@pytest.mark.parametrize(
    "gone",
    [
        replace(HELD, am=False, pm=False, kind="closure", note="no heating"),
        replace(HELD, am=False, pm=False, kind="inset"),
        replace(HELD, am=False, pm=False),
        replace(HELD, kind="closure"),
    ],
    ids=["closed", "INSET", "no session", "closed, yet am and pm are 1"],
)
def test_a_day_taken_away_and_put_back(story: Story, gone: SchoolDay) -> None:
    """Tasks and texts whose ground went are withdrawn with a reason, and open again when it is back."""
    story.opens(pupil("P1")).register(f"{DAY}T09:15", P1="N/")
    story.run(f"{DAY}T09:20")
    (task,) = story.tasks(rule="absent-without-reason")
    marks, before = _marks(story), _possible(story, f"{DAY}T16:00")

    story.learns(f"{DAY}T10:00", gone)
    assert (_marks(story), _possible(story, f"{DAY}T16:00")) == (marks, before - 2)
    assert outcomes(story.run(f"{DAY}T10:05"))["absent-without-reason"] == "withdraw"
    assert names(story.tasks(), "absen") == []
    (withdrawn,) = story.tasks(TaskState.WITHDRAWN, rule="absent-without-reason")
    assert (withdrawn.task_id, withdrawn.ended_because) == (task.task_id, Reason.GROUND_GONE.sentence)
    assert story.send(f"{DAY}T10:10").messages == ()
    assert [message.state for message in story.messages()] == [MessageState.WITHDRAWN]

    story.learns(f"{DAY}T10:30", HELD)
    assert (_marks(story), _possible(story, f"{DAY}T16:00")) == (marks, before)
    story.run(f"{DAY}T10:35")
    assert [each.task_id for each in story.tasks(rule="absent-without-reason")] == [task.task_id]
    assert [message.state for message in story.messages()] == [MessageState.QUEUED]
    for known, possible in (("09:30", before), ("10:10", before - 2), ("10:40", before)):
        assert _possible(story, f"{DAY}T16:00", f"{DAY}T{known}") == possible


def test_a_text_whose_day_has_been_closed_since_does_not_leave(story: Story) -> None:
    """No run in between: the look at the moment of sending is enough."""
    story.opens(pupil("P1")).register(f"{DAY}T09:15", P1="N/")
    story.run(f"{DAY}T09:20")
    story.learns(f"{DAY}T09:30", replace(HELD, am=False, pm=False, kind="closure"))
    (message,) = story.send(f"{DAY}T09:35").messages
    assert (message.state, message.ended_because) == (MessageState.WITHDRAWN, Reason.GROUND_GONE.sentence)
    assert story.post.took == []


def test_an_inset_day_moved_changes_the_count_of_days(story: Story) -> None:
    """The INSET day was told for Tuesday and was on Monday: what was day 3 on Wednesday is day 2."""
    story.opens(pupil("P1"))
    for day in (10, 11, 12):
        story.register(f"2025-11-{day}T15:00", P1="OO")
    story.run("2025-11-12T16:00")
    assert names(story.tasks(), "absence-day") == ["absence-day-3"]
    story.learns("2025-11-12T16:10", replace(HELD, am=False, pm=False, kind="inset"))
    story.run("2025-11-12T16:20")
    assert names(story.tasks(), "absence-day") == ["absence-day-2"]
    (gone,) = story.tasks(TaskState.WITHDRAWN, rule="absence-day-3")
    assert gone.ended_because == Reason.GROUND_GONE.sentence


def test_a_register_that_closes_later_is_waited_for(story: Story) -> None:
    """The closing time was wrong by half an hour: too early is withdrawn, and comes back in its time."""
    story.opens(pupil("P1")).register(f"{DAY}T09:15", P1="N/")
    story.run(f"{DAY}T09:20")
    story.learns(f"{DAY}T09:21", School("S", "Sample School", "secondary", am_closes=time(9, 45)))
    story.run(f"{DAY}T09:25")
    assert names(story.tasks(), "absent") == []
    story.run(f"{DAY}T09:45")
    (task,) = story.tasks(rule="absent-without-reason")
    assert task.due == read_instant(f"{DAY}T10:35")


@pytest.mark.parametrize(
    ("year", "possible"), [("2025/26", 42), ("2024/25", 12)], ids=["as it was", "autumn 1 was last year's"]
)
def test_terms_put_right_move_the_beginning_of_the_year(story: Story, year: str, possible: int) -> None:
    """The year to date begins where the terms say: the half-term before counts with its year alone."""
    story.opens(pupil("P1")).register(f"{DAY}T15:30")
    before = f"{DAY}T15:35"
    out_of_the_way = Term("S", "2025/26", "autumn", 1, date(2025, 11, 3), date(2025, 11, 3))
    moved = Term("S", year, "autumn", 1, date(2025, 9, 1), date(2025, 10, 24))
    story.learns(f"{DAY}T15:40", *((out_of_the_way, moved) if year != "2025/26" else (moved,)))
    assert _possible(story, f"{DAY}T16:00") == possible
    assert _possible(story, f"{DAY}T16:00", before) == 42


def test_the_command_line_says_how_many_marks_stand_on_no_session(bell: Firstbell) -> None:
    """A closure imported over marks is a warning with the number; back again, the marks say nothing new."""
    files = small_school(3)
    bell("import", str(write(Path("in"), files)))
    closed = "school_id,date,am,pm,kind\nS,2025-11-04,1,1,closure\n"
    done = bell("import", str(write(Path("closed"), {"calendar": closed})))
    assert (done.code, "4 marks now stand on no session and do not count" in done.err) == (0, True)
    again = bell("import", "in/marks.csv", "--json")
    assert (again.code, again.document["refused"]) == (0, 4)
    opened = closed.replace("closure", "term")
    assert bell("import", str(write(Path("opened"), {"calendar": opened}))).err == ""
    (marks,) = bell("import", "in/marks.csv", "--json").document["files"]
    assert (marks["same"], marks["new"], marks["changed"], marks["refused"]) == (12, 0, 0, 0)
