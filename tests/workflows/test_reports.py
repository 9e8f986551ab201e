"""Reports add up, whatever staff do, and name everybody whom nobody has seen to."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.store import open_store
from engine.instants import local, read_instant
from tests.workflows.story import Story, pupil, with_duties
from workflows.acting import CannotDo
from workflows.day_report import DayReport, day_reports
from workflows.tasks import Listed, listed
from workflows.week_report import WeekReport, week_reports
from workflows.workload import Load, workload

pytestmark = pytest.mark.uncounted

MONDAY = "2025-11-10"
Told = tuple[datetime, list[DayReport], list[WeekReport], list[Listed], list[Load]]
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


def test_a_day_without_a_mark_is_not_a_day_on_which_nobody_is_away(story: Story) -> None:
    """Before the first register of a day, and where none came in, the report says that it cannot know."""
    story.opens(pupil("P1"), pupil("P2")).register(f"{MONDAY}T09:15", P1="//")
    instants = map(read_instant, (f"{MONDAY}T08:00", f"{MONDAY}T16:00"))
    told = [report for at in instants for report in day_reports(story.store, at)]
    assert [(report.marked, report.without_reason) for report in told] == [(False, ()), (True, ())]


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


def test_a_past_report_tells_what_stood_then(story: Story) -> None:
    """Handed over, done, opened again, taken back by a correction, made once more: yesterday is yesterday."""
    story.opens(pupil("P1"), pupil("P2")).register(f"{MONDAY}T09:15", P1="N/", P2="N/")
    story.run(f"{MONDAY}T09:20")
    first, second = sorted(story.tasks(), key=lambda task: task.subject)
    seen = [_told(story)]
    for at, act in (
        ("10:00", lambda: story.acts().hand_over([first.task_id], "ao", "tutor")),
        ("11:00", lambda: story.acts().done([first.task_id], "tutor", "no-answer")),
        ("12:00", lambda: story.acts().reopen([first.task_id], "ao", "it was another family")),
        ("13:00", lambda: story.corrects(f"{MONDAY}T13:00", "P2", MONDAY, "//").run(f"{MONDAY}T13:00")),
        ("14:00", lambda: story.corrects(f"{MONDAY}T14:00", "P2", MONDAY, "N/").run(f"{MONDAY}T14:00")),
        ("15:00", lambda: story.acts().dismiss([second.task_id], "head", "seen in school")),
    ):
        story.now = read_instant(f"{MONDAY}T{at}")
        act()
        seen.append(_told(story))
    flows = [day.tasks for _, (day,), *_ in seen]
    assert [flow.carried_out for flow in flows] == [2, 2, 2, 3, 2, 3, 2]
    assert [flow.done for flow in flows] == [0, 0, 1, 0, 0, 0, 0]
    assert [sorted(line.owner for line in lines) for *_, lines, _ in seen[:2]] == [
        ["Asha Officer", "Asha Officer"],
        ["Asha Officer", "Tom Tutor"],
    ]
    assert [_told(story, at) for at, *_ in seen] == seen


def test_what_is_written_late_counts_from_the_instant_it_is_about(story: Story) -> None:
    """On Tuesday somebody runs Monday afternoon: Monday's report tells it, from that instant on."""
    story.opens(pupil("P1")).register(f"{MONDAY}T09:15", P1="N/").run(f"{MONDAY}T09:20")
    story.corrects("2025-11-11T09:00", "P1", MONDAY, "//").run(f"{MONDAY}T16:00")
    noon, night = (day_reports(story.store, read_instant(f"{MONDAY}T{at}"))[0] for at in ("12:00", "23:59"))
    assert (noon.tasks.carried_out, noon.tasks.withdrawn) == (1, 0)
    assert (night.tasks.carried_out, night.tasks.withdrawn) == (0, 1)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15, deadline=None)
@given(things=THINGS)
def test_whatever_staff_do_it_adds_up_and_is_told_the_same_ever_after(
    fresh: Path, tmp_path_factory: pytest.TempPathFactory, things: list[tuple[str, int, int]]
) -> None:
    """Done, dismissed, put off, opened again, handed over, marks corrected, run: every day and the week.

    What a report, a list and the work ahead said at an instant they say of it at the end as well.
    """
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
    seen = [_told(story)]
    for what, which, minutes in things:
        story.now += timedelta(minutes=minutes)
        with story.store.reading() as unit:
            tasks = unit.tasks("S")
        task = tasks[which % len(tasks)]
        try:
            _does(story, what, task.task_id, which)
        except CannotDo:
            continue
        seen.append(_told(story))
        for report in seen[-1][1]:
            assert report.tasks.adds_up, report
        for week in seen[-1][2]:
            assert week.tasks.adds_up
            assert week.duties.late == sum(duties.late for *_, duties in week.days)
            flows = [flow for _, flow, _ in week.days]
            assert all(flow.adds_up for flow in flows)
            assert all(one.carried_out == next_.carried_in for one, next_ in pairwise(flows))
    assert [_told(story, at) for at, *_ in seen] == seen


def _told(story: Story, at: datetime | None = None) -> Told:
    """What is said of an instant: the day, the week, the list, the work ahead."""
    at, store = at or story.now, story.store
    return at, day_reports(store, at), week_reports(store, at), listed(store, at), workload(store, at)


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
