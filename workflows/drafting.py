"""From a decision to the words for each contact: who gets them, which template, which variables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.reasons import Reason
from engine.records import Contact
from messaging.passed_over import PassedOverWhy
from messaging.recipients import NOTHING_KNOWN, Reach, Recipient, choose
from messaging.render import render
from messaging.sms import with_look_alikes
from messaging.templates import Template, TemplateError
from workflows.reference import reference
from workflows.said import About, said
from workflows.values import derived_id

LANGUAGE = "en"
MESSAGE_STEP = "message"
Templates = Mapping[tuple[str, str, str], Template]


@dataclass(frozen=True, slots=True)
class Draft:
    """The words for one contact, the exact template that they came from, and what it was filled with."""

    message_id: str
    to: Recipient
    template: Template
    text: str
    said: dict[str, str]
    ref: str


def draft(
    about: About,
    case_id: str,
    contacts: Sequence[Contact],
    templates: Templates,
    reach: Reach = NOTHING_KNOWN,
) -> Draft | Reason:
    """The message of a rule that holds, or the reason why there is none: nobody to text, or no words."""
    step = about.rule.message
    if step is None:
        raise ValueError(f"the rule {about.rule.id} sends no message")
    looked_after = about.pupil.looked_after
    choice = choose(contacts, step.purpose, (step.channel,), reach, looked_after=looked_after)
    if not choice.chosen:
        wished = any(each.why is PassedOverWhy.WISH for each in choice.passed_over)
        return Reason.FAMILY_WISH if wished else Reason.NO_CONTACT
    template = templates.get((step.template, step.channel, LANGUAGE))
    if template is None:
        return Reason.NO_WORDS
    to = choice.chosen[0]
    message_id = derived_id(
        "m", case_id, about.rule.stage, MESSAGE_STEP, to.contact.contact_id, template.channel
    )
    ref = reference(message_id)
    values = said(about, to.contact, ref)
    try:
        text = render(template, values)
    except TemplateError:
        return Reason.NO_WORDS
    text = with_look_alikes(text) if step.channel == "sms" else text
    return Draft(message_id, to, template, text, values, ref)
