"""What a sender could not settle a person does: what became of a message, and whether it is tried again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from workflows.handed import unheard
from workflows.outbox import NotInOutbox, chosen, entry, keep, must_say, said
from workflows.ports import Store
from workflows.undelivered import TRIED_AGAIN, found_out, told_after_all
from workflows.values import Message, MessageState


def settle(store: Store, message_id: str, by: str, why: str, at: datetime, *, sent: bool) -> list[Message]:
    """Say of an unknown message that it was sent, or that it was not: then it is queued again.

    Where one message spoke for brothers and sisters, that is said of all of them: it was one. Raises
    NotInOutbox or CannotDo.
    """
    must_say(why, "say how it was found out, such as what the provider's own log shows")
    with store.transaction() as unit:
        ((message, who),) = chosen(unit, [message_id], by)
        unknown = unit.messages(message.school_id, (MessageState.UNKNOWN,))
        if message not in unknown:
            raise NotInOutbox(f"{message_id} is {said(message)}: there is no doubt to settle")
        one = [each for each in unknown if _spoken_by(each) == _spoken_by(message)]
        settled = [_left(each, at) if sent else _again(each) for each in one]
        for each in one:
            found_out(unit, each, at)
        entries = [entry("settle", each, who, why, state=each.state.value) for each in settled]
        keep(unit, settled, entries, at)
    return settled


def retry(store: Store, ids: Sequence[str], by: str, at: datetime, why: str = "") -> list[Message]:
    """Queue messages again of which every try failed: all of them, or, if one cannot be, none.

    Where one message spoke for brothers and sisters all of them are: it was one. They are judged again when
    they leave, as ever; nobody need tell the family another way meanwhile. Raises NotInOutbox or CannotDo.
    """
    with store.transaction() as unit:
        named = chosen(unit, ids, by)
        for message, _ in named:
            if message.state is not MessageState.FAILED_TEMPORARY:
                raise NotInOutbox(
                    f"{message.message_id} is {said(message)}: only what failed for a cause that may pass is "
                    "tried again"
                )
        failed = unit.messages(None, (MessageState.FAILED_TEMPORARY,))
        who_of = {_spoken_by(message): who for message, who in named}
        one = [each for each in failed if _spoken_by(each) in who_of]
        queued = [_again(each) for each in one]
        for each in one:
            told_after_all(unit, each, at, TRIED_AGAIN)
        entries = [
            entry("retry", each, who_of[_spoken_by(was)], why) for was, each in zip(one, queued, strict=True)
        ]
        keep(unit, queued, entries, at)
    return queued


def _spoken_by(message: Message) -> str:
    """The id of the message that spoke for one, which may be itself."""
    return message.told_with or message.message_id


def _left(message: Message, at: datetime) -> Message:
    left_at = message.claimed_at or at
    return replace(message, state=MessageState.SENT, ended_at=left_at, ended_because="", handed="")


def _again(message: Message) -> Message:
    """Back in the queue as if it had never been tried; who is spoken of together shows when it leaves.

    What was handed over is kept: should its receipt come yet, it does not leave twice. Where an earlier try
    is in doubt already, those after it were refused: that one is kept.
    """
    in_doubt = message.state is MessageState.FAILED_TEMPORARY and message.handed
    kept = message if in_doubt else unheard(message)
    queued = replace(kept, state=MessageState.QUEUED, ended_at=None, ended_because="")
    fresh = replace(queued, attempts=0, try_after=None, claimed_at=None, worker="")
    return replace(fresh, told="", told_with="")
