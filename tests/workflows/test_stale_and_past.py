"""What is too late is dropped, what looks back never acts, and what needs a look of its own gets it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from adapters.mis.parse import clean
from engine.reasons import Reason
from tests.workflows.story import Story, outcomes, pupil, reasons
from workflows import outbox
from workflows.run_day import LOOKS_BACK
from workflows.values import MessageState

DAY = "2025-11-10"


def test_a_text_is_good_for_hours_from_the_instant_judged(story: Story) -> None:
    """A run about Monday typed on Thursday makes a text that is stale already: it is dropped, not sent."""
    story.opens(pupil("P1")).register(f"{DAY}T09:15", P1="N/")
    story.now += timedelta(days=3)
    story.run(f"{DAY}T09:20")
    story.send("2025-11-13T11:00")
    assert [message.state for message in story.messages()] == [MessageState.EXPIRED]
    assert story.post.took == []


def test_nothing_leaves_before_it_was_made(story: Story) -> None:
    """Sending as of eight o'clock cannot send what was found at twenty past nine."""
    story.opens(pupil("P1")).register(f"{DAY}T09:15", P1="N/")
    story.run(f"{DAY}T09:20")
    assert story.send(f"{DAY}T08:00").messages == ()
    assert [message.state for message in story.messages()] == [MessageState.QUEUED]


@pytest.mark.parametrize(("channel", "state"), [("real", "expired"), ("rehearsal", "sent")])
def test_a_rehearsal_goes_through_a_past_day(story: Story, channel: str, state: str) -> None:
    """With no instant given a channel that reaches people goes by the clock; one that does not, sends."""
    story.post.real = channel == "real"
    story.opens(pupil("P1")).register(f"{DAY}T09:15", P1="N/")
    story.run(f"{DAY}T09:20")
    story.now += timedelta(days=300)
    story.deliverer().deliver()
    assert [message.state for message in story.messages()] == [state]


def test_a_run_that_looks_back_writes_nothing(story: Story) -> None:
    """With a --known-at before the correction a run shows the old truth and revives no task or text."""
    story.opens(pupil("P1")).register(f"{DAY}T09:15", P1="N/")
    story.run(f"{DAY}T09:20")
    story.corrects(f"{DAY}T10:00", "P1", DAY, "I/")
    story.run(f"{DAY}T10:05")
    before = story.standing()
    run = story.run(f"{DAY}T09:20", known_at=f"{DAY}T09:30")
    assert (run.dry, run.notes) == (True, (LOOKS_BACK,))
    assert outcomes(run)["absent-without-reason"] == "act"
    assert story.standing() == before


def test_no_family_is_warned_about_an_agreed_timetable(story: Story) -> None:
    """Half-time on C2 is severe absence in the statistics: a task to decide, and no concern text."""
    half = " ".join(["/,C2"] * 20)
    story.opens(pupil("P1"), before={"P1": half}).register(f"{DAY}T16:00", P1="/,C2")
    run = story.run(f"{DAY}T16:00")
    assert outcomes(run)["severe-absence"] == "propose"
    assert Reason.PLAN_KEPT.value in reasons(run, "severe-absence")
    assert (len(story.tasks(rule="severe-absence")), story.messages()) == (1, [])


def test_approving_all_leaves_what_needs_a_look_of_its_own(story: Story) -> None:
    """The child with a social worker is not released with the rest."""
    absent = {"P1": "OO OO", "P2": "OO OO"}
    story.opens(pupil("P1"), pupil("P2", social_worker=True), before=absent)
    story.run("2025-11-07T16:00")
    waiting = outbox.approvable(story.store)
    together, singly = waiting.together, waiting.singly
    of = {message.message_id: message.subject for message in story.messages()}
    assert ([of[each] for each in together], [of[each] for each in singly]) == (["P1"], ["P2"])


def test_control_characters_are_no_part_of_a_name() -> None:
    """An escape sequence or a line break in a name becomes a space; letters of any language stay."""
    assert clean("A\nB \x1b[31mred") == "A B [31mred"
    assert clean("Zoë Ní Łukasz") == "Zoë Ní Łukasz"
