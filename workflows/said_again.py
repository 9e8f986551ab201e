"""What a message would say of the absences by the register as it now stands: dates may have been put right.

Only what the evidence tells is looked at; names, what was tried and who signs stay as they were drafted.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime

from engine.explain import explain
from engine.instants import Instants
from engine.match import Judge
from engine.snapshot import Snapshot
from messaging.direction import in_order
from messaging.render import render, render_title
from messaging.sms import with_look_alikes
from messaging.templates import Template, TemplateError
from workflows.as_json import as_json
from workflows.drafting import TEXT, Templates
from workflows.open_cases import Ruled
from workflows.said import OF_ABSENCES, absences
from workflows.together import template_of
from workflows.values import Case, Message


def said_again(
    snapshot: Snapshot, messages: Iterable[Message], cases: Mapping[str, Case], ruled: Ruled
) -> dict[str, dict[str, str]]:
    """By message id what each of these, whose rules hold, would now be filled with; left out: nothing new.

    All that were made by one rule at one instant are judged together.
    """
    alike: dict[tuple[str, str, date | None, datetime], list[Message]] = defaultdict(list)
    for message in messages:
        if OF_ABSENCES & json.loads(message.said).keys():
            frozen_on = ruled.frozen_on(message, cases[message.case_id])
            alike[message.rulebook, message.rule, frozen_on, message.made_as_of].append(message)
    out: dict[str, dict[str, str]] = {}
    for (version, name, frozen_on, made_as_of), same in alike.items():
        rule = ruled.rule_of(version, name, frozen_on)
        judge = Judge(snapshot.only({each.subject for each in same}), Instants.of([made_as_of]))
        judgement = judge.judge(rule)
        for message in same:
            evidence = explain(judge, judgement, judge.snapshot.row(message.subject), in_full=False).evidence
            before = json.loads(message.said)
            now = {name: value for name, value in before.items() if name not in OF_ABSENCES}
            now |= absences(evidence, snapshot.facts.school, message.language)
            if now != before:
                out[message.message_id] = now
    return out


def worded_again(message: Message, now: Mapping[str, str], templates: Templates) -> Message | None:
    """The message with the words that it would now have; None where they cannot be made as they were.

    A template that has changed since makes none, nor do words that a person wrote.
    """
    template = template_of(message, templates)
    if message.edited_by or template is None:
        return None
    try:
        text = render(template, now)
        title = render_title(template, now)
    except TemplateError:
        return None
    if message.channel == TEXT:
        text = in_order(with_look_alikes(text), template.language)
    return replace(message, text=text, title=title, said=as_json(dict(now)))


def says_otherwise(message: Message, now: Mapping[str, str], template: Template | None) -> bool:
    """Whether any of what the words mention is different now."""
    before = json.loads(message.said)
    names = OF_ABSENCES if template is None else OF_ABSENCES & frozenset(template.mentions)
    return any(before.get(name) != now.get(name) for name in names)
