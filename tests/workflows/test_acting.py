"""What people do about their tasks, and what no run takes from them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.instants import local, read_instant
from engine.records import Staff
from tests.workflows.story import STAFF, Story, pupil
from workflows.acting import Acted, CannotDo
from workflows.tasks import listed, listed_and_put_off
from workflows.values import Task, TaskState
from workflows.workload import workload

DAY = "2025-11-10"
OFFICER, MENTAL_HEALTH = "attendance_officer", "mental_health_lead"
FIRST_CALL = "absent-without-reason"


@pytest.fixture
def away(story: Story) -> Story:
    """P1 has no reason this morning: somebody is to find out where the child is."""
    story.opens(pupil("P1"), pupil("P2")).register(f"{DAY}T09:15", P1="N/")
    story.run(f"{DAY}T09:20")
    return story


def only(story: Story, rule: str = FIRST_CALL) -> Task:
    """The one task of a rule, whatever became of it."""
    with story.store.reading() as unit:
        (found,) = [task for task in unit.tasks("S") if task.rule == rule]
    return found


def said(story: Story) -> list[dict[str, object]]:
    """What the ledger holds about tasks."""
    with story.store.reading() as unit:
        return [line.content or {} for line in unit.ledger("S") if line.kind == "task"]


def refusal(story: Story, what: str, *ids: str, **told: object) -> str:
    """The sentence with which something is refused."""
    with pytest.raises(CannotDo) as refused:
        getattr(story.acts(), what)(ids or [only(story).task_id], **told)
    return str(refused.value)


def test_a_call_is_started_and_done_in_somebodys_name(away: Story) -> None:
    """By a part of the name and of the id; the next rule that waited for the call goes on."""
    task = only(away)
    assert away.acts().start([task.task_id[:10]], "asha").tasks[0].by == "ao"
    assert "was started at 09:20 by ao" in refusal(away, "start", by="ao")
    away.now += timedelta(minutes=4)
    done = away.acts().done([task.task_id], "Asha Officer", "reached", "a dentist at nine")
    assert (done.tasks[0].state, done.tasks[0].note, done.opened) == (TaskState.DONE, "a dentist at nine", ())
    assert [entry["action"] for entry in said(away)] == ["start", "done"]
    assert said(away)[1] == {
        "task": task.task_id,
        "action": "done",
        "by": "ao",
        "outcome": "reached",
        "note": "a dentist at nine",
    }
    assert listed(away.store, away.now) == []
    run = away.run(f"{DAY}T09:40")
    assert [task.rule for task in run.schools[0].tasks] == ["absence-day-1"]
    assert refusal(away, "done", by="ao", outcome="reached").endswith(
        "is done: The family was reached, and nothing more is needed today"
    )


@pytest.mark.parametrize(
    ("outcome", "step", "role", "owner", "due"),
    [
        ("no-answer", "try every other contact, then decide about a visit", OFFICER, "ao", 10),
        ("return-meeting", "hold the return-to-school meeting", "head_of_year", "hoy", 12),
        ("senco", "look at the needs behind the absence", "senco", "ao", 17),
        (
            "mental-health-lead",
            "look at how the child is, and what would help",
            "mental_health_lead",
            "ao",
            13,
        ),
        ("safeguarding-lead", "look at this absence as a safeguarding concern", "dsl", "ao", 10),
        (
            "local-authority",
            "ask the local authority's attendance team for support",
            "attendance_officer",
            "ao",
            13,
        ),
        ("legal", "consider whether a legal step is right", "headteacher", "head", 17),
    ],
)
def test_an_outcome_opens_the_next_task(
    away: Story, outcome: str, step: str, role: str, owner: str, due: int
) -> None:
    """Each for whom it is, by when, on the same case; the officer stands in where nobody has the role."""
    done = away.acts().done([only(away).task_id], "ao", outcome, "what was found")
    (opened,) = done.opened
    assert (opened.step, opened.role, opened.assignee) == (step, role, owner)
    assert local(opened.due).day == due
    assert (opened.case_id, opened.follows) == (done.tasks[0].case_id, done.tasks[0].task_id)
    assert opened in away.tasks()
    assert opened.decide == (outcome == "legal")
    assert said(away)[-1]["opened"] == [opened.task_id]


def test_what_a_person_found_is_not_taken_back_by_a_run(away: Story) -> None:
    """The mark is put right, the rule's ground is gone, a day passes: the referral stays, and stays one."""
    opened = away.acts().done([only(away).task_id], "ao", "senco", "").opened[0]
    away.corrects(f"{DAY}T10:00", "P1", DAY, "//").run(f"{DAY}T10:05")
    away.register("2025-11-11T09:15", P1="N/").run("2025-11-11T09:20")
    away.run("2025-11-12T09:20")
    assert opened.task_id in {task.task_id for task in away.tasks()}
    with away.store.reading() as unit:
        assert unit.verify()[1] == ()


