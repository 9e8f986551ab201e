"""The use case "deliver": hand over what may leave, each message judged again at that moment.

Claim, commit, send, commit: no transaction is open while a channel works. A message that was claimed
and of which we then heard nothing is looked up at the channel before anything is sent again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from engine.instants import local, local_instant
from engine.reasons import Reason, Result
from engine.rulebook.model import Rule
from engine.snapshot import Snapshot
from messaging.channels.channel import Accepted, Channel, Outgoing, Refused
from workflows.change import Change
from workflows.leaving import Leaving, Obstacle
from workflows.library import Kept, Library
from workflows.open_cases import RulebookOf, Ruled
from workflows.ports import Clock, Store, Unit
from workflows.recheck import key_of, verdicts
from workflows.unreachable import reach_of
from workflows.values import LEAVING, Bounce, Entry, Message, MessageState

LEASE = timedelta(minutes=5)
_GRIP = LEASE / 2  # how long a claim may be used: over well before another sender takes it for given up
BATCH = 50


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of each message touched, by id, in the order handled."""

    messages: tuple[Message, ...]

    def of(self, state: MessageState) -> list[Message]:
        """Those that ended in a state."""
        return [message for message in self.messages if message.state is state]


@dataclass(slots=True)
class Deliver:
    """The use case with everything it needs; call `deliver`."""

    store: Store
    library: Library
    channel: Channel
    clock: Clock

    def deliver(self, as_of: datetime | None = None, only: Sequence[str] = ()) -> Delivered:
        """Send what is queued (only these ids, if any are named) as of an instant (default now).

        What is too late is dropped, never delayed. A channel that reaches nobody is a rehearsal: there it
        is late only as of an instant that was given, so that a day of the past can be gone through.
        What has expired or lost its ground is taken back with the reason; what the marks now leave
        open stays queued. So does, until another day, all but the most pressing message about a pupil
        (semantics 19): what was drafted on several days may be approved on one. Run twice it sends
        nothing twice: how fresh another sender's claim is, the clock says, whatever the instant.
        """
        now = as_of or self.clock()
        timed = as_of is not None or self.channel.real
        done: dict[str, Message] = {}
        with self.store.reading() as unit:
            schools = unit.school_ids()
        for school_id in schools:
            for message in self._look_up(school_id, now):
                done[message.message_id] = message
            tried: set[str] = set()
            while claimed := self._claim(school_id, now, only, tried, done, timed=timed):
                for message in claimed:
                    tried.add(message.message_id)
                    done[message.message_id] = self._send(message, now)
        return Delivered(tuple(done.values()))

    def _look_up(self, school_id: str, now: datetime) -> list[Message]:
        """Settle the messages whose sender fell silent: sent, back in the queue, or unknown."""
        with self.store.reading() as unit:
            silent = unit.messages(school_id, (MessageState.SENDING, MessageState.UNKNOWN))
        clock = self.clock()
        settled = [self._ask(m, now) for m in silent if m.claimed_at is None or clock - m.claimed_at > LEASE]
        return [message for message in settled if self._record(message, now, was=silent)]

    def _ask(self, message: Message, now: datetime) -> Message:
        try:
            found = self.channel.find(message.message_id)
        except OSError as trouble:
            return replace(message, state=MessageState.UNKNOWN, ended_because=str(trouble))
        if found is None:
            return replace(message, state=MessageState.QUEUED, claimed_at=None, ended_because="")
        return _sent(message, found.reference, now)

    def _claim(
        self,
        school_id: str,
        now: datetime,
        only: Sequence[str],
        tried: set[str],
        done: dict[str, Message],
        *,
        timed: bool,
    ) -> list[Message]:
        """Take the next messages that may leave, each judged again on the register as it stands."""
        with self.store.transaction() as unit:
            present = Kept(unit, self.library, self.library.for_school(school_id))
            queued = [
                message
                for message in unit.messages(school_id, (MessageState.QUEUED,))
                if (not only or message.message_id in only)
                and message.message_id not in tried
                and (message.made_as_of <= now or not timed)
            ]
            queued = sorted(queued, key=lambda message: _precedence(message, present))[:BATCH]
            if not queued:
                return []
            clock = self.clock()
            spoken = _spoken_to(unit, school_id, now, clock)
            snapshot = Snapshot.build(unit.facts(school_id, clock))
            leaving = Leaving.at(snapshot, now, reach_of(unit, school_id, clock))
            cases = {case.case_id: case for case in unit.cases(school_id)}
            found = verdicts(snapshot, queued, cases, Ruled(self.library.for_school(school_id), present))
            change = Change.of((), (), queued)
            for message in queued:
                tried.add(message.message_id)
                result, _ = found[key_of(message)]
                rule = _acted(message, present)
                obstacle = leaving.obstacle(message, rule) if result is Result.MATCHED else None
                late = timed and message.expires_at is not None and now > message.expires_at
                if result is Result.MATCHED and obstacle is None and not late and message.subject in spoken:
                    _put_off(change, message)
                    continue
                _judge(change, message, Reason.EXPIRED if late else None, result, obstacle, now, clock)
                if change.messages[message.message_id].state is MessageState.SENDING:
                    spoken.add(message.subject)
            change.write(unit, school_id, clock, now)
            for message in change.messages.values():
                done[message.message_id] = message
            claimed = [m for m in change.messages.values() if m.state is MessageState.SENDING]
        return claimed or self._claim(school_id, now, only, tried, done, timed=timed)

    def _send(self, message: Message, now: datetime) -> Message:
        """Hand one over, and commit what became of it.

        Where the machine slept, or the channel was slow, since the claim: left as it is, for by now
        another sender may have looked it up and sent it. It is looked up like one whose sender died.
        """
        if message.claimed_at is not None and self.clock() - message.claimed_at > _GRIP:
            return message
        outgoing = Outgoing(
            message.message_id, message.channel, message.address, message.contact_id, message.text
        )
        answer = self.channel.send(outgoing)
        if isinstance(answer, Accepted):
            after = _sent(message, answer.reference, now)
        elif isinstance(answer, Refused):
            state = MessageState.QUEUED if answer.passing else MessageState.FAILED
            after = replace(message, state=state, claimed_at=None, ended_because=answer.why)
        else:
            after = replace(message, state=MessageState.UNKNOWN, ended_because=answer.why)
        self._record(after, now, [message], dead=isinstance(answer, Refused) and answer.of_address)
        return after

    def _record(self, after: Message, now: datetime, was: Sequence[Message], *, dead: bool = False) -> bool:
        """Commit what became of a message, unless somebody else has settled it meanwhile.

        Where it failed because its address is `dead`, nothing is written there again.
        """
        before = next(message for message in was if message.message_id == after.message_id)
        with self.store.transaction() as unit:
            standing = _standing(unit, after)
            if standing != before or after == before:
                return False
            unit.update((), (), (after,), now)
            unit.append(after.school_id, self.clock(), [_entry(after)])
            if dead and after.state is MessageState.FAILED:
                unit.note_bounce(_bounce(after, self.clock()))
        return True


