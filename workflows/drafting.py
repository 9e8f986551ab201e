"""From a decision to the words for each contact: who gets them and how, which template, which variables."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from engine.decide import Decision
from engine.inference.facts import Voice
from engine.reasons import Reason
from engine.records import Contact
from engine.rulebook.model import MessageStep
from messaging.direction import in_order
from messaging.languages import ENGLISH
from messaging.passed_over import PassedOverWhy
from messaging.recipients import STATUTORY, Reach, Recipient, choose
from messaging.render import render, render_title
from messaging.sms import with_look_alikes
from messaging.templates import Template, TemplateError
from messaging.wording import wording
from workflows.as_json import as_json
from workflows.handed import kept_over
from workflows.reference import reference
from workflows.said import About, said
from workflows.values import Case, Message, MessageState, derived_id

LANGUAGE = ENGLISH
MESSAGE_STEP = "message"
TEXT = "sms"
INSTEAD: Mapping[str, tuple[str, ...]] = {"sms": ("email",), "email": ("sms",), "letter": ("email",)}
"""What a message may go by where the rule's own way reaches nobody, if there are words for it."""
Templates = Mapping[tuple[str, str, str], Template]


@dataclass(frozen=True, slots=True)
class Words:
    """What messages are made of: the templates of a school, and the translations that may be used."""

    templates: Templates
    approved: Collection[str] = frozenset()
    reach: Reach = field(default_factory=Reach)


@dataclass(frozen=True, slots=True)
class Draft:
    """The words for one contact, the exact template that they came from, and what it was filled with.

    `note` is for whoever approves it, such as that there is no wording in the family's language.
    """

    message_id: str
    to: Recipient
    template: Template
    title: str
    text: str
    said: dict[str, str]
    ref: str
    note: str = ""


def drafts(
    about: About, case_id: str, contacts: Sequence[Contact], words: Words
) -> tuple[Draft, ...] | Reason:
    """The messages of a rule that holds, or the reason why there is none: nobody to write to, or no words.

    All of them or none: what the law asks a school to write goes to each parent.
    """
    step = about.rule.message
    if step is None:
        raise ValueError(f"the rule {about.rule.id} sends no message")
    looked_after = about.pupil.looked_after
    choice = choose(
        contacts, step.purpose, kinds(step, words.templates), words.reach, looked_after=looked_after
    )
    if not choice.chosen:
        wished = any(each.why is PassedOverWhy.WISH for each in choice.passed_over)
        return Reason.FAMILY_WISH if wished else Reason.NO_CONTACT
    try:
        made = [_draft(about, step, case_id, to, words) for to in choice.chosen]
    except TemplateError:
        return Reason.NO_WORDS
    there = tuple(each for each in made if each is not None)
    return there if len(there) == len(made) else Reason.NO_WORDS


def kinds(step: MessageStep, templates: Templates) -> tuple[str, ...]:
    """The ways a message may go, the rule's own first; what the law asks for goes by that alone."""
    instead = () if step.purpose == STATUTORY else INSTEAD.get(step.channel, ())
    return (step.channel, *(kind for kind in instead if (step.template, kind, LANGUAGE) in templates))


def _draft(about: About, step: MessageStep, case_id: str, to: Recipient, words: Words) -> Draft | None:
    template, note = wording(
        words.templates, words.approved, step.template, to.channel, to.language or LANGUAGE
    )
    if template is None:
        return None
    message_id = derived_id("m", case_id, about.rule.stage, MESSAGE_STEP, to.contact.contact_id, to.channel)
    ref = reference(message_id)
    values = said(about, to, ref, template.language)
    text = render(template, values)
    if to.channel == TEXT:
        text = in_order(with_look_alikes(text), template.language)
    if to.interpreter:
        note = "; ".join(filter(None, (note, f"an interpreter of {to.interpreter} is asked for")))
    return Draft(message_id, to, template, render_title(template, values), text, values, ref, note)


def as_message(
    decision: Decision, because: str, case: Case, made: Draft, as_of: datetime, run_id: str, rulebook: str
) -> Message:
    """A draft as a message of a case, drafted by a run and a rulebook.

    One that waits for a person says what its note says, so that it is looked at singly.
    """
    rule, step = decision.acts, decision.acts.message
    queued = decision.voice is Voice.GO
    return Message(
        message_id=made.message_id,
        case_id=case.case_id,
        school_id=case.school_id,
        subject=decision.subject,
        rule=decision.rule.id,
        ladder=rule.on_ladder,
        stage=rule.stage,
        step=MESSAGE_STEP,
        contact_id=made.to.contact.contact_id,
        channel=made.template.channel,
        address=made.to.address,
        template=made.template.name,
        template_version=made.template.version,
        text=made.text,
        because=because,
        made_as_of=as_of,
        run_id=run_id,
        rulebook=rulebook,
        state=MessageState.QUEUED if queued else MessageState.AWAITING_APPROVAL,
        expires_at=as_of + timedelta(hours=step.good_for) if step and step.good_for else None,
        ended_because="" if queued else made.note,
        language=made.template.language,
        title=made.title,
        purpose=step.purpose if step else "absence",
        said=as_json(made.said | {"note": made.note}),
        ref=made.ref,
        urgent=step is not None and step.urgent,
    )


def as_it_was_left(message: Message, there: Message | None) -> Message:
    """A message made anew is held back still where the one before it was: nobody has released it.

    Where somebody had worded that one anew, a person looks: the words are the template's again. What was
    handed over before may have arrived still.
    """
    if there is None:
        return message
    message = kept_over(message, there)
    if not (there.held_by or there.edited_by):
        return message
    if not there.held_by:
        asks = MessageState.AWAITING_APPROVAL
        return replace(message, state=asks, ended_because=Reason.WORDS_CHANGED.sentence)
    because = Reason.HELD_BACK.sentence
    return replace(message, state=MessageState.DRAFTED, held_by=there.held_by, ended_because=because)
