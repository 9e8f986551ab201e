"""From a decision to the words for one contact: who may be texted, which template, which variables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from engine.explain import Json
from engine.reasons import Reason
from engine.records import Contact, Pupil, School
from engine.rulebook.model import Rule
from messaging.passed_over import PassedOverWhy
from messaging.recipients import NOTHING_KNOWN, Reach, Recipient, choose
from messaging.render import render
from messaging.sms import with_look_alikes
from messaging.templates import Template, TemplateError
from messaging.words import days, lessons, month_name, session_name

LANGUAGE = "en"
Templates = Mapping[tuple[str, str, str], Template]


@dataclass(frozen=True, slots=True)
class Draft:
    """The words for one contact, and the exact template they came from."""

    to: Recipient
    template: Template
    text: str


def draft(
    rule: Rule,
    evidence: Sequence[Json],
    school: School,
    pupil: Pupil,
    contacts: Sequence[Contact],
    templates: Templates,
    staff_name: str,
    reach: Reach = NOTHING_KNOWN,
) -> Draft | Reason:
    """The message of a rule that holds, or the reason why there is none: nobody to text, or no words."""
    step = rule.message
    if step is None:
        raise ValueError(f"the rule {rule.id} sends no message")
    choice = choose(contacts, step.purpose, (step.channel,), reach, looked_after=pupil.looked_after)
    if not choice.chosen:
        wished = any(each.why is PassedOverWhy.WISH for each in choice.passed_over)
        return Reason.FAMILY_WISH if wished else Reason.NO_CONTACT
    template = templates.get((step.template, step.channel, LANGUAGE))
    if template is None:
        return Reason.NO_WORDS
    try:
        text = render(template, _variables(rule, evidence, school, pupil, staff_name))
    except TemplateError:
        return Reason.NO_WORDS
    return Draft(choice.chosen[0], template, with_look_alikes(text) if step.channel == "sms" else text)


def _variables(
    rule: Rule, evidence: Sequence[Json], school: School, pupil: Pupil, staff_name: str
) -> dict[str, str]:
    """The documented variables that the evidence can fill."""
    out = {
        "child": pupil.first_name,
        "school": school.name,
        "staff": staff_name or "the attendance team",
        "stage": str(rule.stage),
    }
    absences = _with_sessions(evidence)
    if absences is None:
        return out
    sessions = absences["sessions"]
    if isinstance(sessions, list):
        missed, last = len(sessions), sessions[-1]
        out["days"] = days(missed)
        out["lessons"] = lessons(missed, school.lessons_per_day)
        out["session"] = session_name(date.fromisoformat(last["date"]), last["session"])
    window = absences["window"]
    if isinstance(window, dict) and window["first"]:
        out["since"] = month_name(date.fromisoformat(window["first"]["date"]))
    return out


def _with_sessions(evidence: Sequence[Json]) -> Json | None:
    """The evidence that speaks of absences: the last part that lists any sessions."""
    found = [part for part in evidence if part["sessions"]]
    return found[-1] if found else None
