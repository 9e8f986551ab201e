"""The use case "receipts": what providers say of messages that left, and what follows from it.

Providers repeat themselves and do not keep to any order. So every receipt is kept once, by the provider's own
id for it, and where a message stands follows from all that was said of it, whichever came first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from engine.reasons import Reason
from messaging.channels.provider_codes import Came
from workflows.handed import as_handed
from workflows.heard import Receipt
from workflows.ports import Clock, Store, Unit
from workflows.recall import look_at_all_again
from workflows.settings import Settings
from workflows.stopping import opt_out
from workflows.undelivered import DELIVERED_AFTER_ALL, found_out, tell_another_way, told_after_all
from workflows.values import LEFT, NEVER_LEFT, UNSENT, Bounce, Entry, Message, MessageState

_STATES = {
    Came.ACCEPTED: MessageState.SENT,
    Came.DELIVERED: MessageState.DELIVERED,
    Came.FAILED_TEMPORARY: MessageState.FAILED_TEMPORARY,
    Came.FAILED_PERMANENT: MessageState.FAILED_PERMANENT,
}
_RANKS = {came: rank for rank, came in enumerate(_STATES)}
_FAILED = frozenset({MessageState.FAILED_TEMPORARY, MessageState.FAILED_PERMANENT})
_MOVES = frozenset({MessageState.SENDING, MessageState.UNKNOWN, *_STATES.values()})
"""Where a receipt may find a message: one that has left, or may have. A recalled one stays recalled."""
_IN_HAND = frozenset({MessageState.SENDING, MessageState.UNKNOWN})
"""Where it says what was handed over last; elsewhere that may be kept beside it."""
_BACK = frozenset({*UNSENT, MessageState.CLAIMED, *NEVER_LEFT} - _FAILED)
"""Where one that was looked up in vain may be by the time its receipt comes."""
_LATEST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Took:
    """How many receipts said something new, were said before, and were about no message of ours."""

    new: int = 0
    again: int = 0
    unknown: int = 0


def last_word(receipts: Iterable[Receipt]) -> Receipt | None:
    """The receipt by which a message stands; None where none says anything.

    Depends on the set alone. That it was accepted tells less than what became of it; of two such words the
    later holds, by the provider's own time (a bounce after a delivery counts), and one without a time is
    taken for the latest; between equals the worse one, as then somebody looks.
    """
    telling = [each for each in receipts if each.outcome in _STATES]
    return max(telling, key=_weight, default=None)


def of_the_last(receipts: Sequence[Receipt]) -> list[Receipt]:
    """What was said, by arrival, of the last time a message was handed over, and that it arrived at any.

    Tried again, it has another reference at its provider: what became of the first is nothing against it.
    """
    telling = [each for each in receipts if each.outcome in _STATES]
    last = next(reversed(dict.fromkeys(each.reference for each in telling if each.reference)), "")
    return [each for each in telling if each.reference in {"", last} or each.outcome is Came.DELIVERED]


def standing(message: Message, word: Receipt) -> Message:
    """A message as it stands by its last word; one that did not leave is not moved by any.

    One that was handed over before, was looked up in vain, and waits in the queue again, was held back there
    or has ended, has left after all: with the words that were handed over. That those came to nothing is
    what was believed: it moves nothing that waits, and brings back no words and no approval.
    """
    state = _STATES[word.outcome]
    waits = message.state in _BACK
    if (waits and (state in _FAILED or not message.via)) or not (waits or message.state in _MOVES):
        return message
    in_hand = message.state in _IN_HAND
    if not in_hand and state not in _FAILED:
        message = as_handed(message)
    together = Reason.TOLD_TOGETHER.sentence if message.told_with else ""
    left_at = message.ended_at or word.at or word.received_at
    return replace(
        message,
        state=state,
        reference=message.reference or word.reference,
        ended_at=left_at,
        ended_because=word.why if state in _FAILED else together,
        claimed_at=None,
        worker="",
        try_after=None,
        receipt_at=word.at or word.received_at,
        handed="" if in_hand else message.handed,
    )


@dataclass(frozen=True, slots=True)
class Receipts:
    """The use case with everything it needs; call `take`."""

    store: Store
    clock: Clock
    settings: Settings

    def take(self, receipts: Sequence[Receipt]) -> Took:
        """Keep what was said, and let each message stand where it now stands: all in one commit."""
        new = again = unknown = 0
        with self.store.transaction() as unit:
            for receipt in receipts:
                if not unit.keep_receipt(receipt):
                    again += 1
                    continue
                if receipt.opted_out and receipt.address:
                    kind = "email" if "@" in receipt.address else "sms"
                    opt_out(unit, receipt.address, kind, receipt.why, self.clock())
                told = unit.told(receipt.message_id)
                if told:
                    new += 1
                    self._settle(unit, told, receipt)
                else:
                    unknown += 1
        return Took(new, again, unknown)

    def _settle(self, unit: Unit, told: Sequence[Message], receipt: Receipt) -> None:
        """Let a message, and those it spoke for, stand by all that was said of it."""
        first, at = told[0], self.clock()
        told = _spoken_of(unit, told)
        word = last_word(of_the_last(unit.receipts(first.message_id)))
        if word is None:
            return
        after = [_as_if_new(each, standing(each, word)) for each in told]
        changed = [now for was, now in zip(told, after, strict=True) if now != was]
        if not changed:
            return
        unit.update((), (), changed, at)
        if any(_came_back(was, now) for was, now in zip(told, after, strict=True)):
            look_at_all_again(unit, first.school_id)
        _note_address(unit, first, after[0], word, at)
        for was, now in zip(told, after, strict=True):
            made = ""
            if was.state is MessageState.UNKNOWN and now.state is not MessageState.UNKNOWN:
                found_out(unit, now, at)
            if now.state in _FAILED and was.state not in _FAILED:
                made = tell_another_way(unit, now, at, self.settings)
            elif was.state in _FAILED and now.state not in _FAILED:
                told_after_all(unit, now, at)
            unit.append(now.school_id, at, [_entry(now, receipt, made)])


def _spoken_of(unit: Unit, told: Sequence[Message]) -> Sequence[Message]:
    """Whom a receipt of the first speaks of: those it spoke for when it was handed over last.

    While it waits again they may be others than those it is to leave with.
    """
    first = told[0]
    if first.state in _IN_HAND or not (first.handed or first.state in _BACK):
        return told
    spoke = bool(first.handed and as_handed(first).told)
    return (first, *unit.handed_with(first, _BACK | _FAILED)) if spoke else (first,)


def _came_back(was: Message, now: Message) -> bool:
    """Whether nobody has looked if its words were true: it counted as not having left."""
    return now.state in LEFT and was.state not in _IN_HAND.union(LEFT)


def _as_if_new(was: Message, now: Message) -> Message:
    """One that arrived after all, off the recall list: the next look puts it there with its apology."""
    if not _came_back(was, now) or now.contradicted_by:
        return now
    return replace(now, contradicted_at=None, contradicted_because="")


def _weight(receipt: Receipt) -> tuple[bool, datetime, int, str]:
    told = receipt.outcome is not Came.ACCEPTED
    return (told, receipt.at or _LATEST, _RANKS[receipt.outcome], receipt.event_id)


def _note_address(unit: Unit, was: Message, now: Message, word: Receipt, at: datetime) -> None:
    """Keep that an address does not work, so that somebody looks for another; or that it does after all.

    Who opted out has an address that works.
    """
    dead = word.of_address and not word.opted_out and now.state is MessageState.FAILED_PERMANENT
    lived = was.state is MessageState.FAILED_PERMANENT and now.state is MessageState.DELIVERED
    if dead or lived:
        unit.note_bounce(
            Bounce(
                *(now.school_id, now.contact_id, now.address, now.channel, at),
                word.why if dead else DELIVERED_AFTER_ALL,
                now.message_id,
                works=lived,
            )
        )


def _entry(message: Message, receipt: Receipt, made: str) -> Entry:
    content: dict[str, object] = {
        "message": message.message_id,
        "rule": message.rule,
        "state": message.state.value,
        "provider": receipt.provider,
        "code": receipt.code,
        "because": receipt.why,
        "at": receipt.at.isoformat() if receipt.at else None,
    }
    content |= {"task": made} if made else {}
    return Entry("receipt", message.subject, content, message.rulebook, message.template_version)
