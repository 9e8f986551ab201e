"""Every small change of the numbers, words and sets that a rulebook judges by, one at a time.

What a rule is made of is walked as values, not by the names of keys: a measure, a window or a keyword that
comes later is changed without a line here. Words about a rule, and what its tasks say, are no judgement and
stay (docs/mutation.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import singledispatch
from itertools import pairwise
from typing import Any

from engine.codes import known
from engine.measures import Measure
from engine.measures.measure import WEEKDAYS
from engine.records import EVENTS
from engine.rulebook.model import (
    Autonomy,
    Cap,
    Clause,
    Episode,
    Group,
    Place,
    Rule,
    TaskStep,
    Test,
    Threshold,
    percent_or_number,
)
from engine.rulebook.rulebook import Rulebook
from engine.spans import Span
from engine.truth import SCALE, Comparison
from engine.windows import WHOLE_REGISTER, Window

_NEIGHBOURS = {
    Comparison.AT_LEAST: (Comparison.ABOVE, Comparison.EXACTLY),
    Comparison.ABOVE: (Comparison.AT_LEAST,),
    Comparison.AT_MOST: (Comparison.BELOW, Comparison.EXACTLY),
    Comparison.BELOW: (Comparison.AT_MOST,),
    Comparison.EXACTLY: (Comparison.AT_LEAST, Comparison.AT_MOST),
}
_OTHER_GROUND = {
    Episode.SESSION: Episode.DAY,
    Episode.DAY: Episode.SCHOOL_YEAR,
    Episode.RUN: Episode.DAY,
    Episode.RUN_BY_MONTH: Episode.RUN,
    Episode.SPELL: Episode.DAY,
    Episode.OLDEST: Episode.DAY,
    Episode.SCHOOL_YEAR: Episode.DAY,
    Episode.TERM: Episode.DAY,
    Episode.HALF_TERM: Episode.DAY,
    Episode.UNTIL_CLEARED: Episode.SCHOOL_YEAR,
}
"""For each episode one whose ground never reads the same."""
_LESS_OF_A_PERSON = {
    Autonomy.PROPOSE: Autonomy.SEND,
    Autonomy.APPROVE: Autonomy.SEND,
    Autonomy.SEND: Autonomy.PROPOSE,
}
_STAYS = frozenset({"place", "stage", "review_after", "good_for", "rollout", "may_change", "overrides"})
"""Fields that are walked past: places, who said otherwise, and what one test on one day cannot show."""
_WHOLE = (Threshold, Test, Measure, Window, Span, TaskStep, Cap, Place)
"""Values that are not looked into: changed as a whole, or not at all."""
_NUMBER = re.compile(r"[0-9]+")
_MANY = 1000
_OFTEN = ("I", "O", "M", "C", "L")
_OFTEN_DONE = ("meeting", "plan", "letter", "referral", "warning")


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: where, of which rule or threshold, in words, and the rules as they are with it."""

    place: Place
    of: str
    change: str
    rules: tuple[Rule, ...]

    def __str__(self) -> str:
        return f"{self.place}: {self.of}: {self.change}"


def mutants(rulebook: Rulebook) -> Iterator[Mutant]:
    """Every change of a rulebook: its thresholds, then rule by rule, then stages that change places.

    >>> from engine.rulebook.rulebook import read_rulebook
    >>> list(mutants(read_rulebook([])))
    []
    """
    for threshold in rulebook.thresholds:
        for change, other in _variants(threshold):
            exchanged = ((rule, _exchanged(rule, threshold, other)) for rule in rulebook.rules)
            rules = tuple(new for rule, new in exchanged if isinstance(new, Rule) and new is not rule)
            if rules:
                yield Mutant(threshold.place, threshold.name, change, rules)
    for rule in rulebook.rules:
        for place, change, other in _of_rule(rule):
            yield Mutant(place, rule.id, change, (other,))
    yield from _stages(rulebook)


def _of_rule(rule: Rule) -> Iterator[tuple[Place, str, Rule]]:
    for place, change, other in _inside(rule, rule.place):
        if rule.message or Autonomy.PROPOSE in {rule.autonomy, other.autonomy} or "autonomy" not in change:
            yield place, change, other


def _inside(value: object, place: Place) -> Iterator[tuple[Place, str, Any]]:
    """Every change of a value or of what it is made of, each with the nearest place around it."""
    place = getattr(value, "place", place)
    if not isinstance(value, Threshold):
        for change, other in _variants(value):
            yield place, change, other
    if isinstance(value, tuple):
        for number, part in enumerate(value):
            for where, change, other in _inside(part, place):
                yield where, change, (*value[:number], other, *value[number + 1 :])
    elif isinstance(value, Clause):
        yield from _asked(value, place)
    elif is_dataclass(value) and not isinstance(value, (*_WHOLE, type)):
        for field in fields(value):
            if field.name not in _STAYS:
                for where, change, other in _inside(getattr(value, field.name), place):
                    yield where, change, replace(value, **{field.name: other})


def _asked(clause: Clause, place: Place) -> Iterator[tuple[Place, str, Clause]]:
    """The changes of a clause: of its tests, and of what it asks as far as its measure takes that."""
    for where, change, tests in _inside(clause.tests, place):
        yield where, f"{clause.measure.name}: {change}", replace(clause, tests=tests)
    for name in (*clause.measure.takes, *clause.measure.may_take):
        for where, change, other in _inside(getattr(clause.asked, name, None), place):
            asked = replace(clause.asked, **{name: other})
            yield where, f"{clause.measure.name}: {change}", replace(clause, asked=asked)


