"""Handing one message over, for those too that it speaks for: begin, commit, send, commit.

No transaction is open while a channel works. A message is `sending` from just before it is handed over: until
then it certainly did not leave, from then on only the channel can say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum, auto

from engine.instants import local
from engine.reasons import Reason
from messaging.channels.channel import Accepted, Channel, Refused, Sent
from workflows.claiming import message_entry
from workflows.outgoing import outgoing
from workflows.ports import Clock, Store, Unit
from workflows.provider import after, left_alone, turn
from workflows.settings import Settings
from workflows.stopping import opt_out
from workflows.tries import again, came_to_nothing, in_queue
from workflows.undelivered import tell_another_way
from workflows.values import FAILED, Bounce, Message, MessageState

LEASE = timedelta(minutes=5)
GRIP = LEASE / 2
"""How old a beginning may be when the message is handed over: well before anybody looks it up."""


class Stop(Enum):
    """Why a message that was claimed was not handed over."""

    LOST = auto()
    """It is not ours any more: the claim was old, and another sender has taken it on."""
    LEARNT = auto()
    """Something came in since it was judged: it has to be judged again."""


@dataclass(frozen=True, slots=True)
class Later:
    """That a provider takes the next message only after a while, and why."""

    wait: timedelta
    why: str


@dataclass(frozen=True, slots=True)
class HandingOver:
    """The ways to send, the store and the clock; `school` is the name in the letterhead."""

    store: Store
    channels: Mapping[str, Channel]
    clock: Clock
    settings: Settings

    def begin(self, group: Sequence[Message], learnt: tuple[int, ...]) -> tuple[Message, ...] | Later | Stop:
        """Mark a group as sending; or how long its provider is to be left alone first, or why it may not.

        Looked at in one transaction with what was `learnt` when it was judged: nothing came in since, so what
        was true then is true at this moment.
        """
        speaker, clock = group[0], self.clock()
        channel = self.channels[speaker.channel]
        with self.store.transaction() as unit:
            if _as_they_are(unit, group) != [*group]:
                return Stop.LOST
            if unit.learnt(speaker.school_id) != learnt:
                return Stop.LEARNT
            provider, wait = turn(unit.provider(channel.name), clock, channel.per_minute)
            if wait:
                its_turn = f"its turn comes at {local(clock + wait):%H:%M}"
                return Later(wait, left_alone(provider, clock) or its_turn)
            unit.put_provider(provider)
            begun = tuple(
                replace(each, state=MessageState.SENDING, claimed_at=clock, via=channel.name)
                for each in group
            )
            unit.update((), (), begun, clock)
        return begun

    def send(self, begun: Sequence[Message], school: str, now: datetime) -> list[Message]:
        """Send once, and commit what became of every message of the group.

        Where the machine slept since the group was begun it is left as it is: by now another sender may have
        looked it up and sent it. It is looked up like one whose sender died.
        """
        speaker = begun[0]
        if speaker.claimed_at is None or self.clock() - speaker.claimed_at > GRIP:
            return [*begun]
        answer = self.channels[speaker.channel].send(outgoing(speaker, school, local(now).date()))
        clock = self.clock()
        settled = [_settled(each, answer, now, clock) for each in begun]
        with self.store.transaction() as unit:
            there = _as_they_are(unit, begun)
            if there != [*begun]:
                return there  # a receipt was quicker than we, or somebody looked it up: they know as much
            name = self.channels[speaker.channel].name
            unit.put_provider(after(unit.provider(name), answer, clock))
            unit.update((), (), settled, now)
            unit.append(speaker.school_id, clock, [message_entry(each) for each in settled])
            if isinstance(answer, Refused):
                self._did_not_go(unit, settled, answer, clock)
        return settled

    def _did_not_go(self, unit: Unit, settled: Sequence[Message], answer: Refused, clock: datetime) -> None:
        """What else follows a refusal: the family's own word, a dead number, a task to tell them."""
        for each in settled:
            if answer.opted_out:
                opt_out(unit, each.address, each.channel, answer.why, clock)
            elif answer.of_address and not answer.passing:
                unit.note_bounce(bounce_of(each, clock))
            if each.state in FAILED:
                tell_another_way(unit, each, clock, self.settings)

    def let_go(
        self, group: Sequence[Message], because: str = "", later: datetime | None = None
    ) -> list[Message]:
        """Put a claimed group back into the queue, if it still is ours; how it stands now."""
        with self.store.transaction() as unit:
            there = _as_they_are(unit, group)
            if there != [*group]:
                return there
            back = [replace(in_queue(each, because), try_after=later) for each in group]
            unit.update((), (), back, self.clock())
        return back


def _as_they_are(unit: Unit, group: Sequence[Message]) -> list[Message]:
    """The messages of a group as they stand now: others, where somebody has moved them."""
    found = (unit.message(each.message_id) for each in group)
    return [each for each in found if each is not None]


def left_at(message: Message, reference: str, at: datetime) -> Message:
    """A message that its channel has accepted."""
    together = Reason.TOLD_TOGETHER.sentence if message.told_with else ""
    sent = replace(message, state=MessageState.SENT, reference=reference, ended_at=at)
    return replace(sent, ended_because=together, worker="", try_after=None, handed="")


def bounce_of(message: Message, at: datetime) -> Bounce:
    """That nothing can be sent to where a message was to go."""
    where = (message.school_id, message.contact_id, message.address, message.channel)
    return Bounce(*where, at, message.ended_because, message.message_id)


def _settled(message: Message, answer: Sent, now: datetime, clock: datetime) -> Message:
    """What becomes of a message by its channel's answer."""
    if isinstance(answer, Accepted):
        return left_at(message, answer.reference, now)
    if not isinstance(answer, Refused):
        return replace(message, state=MessageState.UNKNOWN, worker="", ended_because=answer.why)
    if answer.passing:
        return again(message, answer, clock)
    return came_to_nothing(message, MessageState.FAILED_PERMANENT, answer.why, now)
