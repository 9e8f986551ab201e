"""The outbox as people use it: look, approve, hold back. Sending is workflows/deliver.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from engine.records import Staff
from workflows.acting import CannotDo
from workflows.approval import may_approve, needs_two, signed, unapproved
from workflows.people import near, person
from workflows.ports import Store, Unit
from workflows.settings import TwoPeople
from workflows.values import Entry, Message, MessageState

APPROVABLE = (MessageState.AWAITING_APPROVAL, MessageState.DRAFTED)
_HOLDABLE = (MessageState.AWAITING_APPROVAL, MessageState.QUEUED)


class NotInOutbox(Exception):  # noqa: N818 - a sentence for a person
    """A message that is not there, or not in a state in which this can be done."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """The ids of messages that wait for approval, apart.

    `together` may be approved at once; `singly` a person must look at one by one: where the rule only
    proposed, for the pupil's circumstances (semantics 20) or by law, where something came up after
    drafting, where the words are somebody's own, and where they say sorry. `elsewhere` are messages of
    schools that the one who approves is not of, `by_another` those that they edited, or approved as the
    first of two.
    """

    together: tuple[str, ...]
    singly: tuple[str, ...]
    elsewhere: tuple[str, ...]
    by_another: tuple[str, ...] = ()


def approvable(store: Store, by: str = "") -> Waiting:
    """What waits for approval; with `by` (a staff id, or part of a name) what that person may approve of it.

    What somebody holds back is not among it. Raises CannotDo where `by` is nobody, or several.
    """
    with store.reading() as unit:
        waiting = unit.messages(None, (MessageState.AWAITING_APPROVAL,))
        decide = {(task.case_id, task.stage) for task in unit.tasks() if task.decide}
        whose = _at(unit, by) if by else None
    parts: tuple[list[str], ...] = ([], [], [], [])
    for message in waiting:
        own = message.ended_because or message.edited_by or message.apology_for
        alone = bool(own) or (message.case_id, message.stage) in decide
        part = int(alone)
        if whose is not None and message.school_id not in whose:
            part = 2
        elif whose is not None and not may_approve(message, whose[message.school_id].staff_id):
            part = 3
        parts[part].append(message.message_id)
    return Waiting(*map(tuple, parts))


def approve(
    store: Store,
    ids: Sequence[str],
    by: str,
    why: str,
    at: datetime,
    two: TwoPeople = TwoPeople.STATUTORY,
) -> list[Message]:
    """Approve messages in a person's name: all of them, or, if one cannot be, none.

    `by` is the staff id, or a part of the name, of one member of staff of each message's school; `two` says
    which messages two people must approve: those wait on for the second. One that is held back is
    released. Raises NotInOutbox or CannotDo with a sentence. An approved message is still judged again
    before it leaves.
    """
    with store.transaction() as unit:
        named = chosen(unit, ids, by)
        for message, _ in named:
            if message.state not in APPROVABLE:
                raise NotInOutbox(f"{message.message_id} is {said(message)}, it does not wait for approval")
        approved = [signed(message, who, at, two) for message, who in named]
        entries = []
        for (_, who), message in zip(named, approved, strict=True):
            more: dict[str, object] = {"text": message.text}
            if needs_two(message, two):
                more["of_two"] = 2 if message.state is MessageState.QUEUED else 1
            entries.append(entry("approval", message, who, why, **more))
        keep(unit, approved, entries, at)
    return approved


def hold(store: Store, ids: Sequence[str], by: str, why: str, at: datetime) -> list[Message]:
    """Hold messages back in a person's name: all of them, or, if one cannot be, none.

    No batch takes them along any more; whoever approves one by its id releases it. Approvals given so far
    are void: they did not know of what is held against it. Raises NotInOutbox or CannotDo.
    """
    must_say(why, "say with --why what is to be settled before it leaves")
    with store.transaction() as unit:
        named = chosen(unit, ids, by)
        for message, _ in named:
            if message.state not in _HOLDABLE:
                raise NotInOutbox(
                    f"{message.message_id} is {said(message)}: only what waits for approval, or is queued, "
                    "can be held back"
                )
        held = [
            replace(
                unapproved(message),
                state=MessageState.DRAFTED,
                held_by=who.staff_id,
                ended_because=why.strip(),
                try_after=None,
            )
            for message, who in named
        ]
        entries = [entry("hold", message, who, why) for (_, who), message in zip(named, held, strict=True)]
        keep(unit, held, entries, at)
    return held


def chosen(unit: Unit, ids: Sequence[str], by: str) -> list[tuple[Message, Staff]]:
    """The messages named, each with the person meant as they are on the staff of its school.

    Raises NotInOutbox or CannotDo.
    """
    theirs = _at(unit, by)
    wanted = [*dict.fromkeys(ids)]
    there = {message.message_id: message for message in unit.messages_named(wanted)}
    for message_id in wanted:
        if message_id not in there:
            raise NotInOutbox(f"there is no message {message_id}; 'firstbell outbox list' shows them")
        if there[message_id].school_id not in theirs:
            name = next(iter(theirs.values())).name
            raise CannotDo(
                f"{message_id} is of {there[message_id].school_id}, and {name} is not on its staff: "
                "somebody of that school does this"
            )
    return [(there[message_id], theirs[there[message_id].school_id]) for message_id in wanted]


def said(message: Message) -> str:
    """The state of a message in words, with who holds it where somebody does."""
    words = message.state.value.replace("_", " ")
    return f"{words}, held back by {message.held_by}" if message.held_by else words


def must_say(why: str, otherwise: str) -> None:
    """CannotDo where no reason is given; `otherwise` says what it is to tell."""
    if not why.strip():
        raise CannotDo(f"--why is empty: {otherwise}")


def entry(kind: str, message: Message, who: Staff, why: str, **more: object) -> Entry:
    """What somebody did about a message, as the ledger keeps it."""
    content: dict[str, object] = {
        "message": message.message_id,
        "rule": message.rule,
        "by": who.staff_id,
        "why": why.strip(),
    }
    return Entry(kind, message.subject, content | more, message.rulebook, message.template_version)


def keep(unit: Unit, messages: Sequence[Message], entries: Sequence[Entry], at: datetime) -> None:
    """Write messages as they are now, each with its line in the ledger of its school."""
    unit.update((), (), messages, at)
    for message, line in zip(messages, entries, strict=True):
        unit.append(message.school_id, at, [line])


def _at(unit: Unit, named: str) -> Mapping[str, Staff]:
    """The one person meant, by the schools on whose staff they are: a person of two has one id and name."""
    staff = [each for school_id in unit.school_ids() for each in unit.staff(school_id)]
    fits = person(named, staff)
    if not fits:
        meant = near(named, staff) or "; 'firstbell staff list' shows everybody"
        raise CannotDo(f"there is nobody {named!r} on the staff{meant}")
    if len({(each.staff_id, each.name) for each in fits}) > 1:
        several = ", ".join(f"{each.name} ({each.staff_id}, {each.school_id})" for each in fits)
        raise CannotDo(f"{named!r} fits several people: {several}; give a staff id, or the whole name")
    return {each.school_id: each for each in fits}
