"""How often and when a message is tried again after a trouble that may pass."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from messaging.channels.channel import Refused
from tests.workflows.story import Story, pupil
from workflows.tries import MOST
from workflows.values import MessageState

DAY = "2025-11-10"
BUSY = Refused("the line is busy", passing=True)
DOWN = Refused("the provider is down", passing=True, of_provider=True)


def _texted(story: Story, *upns: str) -> Story:
    story.opens(*map(pupil, upns)).register(f"{DAY}T09:15", **dict.fromkeys(upns, "N/"))
    story.run(f"{DAY}T09:20")
    with story.store.transaction() as unit:
        lasting = [replace(each, expires_at=None) for each in unit.messages()]
        unit.update((), (), lasting, story.now)
    return story


def test_later_each_time_then_a_person(story: Story) -> None:
    """Between half of and all of 2, 4, 8, 16 and 32 minutes; after the sixth try it is given up."""
    _texted(story, "P1")
    pauses = []
    for _ in range(MOST):
        story.post.answers = [BUSY]
        before = story.now
        story.deliverer().deliver()
        (message,) = story.messages()
        if message.try_after:
            pauses.append((message.try_after - before) / timedelta(minutes=1))
            story.now = message.try_after - timedelta(seconds=1)
            assert story.deliverer().deliver().messages == (), "not before its time"
            story.now = message.try_after
    assert all(2**n / 2 <= pause <= 2**n for n, pause in enumerate(pauses, start=1))
    assert len(pauses) == MOST - 1
    (message,) = story.messages()
    assert message.state is MessageState.FAILED_TEMPORARY
    assert message.ended_because == "given up after 6 tries: the line is busy"
    assert story.post.took == []


def test_neighbours_are_not_tried_at_the_same_moment(story: Story) -> None:
    """Twelve texts met the same trouble at once: they come back spread out."""
    upns = [f"P{n}" for n in range(1, 13)]
    _texted(story, *upns)
    story.post.answers = [BUSY] * 12
    story.deliverer().deliver()
    assert len({message.try_after for message in story.messages()}) > 6


def test_a_provider_that_is_down_costs_no_message_a_try(story: Story) -> None:
    """Five troubles close it, the others are not even handed over; up again, all leave, once each."""
    upns = [f"P{n}" for n in range(1, 13)]
    _texted(story, *upns)
    story.post.answers = [DOWN] * 12
    story.deliverer().deliver()
    assert len(story.post.answers) == 7
    assert {message.attempts for message in story.messages()} == {0}
    assert {message.state for message in story.messages()} == {MessageState.QUEUED}
    story.deliverer().deliver()
    assert len(story.post.answers) == 7, "nobody tries before its time"
    assert {each.ended_because for each in story.messages()} == {
        "the provider is down; post is tried again at 09:21"
    }
    story.post.answers = []
    story.now += timedelta(minutes=1)
    story.deliverer().deliver()
    assert {message.state for message in story.messages()} == {MessageState.SENT}
    assert len(story.post.took) == len({one.message_id for one in story.post.took}) == 12


def test_the_pace_of_a_provider_is_kept_by_waiting(story: Story) -> None:
    """Sixty a minute: a sender that may wait sends all, a second apart; another leaves them for later."""
    upns = [f"P{n}" for n in range(1, 13)]
    _texted(story, *upns)
    story.post.per_minute = 60
    hasty = story.deliverer()
    hasty.deliver()
    assert len(story.post.took) == 2
    story.now += timedelta(minutes=1)
    patient = replace(story.deliverer(), pause=lambda wait: setattr(story, "now", story.now + wait))
    began = story.now
    patient.deliver()
    assert len(story.post.took) == 12
    assert story.now - began >= timedelta(seconds=8)
