"""The rulebook in plain English: for a school's policy, each sentence tied to the rule it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, is_dataclass
from itertools import groupby

from engine.rulebook.in_prose import beyond, choice, condition, day, number, plain
from engine.rulebook.model import (
    Autonomy,
    Duty,
    Episode,
    IfLate,
    Place,
    Rule,
    Threshold,
    Triage,
    Wave,
    clauses,
)
from engine.rulebook.prose_steps import message, task, times, words
from engine.rulebook.prose_waits import waiting
from engine.rulebook.rulebook import Rulebook

_CASES = {
    Episode.SESSION: "Each session stands for itself.",
    Episode.DAY: "Each day stands for itself.",
    Episode.RUN: "Each run of absence is one case: it ends when the child is back.",
    Episode.RUN_BY_MONTH: "Each calendar month of a run of absence is one case, until the child is back.",
    Episode.SPELL: "Each spell of absence is one case: it ends with the spell.",
    Episode.OLDEST: "It is about the oldest such session, and ends when that one is settled.",
    Episode.SCHOOL_YEAR: "It is one case for the school year, so each stage acts once a year at most.",
    Episode.UNTIL_CLEARED: "It is one case until it is cleared.",
}
_LATE = {
    IfLate.RUN_LATEST: "A time that was slept through is made up for once.",
    IfLate.RUN_EACH: "Each time that was slept through is made up for.",
    IfLate.SKIP: "A time that was slept through is left out.",
}
_PERSON = "This is only proposed: a named person decides, and says why."
_OWN_WORDS = frozenset(
    {"id", "title", "because", "place", "when", "pack", "autonomy", "tasks", "message", "ladder", "stage",
     "episode", "subject", "beside", "time_anchored", "waits_for", "clears_when", "after", "review_after",
     "applies_to", "rollout", "in_force_from", "in_force_until", "at_most", "source", "patience", "layer",
     "locked", "may_change", "overrides"}
)  # fmt: skip
"""The fields of a rule that have sentences of their own below; any other is said by its name."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: its heading, whose it is (a rule, duty, outcome, run), of what, and where it stands."""

    heading: str
    rule: str
    about: str
    text: str
    place: Place


def prose(rulebook: Rulebook) -> tuple[Sentence, ...]:
    """Every ladder stage by stage, then the rules without one, outcomes, duties and runs.

    >>> from engine.rulebook.rulebook import read_rulebook
    >>> prose(read_rulebook([]))
    ()
    """
    said: list[Sentence] = []
    on_ladders = [rule for rule in rulebook.rules if rule.ladder]
    for ladder, rules in groupby(sorted(on_ladders, key=_order), key=lambda rule: rule.ladder):
        for rule in rules:
            said += _tied(f"Ladder: {words(ladder)}", rule.id, rule.place, _of_rule(rule, rulebook))
    for rule in rulebook.rules:
        if not rule.ladder:
            said += _tied("Rules that stand alone", rule.id, rule.place, _of_rule(rule, rulebook))
    for outcome in rulebook.triage:
        said += _tied("How a task can end", outcome.name, outcome.place, _of_outcome(outcome))
    for duty in rulebook.duties:
        said += _tied("Work that comes round", duty.name, duty.place, _of_duty(duty))
    for run in rulebook.runs:
        text = f"The register is looked at {times(run.comes)}. {_LATE[run.if_late]}"
        said.append(Sentence("When the register is looked at", run.name, "when", text, run.place))
    return tuple(said)


def _order(rule: Rule) -> tuple[str, bool, int, str]:
    return (rule.ladder, rule.beside, rule.stage, rule.id)


def _tied(heading: str, name: str, place: Place, said: Iterator[tuple[str, str]]) -> Iterator[Sentence]:
    for about, text in said:
        yield Sentence(heading, name, about, text, place)


def _of_rule(rule: Rule, rulebook: Rulebook) -> Iterator[tuple[str, str]]:
    stage = f"Stage {rule.stage}: " if rule.ladder and not rule.beside else ""
    yield "title", f"{stage}{rule.title}."
    yield from _begins(rule, rulebook)
    yield from waiting(rule.patience)
    for step in rule.tasks:
        yield "task", task(step)
    if rule.message:
        yield "message", message(rule.message, rule.autonomy)
    if rule.autonomy is Autonomy.PROPOSE:
        yield "person", _PERSON
    yield from _ends(rule)
    for name, value in beyond(rule, _OWN_WORDS):
        text = plain(value)
        yield (
            name,
            f"{text[:1].upper()}{text[1:]}."
            if is_dataclass(value)
            else f"{words(name).capitalize()}: {text}.",
        )
    if chosen := "; ".join(dict.fromkeys(filter(None, map(choice, _thresholds(rule))))):
        yield "choice", f"{chosen}."
    for change in rule.overrides:
        who, why = change.changed.who, change.changed.why
        yield "overrides", f"Said otherwise by the {change.layer} ({who}: {why}): {'; '.join(change.said)}."
    if rule.locked:
        yield "locked", "No layer below may change it."
    if rule.source:
        yield "source", f"Source: {rule.source}."


