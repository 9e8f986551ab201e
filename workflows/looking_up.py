"""Messages whose sender fell silent: back in the queue where they had not begun to leave, else looked up.

Nothing that may have left is sent again before its channel has said for certain that it did not go. One that
no channel can tell of waits for its receipt, or for a person (`firstbell outbox settle`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from messaging.channels.channel import CannotTell, Channel
from workflows.claiming import message_entry
from workflows.handing_over import LEASE, left_at
from workflows.outgoing import outgoing
from workflows.ports import Clock, Store
from workflows.tries import in_queue
from workflows.values import LEAVING, Message, MessageState

A_PERSON = "it may have left, and this way to send cannot be asked: its receipt will tell, or a person does"
FORGOTTEN = (
    "it may have left, so long ago that nobody can be asked any more: the family can tell, or its receipt"
)


@dataclass(frozen=True, slots=True)
class LookingUp:
    """The store, the ways to send, and the clock that says how old a claim is."""

    store: Store
    channels: Mapping[str, Channel]
    clock: Clock

    def settle(self, school_id: str, school: str, now: datetime) -> list[Message]:
        """Settle what has been in hand for too long; what is another now."""
        with self.store.reading() as unit:
            there = [each for each in unit.messages(school_id, LEAVING) if each.channel in self.channels]
        clock = self.clock()
        silent = [each for each in there if each.claimed_at is None or clock - each.claimed_at > LEASE]
        found: dict[str, Message] = {}
        for message in sorted(silent, key=lambda each: bool(each.told_with)):
            after = self._asked(message, found, school, now)
            if after != message and self._record(message, after, now):
                found[message.message_id] = after
        return list(found.values())

    def _asked(self, message: Message, found: Mapping[str, Message], school: str, now: datetime) -> Message:
        """A message as it turns out to be; one that another spoke for goes by what became of that one."""
        if message.state is MessageState.CLAIMED:
            return in_queue(message, "")
        if message.told_with:
            return self._as_its_speaker(message)
        channel = self.channels[message.channel]
        unknown = replace(message, state=MessageState.UNKNOWN, worker="")
        if message.via not in {"", channel.name}:
            because = f"it was handed to {message.via}, which is not set up here any more: only that knows"
            return replace(unknown, ended_because=because)
        begun = message.claimed_at or now
        if channel.remembers is not None and self.clock() - begun > channel.remembers:
            return replace(unknown, ended_because=FORGOTTEN)
        try:
            day = min(begun, now).date()
            there = channel.find(outgoing(message, school, day), begun)
        except CannotTell:
            return replace(unknown, ended_because=A_PERSON)
        except OSError as trouble:
            return replace(unknown, ended_because=str(trouble))
        if there is None:
            return in_queue(message, "")
        return left_at(message, there.reference, min(begun, now))

    def _as_its_speaker(self, message: Message) -> Message:
        with self.store.reading() as unit:
            speaker = unit.message(message.told_with)
        if speaker is None or speaker.state in LEAVING:
            return replace(message, state=MessageState.UNKNOWN, worker="")
        if speaker.state is MessageState.QUEUED:
            return in_queue(message, "")
        told = replace(message, state=speaker.state, worker="", ended_because=speaker.ended_because)
        return replace(told, reference=speaker.reference, ended_at=speaker.ended_at)

    def _record(self, before: Message, after: Message, now: datetime) -> bool:
        """Commit what became of a message, unless somebody else has settled it meanwhile."""
        with self.store.transaction() as unit:
            if unit.message(before.message_id) != before:
                return False
            unit.update((), (), (after,), now)
            unit.append(after.school_id, self.clock(), [message_entry(after)])
        return True
