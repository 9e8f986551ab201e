"""From a decision to the words for each contact: who gets them, which template, which variables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.reasons import Reason
from engine.records import Contact
from messaging.phones import Mobile
from messaging.recipients import choose
from messaging.render import render
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
    contact: Contact
    mobile: Mobile
    template: Template
    text: str
    said: dict[str, str]
    ref: str


def draft(about: About, case_id: str, contacts: Sequence[Contact], templates: Templates) -> Draft | Reason:
    """The message of a rule that holds, or the reason why there is none: nobody to text, or no words."""
    step = about.rule.message
    if step is None:
        raise ValueError(f"the rule {about.rule.id} sends no message")
    choice = choose(contacts, step.purpose)
    if choice.contact is None or choice.mobile is None:
        return Reason.NO_CONTACT
    template = templates.get((step.template, step.channel, LANGUAGE))
    if template is None:
        return Reason.NO_WORDS
    contact = choice.contact
    message_id = derived_id(
        "m", case_id, about.rule.stage, MESSAGE_STEP, contact.contact_id, template.channel
    )
    ref = reference(message_id)
    values = said(about, contact, ref)
    try:
        text = render(template, values)
    except TemplateError:
        return Reason.NO_WORDS
    return Draft(message_id, contact, choice.mobile, template, text, values, ref)
