"""The outbox as people use it: look, approve, hold back. Sending is workflows/deliver.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from engine.records import Staff
from workflows.acting import CannotDo
from workflows.people import near, person
from workflows.ports import Store, Unit
from workflows.values import Entry, Message, MessageState


class NotInOutbox(Exception):  # noqa: N818 - a sentence for a person
    """A message that is not there, or not in a state in which this can be done."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """The ids of messages that wait for approval, apart.

    `together` may be approved at once; `singly` a person must look at one by one: where the rule only
    proposed, for the pupil's circumstances (semantics 20) or by law, and where something came up after
    drafting. `elsewhere` are messages of schools that the one who approves is not of.
    """

    together: tuple[str, ...]
    singly: tuple[str, ...]
    elsewhere: tuple[str, ...]


def approvable(store: Store, by: str = "") -> Waiting:
    """What waits for approval; with `by` (a staff id, or part of a name) what that person may approve of it.

    Raises CannotDo where `by` is nobody, or several.
    """
    with store.reading() as unit:
        waiting = unit.messages(None, (MessageState.AWAITING_APPROVAL,))
        decide = {(task.case_id, task.stage) for task in unit.tasks() if task.decide}
        schools = _at(unit, by) if by else unit.school_ids()
    parts: tuple[list[str], list[str], list[str]] = ([], [], [])
    for message in waiting:
        alone = bool(message.ended_because) or (message.case_id, message.stage) in decide
        parts[2 if message.school_id not in schools else int(alone)].append(message.message_id)
    return Waiting(*map(tuple, parts))


def approve(store: Store, ids: Sequence[str], by: str, why: str, at: datetime) -> list[Message]:
    """Approve messages in a person's name: all of them, or, if one cannot be, none.

    `by` is the staff id, or a part of the name, of one member of staff of each message's school. Raises
    NotInOutbox or CannotDo with a sentence. An approved message is still judged again before it leaves.
    """
    with store.transaction() as unit:
        theirs = _at(unit, by)
        there = {message.message_id: message for message in unit.messages()}
        approved = []
        for message_id in dict.fromkeys(ids):
            message = there.get(message_id)
            if message is None:
                raise NotInOutbox(f"there is no message {message_id}; 'firstbell outbox list' shows them")
            if message.state is not MessageState.AWAITING_APPROVAL:
                raise NotInOutbox(f"{message_id} is {message.state.value}, it does not wait for approval")
            if message.school_id not in theirs:
                name = next(iter(theirs.values())).name
                raise CannotDo(
                    f"{message_id} is of {message.school_id}, and {name} is not on its staff: "
                    "somebody of that school approves it"
                )
            who = theirs[message.school_id].staff_id
            state = MessageState.QUEUED
            approved.append(replace(message, state=state, approved_by=who, approved_at=at, ended_because=""))
        unit.update((), (), approved, at)
        for message in approved:
            content: dict[str, object] = {
                "message": message.message_id,
                "rule": message.rule,
                "by": message.approved_by,
                "why": why,
                "text": message.text,
            }
            entry = Entry("approval", message.subject, content, message.rulebook, message.template_version)
            unit.append(message.school_id, at, [entry])
    return approved


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
