"""Taking messages on: the next few that may leave at this moment, each judged again on the register as it is.

One transaction: what is claimed is nobody else's, and what stays or ends says why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache

from engine.instants import Instants, local
from engine.match import Judge
from engine.reasons import Reason, Result
from engine.rulebook.model import Rule
from engine.snapshot import Snapshot
from messaging.channels.channel import Channel
from workflows.approval import unapproved
from workflows.change import Change
from workflows.drafting import Templates
from workflows.leaving import Leaving, Obstacle, Then
from workflows.library import Kept, Library
from workflows.open_cases import RulebookOf, Ruled
from workflows.ports import Unit
from workflows.provider import left_alone
from workflows.recall import still_contradicted
from workflows.recheck import key_of, verdicts
from workflows.said_again import said_again, says_otherwise, worded_again
from workflows.settings import Settings
from workflows.together import alike, joined, template_of
from workflows.unreachable import reach_of
from workflows.values import FAILED, Entry, Message, MessageState
from workflows.voice import Voice, decent

BATCH = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """What one delivery asks for: the instant of sending, only these ids (all, if none are named).

    `timed` says that hours and expiry count; `clock` is the real time of the claim.
    """

    now: datetime
    only: frozenset[str]
    timed: bool
    clock: datetime

    def at(self, clock: datetime) -> Asked:
        """The same, claimed at another moment."""
        return replace(self, clock=clock)


@dataclass(frozen=True, slots=True)
class Claimed:
    """What was claimed, in groups of messages that leave as one, the one that speaks first.

    `looked_at` are all that were judged, as they are now; `learnt` is what was known at that moment.
    """

    groups: tuple[tuple[Message, ...], ...]
    looked_at: tuple[Message, ...]
    learnt: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Claiming:
    """Who claims for one school: its rules and wordings, the ways to send, and the name of the sender."""

    school_id: str
    library: Library
    channels: Mapping[str, Channel]
    templates: Templates
    settings: Settings
    worker: str
    snapshot_of: Callable[[Unit, str, datetime], Snapshot]

    def claim(self, unit: Unit, asked: Asked, tried: frozenset[str]) -> Claimed:
        """The next few of the queue, those `tried` before left out."""
        present = Kept(unit, self.library, self.library.for_school(self.school_id))
        waiting = [
            message
            for message in unit.messages(self.school_id, (MessageState.QUEUED,))
            if message.channel in self.channels
            and (not asked.only or message.message_id in asked.only)
            and message.message_id not in tried
            and (message.try_after is None or message.try_after <= asked.clock)
            and (message.made_as_of <= asked.now or not asked.timed)
        ]
        waiting.sort(key=lambda message: _turn(message, present))
        learnt = unit.learnt(self.school_id)
        change, queued = self._withheld(unit, _batch(waiting, self.templates), asked)
        if queued:
            self._judge(unit, change, queued, asked, present)
        change.write(unit, self.school_id, asked.clock, asked.now)
        there = tuple(change.messages.values())
        own = [message for message in there if message.state is MessageState.CLAIMED]
        groups = tuple((each, *_spoken_for(each, own)) for each in own if not each.told_with)
        return Claimed(groups, there, learnt)

    def _withheld(self, unit: Unit, queued: Sequence[Message], asked: Asked) -> tuple[Change, list[Message]]:
        """The messages whose way to send is open; the others say what they wait for."""
        cases = unit.cases(self.school_id) if queued else ()
        change = Change.of(cases, (), queued)
        providers = {kind: unit.provider(channel.name) for kind, channel in self.channels.items()}
        open_now = []
        for message in queued:
            why = left_alone(providers[message.channel], asked.clock)
            why = why or self.channels[message.channel].withheld(message.address)
            if why:
                _waits(change, message, why)
            else:
                open_now.append(message)
        return change, open_now

    def _judge(
        self, unit: Unit, change: Change, queued: Sequence[Message], asked: Asked, present: RulebookOf
    ) -> None:
        """Claim what may leave, and say of the rest why it does not."""
        snapshot = self.snapshot_of(unit, self.school_id, asked.clock)
        reach = reach_of(unit, self.school_id, asked.clock)
        leaving = Leaving.at(snapshot, asked.now, reach, _as_known(unit, self.school_id))
        voice = Voice.at(unit, snapshot.facts.contacts, queued, self.settings.family, asked.now, asked.clock)
        ruled = Ruled(self.library.for_school(self.school_id), present)
        found = verdicts(snapshot, queued, change.cases, ruled)
        sorry = self._sorry_for(unit, queued)
        unread = unit.unread_replies(self.school_id) | unit.unread_senders()
        rests = [each for each in queued if not each.apology_for]
        holding = [each for each in rests if found[key_of(each)][0] is Result.MATCHED]
        otherwise = said_again(snapshot, holding, change.cases, ruled)
        open_today = leaving.school_day(asked.now)
        for drafted in queued:
            result, because = found[key_of(drafted)]
            gone = Reason.GROUND_GONE
            message, obstacle = self._worded(drafted, otherwise.get(drafted.message_id))
            if message.apology_for:
                original = sorry[message.apology_for]
                wrong = still_contradicted(snapshot, original, (result, because))
                gone = Reason.NEVER_ARRIVED if original.state in FAILED else Reason.RECALL_UNDONE
                result = Result.MATCHED if wrong else Result.NOT_MATCHED
            if result is Result.MATCHED:
                obstacle = leaving.obstacle(message, _acted(message, present)) or obstacle
            if asked.timed and message.expires_at is not None and asked.now > message.expires_at:
                _ends(change, message, MessageState.EXPIRED, Reason.EXPIRED, asked.now)
            elif result is Result.UNKNOWN:
                continue
            elif result is not Result.MATCHED:
                _ends(change, message, MessageState.WITHDRAWN, gone, asked.now)
            elif obstacle is not None:
                _kept_back(change, message, obstacle, asked.now)
            elif not unread.isdisjoint({message.subject, message.address}):
                _waits(change, message, Reason.REPLY_UNREAD.sentence)
            else:
                self._leaves(change, message, voice, asked, open_today=open_today)

    def _sorry_for(self, unit: Unit, queued: Iterable[Message]) -> dict[str, Message]:
        """The messages that any of these apologises for, by id."""
        wanted = [each.apology_for for each in queued if each.apology_for]
        return {each.message_id: each for each in unit.messages_named(wanted)} if wanted else {}

    def _worded(self, message: Message, now: Mapping[str, str] | None) -> tuple[Message, Obstacle | None]:
        """The message with what it says of the register put right; a person looks where one did before."""
        if now is None or not says_otherwise(message, now, template_of(message, self.templates)):
            return message, None
        anew = worded_again(message, now, self.templates)
        by_itself = anew is not None and not message.approved_by
        asks = None if by_itself else Obstacle(MessageState.AWAITING_APPROVAL, Reason.WORDS_CHANGED)
        return anew or message, asks

    def _leaves(
        self, change: Change, message: Message, voice: Voice, asked: Asked, *, open_today: bool
    ) -> None:
        """Claim a message that may leave, unless the family has had enough or the hour is bad."""
        hour = None
        if asked.timed:
            hour = decent(self.settings.hours, message, asked.now, school_day=open_today)
        speaker = None if hour else _speaker(change, message, self.templates)
        enough = None if message.apology_for else voice.too_much(message, together=speaker is not None)
        if waits := hour or enough:
            _waits(change, message, waits.sentence)
            return
        claimed = replace(
            message,
            state=MessageState.CLAIMED,
            claimed_at=asked.clock,
            worker=self.worker,
            try_after=None,
        )
        change.put_message(claimed)
        if speaker:
            _join(change, speaker, claimed, self.templates)
        if not claimed.apology_for:
            voice.speaks(claimed)


def message_entry(message: Message) -> Entry:
    """What the ledger keeps of a message when its state changes."""
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


def _waits(change: Change, message: Message, why: str) -> None:
    """Leave a message in the queue for another time, and say so once."""
    waits = replace(message, ended_because=why)
    if waits != change.messages[message.message_id]:
        change.put_message(waits)
        change.entries.append(message_entry(waits))


def _ends(change: Change, message: Message, state: MessageState, reason: Reason, now: datetime) -> None:
    change.end_message(message, state, now, reason)
    change.entries.append(message_entry(change.messages[message.message_id]))


def _kept_back(change: Change, message: Message, obstacle: Obstacle, now: datetime) -> None:
    """End a message that something stands in the way of, or ask a person about it."""
    if obstacle.state is MessageState.WITHDRAWN:
        _ends(change, message, obstacle.state, obstacle.reason, now)
        if obstacle.reason is Reason.CONTACT_CHANGED and not message.apology_for:
            _owed(change, message, now)
        return
    asked = replace(unapproved(message), state=obstacle.state, ended_because=obstacle.reason.sentence)
    change.put_message(asked)
    change.entries.append(message_entry(asked))


def _owed(change: Change, message: Message, now: datetime) -> None:
    """Let the next run draft the message of this stage anew: the family has another number, or another adult.

    Owed since the day before, for what was put off today is owed from tomorrow on, and this is due now.
    """
    case = change.cases[message.case_id]
    if case.closed_at is None and case.stage == message.stage:
        since = local(now).date() - timedelta(days=1)
        change.put_case(replace(case, owed_since=since.isoformat()))


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
    going = (each for each in change.messages.values() if each.state is MessageState.CLAIMED)
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


def _turn(message: Message, rulebook_of: RulebookOf) -> tuple[bool, int, str, datetime, str]:
    """Which of a pupil's messages goes first: the urgent one, then the highest stage (docs/decisions/001)."""
    step = _acted(message, rulebook_of).message
    urgent = message.urgent or (step is not None and step.urgent)
    return (not urgent, -message.stage, message.rule, message.made_as_of, message.message_id)