def _judge(
    change: Change,
    message: Message,
    late: Reason | None,
    result: Result,
    obstacle: Obstacle | None,
    now: datetime,
    clock: datetime,
) -> None:
    if late is not None:
        change.end_message(message, MessageState.EXPIRED, now, late)
    elif result is Result.UNKNOWN:
        return
    elif result is not Result.MATCHED:
        change.end_message(message, MessageState.WITHDRAWN, now, Reason.GROUND_GONE)
    elif obstacle is None:
        change.put_message(replace(message, state=MessageState.SENDING, claimed_at=clock))
        return
    elif obstacle.state is MessageState.WITHDRAWN:
        change.end_message(message, obstacle.state, now, obstacle.reason)
    else:
        change.put_message(replace(message, state=obstacle.state, ended_because=obstacle.reason.sentence))
    change.entries.append(_entry(change.messages[message.message_id]))


def _acted(message: Message, rulebook_of: RulebookOf) -> Rule:
    """The rule whose message it is: that of its stage, which may have acted for the one that held."""
    rulebook = rulebook_of(message.rulebook)
    return rulebook.on_stage(message.ladder, message.stage) or rulebook.rule(message.rule)


def _precedence(message: Message, rulebook_of: RulebookOf) -> tuple[bool, int, str, datetime, str]:
    """Which of a pupil's messages goes first: the urgent one, then the highest stage (docs/decisions/001)."""
    step = _acted(message, rulebook_of).message
    urgent = step is not None and step.urgent
    return (not urgent, -message.stage, message.rule, message.made_as_of, message.message_id)


def _spoken_to(unit: Unit, school_id: str, now: datetime, clock: datetime) -> set[str]:
    """The subjects about whom a message left on the day of an instant, or is in a sender's hands today."""
    begins, ends = (local_instant(local(now).date(), at) for at in (time.min, time.max))
    today = local_instant(local(clock).date(), time.min)
    in_hand = (m for m in unit.messages(school_id, LEAVING) if m.claimed_at and m.claimed_at >= today)
    return {*unit.spoken_to(school_id, begins, ends), *(message.subject for message in in_hand)}


def _put_off(change: Change, message: Message) -> None:
    """Leave a message in the queue for another day, and say so once."""
    waits = replace(message, ended_because=Reason.MESSAGE_TODAY.sentence)
    if waits != message:
        change.put_message(waits)
        change.entries.append(_entry(waits))


def _sent(message: Message, reference: str, now: datetime) -> Message:
    return replace(message, state=MessageState.SENT, reference=reference, ended_at=now, ended_because="")


def _standing(unit: Unit, message: Message) -> Message | None:
    found = unit.messages(message.school_id, (MessageState.SENDING, MessageState.UNKNOWN))
    return next((each for each in found if each.message_id == message.message_id), None)


def _bounce(message: Message, at: datetime) -> Bounce:
    return Bounce(
        message.school_id,
        message.contact_id,
        message.address,
        message.channel,
        at,
        message.ended_because,
        message.message_id,
    )


def _entry(message: Message) -> Entry:
    content: dict[str, object] = {
        "message": message.message_id,
        "rule": message.rule,
        "state": message.state.value,
        "contact_id": message.contact_id,
        "because": message.ended_because,
        "reference": message.reference,
        "text": message.text,
    }
    return Entry("message", message.subject, content, message.rulebook, message.template_version)