def _thresholds(rule: Rule) -> Iterator[Threshold]:
    """Every threshold that a rule is held against, or whose minutes it ends at."""
    required = [each.when for each in rule.patience.requires]
    for clause in (
        clause for when in (rule.when, rule.clears_when, *required) if when for clause in clauses(when)
    ):
        yield from (each.threshold for each in clause.tests if isinstance(each.threshold, Threshold))
        if isinstance(clause.asked.until, Threshold):
            yield clause.asked.until
    yield from (step.due.threshold for step in rule.tasks if isinstance(step.due.threshold, Threshold))


def _begins(rule: Rule, rulebook: Rulebook) -> Iterator[tuple[str, str]]:
    """For whom it holds, and when: conditions, years, days, what comes first."""
    yield "when", f"It holds for a {rule.subject} when {condition(rule.when)}."
    to = rule.applies_to
    if to != type(to)():
        yield "whom", f"Whom it speaks of: {plain(to)}."
    if rule.in_force_from or rule.in_force_until:
        since = f" from {day(rule.in_force_from)}" if rule.in_force_from else ""
        until = f" until {day(rule.in_force_until)}" if rule.in_force_until else ""
        yield "when", f"It is in force{since}{until}."
    if rule.rollout:
        yield "whom", f"It comes to {'; '.join(map(_wave, rule.rollout))}."
    if rule.after:
        yield "when", f"It comes only once stage {rule.after.stage} was done for {rule.after.done_for.words}."
    if rule.waits_for:
        titles = {each.id: each.title for each in rulebook.rules}
        yield "when", f"It waits while work of «{titles.get(rule.waits_for, rule.waits_for)}» is open."
    if rule.at_most:
        unit = " percent of the roll" if rule.at_most.percent_of_roll else ""
        yield (
            "limit",
            f"If it holds for more than {rule.at_most.number}{unit}, it stops until a person has looked.",
        )


def _ends(rule: Rule) -> Iterator[tuple[str, str]]:
    if rule.time_anchored:
        yield (
            "end",
            "This is work of the hour: what is not done when it is due is missed, and never done late.",
        )
    if rule.review_after:
        yield "review", f"A person looks {rule.review_after.words} later whether it has helped."
    cleared = f" It is cleared when {condition(rule.clears_when)}." if rule.clears_when else ""
    case = _CASES.get(rule.episode, f"It is one case for the {rule.episode.value}.")
    yield "end", f"{case}{cleared}"


def _wave(wave: Wave) -> str:
    return f"{f'years {plain(wave.years)}' if wave.years else 'everybody'} from {day(wave.since)}"


def _of_outcome(outcome: Triage) -> Iterator[tuple[str, str]]:
    note = " A note says why." if outcome.note_required else ""
    yield "title", f"{words(outcome.name).capitalize()}: {outcome.title}.{note}"
    if outcome.task:
        yield "task", task(outcome.task)
    if outcome.decide:
        yield "person", _PERSON
    if outcome.source:
        yield "source", f"Source: {outcome.source}."


def _of_duty(duty: Duty) -> Iterator[tuple[str, str]]:
    late = " It is missed where it is not done in time." if duty.missed_if_late else ""
    phases = f" ({plain(duty.phases)} schools)" if duty.phases else ""
    yield "title", f"{duty.title}: {times(duty.comes)}{phases}.{late}"
    yield "task", task(duty.task)
    if duty.names and duty.measured_by:
        named = number(duty.measured_by, duty.measured_by.unit)
        yield "whom", f"It names pupils ({duty.names.value}): {named}."
        if chosen := choice(duty.measured_by):
            yield "choice", f"{chosen}."
    if duty.each:
        yield "task", f"For each of them: {task(duty.each)}"
    if duty.proposes:
        yield (
            "task",
            f"What it proposes: {'; '.join(f'{kind}, {words(name)}' for kind, name in duty.proposes)}.",
        )
    if duty.source:
        yield "source", f"Source: {duty.source}."
