"""Whose words came in, and what they are about: by reference, by the last message, by the number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.instants import local
from engine.records import SCHOOL, Contact
from workflows.for_people import Place, on_case_of, on_own_case
from workflows.heard import Words
from workflows.known_by import links_at
from workflows.ports import Unit
from workflows.recheck import REPLY
from workflows.reference import as_quoted
from workflows.values import LEFT, Message, Task, TaskState, derived_id

LATELY = timedelta(days=14)
"""How long a family that writes may mean the last message it got."""
NO_MESSAGE = f"{REPLY}no-message"
"""The rule of a reply's task where it is about no message."""
_QUOTED = re.compile(r"\bref(?:erence)?\b[\s:.#]*((?:[0-9a-z][ -]?){8})(?![0-9a-z])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Whose:
    """The places that words are about; who wrote, and what they answer, as far as that is known."""

    places: tuple[Place, ...]
    contact: Contact | None = None
    message: Message | None = None


def whose(unit: Unit, words: Words, at: datetime) -> Whose:
    """By the reference that the words quote, else by the last message to the number, else by who has it.

    Of a message that spoke for several children each has its place. Where there was no message lately it is
    one child of the contact at each school; where nobody has the number, the first school of the store, as
    nothing says which one is meant: its attendance officer is asked.
    """
    message = _by_reference(unit, words) or unit.last_left_to(words.sender, at - LATELY)
    if message is not None:
        own = unit.links((message.contact_id,))
        contact = next((each for each in own if each.upn == message.subject), None)
        return Whose(
            tuple(on_case_of(each, REPLY) for each in unit.told(message.message_id)), contact, message
        )
    links = links_at(unit, words.sender)
    children = _one_a_school(unit, links, at)
    asked = children or {school_id: SCHOOL + school_id for school_id in unit.school_ids()[:1]}
    places = [_place(unit, words, school_id, subject, at) for school_id, subject in asked.items()]
    return Whose(tuple(places), links[0][1] if links else None)


def unread_of(unit: Unit, sender: str, tasks: Iterable[Task]) -> Iterator[Task]:
    """Of some tasks those that hold what a number or address wrote, and nobody has read."""
    theirs = {reply.task_id for reply in unit.replies() if reply.sender == sender}
    for task in tasks:
        unread = task.state is TaskState.OPEN and task.rule.startswith(REPLY)
        if unread and not theirs.isdisjoint({task.task_id, task.follows}):
            yield task


def _by_reference(unit: Unit, words: Words) -> Message | None:
    """The message whose reference is quoted, where it went to whoever quotes it and one has it alone."""
    for quoted in _QUOTED.findall(words.text):
        ref = as_quoted(quoted)
        found = [each for each in unit.messages_by_ref(ref) if each.ref == ref and each.state in LEFT]
        if len(found) == 1 and found[0].address == words.sender:
            return found[0]
    return None


def _one_a_school(unit: Unit, links: list[tuple[str, Contact]], at: datetime) -> dict[str, str]:
    """A child of each school whose contact it is, one on roll where there is one."""
    today = local(at).date()
    found: dict[str, str] = {}
    for school_id in dict.fromkeys(school_id for school_id, _ in links):
        left = {each.upn for each in unit.pupils(school_id) if each.left_on and each.left_on < today}
        own = [contact.upn for school, contact in links if school == school_id]
        found[school_id] = next((upn for upn in own if upn not in left), own[0])
    return found


def _place(unit: Unit, words: Words, school_id: str, subject: str, at: datetime) -> Place:
    """With what the same people wrote and nobody has read, else on a case of its own."""
    there = [task for task in unit.about(school_id, subject)[0] if task.rule == NO_MESSAGE]
    before = next(unread_of(unit, words.sender, there), None)
    if before is None:
        ground = derived_id("r", words.provider, words.event_id)
        return on_own_case(unit, school_id, subject, NO_MESSAGE, ground, at)
    return Place(before.case_id, school_id, subject, NO_MESSAGE, NO_MESSAGE, before.stage, before.rulebook)
