"""What people do and what families get, as an English sentence says it: tasks, messages, times, roles."""

from __future__ import annotations

from engine.cadence import Cadence
from engine.rulebook.due import Due
from engine.rulebook.in_prose import codes, number
from engine.rulebook.model import Autonomy, MessageStep, TaskStep, Threshold

_ROLES = {"dsl": "designated safeguarding lead", "senco": "SENCO"}
_CHANNELS = {"sms": "text message", "email": "e-mail"}
_BELLS = {
    "am opens": "the morning register opens",
    "am closes": "the morning register closes",
    "pm opens": "the afternoon register opens",
    "pm closes": "the afternoon register closes",
}
_DUE = {"same day": "on the same day", "end of that school day": "by the end of that school day"}
_FAMILY = {
    Autonomy.SEND: "It leaves by itself, but where a pupil has a circumstance that asks for a person",
    Autonomy.APPROVE: "It leaves only once a person approved it",
    Autonomy.PROPOSE: "It leaves only if the person who decides about the step approves it",
}


def task(step: TaskStep) -> str:
    """Who has what to do, by when, and how long it takes.

    >>> task(TaskStep("call the family", "dsl", Due.parse("2 school days")))
    'The designated safeguarding lead has a task (within 2 school days, about 10 minutes): call the family.'
    """
    shared = f", shared among {', '.join(map(role, step.shared_among))}" if step.shared_among else ""
    time = f"{due(step.due)}, about {step.minutes} minutes{shared}"
    return f"The {role(step.by)} has a task ({time}): {step.do}."


def message(step: MessageStep, autonomy: Autonomy) -> str:
    """What the family gets, and what has to happen before it leaves.

    >>> message(MessageStep("first-day", "sms", "absence", good_for=3), Autonomy.APPROVE)[:42]
    'The family gets a text message («first day'
    >>> message(MessageStep("june", "email", "letters"), Autonomy.APPROVE)[:27]
    'The family gets an e-mail ('
    """
    more = f"; it is dropped if it has not left within {step.good_for} hours" if step.good_for else ""
    if step.unless_last_mark:
        more += f"; never while the last mark is of {codes(step.unless_last_mark)}"
    channel = f"{'urgent ' if step.urgent else ''}{_CHANNELS.get(step.channel, step.channel)}"
    article = "an" if channel[0] in "aeiou" else "a"
    return f"The family gets {article} {channel} («{words(step.template)}»). {_FAMILY[autonomy]}{more}."


def due(of: Due) -> str:
    """By when something is to be done.

    >>> due(Due.parse("50 minutes after close")), due(Due.parse("same day"))
    ('due 50 minutes after the register closes', 'due on the same day')
    """
    if isinstance(of.threshold, Threshold):
        return f"due {number(of.threshold)} minutes after the register closes"
    if of.unit == "days":
        return f"within {of.words}"
    return f"due {_DUE.get(of.words, of.words.replace('after close', 'after the register closes'))}"


def times(comes: Cadence) -> str:
    """When something comes round.

    >>> times(Cadence.parse("every school day when am closes"))
    'every school day when the morning register closes'
    """
    said = comes.words
    for bell, register in _BELLS.items():
        said = said.replace(bell, register)
    return said


def role(name: str) -> str:
    """A role as people call it.

    >>> role("form_tutor"), role("senco")
    ('form tutor', 'SENCO')
    """
    return _ROLES.get(name, words(name))


def words(name: str) -> str:
    """A name as words.

    >>> words("day-of-absence")
    'day of absence'
    """
    return name.replace("_", " ").replace("-", " ")
