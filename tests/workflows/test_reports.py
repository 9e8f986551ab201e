"""Reports add up, whatever staff do, and name everybody whom nobody has seen to."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.store import open_store
from engine.instants import local, read_instant
from tests.workflows.story import Story, pupil, with_duties
from workflows.acting import CannotDo
from workflows.day_report import day_reports
from workflows.week_report import week_reports

MONDAY = "2025-11-10"
UPNS = ("P1", "P2", "P3", "P4")
THINGS = st.lists(
    st.tuples(
        st.sampled_from(["done", "no-answer", "dismiss", "snooze", "reopen", "hand over", "correct", "run"]),
        st.integers(0, 30),
        st.integers(1, 200),
    ),
    max_size=25,
)


def test_a_day_of_calls(story: Story) -> None:
    """Three away, two rung, one of them with a meeting to follow, one corrected: it adds up."""
    story.opens(*map(pupil, UPNS)).register(f"{MONDAY}T09:15", P1="N/", P2="N/", P3="N/")
    story.run(f"{MONDAY}T09:20")
    first, second, _third = sorted(story.tasks(), key=lambda task: task.subject)
    story.acts().done([first.task_id], "ao", "reached")
    story.acts().done([second.task_id], "ao", "return-meeting")
    story.corrects(f"{MONDAY}T10:00", "P3", MONDAY, "//").run(f"{MONDAY}T10:05")
    (report,) = day_reports(story.store, story.now)
    assert report.tasks.adds_up
    flow = report.tasks
    assert (flow.carried_in, flow.done, flow.withdrawn, flow.missed) == (0, 2, 1, 0)
    assert report.outcomes == {"reached": 1, "return-meeting": 1}
    seen = {each.upn: each.actions for each in report.without_reason}
    assert set(seen) == {"P1", "P2"}
    assert "find out where the child is: done, reached" in seen["P1"]
    assert report.unseen == ()


def test_whom_nobody_has_seen_to_is_named(story: Story) -> None:
    """A mark without a reason that no run has looked at yet."""
    story.opens(pupil("P1")).register(f"{MONDAY}T09:15", P1="NN")
    (report,) = day_reports(story.store, read_instant(f"{MONDAY}T16:00"))
    assert [(each.upn, each.sessions) for each in report.unseen] == [("P1", ("AM", "PM"))]


def test_another_task_does_not_hide_a_pupil_whom_nobody_asked_about(story: Story) -> None:
    """A plan is open since Monday; on Tuesday the child is away, and no run has looked: still unseen."""
    story.opens(pupil("P1"), before={"P1": "OO OO OO O/"}).register(f"{MONDAY}T09:15")
    story.run(f"{MONDAY}T16:00")
    assert story.tasks()
    story.register("2025-11-11T09:15", P1="N/")
    (report,) = day_reports(story.store, read_instant("2025-11-11T16:00"))
    assert [each.upn for each in report.unseen] == ["P1"]
    story.run("2025-11-11T16:00")
    (report,) = day_reports(story.store, story.now)
    assert (report.unseen, len(report.without_reason)) == ((), 1)


def test_a_week_of_duties(story: Story) -> None:
    """Done in time, done late, not done: by day, and for the week."""
    story.library = with_duties()
    story.opens(pupil("P1")).register(f"{MONDAY}T09:16").run(f"{MONDAY}T09:20")
    due = {task.rule: task for task in story.tasks()}
    story.acts().done([due["duty/morning-registers"].task_id], "ao", "reached")
    story.run(f"{MONDAY}T11:05")
    story.acts().done([due["duty/messages-from-families"].task_id], "ao", "reached")
    story.run("2025-11-11T16:30")
    (week,) = week_reports(story.store, story.now)
    (monday, tuesday) = [(day.day, duties) for day, _, duties in week.days]
    assert (monday[0], monday[1].on_time, monday[1].late) == (10, 1, 1)
    assert (tuesday[0], tuesday[1].on_time, tuesday[1].late) == (11, 0, 0)
    total = week.duties
    assert total.missing == monday[1].missing + tuesday[1].missing
    assert all(flow.adds_up for _, flow, _ in week.days)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15, deadline=None)
@given(things=THINGS)
def test_whatever_staff_do_it_adds_up(
    fresh: Path, tmp_path_factory: pytest.TempPathFactory, things: list[tuple[str, int, int]]
) -> None:
    """Done, dismissed, put off, opened again, handed over, marks corrected, run: every day and the week."""
    path = tmp_path_factory.mktemp("adds_up") / "store.db"
    shutil.copy(fresh, path)
    with open_store(f"sqlite:///{path}", codes_hash="codes") as store:
        _lives(Story(store, with_duties()), things)
        with store.reading() as unit:
            assert unit.verify()[1] == ()


def _lives(story: Story, things: list[tuple[str, int, int]]) -> None:
    story.opens(*map(pupil, UPNS), before={"P1": "OO OO OO O/", "P2": "II II II"})
    story.register(f"{MONDAY}T09:15", P1="N/", P2="N/", P3="O/")
    story.run(f"{MONDAY}T09:20")
    for what, which, minutes in things:
        story.now += timedelta(minutes=minutes)
        with story.store.reading() as unit:
            tasks = unit.tasks("S")
        task = tasks[which % len(tasks)]
        try:
            _does(story, what, task.task_id, which)
        except CannotDo:
            continue
        for report in day_reports(story.store, story.now):
            assert report.tasks.adds_up, report
        for week in week_reports(story.store, story.now):
            assert week.tasks.adds_up
            assert all(flow.adds_up for _, flow, _ in week.days)


def _does(story: Story, what: str, task_id: str, which: int) -> None:
    acts, now = story.acts(), story.now
    if what in {"done", "no-answer"}:
        acts.done([task_id], "ao", "no-answer" if what == "no-answer" else "reached")
    elif what == "dismiss":
        acts.dismiss([task_id], "head", "not needed")
    elif what == "snooze":
        acts.snooze([task_id], "ao", now + timedelta(hours=2), "later")
    elif what == "reopen":
        acts.reopen([task_id], "ao", "a mistake")
    elif what == "hand over":
        acts.hand_over([task_id], "ao", ("tutor", "hoy", "slt", "ao")[which % 4])
    elif what == "correct":
        day = local(now).date().isoformat()
        story.corrects(now.isoformat(), UPNS[which % 4], day, ("//", "N/", "OO", "I/")[which % 4])
    else:
        story.run(now.isoformat())