@singledispatch
def _variants(_value: object) -> Iterator[tuple[str, Any]]:
    """The changes of one value as a whole: none, of a value of no kind that judges."""
    return iter(())


@_variants.register
def _(value: Threshold) -> Iterator[tuple[str, Any]]:
    for number, (since, scaled) in enumerate(value.values):
        for other in (scaled - SCALE, scaled + SCALE):
            values = (*value.values[:number], (since, other), *value.values[number + 1 :])
            yield _became(scaled, other), replace(value, values=values)


@_variants.register
def _(value: Test) -> Iterator[tuple[str, Any]]:
    for other in _NEIGHBOURS[value.comparison]:
        yield f"{value.comparison} became {other}", replace(value, comparison=other)
    if isinstance(value.threshold, int):
        for number in (value.threshold - SCALE, value.threshold + SCALE):
            said = f"{value.comparison} {_became(value.threshold, number)}"
            yield said, replace(value, threshold=number)


@_variants.register
def _(value: Group) -> Iterator[tuple[str, Any]]:
    other = {"all": "any", "any": "all"}.get(value.kind)
    if other and len(value.parts) > 1:
        yield f"{value.kind} became {other}", replace(value, kind=other)


@_variants.register
def _(value: Window) -> Iterator[tuple[str, Any]]:
    words = list(_one_more_or_less(value.words))
    if not words:
        words = [other for other in ("last 2 school days", WHOLE_REGISTER) if other != value.words]
    for other in words:
        try:
            yield f"over {value.words!r} became {other!r}", Window.parse(other)
        except ValueError:  # no window is of 0 days, or of 1,000
            continue


@_variants.register
def _(value: Span) -> Iterator[tuple[str, Any]]:
    for other in _one_more_or_less(value.words):
        try:
            yield f"{value.words!r} became {other!r}", Span.parse(other)
        except ValueError:  # no stretch of time is of 0 days
            continue


@_variants.register
def _(value: frozenset) -> Iterator[tuple[str, Any]]:  # type: ignore[type-arg]
    of_history, of_marks = value <= set(EVENTS), all(map(known, value))
    usual, what = (_OFTEN, "code") if of_marks else (_OFTEN_DONE if of_history else (), "word")
    for each in sorted(value):
        yield f"{what} {each} was taken out", value - {each}
    for each in [each for each in usual if value and each not in value][:1]:
        yield f"{what} {each} was put in", value | {each}


@_variants.register
def _(value: tuple) -> Iterator[tuple[str, Any]]:  # type: ignore[type-arg]
    if all(isinstance(part, str) for part in value):
        for number, word in enumerate(value):
            yield f"{word} was taken out", (*value[:number], *value[number + 1 :])


@_variants.register
def _(value: Autonomy) -> Iterator[tuple[str, Any]]:
    other = _LESS_OF_A_PERSON[value]
    yield f"autonomy {value} became {other}", other


@_variants.register
def _(value: Episode) -> Iterator[tuple[str, Any]]:
    other = _OTHER_GROUND[value]
    yield f"episode {value.value!r} became {other.value!r}", other


@_variants.register
def _(value: bool) -> Iterator[tuple[str, Any]]:  # noqa: FBT001 - a switch is no number
    return iter(())


@_variants.register
def _(value: int) -> Iterator[tuple[str, Any]]:
    if value > 0:  # of thousands nobody would notice one
        for other in (value - 1, value + 1) if value < _MANY else (value // 10, value * 10):
            yield f"{value} became {other}", other


@_variants.register
def _(value: str) -> Iterator[tuple[str, Any]]:
    if value in WEEKDAYS:
        other = WEEKDAYS[(WEEKDAYS.index(value) + 1) % len(WEEKDAYS)]
        yield f"on {value} became {other}", other


def _stages(rulebook: Rulebook) -> Iterator[Mutant]:
    """Each two neighbouring stages of a ladder, one in the place of the other."""
    rules = sorted(
        (rule for rule in rulebook.rules if not rule.beside), key=lambda each: (each.on_ladder, each.stage)
    )
    for low, high in pairwise(rules):
        if low.on_ladder == high.on_ladder:
            change = f"stage {low.stage} changed places with stage {high.stage}, {high.id}"
            yield Mutant(
                low.place, low.id, change, (replace(low, stage=high.stage), replace(high, stage=low.stage))
            )


def _exchanged(value: object, old: Threshold, new: Threshold) -> object:
    """A value with one threshold in the place of another, however deep; the same where there is none."""
    if isinstance(value, Threshold):
        return new if value is old else value
    if isinstance(value, tuple):
        parts = tuple(_exchanged(part, old, new) for part in value)
        return parts if any(part is not was for part, was in zip(parts, value, strict=True)) else value
    if is_dataclass(value) and not isinstance(value, (Measure, Place, Window, Span, type)):
        was = {field.name: getattr(value, field.name) for field in fields(value)}
        now = {name: _exchanged(part, old, new) for name, part in was.items()}
        changed = {name: part for name, part in now.items() if part is not was[name]}
        return replace(value, **changed) if changed else value
    return value


def _one_more_or_less(words: str) -> Iterator[str]:
    """Some words with each of their numbers one lower, and one higher."""
    for found in _NUMBER.finditer(words):
        for number in (int(found[0]) - 1, int(found[0]) + 1):
            yield f"{words[: found.start()]}{number}{words[found.end() :]}"


def _became(was: int, now: int) -> str:
    return f"{percent_or_number(was)} became {percent_or_number(now)}"
