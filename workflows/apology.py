"""The words that say sorry for a message: drafted at once, for a person to approve."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date

from engine.instants import local
from messaging.direction import in_order
from messaging.in_language import day_in, session_in
from messaging.render import render, render_title
from messaging.sms import with_look_alikes
from messaging.templates import Template, TemplateError
from messaging.wording import wording
from workflows.as_json import as_json
from workflows.drafting import LANGUAGE, TEXT, Words
from workflows.reference import reference
from workflows.said import sessions_told
from workflows.values import Message, MessageState, derived_id

STEP = "apology"
OF_ONE_SESSION, OF_ANYTHING = "recall-apology", "recall-apology-general"


def apology_id(original: Message) -> str:
    """The id of the one apology that there can be for a message."""
    key = (original.case_id, original.stage, STEP, original.contact_id, original.channel)
    return derived_id("m", *key)


def apology(
    original: Message, wrong: Sequence[tuple[date, str]], because: str, words: Words, run_id: str = ""
) -> Message | None:
    """The apology for a message that left, to whom and how that went; None where there are no words.

    `wrong` are the sessions of which it said falsely that they were missed, if that is what was wrong. Only
    where it spoke of that one alone is it named; else the apology is for all that was said of the child.
    It stands on the same instant as the original, so that the same judgement speaks for both.
    """
    values: dict[str, str] = json.loads(original.said)
    one = len(wrong) == 1 and sessions_told(values, original.text, original.language) == [*wrong]
    name = OF_ONE_SESSION if one else OF_ANYTHING
    template, note = wording(words.templates, words.approved, name, original.channel, original.language)
    if template is None:
        return None
    message_id, language = apology_id(original), template.language
    ref = reference(message_id)
    told_on = day_in(local(original.ended_at or original.made_as_of).date(), language)
    values |= {"ref": ref, "told_on": told_on, "note": note}
    if one:
        values["session"] = session_in(*wrong[0], language)
    if language != LANGUAGE:
        values["role"] = ""
    try:
        text, title = _text(template, values), render_title(template, values)
    except TemplateError:
        return None
    return Message(
        message_id=message_id,
        case_id=original.case_id,
        school_id=original.school_id,
        subject=original.subject,
        rule=original.rule,
        ladder=original.ladder,
        stage=original.stage,
        step=STEP,
        contact_id=original.contact_id,
        channel=original.channel,
        address=original.address,
        template=name,
        template_version=template.version,
        text=text,
        because=because,
        made_as_of=original.made_as_of,
        run_id=run_id,
        rulebook=original.rulebook,
        state=MessageState.AWAITING_APPROVAL,
        ended_because=note,
        language=language,
        title=title,
        purpose=original.purpose,
        said=as_json(values),
        ref=ref,
        urgent=True,
        apology_for=original.message_id,
    )


def _text(template: Template, values: dict[str, str]) -> str:
    text = render(template, values)
    return in_order(with_look_alikes(text), template.language) if template.channel == TEXT else text