def test_the_same_finding_twice_in_a_case_is_two_conversations(away: Story) -> None:
    """Done, opened again, done again: the second meeting is numbered, not lost."""
    task = only(away)
    first = away.acts().done([task.task_id], "ao", "return-meeting").opened[0]
    away.acts().reopen([task.task_id], "ao", "the family rang back")
    second = away.acts().done([task.task_id], "ao", "return-meeting").opened[0]
    assert (first.step, second.step) == (
        "hold the return-to-school meeting",
        "hold the return-to-school meeting (2)",
    )


def test_a_snooze_hides_a_task_and_ends(away: Story) -> None:
    """It is gone from the list until then, and back at that minute; it is still somebody's."""
    back = read_instant(f"{DAY}T09:45")
    away.acts().snooze([only(away).task_id], "ao", back, "rings back at a quarter to ten")
    assert listed_and_put_off(away.store, away.now) == ([], 1)
    assert [listed_and_put_off(away.store, away.now, who)[1] for who in ("ao", "head")] == [1, 0]
    assert listed_and_put_off(away.store, back)[1] == 0
    assert [line.task.task_id for line in listed(away.store, back)] == [only(away).task_id]
    run = away.run(f"{DAY}T09:40")
    assert run.schools[0].tasks == ()


def test_what_cannot_be_done_is_said_in_a_sentence(away: Story) -> None:
    """By whom, to what, in which state: each with what would do; nothing is written."""
    now, month = away.now, away.now + timedelta(days=29)
    assert "there is nobody 'Nobody' on the staff of S" in refusal(away, "start", by="Nobody")
    assert "fits several people: Asha Officer (ao), Hana Head (head), Hal" in refusal(away, "start", by="ha")
    assert "there is no task 't-ffff'" in refusal(away, "start", "t-ffff", by="ao")
    assert "there is no task ''" in refusal(away, "start", "", by="ao")
    assert "is no outcome; --outcome is one of: declined, done, held, legal" in refusal(
        away, "done", by="ao", outcome="spoken"
    )
    assert "needs a --note" in refusal(away, "done", by="ao", outcome="nothing")
    assert "--because says why it can wait" in refusal(away, "snooze", by="ao", until=month, because=" ")
    assert "ends within four weeks" in refusal(away, "snooze", by="ao", until=month, because="later")
    assert "ends later than now" in refusal(away, "snooze", by="ao", until=now, because="later")
    assert "--because says why it need not" in refusal(away, "dismiss", by="ao", because="")
    assert "is Asha Officer's already" in refusal(away, "hand_over", by="ao", to="ao")
    assert "is open" in refusal(away, "reopen", by="ao", because="why not")
    with pytest.raises(CannotDo, match="name the tasks"):
        away.acts().start([], "ao")
    assert said(away) == []


def test_a_child_with_a_social_worker_is_not_put_off(story: Story) -> None:
    """A task about safeguarding is not snoozed beyond the time it is due."""
    story.opens(pupil("P1", social_worker=True)).register(f"{DAY}T09:15", P1="N/").run(f"{DAY}T09:20")
    until = only(story).due + timedelta(minutes=1)
    assert "hand it over instead" in refusal(story, "snooze", by="ao", until=until, because="later")
    story.acts().snooze([only(story).task_id], "ao", only(story).due, "in a meeting")


