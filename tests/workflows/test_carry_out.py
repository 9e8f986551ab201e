"""What decisions become: stages that take over, episodes, messages put off, persons who decide, owners."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from engine.reasons import Reason
from engine.records import Contact, Event
from tests.workflows.story import Story, contact, names, outcomes, pupil, reasons
from workflows.values import MessageState, TaskState

DAY = "2025-11-10"
UNEXPLAINED = {"P1": "O/"}
"""One session without leave in October: illness is never more than half of the absence on day 1."""


def test_the_second_day_does_not_withdraw_the_first_but_takes_over(story: Story) -> None:
    """Time passing withdraws nothing; the higher stage supersedes the open call, which is shown as missed."""
    story.opens(pupil("P1"), before=UNEXPLAINED).register("2025-11-10T09:15", P1="OO")
    story.run("2025-11-10T09:20")
    story.run("2025-11-11T08:00")
    assert names(story.tasks(), "absence-day") == ["absence-day-1"]
    story.register("2025-11-11T09:15", P1="OO")
    assert outcomes(story.run("2025-11-11T09:20"))["absence-day-2"] == "act"
    (missed,) = story.tasks(TaskState.SUPERSEDED)
    assert (missed.rule, missed.ended_because) == ("absence-day-1", Reason.SUPERSEDED.sentence)
    (second,) = story.tasks(rule="absence-day-2")
    assert second.because.endswith("; missed before: call the family, due Mon 10 Nov")
    (entry,) = story.ledger("superseded")
    assert (entry["task"], entry["rule"]) == (missed.task_id, "absence-day-1")
    (case,) = story.cases("day-of-absence")
    assert (case.stage, case.anchor, case.episode) == (2, "2025-11-10", 1)


def test_a_run_goes_on_over_the_weekend(story: Story) -> None:
    """Friday day 1, Saturday nothing new, Monday day 2 of the same case."""
    story.opens(pupil("P1"))
    for day in ("10", "11", "12", "13"):
        story.register(f"2025-11-{day}T09:15")
    story.register("2025-11-14T09:15", P1="O/").run("2025-11-14T09:20")
    cases, (call,) = story.cases("day-of-absence"), story.tasks(rule="absence-day-1")
    story.corrects("2025-11-14T14:00", "P1", "2025-11-14", "OO")
    for when in ("2025-11-14T16:00", "2025-11-15T12:00", "2025-11-17T08:00"):
        story.run(when)
    assert story.cases("day-of-absence") == cases
    (late,) = story.tasks(rule="absence-day-1")
    assert replace(late, assignee=call.assignee, first_owner="", overdue_at=None) == call
    assert (late.assignee, late.first_owner) == ("ao", "tutor"), "what was not done on Friday is another's"
    story.register("2025-11-17T09:15", P1="O/")
    story.run("2025-11-17T09:20")
    (case,) = story.cases("day-of-absence")
    assert (case.anchor, case.stage) == ("2025-11-14", 2)
    assert names(story.tasks(), "absence-day") == ["absence-day-2"]


def test_a_return_closes_the_case_and_the_next_absence_is_a_new_episode(story: Story) -> None:
    """Absent, back, absent: two episodes, each with its own day-1 task; the first one's task stays open."""
    story.opens(pupil("P1"), before=UNEXPLAINED).register("2025-11-10T09:15", P1="OO")
    story.run("2025-11-10T09:20")
    story.register("2025-11-11T09:15")
    story.run("2025-11-11T09:20")
    (case,) = story.cases("day-of-absence")
    assert (case.closed_because, case.closed_at is None) == ("the pupil returned", False)
    story.register("2025-11-12T09:15", P1="OO")
    story.run("2025-11-12T09:20")
    assert [(c.episode, c.anchor) for c in story.cases("day-of-absence")] == [
        (1, "2025-11-10"),
        (2, "2025-11-12"),
    ]
    assert names(story.tasks(), "absence-day") == ["absence-day-1", "absence-day-1"]


