"""Any part of a rulebook in a line of words: two that mean the same read the same, two that do not differ."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from functools import singledispatch
from typing import TYPE_CHECKING

from engine.measures import Measure
from engine.rulebook.layered import Place, Threshold, day_in_words
from engine.rulebook.model import AppliesTo, Cap, Clause, Group, Test, percent_or_number

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_JOINED = {"all": " and ", "any": " or "}


@singledispatch
def said(value: object) -> str:
    """A value in words; nothing at all is `none`, a threshold its name, a place is left out.

    >>> from engine.spans import Span
    >>> said(None), said(("7", "8")), said(Span.parse("3 school weeks")), said(True)
    ('none', '7, 8', '3 school weeks', 'yes')
    """
    words = getattr(value, "words", None)
    if isinstance(words, str):
        return words
    if is_dataclass(value) and not isinstance(value, type):
        return ", ".join(f"{name} {said(each)}" for name, each in _parts(value)) or "none"
    return "none" if value is None else str(value)


def _parts(value: DataclassInstance, *but: str) -> list[tuple[str, object]]:
    """The fields of a value that say something, by their names in words; what is as left out says nothing."""
    parts = ((field, getattr(value, field.name)) for field in fields(value) if field.name not in but)
    return [
        (field.name.replace("_", " "), each)
        for field, each in parts
        if _tells(each) and each != field.default
    ]


def _tells(value: object) -> bool:
    return not isinstance(value, Place) and value not in (None, "", (), frozenset(), False)


@said.register
def _(value: str) -> str:
    return (value.value if isinstance(value, Enum) else " ".join(value.split())) or "none"


@said.register
def _(value: bool) -> str:  # noqa: FBT001 - chosen by its type
    return "yes" if value else "no"


@said.register
def _(value: date) -> str:
    return day_in_words(value)


@said.register(tuple)
@said.register(list)
def _(value: Iterable[object]) -> str:
    return ", ".join(map(said, value)) or "none"


@said.register
def _(value: frozenset) -> str:  # type: ignore[type-arg]
    return ", ".join(sorted(map(said, value))) or "none"


@said.register
def _(value: Threshold) -> str:
    return value.name


@said.register
def _(value: Measure) -> str:
    return value.name.replace("_", " ")


@said.register
def _(value: Cap) -> str:
    return f"{value.number} percent of roll" if value.percent_of_roll else str(value.number)


@said.register
def _(value: AppliesTo) -> str:
    return ", ".join(f"{name} {said(each)}" for name, each in _parts(value)) or "everybody"


@said.register
def _(value: Test) -> str:
    against = value.threshold
    number = str(percent_or_number(against)) if isinstance(against, int) else said(against)
    return f"{value.comparison.value.replace('_', ' ')} {number}"


@said.register
def _(value: Clause) -> str:
    tests = " and ".join(map(said, value.tests))
    return f"{said(value.measure)} ({said(value.asked)}) is {tests}"


@said.register
def _(value: Group) -> str:
    joined = _JOINED.get(value.kind, "; ").join(map(said, value.parts))
    more = "".join(f"{name} {said(each)} " for name, each in _parts(value, "kind", "parts"))
    return f"{more}({joined})" if value.kind in _JOINED else f"{value.kind} {more}({joined})"
