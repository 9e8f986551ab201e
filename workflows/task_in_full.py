"""One task with all that its owner needs to know before the call."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from engine.circumstances import is_hold
from engine.instants import local
from engine.records import Contact, Event, Pupil
from workflows.acting import named_task
from workflows.duties import names_on
from workflows.naming import Named
from workflows.ports import Store
from workflows.tasks import named
from workflows.values import Message, Task, TaskState

LAST_FEW = 3
Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Spoken:
    """One time that the school spoke to the family, or tried to: when, how, and what came of it."""

    at: datetime
    how: str
    came_of_it: str


@dataclass(frozen=True, slots=True)
class TaskInFull:
    """A task, its pupil (None for a class), and what is known around it.

    `by` is who started or ended it, `first_owner` who did not do it in time, as people call them.
    `needs` is what to know before speaking, `evidence` what the rule counted, `spoken` the last few times,
    newest first, `contacts` those who may be rung, first one first. `named` and `left_out` are the pupils of
    a duty, each with why.
    """

    task: Task
    owner: str
    covering: str
    by: str
    first_owner: str
    about: str
    pupil: Pupil | None
    needs: tuple[str, ...]
    contacts: tuple[Contact, ...]
    evidence: tuple[Json, ...]
    spoken: tuple[Spoken, ...]
    named: tuple[tuple[Named, str], ...] = ()
    left_out: tuple[tuple[Named, str], ...] = ()


def in_full(store: Store, beginning: str, as_of: datetime) -> TaskInFull:
    """The task of an id, or of the only one that begins so; CannotDo where there is none, or several."""
    with store.reading() as unit:
        task = named_task(unit, beginning)
        facts = unit.facts(task.school_id, as_of)
        tasks, messages = unit.about(task.school_id, task.subject)
    pupil = next((each for each in reversed(facts.pupils) if each.upn == task.subject), None)
    known = {each.upn: _known_as(each) for each in facts.pupils}
    listed = names_on(task)
    names = {each.staff_id: each.name for each in facts.staff}
    events = [event for event in facts.events if event.upn == task.subject]
    return TaskInFull(
        task=task,
        owner=names.get(task.assignee, ""),
        covering=names.get(task.covering, task.covering),
        by=names.get(task.by, task.by),
        first_owner=names.get(task.first_owner, task.first_owner),
        about=named(task.subject, facts.school.name),
        pupil=pupil,
        needs=tuple(_needs(pupil, events, as_of)) if pupil else (),
        contacts=tuple(may_be_rung(facts.contacts, task.subject)),
        evidence=tuple(part for part in json.loads(task.evidence) if part["sessions"]),
        spoken=tuple(_spoken(tasks, messages, as_of)[:LAST_FEW]),
        named=tuple((each, known.get(each.upn, each.upn)) for each in listed.named),
        left_out=tuple((each, known.get(each.upn, each.upn)) for each in listed.left_out),
    )


def _known_as(pupil: Pupil) -> str:
    return f"{pupil.first_name} {pupil.last_name}, {pupil.form or f'year {pupil.year_group}'}"


def may_be_rung(contacts: Iterable[Contact], upn: str) -> list[Contact]:
    """Who may be rung about a pupil, first one first; one under a restriction is on nobody's list."""
    able = (each for each in contacts if each.upn == upn and each.restriction == "none" and each.phone)
    return sorted(able, key=lambda each: (each.priority, each.contact_id))


def _needs(pupil: Pupil, events: list[Event], as_of: datetime) -> list[str]:
    """What to know before speaking to the family, most weighty first."""
    today = local(as_of).date()
    told = {
        "a hold: ask before you speak to the family": any(is_hold(event, today) for event in events),
        "has a social worker": pupil.social_worker,
        "is looked after": pupil.looked_after,
        "has a medical flag": pupil.medical,
        "is a young carer": pupil.young_carer,
        "has an education, health and care plan": pupil.sen == "E",
        "has SEN support": pupil.sen == "K",
        "speaks English as an additional language": pupil.eal,
    }
    return [*(words for words, true in told.items() if true), *(f"flag: {flag}" for flag in pupil.flags)]


def _spoken(tasks: tuple[Task, ...], messages: tuple[Message, ...], as_of: datetime) -> list[Spoken]:
    """Messages that left and tasks that were done up to an instant, newest first."""
    said = [
        Spoken(message.ended_at, message.channel, f"{message.state.value}: {message.text}")
        for message in messages
        if message.reference and message.ended_at is not None
    ]
    said += [
        Spoken(task.ended_at, task.step, " ".join(filter(None, (f"{task.ended_because}.", task.note))))
        for task in tasks
        if task.state is TaskState.DONE and task.ended_at is not None
    ]
    return sorted((each for each in said if each.at <= as_of), key=lambda one: one.at, reverse=True)
