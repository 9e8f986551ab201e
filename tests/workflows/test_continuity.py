"""Whether a family hears the same voice: counted from the calls that were made, not from the plan."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.workflows.story import STAFF, Story, contact, pupil
from tests.workflows.test_cover import CALL, TARGET, says
from workflows.continuity import Continuity
from workflows.week_report import week_reports

WEEK = ("2025-11-10", "2025-11-11", "2025-11-12", "2025-11-13", "2025-11-14")


def week(story: Story) -> Continuity:
    """The week's figures as of now."""
    (report,) = week_reports(story.store, story.now)
    return report.continuity


def ring(story: Story, day: str, by: str) -> None:
    """A morning on which everybody's call is made by somebody."""
    story.run(f"{day}T08:45")
    tasks = [task.task_id for task in story.tasks(rule=CALL)]
    story.acts().done(tasks, by, "reached")
    story.register(f"{day}T09:15").run(f"{day}T09:20")


def test_a_week_of_calls(story: Story) -> None:
    """The first says nothing; two by the same; one by another; one while the same was out: 66 percent."""
    story.opens(pupil("P1"), before={"P1": TARGET})
    assert week(story) == Continuity(0, 0, 0, 0)
    assert week(story).percent is None
    for day, by in zip(WEEK, ("tutor", "tutor", "tutor", "hoy", "hoy"), strict=True):
        if day == WEEK[-1]:
            says(story, f"{day}T08:00", "tutor")
        ring(story, day, by)
    assert week(story) == Continuity(same=2, other=1, covered=1, first=1)
    assert week(story).percent == 66


def test_siblings_and_key_adults_count_as_they_are_given(story: Story) -> None:
    """A brother whom nobody has rung is of a family that is known; a key adult is the one from the first."""
    shared = replace(contact("P2"), contact_id="P1-1")
    children = (pupil("P1"), pupil("P2"), pupil("P3", key_adult="head"))
    story.opens(
        *children,
        contacts=(contact("P1"), shared, contact("P3")),
        before={"P1": TARGET, "P2": TARGET, "P3": TARGET},
    )
    story.run(f"{WEEK[0]}T08:45")
    owners = {task.subject: task for task in story.tasks(rule=CALL)}
    assert {upn: task.assignee for upn, task in owners.items()} == {
        "P1": "tutor",
        "P2": "tutor",
        "P3": "head",
    }
    story.acts().done([owners["P1"].task_id], "tutor", "reached")
    story.acts().done([owners["P3"].task_id], "head", "reached")
    assert week(story) == Continuity(same=1, other=0, covered=0, first=1)
    story.now = story.now.replace(hour=8, minute=50)
    story.acts().done([owners["P2"].task_id], "hoy", "reached")
    assert week(story) == Continuity(same=1, other=1, covered=0, first=1)


@pytest.mark.parametrize("number", [1, 2])
def test_left_to_the_plan_nine_calls_of_ten_are_made_by_the_same(story: Story, number: int) -> None:
    """Practice 3: a week of mornings, everybody in, every call made by whom the list names."""
    pupils = [pupil(f"P{at}") for at in range(1, 10)]
    shared = [
        replace(contact(each.upn), contact_id=f"C{int(each.upn[1:]) // (number + 1)}") for each in pupils
    ]
    story.opens(*pupils, contacts=tuple(shared), staff=STAFF, before={each.upn: TARGET for each in pupils})
    for day in WEEK:
        story.run(f"{day}T08:45")
        for task in story.tasks(rule=CALL):
            story.acts().done([task.task_id], task.assignee, "reached")
        story.register(f"{day}T09:15").run(f"{day}T09:20")
    found = week(story)
    assert (found.percent or 0) >= 90
    assert found.same + found.other >= 30
