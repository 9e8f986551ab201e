"""Ladders as a picture: what must hold for each stage, who does what by when, what goes to the family."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby
from pathlib import Path

from engine.rulebook.in_prose import condition
from engine.rulebook.model import Autonomy, Condition, Episode, Group, Rule, TaskStep
from engine.rulebook.prose import prose
from engine.rulebook.prose_steps import due, role, words
from engine.rulebook.rulebook import Rulebook
from messaging.typeset import drawn

_TEMPLATE = Path(__file__).with_name("flow.typ")
_ENDS = {
    Episode.SESSION: "with the session",
    Episode.DAY: "with the day",
    Episode.RUN: "when the child is back",
    Episode.RUN_BY_MONTH: "with the month, or when the child is back",
    Episode.SPELL: "with the spell of absence",
    Episode.OLDEST: "when that session is settled",
    Episode.SCHOOL_YEAR: "with the school year",
    Episode.TERM: "with the term",
    Episode.HALF_TERM: "with the half-term",
    Episode.UNTIL_CLEARED: "when cleared",
}
_FAMILY = {
    Autonomy.SEND: "sent by itself",
    Autonomy.APPROVE: "once a person approved it",
    Autonomy.PROPOSE: "once the person who decides approved it",
}
_NOTHING = "nothing is sent"
_RISES = "rises as soon as the next line is reached"
_ABOUT = (
    "Dashed: what must hold, all of it. Boxes: what follows. Of several stages that hold the highest acts."
)
_ALONE = "Rules that stand alone"
_STAGES = 7
"""From so many stages on the ladders stand in two columns."""


def flow_svg(rulebook: Rulebook, title: str) -> bytes:
    """One picture of every ladder and of the rules without one; its words stand in it for screen readers."""
    rules = sorted(rulebook.rules, key=lambda rule: (not rule.ladder, rule.ladder, rule.beside, rule.stage))
    ladders = [_ladder(name, list(own)) for name, own in groupby(rules, key=lambda rule: rule.ladder)]
    named = {rule.id for rule in rules}
    svg = drawn(_TEMPLATE, {"title": title, "about": _ABOUT, "columns": _columns(ladders)})
    said = " ".join(each.text for each in prose(rulebook) if each.rule in named)
    begins = svg.index(b">") + 1
    told = f"<title>{escape(title)}</title><desc>{escape(said)}</desc>"
    return svg[: begins - 1] + b' role="img">' + told.encode() + svg[begins:]


def _ladder(name: str, rules: Sequence[Rule]) -> dict[str, object]:
    return {
        "title": words(name).capitalize() or _ALONE,
        "stages": [_stage(rule, first=rule is rules[0]) for rule in rules],
    }


def _stage(rule: Rule, *, first: bool) -> dict[str, object]:
    rises = "" if first or rule.beside or not rule.ladder else _RISES
    if rule.after:
        rises = f"only once stage {rule.after.stage} was done for {rule.after.done_for.words}"
    cleared = f": {condition(rule.clears_when)}" if rule.clears_when else ""
    family = _NOTHING
    if rule.message:
        family = f"a text message, «{words(rule.message.template)}», {_FAMILY[rule.autonomy]}"
    person = "; a named person decides first" if rule.autonomy is Autonomy.PROPOSE else ""
    return {
        "number": str(rule.stage) if rule.ladder and not rule.beside else "",
        "title": rule.title,
        "alone": "" if rule.subject == "pupil" else f"of a {rule.subject}:",
        "when": _parts(rule.when),
        "rises": rises,
        "tasks": [*_required(rule), *(_task(step, step.do) for step in rule.tasks)],
        "family": family + person,
        "review": f"a person looks {rule.review_after.words} later whether it helped"
        if rule.review_after
        else "",
        "ends": _ENDS.get(rule.episode, f"with the {rule.episode.value}") + cleared,
    }


def _required(rule: Rule) -> Iterator[dict[str, str]]:
    """The tasks of what a stage requires, each with what is missing then."""
    for each in rule.patience.requires:
        if each.task:
            yield _task(each.task, f"first, while this is missing, {each.title}: {each.task.do}")


def _task(step: TaskStep, what: str) -> dict[str, str]:
    return {"who": role(step.by), "due": due(step.due), "what": what}


def _parts(when: Condition) -> list[str]:
    if isinstance(when, Group) and when.kind == "all":
        return [condition(part) for part in when.parts]
    return [condition(when)]


def _columns(ladders: list[dict[str, object]]) -> list[list[dict[str, object]]]:
    """The ladders in one column, or in two of about the same number of stages."""
    counts = [len(each["stages"]) for each in ladders if isinstance(each["stages"], list)]
    if sum(counts) <= _STAGES:
        return [ladders]
    half = next(at for at in range(len(counts) + 1) if 2 * sum(counts[:at]) >= sum(counts))
    return [ladders[:half], ladders[half:]]
