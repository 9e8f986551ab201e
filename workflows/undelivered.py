"""A message that did not arrive, or of which nobody can tell: somebody tells the family, or finds out."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from workflows.for_people import Work, on_case_of, task_for
from workflows.ports import Unit
from workflows.recheck import UNDELIVERED, rests_on_a_rule
from workflows.settings import Settings
from workflows.values import Message, TaskState, derived_id

TRIED_AGAIN = "the message is tried again"
FOUND_OUT = "what became of the message is known by now"
DELIVERED_AFTER_ALL = "its provider says that it was delivered after all"
_KINDS = {"sms": "text", "email": "e-mail"}
_SCRIPT = (
    "Ring, or use another way, and say what the message said:\n\n{text}\n\n"
    "Was the number or address wrong, put it right in the register system."
)
_ASK = (
    "Look in the provider's own log, or ask the family, whether this arrived:\n\n{text}\n\n"
    'Then: firstbell outbox settle {message} --sent (or --not-sent) --by ... --why "..."'
)


def tell_another_way(unit: Unit, message: Message, at: datetime, settings: Settings) -> str:
    """The id of the task that is made of it, once; empty where somebody is at work on its case already.

    Of a first-day text somebody rings anyhow, but nobody says sorry. Taken back since it arrived, it is open
    again. Of several children whom one message spoke of each has its own, about that child alone: one of them
    may turn out to be wrong. What the register contradicts already nobody is asked to say. `message` says in
    `ended_because` why it did not arrive.
    """
    if message.contradicted_at is not None:
        return ""
    task_id, there = telling_id(message), unit.tasks_of(message.case_id)
    before = next((each for each in there if each.task_id == task_id), None)
    if before is not None and before.state is TaskState.WITHDRAWN:
        again = replace(
            before, state=TaskState.OPEN, ended_at=None, ended_because="", because=_because(message)
        )
        unit.update((), [again], (), at)
        return task_id
    at_work = any(each.state is TaskState.OPEN and rests_on_a_rule(each) for each in there)
    if before is not None or (at_work and not message.apology_for):
        return ""
    kind = _KINDS.get(message.channel, message.channel)
    work = Work(
        task_id,
        f"tell the family another way: the {kind} did not arrive",
        _because(message),
        _SCRIPT.format(text=message.text),
    )
    return task_for(unit, on_case_of(message, UNDELIVERED), work, at, settings).task_id


def told_after_all(unit: Unit, message: Message, at: datetime, because: str = DELIVERED_AFTER_ALL) -> None:
    """Take that task back where nobody has done it yet."""
    _take_back(unit, message, telling_id(message), at, because)


def ask_whether_it_came(unit: Unit, message: Message, at: datetime, settings: Settings) -> str:
    """The id of the task to find out what became of a message of which no provider tells; made once.

    `message` says in `ended_because` why nobody tells. Until it is found out nothing is sent in its place.
    """
    task_id = _asking_id(message)
    if any(each.task_id == task_id for each in unit.tasks_of(message.case_id)):
        return ""
    kind = _KINDS.get(message.channel, message.channel)
    work = Work(
        task_id,
        f"find out whether the {kind} arrived",
        _because(message),
        _ASK.format(text=message.told or message.text, message=message.message_id),
    )
    return task_for(unit, on_case_of(message, UNDELIVERED), work, at, settings).task_id


def found_out(unit: Unit, message: Message, at: datetime) -> None:
    """Take that task back where nobody has done it yet: what became of the message is known."""
    _take_back(unit, message, _asking_id(message), at, FOUND_OUT)


def _take_back(unit: Unit, message: Message, task_id: str, at: datetime, because: str) -> None:
    for task in unit.tasks_of(message.case_id):
        if task.task_id == task_id and task.state is TaskState.OPEN:
            over = replace(task, state=TaskState.WITHDRAWN, ended_at=at, ended_because=because)
            unit.update((), [over], (), at)


def _because(message: Message) -> str:
    kind = _KINDS.get(message.channel, message.channel)
    return f"{kind} to {message.address.splitlines()[0]}: {message.ended_because}"


def telling_id(message: Message) -> str:
    """The id of the task that a message makes which did not arrive."""
    return derived_id("t", message.case_id, message.stage, UNDELIVERED, message.message_id)


def _asking_id(message: Message) -> str:
    return derived_id("t", message.case_id, message.stage, UNDELIVERED, "in doubt", message.message_id)