def test_a_run_that_proves_older_is_judged_by_its_new_length(story: Story) -> None:
    """Monday's mark is corrected to absent on Wednesday: day 2 was day 3, and the list says only that."""
    story.opens(pupil("P1"), before=UNEXPLAINED).register("2025-11-10T09:15")
    story.register("2025-11-11T09:15", P1="OO")
    story.run("2025-11-11T09:20")
    story.register("2025-11-12T09:15", P1="OO")
    story.run("2025-11-12T09:20")
    story.corrects("2025-11-12T10:00", "P1", "2025-11-10", "OO")
    story.run("2025-11-12T10:30")
    assert names(story.tasks(), "absence-day") == ["absence-day-3"]


def test_only_the_highest_stage_acts_and_the_others_say_so(story: Story) -> None:
    """Back below 10 percent the lower stage holds, and does nothing: the higher one has acted."""
    story.opens(pupil("P1"), before={"P1": "OO OO"}).register("2025-11-10T09:15", P1="O/")
    assert outcomes(story.run("2025-11-10T09:20"))["persistent-absence"] == "act"
    for day in ("11", "12", "13", "14", "17", "18", "19", "20", "21"):
        story.register(f"2025-11-{day}T09:15")
    run = story.run("2025-11-21T16:00")
    assert outcomes(run)["near-persistent-absence"] == "suppress"
    assert reasons(run, "near-persistent-absence") == ["higher_stage_acted"]
    assert "near-persistent-absence" not in names(story.tasks(*TaskState))


def test_persistent_takes_over_from_near_persistent(story: Story) -> None:
    """The tutor's conversation and its unapproved text give way to the head of year's plan."""
    story.opens(pupil("P1"), before={"P1": "OO O/"}).register("2025-11-10T09:15", P1="O/")
    story.run("2025-11-10T09:20")
    assert "near-persistent-absence" in names(story.tasks())
    story.register("2025-11-11T09:15", P1="OO")
    story.run("2025-11-11T13:20")
    assert names(story.tasks()) == ["absence-day-1", "absence-day-1", "persistent-absence"]
    (old,) = story.messages(MessageState.SUPERSEDED)
    assert (old.rule, old.ended_because) == ("near-persistent-absence", Reason.SUPERSEDED.sentence)
    (case,) = story.cases("rate")
    assert (case.stage, case.anchor) == (2, "2025/26")


def test_one_message_a_day_and_the_other_goes_the_next_day_once(story: Story) -> None:
    """The urgent one first; the concern is put off, drafted the next day, and never a second time."""
    story.opens(pupil("P1"), before={"P1": "OO O/"}).register("2025-11-10T09:15", P1="N/")
    run = story.run("2025-11-10T09:20")
    assert [m.rule for m in story.messages()] == ["absent-without-reason"]
    assert reasons(run, "near-persistent-absence") == ["rule_holds", "message_today"]
    assert "near-persistent-absence" in names(story.tasks()), "the task does not wait for the message"
    story.run("2025-11-10T16:00")
    assert len(story.messages()) == 1
    story.register("2025-11-11T09:15")
    story.run("2025-11-11T09:20")
    assert sorted(m.rule for m in story.messages()) == ["absent-without-reason", "near-persistent-absence"]
    stood = story.standing()
    story.register("2025-11-12T09:15")
    story.run("2025-11-11T16:00")
    story.run("2025-11-12T09:20")
    assert [item for item in story.standing() if item not in stood and item not in story.cases()] == []
    assert len(story.tasks(*TaskState, rule="near-persistent-absence")) == 1


