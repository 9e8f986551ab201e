"""Conditions as the oracle takes them: clauses, and what joins them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from engine.records import Pupil
from tests.engine.filled import Ask


@dataclass(frozen=True)
class All:
    """Every part must hold."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class AnyOf:
    """One part must hold."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class Some:
    """So many of the parts must hold."""

    least: int
    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class Not:
    """The part must not hold."""

    part: Condition


@dataclass(frozen=True)
class Only:
    """The rule speaks of some pupils alone: of whose latest row this is so."""

    whom: Callable[[Pupil], bool]
    part: Condition


@dataclass(frozen=True)
class Until:
    """One condition until a day, another from it on."""

    day: date
    before: Condition
    then: Condition


Condition = Ask | All | AnyOf | Some | Not | Only | Until
