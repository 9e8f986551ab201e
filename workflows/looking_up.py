"""Messages whose sender fell silent: back in the queue where they had not begun to leave, else looked up.

Nothing that may have left is sent again before its channel has said for certain that it did not go. One that
no channel can tell of waits for its receipt, or for a person (`firstbell outbox settle`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from engine.reasons import Reason
from messaging.channels.channel import CannotTell, Channel
from workflows.claiming import message_entry
from workflows.handed import unheard
from workflows.handing_over import LEASE, left_at
from workflows.outgoing import outgoing
from workflows.ports import Clock, Store
from workflows.settings import Settings
from workflows.tries import in_queue
from workflows.undelivered import ask_whether_it_came, found_out
from workflows.values import LEAVING, Message, MessageState

A_PERSON = "it may have left, and this way to send cannot be asked: its receipt will tell, or a person does"
NOT_HERE = "it may have left by a way that is not set up here any more: only that provider's own log tells"
FORGOTTEN = (
    "it may have left, so long ago that nobody can be asked any more: the family can tell, or its receipt"
)
NOBODY_TELLS = (A_PERSON, NOT_HERE, FORGOTTEN)


@dataclass(frozen=True, slots=True)
class LookingUp:
    """The store, the ways to send, and the clock that says how old a claim is."""

    store: Store
    channels: Mapping[str, Channel]
    clock: Clock
    settings: Settings

    def settle(self, school_id: str, school: str, now: datetime) -> list[Message]:
        """Settle what has been in hand for too long; what is another now."""
        with self.store.reading() as unit:
            there = [each for each in unit.messages(school_id, LEAVING) if each.channel in self.channels]
        clock = self.clock()
        silent = [each for each in there if each.claimed_at is None or clock - each.claimed_at > LEASE]
        found: list[Message] = []
        for message in silent:
            if message.told_with and message.state is not MessageState.CLAIMED:
                continue  # it goes by what becomes of the one that spoke for it
            after = self._asked(message, school, now)
            if after != message:
                found += self._record(message, after, now)
        return found

    def _asked(self, message: Message, school: str, now: datetime) -> Message:
        """A message as it turns out to be."""
        if message.state is MessageState.CLAIMED:
            return in_queue(message, "")
        channel = self.channels[message.channel]
        unknown = replace(message, state=MessageState.UNKNOWN, worker="")
        if message.via not in {"", channel.name}:
            return replace(unknown, ended_because=NOT_HERE)
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
            return in_queue(unheard(message), "")
        return left_at(message, there.reference, min(begun, now))

    def _record(self, before: Message, after: Message, now: datetime) -> list[Message]:
        """Commit what became of a message and of those it spoke for, unless it was settled meanwhile.

        Of all in one go: once it waits in the queue again another sender may take it on, and send it alone.
        """
        with self.store.transaction() as unit:
            first, *others = unit.told(before.message_id)
            if first != before:
                return []
            handed_over = before.state is not MessageState.CLAIMED
            others = [each for each in others if handed_over and each.state in LEAVING]
            all_of_it = [after, *(_as_its_speaker(each, after) for each in others)]
            unit.update((), (), all_of_it, now)
            unit.append(after.school_id, self.clock(), [message_entry(each) for each in all_of_it])
            if after.state is MessageState.UNKNOWN and after.ended_because in NOBODY_TELLS:
                ask_whether_it_came(unit, after, self.clock(), self.settings)
            elif before.state is MessageState.UNKNOWN and after.state is not MessageState.UNKNOWN:
                found_out(unit, after, self.clock())
        return all_of_it


def _as_its_speaker(message: Message, speaker: Message) -> Message:
    """A message that another spoke for, by what became of that one."""
    if speaker.state is MessageState.QUEUED:
        return in_queue(unheard(message), "")
    if speaker.state is MessageState.UNKNOWN:
        return replace(message, state=speaker.state, worker="")
    sent = replace(message, state=speaker.state, reference=speaker.reference, ended_at=speaker.ended_at)
    return replace(sent, ended_because=Reason.TOLD_TOGETHER.sentence, worker="", try_after=None, handed="")
