"""What a template is tried with: long names and plain ones, every branch, everything that may be empty."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import TYPE_CHECKING, Final

from engine.records import AM, PM
from messaging.in_language import dates_table, day_in, days_in, lessons_in, session_in, since_in
from messaging.languages import ENGLISH
from messaging.render import render, render_title, used
from messaging.variables import CIRCUMSTANCES, NO, VARIABLES, YES

if TYPE_CHECKING:
    from messaging.templates import Template

Values = Mapping[str, str]
_Case = tuple[str, Values]

_LONG_CHILDREN: Final = (
    {"child": "Christopher-Alexander", "was": "was", "has": "has", "is": "is"},
    {"child": "Christopher-Alexander and Elizabeth-Josephine", "was": "were", "has": "have", "is": "are"},
)
TWO: Final = {"child": "Amara and Ben", "was": "were", "has": "have", "is": "are"}
_PLAIN: Final = {
    "child": "Sam", "school": "Hill School", "staff": "Mrs Bell", "addressee": "Mr Bell", "ref": "K7M3",
    "session": "the morning of Monday 3 June", "meeting": "Monday 3 June at 3 pm, at school",
    "offered": "a breakfast place", "tried": "a later start", "reason": "a reason", "dates": "| Date |",
}  # fmt: skip
_DAY: Final = date(2025, 9, 24)


@dataclass(frozen=True, slots=True)
class Tried:
    """The words of one try: which values decided about it, and what came of them."""

    case: str
    values: Values
    title: str
    text: str


def examples(language: str) -> dict[str, str]:
    """What a preview shows: a child, a school, an absence, in the form that a language has for them."""
    values = {name: variable.example for name, variable in VARIABLES.items()}
    return values if language == ENGLISH else values | _in(language, sessions=9)


def longest(language: str) -> dict[str, str]:
    """The longest value of each variable."""
    values = {name: variable.samples[0] for name, variable in VARIABLES.items()}
    values |= dict.fromkeys(CIRCUMSTANCES, NO)
    return values if language == ENGLISH else values | _in(language, sessions=189)


def tried(template: Template, base: Mapping[str, str], children: tuple[Values, ...]) -> Iterator[Tried]:
    """A template rendered for every case that its conditions tell apart, with these values of all else.

    Raises:
        TemplateError: one of them cannot be rendered.
    """
    deciding = used(template).deciding
    for case, decided in cases(deciding):
        for child in children:
            values = {**base, **child, **decided}
            yield Tried(case, values, render_title(template, values), render(template, values))


def with_long_names(template: Template) -> Iterator[Tried]:
    """With the longest of everything, for one child and for two."""
    children = _LONG_CHILDREN if "child" in template.mentions else ({},)
    yield from tried(template, longest(template.language), children)


def with_plain_names(template: Template) -> Iterator[Tried]:
    """With names as short as names are: what is left to judge are the author's own words."""
    yield from tried(template, examples(template.language) | _PLAIN, ({},))


def cases(deciding: frozenset[str]) -> Iterator[tuple[str, Values]]:
    """What conditions tell apart, each with each: stages, circumstances alone and all at once, gaps.

    >>> [case for case, _ in cases(frozenset({"stage", "send"}))]
    ['stage 1', 'stage 1, send', 'stage 2', 'stage 2, send', 'stage 3', 'stage 3, send']
    >>> [case for case, _ in cases(frozenset({"lessons", "send"}))]
    ['', 'no lessons', 'send', 'send, no lessons']
    """
    stages, lives, gaps = _decided(deciding)
    yield from map(_joined, product(*stages, lives, gaps))


def branches(deciding: frozenset[str]) -> Iterator[tuple[str, Values]]:
    """The same, for people to read: gaps only beside the first stage and no circumstance.

    >>> [case for case, _ in branches(frozenset({"lessons", "send"}))]
    ['', 'send', 'no lessons']
    """
    stages, lives, gaps = _decided(deciding)
    yield from map(_joined, product(*stages, lives, gaps[:1]))
    yield from map(_joined, product(*(each[:1] for each in stages), lives[:1], gaps[1:]))


def _decided(deciding: frozenset[str]) -> tuple[list[list[_Case]], list[_Case], list[_Case]]:
    lives = [name for name in CIRCUMSTANCES if name in deciding]
    some: list[_Case] = [("", {})]
    some += [(name, {str(name): YES}) for name in lives]
    if len(lives) > 1:
        some.append(("all of these", dict.fromkeys(lives, YES)))
    closed = [name for name in VARIABLES if VARIABLES[name].closed and name in deciding.difference(lives)]
    stages: list[list[_Case]] = [
        [(f"{name} {value}", {name: value}) for value in VARIABLES[name].samples] for name in closed
    ]
    empty = [name for name in VARIABLES if name in deciding and "" in VARIABLES[name].samples]
    gaps: list[_Case] = [("", {})]
    gaps += [(f"no {name}", {name: ""}) for name in empty]
    if len(empty) > 1:
        gaps.append((f"no {', '.join(empty)}", dict.fromkeys(empty, "")))
    return stages, some, gaps


def _joined(parts: Sequence[_Case]) -> _Case:
    return ", ".join(name for name, _ in parts if name), {
        k: v for _, given in parts for k, v in given.items()
    }


def _in(language: str, sessions: int) -> dict[str, str]:
    """Counts and dates as a language has them."""
    return {
        "session": session_in(_DAY, PM, language),
        "days": days_in(sessions, language),
        "lessons": lessons_in(sessions, 5, language),
        "since": since_in(_DAY, language),
        "until": day_in(_DAY, language),
        "dates": dates_table([(_DAY, AM, ""), (_DAY, PM, "")], language),
    }