def test_day_one_waits_while_the_first_contact_is_open(story: Story) -> None:
    """One person at a time owns the call; the next day the first contact's day is over and day 2 acts."""
    story.opens(pupil("P1"), before=UNEXPLAINED).register("2025-11-10T09:15", P1="NN")
    run = story.run("2025-11-10T09:20")
    assert (outcomes(run)["absence-day-1"], reasons(run, "absence-day-1")) == ("hold", ["first_contact_open"])
    assert reasons(story.run("2025-11-10T13:20"), "absence-day-1") == ["first_contact_open"]
    story.register("2025-11-11T09:15", P1="OO")
    assert outcomes(story.run("2025-11-11T09:20"))["absence-day-2"] == "act"


CIRCUMSTANCES = {
    "hold": (pupil("P1"), (Event("P1", "S", "hold", date(2025, 11, 3), None, date(2025, 11, 10)),), ""),
    "social_worker": (pupil("P1", social_worker=True), (), ""),
    "looked_after": (pupil("P1", looked_after=True), (), ""),
    "bereaved": (pupil("P1", flags=("bereavement",)), (), ""),
    "medical": (pupil("P1", medical=True), (), ""),
    "part_time": (pupil("P1"), (), "// " * 19 + "/,C2"),
    "health_absence": (pupil("P1"), (), "II"),
}


@pytest.mark.parametrize("reason", CIRCUMSTANCES)
def test_in_some_circumstances_a_person_decides_and_nothing_leaves_by_itself(
    story: Story, reason: str
) -> None:
    """The task is a proposal, the text waits for approval, and sending sends nothing."""
    who, history, before = CIRCUMSTANCES[reason]
    story.opens(who, history=history, before={"P1": before}).register("2025-11-10T09:15", P1="N/")
    run = story.run("2025-11-10T09:20")
    assert outcomes(run)["absent-without-reason"] == "propose"
    assert reason in reasons(run, "absent-without-reason")
    assert story.messages(MessageState.QUEUED) == []
    assert all(task.decide for task in story.tasks(rule="absent-without-reason"))
    story.send("2025-11-10T09:25")
    assert story.post.took == []


def test_a_hold_that_is_over_holds_nothing(story: Story) -> None:
    """Until Sunday: on Monday the text may go by itself."""
    hold = Event("P1", "S", "hold", date(2025, 11, 3), None, date(2025, 11, 9))
    story.opens(pupil("P1"), history=(hold,)).register("2025-11-10T09:15", P1="N/")
    assert outcomes(story.run("2025-11-10T09:20"))["absent-without-reason"] == "act"


def test_a_child_on_site_is_never_texted_about(story: Story) -> None:
    """U: no first contact at all; N and then present: the task, but no text."""
    story.opens(pupil("P1"), pupil("P2")).register("2025-11-10T09:15", P1="U/", P2="N/")
    assert outcomes(story.run("2025-11-10T09:20", dry=True)) == {}
    run = story.run("2025-11-10T13:20")
    assert (outcomes(run, "P1"), story.messages()) == ({}, [])
    assert "on_site" in reasons(run, "absent-without-reason", "P2")
    assert names(story.tasks()) == ["absent-without-reason"]


@pytest.mark.parametrize(
    "contacts",
    [
        (),
        (contact("P1", phone=""),),
        (contact("P1", phone="01962 123456"),),
        (contact("P1", restriction="no_contact"),),
        (contact("P1", restriction="court_order"),),
        (contact("P1", may_receive=("praise",)),),
        (contact("P1", parental_responsibility=False, lives_with=False),),
    ],
)
def test_where_nobody_can_be_texted_the_task_is_still_there(
    story: Story, contacts: tuple[Contact, ...]
) -> None:
    """No number, a landline, a restriction: recorded with the reason, and somebody rings."""
    story.opens(pupil("P1"), contacts=contacts).register("2025-11-10T09:15", P1="N/")
    run = story.run("2025-11-10T09:20")
    assert reasons(run, "absent-without-reason") == ["rule_holds", "no_contact"]
    assert (names(story.tasks()), story.messages()) == (["absent-without-reason"], [])


