"""What a school's service is set to, as the workflows need it (config.yaml explains each in place)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum


class TwoPeople(StrEnum):
    """Which messages two people must approve, each of them after a look of their own."""

    NONE = "none"
    STATUTORY = "statutory"
    """What the law asks a school to write."""
    LETTERS = "letters"
    """That, and everything on paper."""
    ALL = "all"


@dataclass(frozen=True, slots=True)
class FamilyBudget:
    """How many messages a family may get, all children, rules and channels together.

    `routine` are all but the urgent ones (a first-day text); legal letters count nowhere.
    """

    day: int = 2
    week: int = 8
    routine_day: int = 1
    routine_week: int = 2


@dataclass(frozen=True, slots=True)
class DecentHours:
    """When texts and e-mails may leave: on school days from `begin` to `end`, never on a `quiet_day`."""

    begin: time = time(8)
    end: time = time(18)
    quiet_days: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings with the values of a fresh install."""

    school_day_ends: time = time(15, 30)
    fuse_times_norm: int = 3
    fuse_after_runs: int = 5
    fuse_last_runs: int = 20
    fuse_floor: int = 10
    family: FamilyBudget = field(default_factory=FamilyBudget)
    hours: DecentHours = field(default_factory=DecentHours)
    two_people: TwoPeople = TwoPeople.STATUTORY
