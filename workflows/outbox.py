"""The outbox as people use it: look, approve, hold back. Sending is workflows/deliver.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from workflows.ports import Store
from workflows.values import Entry, Message, MessageState


class NotInOutbox(Exception):  # noqa: N818 - a sentence for a person
    """A message that is not there, or not in a state in which this can be done."""


def approvable(store: Store) -> tuple[list[str], list[str]]:
    """The ids that may be approved together, and those that a person must look at one by one.

    One by one: where the rule only proposed, for the pupil's circumstances (semantics 20) or by law, and
    where something came up after drafting.
    """
    with store.reading() as unit:
        waiting = unit.messages(None, (MessageState.AWAITING_APPROVAL,))
        decide = {(task.case_id, task.stage) for task in unit.tasks() if task.decide}
    singly = [m for m in waiting if m.ended_because or (m.case_id, m.stage) in decide]
    apart = {message.message_id for message in singly}
    return [m.message_id for m in waiting if m.message_id not in apart], sorted(apart)


def approve(store: Store, ids: Sequence[str], by: str, why: str, at: datetime) -> list[Message]:
    """Approve messages in a named person's name: all of them, or, if one cannot be, none.

    Raises NotInOutbox with a sentence. An approved message is still judged again before it leaves.
    """
    with store.transaction() as unit:
        there = {message.message_id: message for message in unit.messages()}
        for message_id in ids:
            message = there.get(message_id)
            if message is None:
                raise NotInOutbox(f"there is no message {message_id}; 'firstbell outbox list' shows them")
            if message.state is not MessageState.AWAITING_APPROVAL:
                raise NotInOutbox(f"{message_id} is {message.state.value}, it does not wait for approval")
        approved = [
            replace(
                there[message_id], state=MessageState.QUEUED, approved_by=by, approved_at=at, ended_because=""
            )
            for message_id in dict.fromkeys(ids)
        ]
        unit.update((), (), approved, at)
        for message in approved:
            content: dict[str, object] = {
                "message": message.message_id,
                "rule": message.rule,
                "by": by,
                "why": why,
                "text": message.text,
            }
            entry = Entry("approval", message.subject, content, message.rulebook, message.template_version)
            unit.append(message.school_id, at, [entry])
    return approved
