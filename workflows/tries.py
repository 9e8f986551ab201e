"""Trying again: later each time, and not all at the same moment."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta

from messaging.channels.channel import Refused
from workflows.values import Message, MessageState

MOST = 6
"""So many tries, over half an hour to an hour; then a person has to look."""
_FIRST = timedelta(minutes=1)


def again(message: Message, refused: Refused, at: datetime) -> Message:
    """A message after a passing trouble: back in the queue for a later time, or given up.

    What is the provider's trouble, or its wish for a slower pace, costs the message no try.
    """
    if refused.of_provider or refused.again_after is not None:
        later = at + refused.again_after if refused.again_after else None
        return replace(in_queue(message, refused.why), try_after=later)
    attempts = message.attempts + 1
    if attempts >= MOST:
        given_up = f"given up after {attempts} tries: {refused.why}"
        failed = came_to_nothing(message, MessageState.FAILED_TEMPORARY, given_up, at)
        return replace(failed, attempts=attempts)
    later = at + _wait(message.message_id, attempts)
    return replace(in_queue(message, refused.why), try_after=later, attempts=attempts)


def _wait(message_id: str, attempts: int) -> timedelta:
    """Twice as long each time, and anything between half of that and all of it.

    The message itself draws the part: the same each time it is asked, and another than its neighbour's.
    """
    whole = _FIRST * 2.0**attempts
    drawn = hashlib.sha256(f"{message_id} {attempts}".encode()).digest()[0] / 255
    return whole * (0.5 + drawn / 2)


def in_queue(message: Message, because: str) -> Message:
    """Back in the queue, alone and in nobody's hands: who is spoken of together shows when they leave."""
    return replace(
        message,
        state=MessageState.QUEUED,
        claimed_at=None,
        worker="",
        told="",
        told_with="",
        ended_because=because,
    )


def came_to_nothing(message: Message, state: MessageState, because: str, at: datetime) -> Message:
    """A message that did not leave and is not tried again by itself."""
    ended = replace(message, state=state, ended_at=at, ended_because=because)
    return replace(ended, worker="", claimed_at=None, try_after=None)
