"""What only shows beside the rulebook: templates that are not there, roles nobody has."""

from __future__ import annotations

from collections.abc import Iterator

from engine.rulebook.layered import LAYERS
from engine.rulebook.lint.checks import DOUBTFUL, found
from engine.rulebook.model import Place, Rule, TaskStep
from engine.rulebook.problems import Problem, nearest
from engine.rulebook.rulebook import Rulebook
from messaging.lint import faults_everywhere
from workflows.drafting import LANGUAGE, Templates
from workflows.library import Library

ROLES = (
    "attendance_officer",
    "form_tutor",
    "head_of_year",
    "senior_leader",
    "headteacher",
    "dsl",
    "senco",
    "attendance_champion",
    "mental_health_lead",
    "office",
    "translator",
)


def checked(rulebook: Rulebook, templates: Templates) -> Iterator[Problem]:
    """Every problem of a rulebook: its own, and those with the templates and roles it names."""
    yield from rulebook.problems
    yield from found(rulebook, DOUBTFUL)
    for rule in rulebook.rules:
        for step in rule.work:
            yield from _role(step, rule.id, rule.place, rule.id)
        yield from _template(rule, templates)
    for duty in rulebook.duties:
        for step in filter(None, (duty.task, duty.each)):
            yield from _role(step, duty.name, duty.place)
    for outcome in rulebook.triage:
        if outcome.task:
            yield from _role(outcome.task, outcome.name, outcome.place)
    for fault in faults_everywhere(templates):
        yield Problem(str(fault.source), fault.line, 1, fault.sentence)


def in_waiting(library: Library, rulebook: Rulebook, templates: Templates) -> Iterator[Problem]:
    """The problems of rules that wait for an answer, read with those that their tests go by."""
    waiting = {rule for need in rulebook.needs for rule in need.rules}
    if waiting:
        tried = library.down_to(LAYERS[-1], rulebook)
        yield from (problem for problem in checked(tried, templates) if problem.rule in waiting)


def _role(step: TaskStep, name: str, place: Place, rule: str = "") -> Iterator[Problem]:
    for role in (step.by, *step.shared_among):
        if role not in ROLES:
            what = f"{name}: nobody can have the role {role!r}"
            do = f"roles are: {', '.join(ROLES)}"
            yield Problem(place.file, place.line, place.column, what, nearest(role, ROLES), do, rule)


def _template(rule: Rule, templates: Templates) -> Iterator[Problem]:
    step, place = rule.message, rule.place
    if step is not None and (step.template, step.channel, LANGUAGE) not in templates:
        names = sorted({name for name, channel, _ in templates if channel == step.channel})
        what = f"{rule.id}: there is no template {step.template!r} for {step.channel}"
        do = f"templates are: {', '.join(names)}"
        yield Problem(place.file, place.line, place.column, what, nearest(step.template, names), do, rule.id)
