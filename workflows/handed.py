"""What was handed over and not heard of, kept while its message waits again.

A provider that knows of no such text may yet deliver it, and by then the message may be worded anew, made
anew or joined with others. What arrived are the words that were handed over: its receipt brings them back.

Kept as long as that try may yet be heard of. A definite refusal of a later one keeps it; that something
arrived, or that a channel accepts a later one, ends it.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime

from workflows.as_json import as_json
from workflows.values import Message

_WORDS = (
    "rule",
    "purpose",
    "because",
    "run_id",
    "rulebook",
    "template",
    "template_version",
    "language",
    "title",
    "text",
    "said",
    "told",
    "told_with",
    "approved_by",
    "first_approved_by",
    "edited_by",
)
_TIMES = ("made_as_of", "approved_at", "first_approved_at")


def unheard(message: Message) -> Message:
    """The same, with what was handed over kept beside it: called before it goes back into the queue."""
    times = ((name, getattr(message, name)) for name in _TIMES)
    kept = {name: getattr(message, name) for name in _WORDS}
    return replace(message, handed=as_json(kept | {name: at and at.isoformat() for name, at in times}))


def as_handed(message: Message) -> Message:
    """The message as it was handed over; as it stands where nothing is kept."""
    if not message.handed:
        return message
    kept = json.loads(message.handed)
    kept |= {name: kept[name] and datetime.fromisoformat(kept[name]) for name in _TIMES}
    return replace(message, handed="", **kept)


def kept_over(made_anew: Message, there: Message) -> Message:
    """A message made anew, with what was handed over to the same place before."""
    if there.address != made_anew.address:
        return made_anew
    return replace(made_anew, via=there.via, handed=there.handed)
