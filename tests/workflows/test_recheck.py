"""Judged again as of the instant it was made: by the rule that made it, on the register as it stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from engine.reasons import Reason
from tests.workflows.story import Story, changed, names, outcomes, pupil
from workflows.values import MessageState, TaskState

DAY = "2025-11-10"


@pytest.fixture
def persistent(story: Story) -> Story:
    """Six of 41 sessions missed on Monday morning: persistent, a plan and a drafted text."""
    story.opens(pupil("P1"), before={"P1": "OO OO O/"}).register(f"{DAY}T09:15", P1="OO")
    story.run(f"{DAY}T09:20")
    return story


def test_a_changed_threshold_withdraws_nothing(persistent: Story) -> None:
    """The rulebook that made the task judges it; the new one decides what comes next."""
    persistent.library = changed(persistent.library, "absence-bands.yaml", "{always: 10}", "{always: 20}")
    run = persistent.run(f"{DAY}T10:30")
    assert "withdraw" not in outcomes(run).values()
    assert "persistent-absence" in names(persistent.tasks())


def test_a_rule_that_is_gone_still_judges_what_it_made(persistent: Story) -> None:
    """Renamed in the rulebook: its open task stays, and goes when the marks that made it do."""
    for old in ("  persistent-absence:\n", "{persistent-absence: ", "{severe-absence: matched, persistent-"):
        new = old.replace("persistent-absence", "renamed").replace(", persistent-", ", renamed-")
        persistent.library = changed(persistent.library, "absence-bands.yaml", old, new)
    persistent.run(f"{DAY}T10:30")
    assert "persistent-absence" in names(persistent.tasks())
    for day in ("2025-10-06", "2025-10-07"):
        persistent.corrects(f"{DAY}T11:00", "P1", day, "//")
    run = persistent.run(f"{DAY}T11:30")
    assert outcomes(run)["persistent-absence"] == "withdraw"
    assert "persistent-absence" not in names(persistent.tasks())


def test_time_passing_withdraws_nothing(persistent: Story) -> None:
    """Weeks of full attendance later the task is still open: nobody has done it."""
    for week in ("2025-11-11", "2025-11-17", "2025-11-24"):
        persistent.register(f"{week}T09:15")
        persistent.run(f"{week}T16:00")
    assert "persistent-absence" in names(persistent.tasks())


def test_a_blank_where_the_ground_was_leaves_the_task_and_holds_the_message(story: Story) -> None:
    """Unknown is not gone: nothing is withdrawn, and nothing is sent."""
    story.opens(pupil("P1")).register(f"{DAY}T09:15", P1="N/")
    story.run(f"{DAY}T09:20")
    story.corrects(f"{DAY}T09:24", "P1", DAY, "-/")
    story.run(f"{DAY}T09:25")
    assert "absent-without-reason" in names(story.tasks())
    assert [m.state for m in story.messages()] == [MessageState.QUEUED]
    story.send(f"{DAY}T09:26")
    assert story.post.took == []


def test_a_pupil_who_had_left_before_is_withdrawn_from(story: Story) -> None:
    """The leaving date comes in late: what was made after it loses its ground."""
    story.opens(pupil("P1")).register(f"{DAY}T09:15", P1="N/")
    story.run(f"{DAY}T09:20")
    story.learns(f"{DAY}T09:30", replace(pupil("P1"), left_on=date(2025, 11, 7)))
    story.run(f"{DAY}T09:35")
    assert (story.tasks(), story.messages(MessageState.QUEUED)) == ([], [])


def test_what_is_made_for_a_later_moment_is_not_judged_by_an_earlier_one(story: Story) -> None:
    """A run for 09:20 after one for 10:30 withdraws nothing of the later one."""
    story.opens(pupil("P1")).register(f"{DAY}T09:15", P1="N/")
    story.run(f"{DAY}T10:30")
    story.corrects(f"{DAY}T10:40", "P1", DAY, "I/")
    story.run(f"{DAY}T09:20")
    assert names(story.tasks(), "absent") == ["absent-without-reason"]
    story.run(f"{DAY}T10:45")
    assert names(story.tasks(), "absent") == []


def test_a_reason_found_for_the_oldest_n_leaves_one_task_for_the_next(story: Story) -> None:
    """Two old N; the older is settled: its task goes, the younger has its own, and says its own date."""
    story.opens(pupil("P1"), before={"P1": "// N/ // N/"}).register(f"{DAY}T09:15")
    story.run(f"{DAY}T09:20")
    (first,) = story.tasks(rule="reason-not-established")
    assert "Tue 7 Oct" in first.because
    story.corrects(f"{DAY}T10:00", "P1", "2025-10-07", "M/")
    story.run(f"{DAY}T10:30")
    (second,) = story.tasks(rule="reason-not-established")
    assert ("Thu 9 Oct" in second.because, "Tue 7 Oct" in second.because) == (True, False)
    (gone,) = story.tasks(TaskState.WITHDRAWN, rule="reason-not-established")
    assert (gone.task_id, gone.ended_because) == (first.task_id, Reason.GROUND_GONE.sentence)
    assert [case.episode for case in story.cases("reason-not-established")] == [1, 2]


def test_the_ledger_tells_every_turn(story: Story) -> None:
    """Acted, withdrawn, acted again: three entries, though the last says what the first did."""
    story.opens(pupil("P1")).register(f"{DAY}T09:15", P1="N/")
    story.run(f"{DAY}T09:20")
    story.corrects(f"{DAY}T09:30", "P1", DAY, "M/")
    story.run(f"{DAY}T09:35")
    story.corrects(f"{DAY}T09:40", "P1", DAY, "N/")
    story.run(f"{DAY}T09:45")
    told = [e["outcome"] for e in story.ledger("decision") if e["rule"] == "absent-without-reason"]
    assert told == ["act", "withdraw", "act"]


def test_a_stage_withdrawn_gives_the_case_back_to_the_stage_before(story: Story) -> None:
    """Day 2 turns out to be leave: the case stands at day 1, which was done or missed before."""
    story.opens(pupil("P1")).register(f"{DAY}T09:15", P1="OO")
    story.run(f"{DAY}T09:20")
    story.register("2025-11-11T09:15", P1="O/")
    story.run("2025-11-11T09:20")
    assert story.cases("day-of-absence")[0].stage == 2
    story.corrects("2025-11-11T10:00", "P1", "2025-11-11", "M/")
    story.run("2025-11-11T10:30")
    (case,) = story.cases("day-of-absence")
    assert (case.stage, case.closed_because) == (1, "the pupil returned")
    assert names(story.tasks(), "absence-day") == []
