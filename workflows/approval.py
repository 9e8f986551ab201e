"""Whose yes a message needs before it may leave: one person's, or two people's who both looked.

Nobody approves words of their own: who edited a message is neither of the two, nor the one.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from engine.records import Staff
from messaging.recipients import STATUTORY
from workflows.acting import CannotDo
from workflows.settings import TwoPeople
from workflows.values import Message, MessageState
from workflows.voice import POST

OF_TWO = "1 of 2 people has approved it"


def needs_two(message: Message, two: TwoPeople) -> bool:
    """Whether two people must approve a message, as the settings say."""
    match two:
        case TwoPeople.NONE:
            return False
        case TwoPeople.STATUTORY:
            return message.purpose == STATUTORY
        case TwoPeople.LETTERS:
            return message.purpose == STATUTORY or message.channel == POST
        case TwoPeople.ALL:
            return True


def may_approve(message: Message, staff_id: str) -> bool:
    """Whether somebody's eyes are fresh: they neither wrote its words nor approved it already."""
    return staff_id not in {message.edited_by, message.first_approved_by} - {""}


def signed(message: Message, who: Staff, at: datetime, two: TwoPeople) -> Message:
    """A message that waits for approval, or is held back, with one more yes: queued, or 1 of 2.

    Raises CannotDo where these are not the eyes of somebody else.
    """
    if message.edited_by == who.staff_id:
        raise CannotDo(
            f"{who.name} wrote the words of {message.message_id}: somebody else reads and approves them"
        )
    if message.first_approved_by == who.staff_id:
        raise CannotDo(
            f"{who.name} has approved {message.message_id} already: two people approve it, and the second "
            "is somebody else"
        )
    released = replace(message, held_by="", ended_because="") if message.held_by else message
    if needs_two(message, two) and not message.first_approved_by:
        waits = MessageState.AWAITING_APPROVAL
        return replace(released, state=waits, first_approved_by=who.staff_id, first_approved_at=at)
    queued = replace(released, state=MessageState.QUEUED, ended_because="")
    return replace(queued, approved_by=who.staff_id, approved_at=at)


def unapproved(message: Message) -> Message:
    """The same message, approved by nobody: something about it is new."""
    none = replace(message, approved_by="", approved_at=None)
    return replace(none, first_approved_by="", first_approved_at=None)


def known_at(message: Message) -> datetime | None:
    """Up to when everybody who approved a message knew what there was to know; None where nobody did.

    Two people are asked so that both weigh everything. What came in between them only the second can have
    known of: that is one pair of eyes, not two, so the first of the two instants counts.
    """
    return (message.first_approved_at or message.approved_at) if message.approved_by else None