def test_a_legal_step_is_decided_by_its_role_alone(story: Story) -> None:
    """An officer neither decides it, nor dismisses it, nor is handed it; the head's deputy may."""
    acting_head = Staff("dep", "S", "Dee Puty", roles=("senior_leader",))
    staff = (*(replace(p, deputy="dep") if p.staff_id == "head" else p for p in STAFF), acting_head)
    story.opens(pupil("P1"), staff=staff, before={"P1": "OO OO OO OO OO"})
    story.register(f"{DAY}T09:15").run(f"{DAY}T09:20")
    rule = "penalty-notice-threshold"
    task = only(story, rule)
    for refused in (
        refusal(story, "done", task.task_id, by="ao", outcome="nothing", note="no"),
        refusal(story, "dismiss", task.task_id, by="ao", because="no"),
        refusal(story, "hand_over", task.task_id, by="head", to="ao"),
    ):
        assert "is a decision of the headteacher: Asha Officer is none, nor the deputy of one" in refused
    handed = story.acts().hand_over([task.task_id], "head", "dep", "I know the family").tasks[0]
    assert (handed.assignee, handed.first_owner) == ("dep", "head")
    done = story.acts().done([task.task_id], "dep", "nothing", "a plan was agreed on Friday")
    assert done.tasks[0].by == "dep"


def test_several_at_once_or_none(story: Story) -> None:
    """A whole form's calls in one go; one that cannot be done stops them all."""
    upns = [f"P{n}" for n in range(1, 5)]
    story.opens(*map(pupil, upns)).register(f"{DAY}T09:15", **dict.fromkeys(upns, "N/"))
    story.run(f"{DAY}T09:20")
    ids = [task.task_id for task in story.tasks()]
    assert "there is no task 't-0'" in refusal(
        story, "dismiss", *ids, "t-0", by="ao", because="a school trip"
    )
    assert len(story.tasks()) == len(ids)
    done: Acted = story.acts().dismiss([*ids, ids[0]], "ao", "a school trip")
    assert len(done.tasks) == len(ids)
    assert story.tasks() == []
    story.run(f"{DAY}T09:30")
    assert story.tasks(rule=FIRST_CALL) == []


def test_what_is_not_done_in_time_goes_to_a_second_owner_once(away: Story) -> None:
    """The deputy, or who comes next; it is counted, and a decision stays with its role."""
    task = only(away)
    away.run(f"{DAY}T12:00")
    passed = only(away)
    assert (passed.assignee, passed.first_owner, passed.overdue_at) == ("slt", "ao", away.now)
    assert said(away)[-1] == {
        "task": task.task_id,
        "action": "overdue",
        "from": "ao",
        "to": "slt",
        "due": task.due.isoformat(),
        "run_id": said(away)[-1]["run_id"],
    }
    away.run(f"{DAY}T13:00")
    assert only(away).assignee == "slt"


def test_a_legal_step_that_is_late_goes_only_to_whoever_may_decide_it(story: Story) -> None:
    """Handed to the head's deputy and late: it goes back to the head, not to the deputy's own deputy."""
    deputy = Staff("dep", "S", "Dee Puty", roles=("senior_leader",), deputy="ao")
    staff = (*(replace(p, deputy="dep") if p.staff_id == "head" else p for p in STAFF), deputy)
    story.opens(pupil("P1"), staff=staff, before={"P1": "OO OO OO OO OO"})
    story.register(f"{DAY}T09:15").run(f"{DAY}T09:20")
    rule = "penalty-notice-threshold"
    story.acts().hand_over([only(story, rule).task_id], "head", "dep", "I am away")
    story.run("2025-11-18T09:20")
    late = only(story, rule)
    assert (late.assignee, late.first_owner, late.overdue_at) == ("head", "head", story.now)


def test_minutes_of_work_by_person_and_day(story: Story) -> None:
    """Calls due today, a conversation due on Monday, what is overdue, what is put off to Wednesday."""
    story.opens(*map(pupil, ("P1", "P2", "P3"))).register(f"{DAY}T09:15", P1="N/", P2="N/", P3="N/")
    story.run(f"{DAY}T09:20")
    calls = [task.task_id for task in story.tasks()]
    story.acts().snooze(calls[:1], "ao", read_instant("2025-11-12T09:00"), "back on Wednesday")
    story.acts().done(calls[1:2], "ao", "return-meeting")
    loads = {load.name: load for load in workload(story.store, story.now)}
    assert [day.day for day in loads["Asha Officer"].days] == [10, 11, 12, 13, 14, 17]
    assert loads["Asha Officer"].minutes == (5, 0, 5, 0, 0, 0)
    assert loads["Hal Year"].minutes == (0, 0, 20, 0, 0, 0)
    assert workload(story.store, read_instant(f"{DAY}T12:00"))[1].overdue == 5
