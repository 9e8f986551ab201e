"""Time-anchored work: on the list while its hour lasts, gone with the first mark, missed and never late."""

from __future__ import annotations

from engine.reasons import Reason
from tests.workflows.story import Story, outcomes, pupil
from workflows.tasks import listed
from workflows.values import TaskState

RULE = "golden-hour-call"
TARGET = " ".join(["//"] * 5 + ["OO"])  # one day missed in the last four school weeks


def test_a_call_is_listed_first_and_goes_with_the_mark(story: Story) -> None:
    """Before the register closes the call is due at its close; the child comes in: withdrawn, not missed."""
    story.opens(pupil("P1"), pupil("P2", social_worker=True), before={"P1": TARGET, "P2": TARGET})
    story.learns("2025-11-07T16:00")
    found = story.run("2025-11-10T08:45")
    assert outcomes(found)[RULE] == "act"
    assert outcomes(found, "P2")[RULE] == "propose"
    task = next(task for task in story.tasks(rule=RULE) if task.subject == "P1")
    assert (task.assignee, task.due, task.expires_at) == ("tutor", task.expires_at, task.due)
    assert task.due.isoformat() == "2025-11-10T09:15:00+00:00"
    order = [(line.task.subject, line.task.rule) for line in listed(story.store, story.now)]
    assert [each for each in order if each[1] == RULE] == [order[0], order[2]]
    story.register("2025-11-10T09:05")
    story.run("2025-11-10T09:06")
    assert [task.subject for task in story.tasks(TaskState.WITHDRAWN, rule=RULE)] == ["P1", "P2"]
    assert not story.tasks(rule=RULE)


def test_a_call_that_was_not_made_is_missed_not_late(story: Story) -> None:
    """At the close it leaves the list by itself; the next run records it as missed, once."""
    story.opens(pupil("P1"), before={"P1": TARGET})
    story.run("2025-11-10T08:45")
    (task,) = story.tasks(rule=RULE)
    assert RULE in [line.task.rule for line in listed(story.store, story.now)]
    story.now = story.now.replace(hour=9, minute=15)
    assert RULE not in [line.task.rule for line in listed(story.store, story.now)]
    assert RULE not in outcomes(story.run("2025-11-10T09:20"))
    (missed,) = story.tasks(TaskState.EXPIRED, rule=RULE)
    assert (missed.task_id, missed.ended_because) == (task.task_id, Reason.MISSED.sentence)
    story.run("2025-11-10T10:00")
    assert [line["rule"] for line in story.ledger("missed")] == [RULE]
    at_ten_to = listed(story.store, story.now.replace(hour=8, minute=50))
    assert task.task_id in [line.task.task_id for line in at_ten_to]


def test_a_run_that_comes_late_makes_no_golden_hour_call(story: Story) -> None:
    """The scheduler was down until 09:30: nothing is made up for."""
    story.opens(pupil("P1"), before={"P1": TARGET})
    assert RULE not in outcomes(story.run("2025-11-10T09:30"))
    assert not story.tasks(*TaskState, rule=RULE)


def test_two_returns_stand_beside_each_other(story: Story) -> None:
    """Rules of a ladder without stages do not suppress each other: each duty has a case of its own."""
    ill, away = " ".join(["II"] * 10), " ".join(["OO"] * 10)
    story.opens(
        pupil("P1"), pupil("P2"), before={"P1": f"{ill} {away}", "P2": f"{ill} // {' '.join(['II'] * 9)}"}
    )
    found = story.run("2025-11-07T16:00")
    assert outcomes(found)["attendance-return"] == "propose"
    assert "sickness-return" not in outcomes(found)  # twenty sessions, and the spell was ended by O
    assert outcomes(found, "P2")["sickness-return"] == "propose"
    ladders = {case.ladder for case in story.cases() if case.ladder.startswith("returns")}
    assert ladders == {"returns/attendance-return", "returns/sickness-return"}


def test_one_sickness_return_for_each_spell(story: Story) -> None:
    """Thirty sessions stay thirty: the child back, nothing new; a new spell of illness, a new case."""
    story.opens(pupil("P1"), before={"P1": " ".join(["II"] * 15)})
    story.run("2025-11-07T16:00")
    assert len(story.tasks(*TaskState, rule="sickness-return")) == 1
    story.register("2025-11-10T15:00")
    story.run("2025-11-10T16:00")
    story.register("2025-11-11T15:00", P1="II")
    story.run("2025-11-11T16:00")
    story.register("2025-11-12T15:00", P1="II")
    story.run("2025-11-12T16:00")
    cases = story.cases("returns/sickness-return")
    assert [(case.episode, case.anchor, case.closed_at is None) for case in cases] == [
        (1, "2025-10-06", False),
        (2, "2025-11-11", True),
    ]
    assert len(story.tasks(*TaskState, rule="sickness-return")) == 2


def test_the_legal_case_stays_open_until_every_stage_is_clear(story: Story) -> None:
    """Joint enquiries take over from the penalty notice on the same ladder, for two people at once."""
    story.opens(pupil("P1"), before={"P1": " ".join(["OO"] * 20)})
    found = story.run("2025-11-07T16:00")
    assert outcomes(found)["joint-enquiries"] == "propose"
    assert outcomes(found)["penalty-notice-threshold"] == "suppress"
    made = story.tasks(rule="joint-enquiries")
    assert sorted(task.role for task in made) == ["dsl", "headteacher"]
    assert "head" in {task.assignee for task in made}
