"""What is said once about brothers and sisters: the same words to the same person, with all their names.

Only messages that would leave at the same moment anyway, each judged by itself, and whose words differ in
nothing but the child: the words are still those of the template that each was drafted, or approved, with.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from messaging.render import render
from messaging.sms import with_look_alikes
from messaging.templates import Template, TemplateError
from messaging.words import of_several
from workflows.drafting import LANGUAGE, TEXT, Templates
from workflows.values import Message

VERBS = frozenset({"was", "has", "is"})
OF_THE_CHILD = VERBS | {"child", "ref"}
"""The variables that may differ; `ref` is then that of the one that speaks for all."""
OF_ONE_CHILD = frozenset({"days", "lessons", "percent", "dates", "tried", "offered"})
"""Said of two children at once, a count would be read as theirs together."""


def alike(message: Message, templates: Templates) -> tuple[str, ...]:
    """The same for messages that one can speak for; empty where a message has to speak for itself.

    English texts only: an e-mail or a letter has a title that names its child. A template changed since joins
    nothing, nor does one without a verb that can speak of several, or with what is one child's alone.
    """
    template = template_of(message, templates)
    if (
        message.edited_by
        or message.apology_for
        or message.channel != TEXT
        or message.language != LANGUAGE
        or template is None
    ):
        return ()
    if VERBS.isdisjoint(template.mentions) or not OF_ONE_CHILD.isdisjoint(template.mentions):
        return ()
    said = _said(message)
    values = (said.get(name, "") for name in template.mentions if name not in OF_THE_CHILD)
    return (message.contact_id, message.address, *template_key(message), *values)


def joined(messages: Sequence[Message], templates: Templates) -> str | None:
    """The words of the first message, said of all of them; None where they cannot be."""
    first = messages[0]
    template = template_of(first, templates)
    if template is None:
        return None
    said = _said(first) | of_several(sorted(_said(each)["child"] for each in messages))
    try:
        return with_look_alikes(render(template, said))
    except TemplateError:
        return None


def template_key(message: Message) -> tuple[str, str, str, str]:
    """The exact words that a message was drafted with."""
    return message.template, message.channel, message.language, message.template_version


def template_of(message: Message, templates: Templates) -> Template | None:
    """The template that a message was drafted with, as long as it says what it said then."""
    found = templates.get((message.template, message.channel, message.language))
    return found if found and found.version == message.template_version else None


def _said(message: Message) -> dict[str, str]:
    found: dict[str, str] = json.loads(message.said)
    return found
