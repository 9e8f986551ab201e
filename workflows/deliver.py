"""The use case "deliver": hand over what may leave, each message judged again at that moment.

Claim, commit, send, commit: no transaction is open while a channel works. A message that was claimed
and of which we then heard nothing is looked up at the channel before anything is sent again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache

from engine.instants import Instants, local
from engine.match import Judge
from engine.reasons import Reason, Result
from engine.rulebook.model import Rule
from engine.snapshot import Snapshot
from messaging.channels.channel import Accepted, Channel, Refused
from messaging.layers import of_school
from workflows.approval import unapproved
from workflows.change import Change
from workflows.drafting import Templates
from workflows.leaving import Leaving, Obstacle, Then
from workflows.library import Kept, Library
from workflows.open_cases import RulebookOf, Ruled
from workflows.outgoing import outgoing
from workflows.ports import Clock, Store, Unit
from workflows.recheck import key_of, verdicts
from workflows.settings import Settings
from workflows.together import alike, joined
from workflows.unreachable import reach_of
from workflows.values import Bounce, Entry, Message, MessageState
from workflows.voice import Voice, decent

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
    channels: Mapping[str, Channel]
    clock: Clock
    settings: Settings = field(default_factory=Settings)
    templates: Templates = field(default_factory=dict)

    def deliver(self, as_of: datetime | None = None, only: Sequence[str] = ()) -> Delivered:
        """Send what is queued (only these ids, if any are named) as of an instant (default now).

        What is too late is dropped, never delayed. A channel that reaches nobody is a rehearsal: there it
        is late only as of an instant that was given, so that a day of the past can be gone through.
        What has expired or lost its ground is taken back with the reason; what the marks now leave
        open stays queued. So does, until another day, all but the most pressing message about a pupil
        (semantics 19), and what is more than a family should get in a day or a week, or comes at a bad
        hour: each says so. Brothers and sisters of whom the same is to be said share one message. Run
        twice it sends nothing twice: how fresh another sender's claim is, the clock says, whatever the
        instant.
        """
        now = as_of or self.clock()
        timed = as_of is not None or any(channel.real for channel in self.channels.values())
        done: dict[str, Message] = {}
        with self.store.reading() as unit:
            schools = {school_id: unit.school_name(school_id) for school_id in unit.school_ids()}
        for school_id, school in schools.items():
            for message in self._look_up(school_id, now):
                done[message.message_id] = message
            tried: set[str] = set()
            while claimed := self._claim(school_id, now, only, tried, done, timed=timed):
                for message in claimed:
                    if message.told_with:
                        continue
                    for each in self._send(message, _spoken_for(message, claimed), school, now):
                        done[each.message_id] = each
        return Delivered(tuple(done.values()))

    def _look_up(self, school_id: str, now: datetime) -> list[Message]:
        """Settle the messages whose sender fell silent: sent, back in the queue, or unknown."""
        with self.store.reading() as unit:
            silent = unit.messages(school_id, (MessageState.SENDING, MessageState.UNKNOWN))
        silent = tuple(each for each in silent if each.via in {"", self.channels[each.channel].name})
        clock = self.clock()
        settled = [self._ask(m, now) for m in silent if m.claimed_at is None or clock - m.claimed_at > LEASE]
        return [message for message in settled if self._record(message, now, was=silent)]

    def _ask(self, message: Message, now: datetime) -> Message:
        try:
            found = self.channels[message.channel].find(
                outgoing(message, "", now.date()), message.claimed_at or now
            )
        except OSError as trouble:
            return replace(message, state=MessageState.UNKNOWN, ended_because=str(trouble))
        if found is None:
            return _queued(message, "")
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
            words = of_school(self.templates, school_id)
            queued = _batch(sorted(queued, key=lambda message: _precedence(message, present)), words)
            if not queued:
                return []
            clock = self.clock()
            snapshot = Snapshot.build(unit.facts(school_id, clock))
            leaving = Leaving.at(snapshot, now, reach_of(unit, school_id, clock), _as_known(unit, school_id))
            voice = Voice.at(unit, snapshot.facts.contacts, queued, self.settings.family, now, clock)
            cases = {case.case_id: case for case in unit.cases(school_id)}
            found = verdicts(snapshot, queued, cases, Ruled(self.library.for_school(school_id), present))
            change = Change.of((), (), queued)
            open_today = leaving.school_day(now)
            for message in queued:
                tried.add(message.message_id)
                result, _ = found[key_of(message)]
                rule = _acted(message, present)
                obstacle = leaving.obstacle(message, rule) if result is Result.MATCHED else None
                late = timed and message.expires_at is not None and now > message.expires_at
                speaker = None
                if result is Result.MATCHED and obstacle is None and not late:
                    hour = decent(self.settings.hours, message, now, school_day=open_today) if timed else None
                    speaker = _speaker(change, message, words) if hour is None else None
                    waits = hour or voice.too_much(message, together=speaker is not None)
                    if waits:
                        _put_off(change, message, waits)
                        continue
                claim = replace(
                    message,
                    state=MessageState.SENDING,
                    claimed_at=clock,
                    via=self.channels[message.channel].name,
                )
                _judge(change, claim, message, Reason.EXPIRED if late else None, result, obstacle, now)
                if speaker:
                    _join(change, speaker, change.messages[message.message_id], words)
                if change.messages[message.message_id].state is MessageState.SENDING:
                    voice.speaks(change.messages[message.message_id])
            change.write(unit, school_id, clock, now)
            for message in change.messages.values():
                done[message.message_id] = message
            claimed = [m for m in change.messages.values() if m.state is MessageState.SENDING]
        return claimed or self._claim(school_id, now, only, tried, done, timed=timed)

    def _send(self, message: Message, others: Sequence[Message], school: str, now: datetime) -> list[Message]:
        """Hand one over, for the others too, and commit what became of each.

        Where the machine slept, or the channel was slow, since the claim: left as it is, for by now
        another sender may have looked it up and sent it. It is looked up like one whose sender died.
        """
        if message.claimed_at is not None and self.clock() - message.claimed_at > _GRIP:
            return [message, *others]
        answer = self.channels[message.channel].send(outgoing(message, school, local(now).date()))
        settled = []
        for each in (*others, message):  # the one that spoke comes last: cut off, it is looked up for all
            if isinstance(answer, Accepted):
                after = _sent(each, answer.reference, now)
            elif not isinstance(answer, Refused):
                after = replace(each, state=MessageState.UNKNOWN, ended_because=answer.why)
            elif answer.passing:
                after = _queued(each, answer.why)
            else:
                after = replace(
                    each, state=MessageState.FAILED_PERMANENT, claimed_at=None, ended_because=answer.why
                )
            dead = isinstance(answer, Refused) and answer.of_address
            self._record(after, now, [each], dead=dead)
            settled.append(after)
        return settled

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
            if dead and after.state is MessageState.FAILED_PERMANENT:
                unit.note_bounce(_bounce(after, self.clock()))
        return True


def _judge(
    change: Change,
    claim: Message,
    message: Message,
    late: Reason | None,
    result: Result,
    obstacle: Obstacle | None,
    now: datetime,
) -> None:
    """Put a message where it goes: out, by a `claim` on it, or back with the reason."""
    if late is not None:
        change.end_message(message, MessageState.EXPIRED, now, late)
    elif result is Result.UNKNOWN:
        return
    elif result is not Result.MATCHED:
        change.end_message(message, MessageState.WITHDRAWN, now, Reason.GROUND_GONE)
    elif obstacle is None:
        change.put_message(claim)
        return
    elif obstacle.state is MessageState.WITHDRAWN:
        change.end_message(message, obstacle.state, now, obstacle.reason)
    else:
        asked = replace(unapproved(message), state=obstacle.state, ended_because=obstacle.reason.sentence)
        change.put_message(asked)
    change.entries.append(_entry(change.messages[message.message_id]))


def _as_known(unit: Unit, school_id: str) -> Then:
    """A school as it was known at an instant, looked at once each."""
    last = unit.last_import(school_id)

    @cache
    def known(at: datetime) -> Judge | None:
        if last is None or last <= at:
            return None
        return Judge(Snapshot.build(unit.facts(school_id, at)), Instants.of([at]))

    return known


def _batch(queued: Sequence[Message], words: Templates) -> list[Message]:
    """The next few, with all that one of them could speak for."""
    first = list(queued[:BATCH])
    keys = {alike(message, words) for message in first} - {()}
    return first + [message for message in queued[BATCH:] if alike(message, words) in keys]


def _speaker(change: Change, message: Message, words: Templates) -> Message | None:
    """The message on its way that can speak for this one too."""
    key = alike(message, words)
    if not key:
        return None
    going = (each for each in change.messages.values() if each.state is MessageState.SENDING)
    first = next((m for m in going if not m.told_with and alike(m, words) == key), None)
    return first if first and _words_of_all(change, first, message, words) else None


def _join(change: Change, speaker: Message, message: Message, words: Templates) -> None:
    """Let one message speak for another: the other says so, the one holds the words for all."""
    told = _words_of_all(change, speaker, message, words)
    change.put_message(replace(message, told_with=speaker.message_id))
    change.put_message(replace(speaker, told=told or ""))


def _words_of_all(change: Change, speaker: Message, message: Message, words: Templates) -> str | None:
    others = _spoken_for(speaker, change.messages.values())
    return joined([speaker, *others, message], words)


def _spoken_for(speaker: Message, among: Iterable[Message]) -> list[Message]:
    return [each for each in among if each.told_with == speaker.message_id]


def _acted(message: Message, rulebook_of: RulebookOf) -> Rule:
    """The rule whose message it is: that of its stage, which may have acted for the one that held."""
    rulebook = rulebook_of(message.rulebook)
    return rulebook.on_stage(message.ladder, message.stage) or rulebook.rule(message.rule)


def _precedence(message: Message, rulebook_of: RulebookOf) -> tuple[bool, int, str, datetime, str]:
    """Which of a pupil's messages goes first: the urgent one, then the highest stage (docs/decisions/001)."""
    step = _acted(message, rulebook_of).message
    urgent = message.urgent or (step is not None and step.urgent)
    return (not urgent, -message.stage, message.rule, message.made_as_of, message.message_id)


def _put_off(change: Change, message: Message, reason: Reason) -> None:
    """Leave a message in the queue for another hour or day, and say so once."""
    waits = replace(message, ended_because=reason.sentence)
    if waits != message:
        change.put_message(waits)
        change.entries.append(_entry(waits))


def _sent(message: Message, reference: str, now: datetime) -> Message:
    together = Reason.TOLD_TOGETHER.sentence if message.told_with else ""
    return replace(
        message, state=MessageState.SENT, reference=reference, ended_at=now, ended_because=together
    )


def _queued(message: Message, because: str) -> Message:
    """Back in the queue, alone: who is to be spoken of together shows when they leave."""
    back = replace(message, state=MessageState.QUEUED, claimed_at=None, ended_because=because)
    return replace(back, told="", told_with="")


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
        "text": message.told or message.text,
        "told_with": message.told_with,
    }
    return Entry("message", message.subject, content, message.rulebook, message.template_version)
