"""Whom duties name: the lowest attendance and plans standing still, each with why, each with a task."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from engine.records import Event, Pupil
from tests.workflows.story import Story, pupil, with_duties
from workflows.duties import names_on
from workflows.task_in_full import in_full
from workflows.tasks import listed
from workflows.values import Task, TaskState
from workflows.week_report import week_reports

MONDAY, WEDNESDAY = "2025-11-10", "2025-11-12"
THREE = ("P1", "P2", "P3")
MEETINGS, PLANS = "half-term-families", "plans"


def opened(
    story: Story, *pupils: Pupil, history: tuple[Event, ...] = (), before: Mapping[str, str] | None = None
) -> Story:
    """A school with these pupils, this history and these marks, and all that is shipped."""
    story.library = with_duties()
    return story.opens(*pupils, history=history, before=before).register(f"{MONDAY}T09:16")


def of(story: Story, rule: str) -> list[Task]:
    """Every task of a rule, whatever became of it."""
    with story.store.reading() as unit:
        return [task for task in unit.tasks("S") if task.rule == rule]


def plan(upn: str, on: str, outcome: str = "", kind: str = "plan") -> Event:
    """A line of history."""
    return Event(upn, "S", kind, date.fromisoformat(on), outcome=outcome)


def test_the_lowest_attendance_is_named_with_a_meeting_for_each(story: Story) -> None:
    """Two are named, worst first; one is looked after and left out, with the reason; the ledger has it."""
    away = {"P1": "OO OO", "P2": "OO OO OO", "P3": "OO OO OO OO", "P4": "O/"}
    opened(story, pupil("P1"), pupil("P2"), pupil("P3", looked_after=True), pupil("P4"), before=away)
    story.run(f"{MONDAY}T09:20")
    (duty,) = of(story, f"duty/{MEETINGS}")
    assert duty.because == (
        "Meetings with the families of the lowest attendance: 2 named, 1 left out for a person to decide"
    )
    named, left_out = "6 of 41 sessions missed this school year (14.6 %)", "the pupil is looked after"
    names = names_on(duty)
    assert [each.upn for each in names.named] == ["P2", "P1"]
    assert names.named[0].because == named
    assert [(each.upn, each.because.split("; ")[1]) for each in names.left_out] == [("P3", left_out)]
    meetings = of(story, f"listed/{MEETINGS}")
    assert {(task.subject, task.step, task.follows) for task in meetings} == {
        (upn, "meet the family", duty.task_id) for upn in ("P1", "P2")
    }
    shown = in_full(story.store, duty.task_id, story.now)
    assert [who for _, who in shown.named + shown.left_out] == [
        "KitP2 Kite, 8A",
        "KitP1 Kite, 8A",
        "KitP3 Kite, 8A",
    ]
    (entry,) = [each for each in story.ledger("duty") if each["task"] == duty.task_id]
    assert [each["upn"] for each in entry["left_out"]] == ["P3"]  # type: ignore[attr-defined]


def test_a_meeting_ends_as_held_declined_or_rearranged(story: Story) -> None:
    """Each says what was agreed and opens what comes next; no run on a corrected register takes one back."""
    opened(story, *map(pupil, THREE), before=dict.fromkeys(THREE, "OO OO"))
    story.run(f"{MONDAY}T09:20")
    held, declined, again = sorted(of(story, f"listed/{MEETINGS}"), key=lambda task: task.subject)
    story.corrects(f"{MONDAY}T09:30", "P3", "2025-10-06", "//").corrects(
        f"{MONDAY}T09:30", "P3", "2025-10-07", "//"
    )
    story.run(f"{MONDAY}T09:45")
    assert [task.state for task in of(story, f"listed/{MEETINGS}")] == [TaskState.OPEN] * 3
    acts = story.acts()
    steps = [
        acts.done([task.task_id], "ao", outcome, "walks with a friend now").opened[0].step
        for task, outcome in ((held, "held"), (declined, "declined"), (again, "rearranged"))
    ]
    assert steps == [
        "look at what was agreed",
        "find another way to reach the family",
        "hold the meeting at its new time",
    ]
    (week,) = week_reports(story.store, story.now)
    assert week.outcomes == {"declined": 1, "held": 1, "rearranged": 1}
    assert week.tasks.adds_up
    with story.store.reading() as unit:
        due = [task for task in unit.tasks("S") if task.rule.startswith("duty/") and task.due <= story.now]
    counted = (week.duties.on_time, week.duties.late, week.duties.missing)
    assert counted == (0, 0, len(due)), "a meeting with a family is no duty that was late"


def test_nobody_is_asked_twice_while_the_first_time_is_open(story: Story) -> None:
    """A fortnight of Wednesdays: the plan is named in each review, its step is one task until it is done."""
    opened(story, pupil("P1"), history=(plan("P1", "2025-10-06"),))
    story.run(f"{MONDAY}T09:20")
    story.run(f"{WEDNESDAY}T09:35")
    story.run("2025-11-19T09:35")
    first, second = of(story, f"duty/{PLANS}")
    assert [each.upn for task in (first, second) for each in names_on(task).named] == ["P1", "P1"]
    (step,) = of(story, f"listed/{PLANS}")
    story.acts().done([step.task_id], "ao", "nothing", "the family is away")
    story.run("2025-11-26T09:35")
    assert len(of(story, f"listed/{PLANS}")) == 1, "nothing done follows: the step itself was a step"
    story.run("2025-12-10T09:35")
    assert len(of(story, f"listed/{PLANS}")) == 2


OLD = plan("P1", "2025-10-06")
AWAY = "the family is not engaging"
HISTORIES = {
    "stood": ((OLD,), "plan of 6 October: no step for 22 school days; proposed: plan-meeting"),
    "met since": ((OLD, plan("P1", "2025-11-03", kind="meeting")), ""),
    "support since": ((OLD, plan("P1", "2025-10-24", kind="support_offered")), ""),
    "over": ((plan("P1", "2025-10-06", "met"),), ""),
    "not yet": ((plan("P1", "2025-11-20"),), ""),
    "not engaging": (
        (plan("P1", "2025-11-11", "Not engaging"),),
        f"plan of 11 November: no step for 1 school day; {AWAY}; proposed: local-authority",
    ),
    "a new one": ((OLD, plan("P1", "2025-11-10")), ""),
    "never a plan": ((plan("P1", "2025-10-06", kind="meeting"),), ""),
}


@pytest.mark.parametrize(("history", "said"), HISTORIES.values(), ids=HISTORIES)
def test_plans_that_stand_still(story: Story, history: tuple[Event, ...], said: str) -> None:
    """Ten school days without a step, or a family that does not engage: each with a next step to decide."""
    opened(story, pupil("P1"), history=history)
    story.run(f"{WEDNESDAY}T09:35")
    (review,) = of(story, f"duty/{PLANS}")
    assert [each.because for each in names_on(review).named] == [said] * bool(said)
    assert [task.because for task in of(story, f"listed/{PLANS}")] == [said] * bool(said)


def test_a_step_of_the_plan_moves_it_and_a_meeting_declined_says_not_engaging(story: Story) -> None:
    """P1's meeting was held: the plan moves. P2's was declined: help is proposed. P3 was rung: no step."""
    away = {"P1": "OO OO", "P2": "OO OO", "P3": "OO OO"}
    plans = tuple(plan(upn, "2025-10-06") for upn in away)
    opened(story, *map(pupil, away), history=plans, before=away)
    story.register(f"{MONDAY}T09:17", P3="N/").run(f"{MONDAY}T09:20")
    held, declined, _ = sorted(of(story, f"listed/{MEETINGS}"), key=lambda task: task.subject)
    acts = story.acts()
    acts.done([held.task_id], "ao", "held", "a lift on Mondays")
    acts.done([declined.task_id], "ao", "declined", "no time")
    acts.done([each.task_id for each in story.tasks(rule="absent-without-reason")], "ao", "reached")
    story.run(f"{WEDNESDAY}T09:35")
    (review,) = of(story, f"duty/{PLANS}")
    assert [(each.upn, each.because.split("; ")[1:]) for each in names_on(review).named] == [
        ("P3", ["proposed: plan-meeting"]),
        ("P2", ["the family is not engaging", "proposed: local-authority"]),
    ]


def test_children_whose_safety_is_somebodys_business_come_first(story: Story) -> None:
    """The plan of a child with a social worker stands above that of another on the list."""
    history = tuple(plan(upn, "2025-10-06") for upn in ("P1", "P2"))
    opened(story, pupil("P1"), pupil("P2", social_worker=True), history=history)
    story.run(f"{WEDNESDAY}T09:35")
    steps = [line for line in listed(story.store, story.now) if line.task.rule == f"listed/{PLANS}"]
    assert [(line.task.subject, line.task.safeguarding) for line in steps] == [("P2", True), ("P1", False)]


def test_a_duty_that_names_nobody_says_so(story: Story) -> None:
    """Everybody was in: a meeting with nobody to invite, and no plan to look at."""
    opened(story, pupil("P1")).run(f"{MONDAY}T09:20")
    (duty,) = of(story, f"duty/{MEETINGS}")
    assert duty.because == "Meetings with the families of the lowest attendance: 0 named"
    assert of(story, f"listed/{MEETINGS}") == []