def test_the_second_contact_gets_the_text_where_the_first_is_restricted(story: Story) -> None:
    """By priority, of those who may."""
    both = (contact("P1", 1, restriction="court_order"), contact("P1", 2))
    story.opens(pupil("P1"), contacts=both).register("2025-11-10T09:15", P1="N/")
    story.run("2025-11-10T09:20")
    assert [(m.contact_id, m.address) for m in story.messages()] == [("P1-2", "+447700900012")]


def test_the_legal_step_is_never_the_key_adults(story: Story) -> None:
    """Ten O: proposed to the headteacher; the other work is the key adult's; no text goes with it."""
    story.opens(pupil("P1", key_adult="tutor"), before={"P1": "OO OO OO OO OO"})
    story.register("2025-11-10T09:15")
    run = story.run("2025-11-10T09:20")
    owners = {task.rule: task.assignee for task in story.tasks()}
    assert owners == {"penalty-notice-threshold": "head", "persistent-absence": "tutor"}
    assert outcomes(run)["penalty-notice-threshold"] == "propose"
    assert [m.state for m in story.messages()] == [MessageState.AWAITING_APPROVAL]


def test_what_waits_until_it_is_cleared_is_told_once_and_not_every_evening(story: Story) -> None:
    """It has no case to stand on yet, so each evening's date is its ground; what it says is the same."""
    story.opens(pupil("P1"), before={"P1": "OO OO OO OO OO"}).register("2025-11-10T09:15")
    for day in ("2025-11-10", "2025-11-11", "2025-11-12"):
        run = story.run(f"{day}T16:00")
        assert outcomes(run)["penalty-notice-may-be-asked-for"] == "hold"
    held = [line for line in story.ledger("decision") if line["rule"] == "penalty-notice-may-be-asked-for"]
    assert [(line["outcome"], line["anchor"]) for line in held] == [("hold", "2025-11-10")]


def test_waiting_a_second_time_is_told_again(story: Story) -> None:
    """Put right, so that it holds no more; put back: each wait is in the ledger, once."""
    story.opens(pupil("P1"), before={"P1": "OO OO OO OO OO"})
    for day, token in (("10", ""), ("11", "//"), ("12", ""), ("13", "OO"), ("14", "")):
        story.register(f"2025-11-{day}T09:15")
        if token:
            story.corrects(f"2025-11-{day}T12:00", "P1", "2025-10-10", token)
        story.run(f"2025-11-{day}T16:00")
    held = [line for line in story.ledger("decision") if line["rule"] == "penalty-notice-may-be-asked-for"]
    told = [(line["outcome"], line["anchor"]) for line in held]
    assert told == [("hold", "2025-11-10"), ("hold", "2025-11-13")]


def test_with_nobody_on_the_staff_the_task_stands_unassigned(story: Story) -> None:
    """Never dropped for want of a person."""
    story.opens(pupil("P1"), staff=()).register("2025-11-10T09:15", P1="N/")
    story.run("2025-11-10T09:20")
    assert [(task.assignee, task.role) for task in story.tasks()] == [("", "attendance_officer")]


def test_a_threshold_met_stays_met_until_a_person_has_decided(story: Story) -> None:
    """The proposal stands while the window slides on; it is the same case and is not proposed again."""
    story.opens(pupil("P1"), before={"P1": "OO OO OO OO OO"}).register("2025-11-10T09:15")
    story.run("2025-11-10T09:20")
    (before,) = story.tasks(rule="penalty-notice-threshold")
    for day in ("2025-12-15", "2025-12-19"):
        story.run(f"{day}T16:00")
    (after,) = story.tasks(rule="penalty-notice-threshold")
    assert replace(after, first_owner="", overdue_at=None) == before, "late, and still the head's alone"
    assert after.overdue_at is not None
    assert [(c.episode, c.closed_at) for c in story.cases("legal")] == [(1, None)]
