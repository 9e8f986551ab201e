"""Somebody is out: what they would have done today is done by somebody else, and nothing is dropped."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from engine.instants import read_instant
from engine.records import Staff
from tests.workflows.story import STAFF, Story, pupil, with_duties
from workflows.staffing import Staffing
from workflows.tasks import listed
from workflows.values import Task, TaskState

DAY, NEXT = "2025-11-10", "2025-11-11"
CALL = "golden-hour-call"
TARGET = " ".join(["//"] * 5 + ["OO"])
WITH_DEPUTY = (replace(STAFF[1], deputy="hoy"), *(one for one in STAFF if one.staff_id != "tutor"))

SECOND_HEAD = Staff("head-2", "S", "Ho Head", roles=("headteacher",), covers=("9",))


def says(story: Story, when: str, *who: str, until: str = "", back: bool = False) -> None:
    """The attendance officer says that people are out (or back) from the day of an instant on."""
    story.now = read_instant(when)
    first = date.fromisoformat(when[:10])
    staffing = Staffing(story.store, lambda: story.now, time(15, 30))
    for each in who:
        if back:
            staffing.back(each, "ao", first)
        else:
            staffing.out(each, "ao", (first, date.fromisoformat(until) if until else first))


def handed(story: Story, action: str = "cover") -> list[tuple[object, object]]:
    """From whom to whom tasks went by a run, as the ledger tells it."""
    return [(line["from"], line["to"]) for line in story.ledger("task") if line["action"] == action]


def only(tasks: list[Task]) -> Task:
    """The one task there is."""
    (task,) = tasks
    return task


def test_a_call_made_before_goes_to_the_deputy(story: Story) -> None:
    """Made at 08:10 for the tutor, who rings in sick: at 08:45 it is the deputy's, and says for whom."""
    story.opens(pupil("P1"), staff=WITH_DEPUTY, before={"P1": TARGET}).run(f"{DAY}T08:10")
    assert only(story.tasks(rule=CALL)).assignee == "tutor"
    says(story, f"{DAY}T08:20", "tutor")
    story.run(f"{DAY}T08:45")
    task = only(story.tasks(rule=CALL))
    assert (task.assignee, task.first_owner, task.covering) == ("hoy", "tutor", "tutor")
    assert handed(story, "give") == [("tutor", "hoy")]
    (line, *_) = listed(story.store, story.now)
    assert (line.owner, line.covering) == ("Hal Year", "Tom Tutor")
    story.run(f"{DAY}T08:50")
    assert handed(story, "give") == [("tutor", "hoy")], "once"


def test_who_is_back_has_new_work_and_the_cover_keeps_theirs(story: Story) -> None:
    """Back at 08:50: P1's call stays with who has it; tomorrow's is the tutor's again."""
    story.opens(pupil("P1"), staff=WITH_DEPUTY, before={"P1": TARGET})
    says(story, f"{DAY}T08:00", "tutor", until=NEXT)
    story.run(f"{DAY}T08:45")
    assert (only(story.tasks(rule=CALL)).assignee, handed(story, "give")) == ("hoy", [])
    says(story, f"{DAY}T08:50", "tutor", back=True)
    story.run(f"{DAY}T08:51")
    assert only(story.tasks(rule=CALL)).assignee == "hoy"
    story.register(f"{DAY}T09:10").run(f"{DAY}T09:20")
    story.run(f"{NEXT}T08:45")
    fresh = only(story.tasks(rule=CALL))
    assert (fresh.assignee, fresh.covering, fresh.first_owner) == ("tutor", "", "")


def test_what_was_said_later_than_a_run_believes_is_not_known_to_it(story: Story) -> None:
    """A run as it was known at 08:30 does not know what was said at 08:40."""
    story.opens(pupil("P1"), staff=WITH_DEPUTY, before={"P1": TARGET})
    says(story, f"{DAY}T08:40", "tutor")
    story.run(f"{DAY}T08:45", known_at=f"{DAY}T08:30")
    assert only(story.tasks(rule=CALL)).assignee == "tutor"


def test_nobody_in_is_unassigned_at_the_top_until_somebody_comes(story: Story) -> None:
    """All who could are out: it stands first, as nobody's; the officer comes in, and it is the officer's."""
    story.opens(pupil("P1"), before={"P1": TARGET}).run(f"{DAY}T08:10")
    says(story, f"{DAY}T08:20", "tutor", "hoy", "slt", "head", "ao")
    story.run(f"{DAY}T08:25")
    assert listed(story.store, story.now)[0].task.assignee == ""
    says(story, f"{DAY}T08:30", "ao", back=True)
    story.run(f"{DAY}T08:35")
    task = only(story.tasks(rule=CALL))
    assert (task.assignee, task.first_owner) == ("ao", "tutor")
    assert handed(story, "give") == [("tutor", ""), ("", "ao")]


def test_what_is_put_off_waits_and_who_is_on_it_has_it(story: Story) -> None:
    """Only the work of the day changes hands; whoever began on it while its owner is out has it."""
    story.opens(pupil("P1")).register(f"{DAY}T09:15", P1="N/").run(f"{DAY}T09:20")
    task = only(story.tasks(rule="absent-without-reason"))
    says(story, f"{DAY}T09:25", "ao", until=NEXT)
    story.acts().snooze([task.task_id], "slt", read_instant(f"{NEXT}T10:00"), "rings back tomorrow")
    story.run(f"{DAY}T09:30")
    assert only(story.tasks(rule="absent-without-reason")).assignee == "ao"
    story.acts().start([task.task_id], "slt")
    story.run(f"{DAY}T09:35")
    taken = only(story.tasks(rule="absent-without-reason"))
    assert (taken.assignee, taken.covering, taken.started_at) == ("slt", "ao", read_instant(f"{DAY}T09:30"))


def test_who_began_and_went_home_leaves_it_to_be_begun_anew(story: Story) -> None:
    """The tutor was on it at 08:15 and is out from 08:20: the deputy has it, not begun."""
    story.opens(pupil("P1"), staff=WITH_DEPUTY, before={"P1": TARGET}).run(f"{DAY}T08:10")
    story.acts().start([only(story.tasks(rule=CALL)).task_id], "tutor")
    says(story, f"{DAY}T08:20", "tutor")
    story.run(f"{DAY}T08:25")
    task = only(story.tasks(rule=CALL))
    assert (task.assignee, task.started_at) == ("hoy", None)


@pytest.mark.parametrize(
    ("staff", "out", "wanted"),
    [
        (STAFF, ("head",), "head"),
        ((*STAFF[:4], replace(STAFF[4], deputy="slt")), ("head",), "slt"),
        (
            (*STAFF, Staff("head-2", "S", "Ho Head", roles=("headteacher",), covers=("9",))),
            ("head",),
            "head-2",
        ),
    ],
)
def test_a_legal_step_goes_only_to_who_may_decide_it(
    story: Story, staff: tuple[Staff, ...], out: tuple[str, ...], wanted: str
) -> None:
    """The deputy, another head teacher, or it waits for the one there is: never the officer."""
    story.opens(pupil("P1"), staff=staff, before={"P1": " ".join(["//"] * 10 + ["OO"] * 8)})
    story.run("2025-11-07T16:00")
    task = next(each for each in story.tasks() if each.role == "headteacher")
    assert task.assignee == "head"
    says(story, f"{task.due.date()}T08:00", *out)
    story.run(f"{task.due.date()}T08:30")
    with story.store.reading() as unit:
        (after,) = unit.tasks_like(task.task_id)
    assert (after.assignee, after.state) == (wanted, TaskState.OPEN)


def test_nobody_who_is_out_is_a_second_owner_or_has_what_follows(story: Story) -> None:
    """What an outcome opens, the day's duties and what is late all go to who is there."""
    story.library = with_duties()
    deputised = (replace(STAFF[0], deputy="slt"), *STAFF[1:])
    story.opens(pupil("P1"), pupil("P2"), staff=deputised).register(f"{DAY}T09:15", P1="N/", P2="N/")
    story.run(f"{DAY}T09:20")
    first, second = story.tasks(rule="absent-without-reason")
    story.acts().hand_over([first.task_id, second.task_id], "ao", "hoy")
    says(story, f"{DAY}T09:30", "ao", until="2025-11-28")
    story.acts().done([first.task_id], "hoy", "no-answer")
    opened = only(story.tasks(rule="triage:no-answer"))
    assert (opened.assignee, opened.covering) == ("slt", "ao")
    story.run(f"{NEXT}T08:00")
    assert only(story.tasks(rule="absent-without-reason")).assignee == "slt"
    duties = [task for task in story.tasks() if task.rule.startswith("duty/")]
    assert {task.assignee for task in duties if task.role == "attendance_officer"} == {"slt"}
    fresh = [task for task in duties if task.made_as_of == story.now and task.role == "attendance_officer"]
    assert {task.covering for task in fresh} == {"ao"}


def test_what_is_late_does_not_wait_for_a_second_owner_who_is_out(story: Story) -> None:
    """Monday's work is late, and a second owner's on Tuesday: out on Wednesday, it is the officer's."""
    story.opens(pupil("P1")).register(f"{DAY}T09:15", P1="N/").run(f"{DAY}T09:20")
    story.run(f"{NEXT}T08:00")
    late = only(story.tasks(rule="absent-without-reason"))
    assert (late.assignee, late.overdue_at) == ("slt", read_instant(f"{NEXT}T08:00"))
    says(story, "2025-11-12T07:50", "slt", until="2025-11-28")
    story.run("2025-11-12T08:00")
    after = only(story.tasks(rule="absent-without-reason"))
    assert (after.assignee, after.covering, after.first_owner) == ("ao", "slt", "ao")
