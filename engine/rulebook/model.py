"""The rulebook as typed, frozen values: thresholds with dates, rules, conditions, steps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from engine.cadence import Cadence
from engine.measures import Asked, Measure
from engine.rulebook.due import Due
from engine.rulebook.layered import NATIONAL, Override
from engine.rulebook.layered import Place as Place
from engine.rulebook.layered import Threshold as Threshold
from engine.rulebook.patience import Patience
from engine.spans import Span
from engine.truth import SCALE, Comparison


class Episode(StrEnum):
    """Which ground one case of a rule stands on: a new ground opens a new episode."""

    SESSION = "session"
    DAY = "day"
    RUN = "run of absence"
    RUN_BY_MONTH = "run of absence by month"
    SPELL = "spell of absence"
    OLDEST = "oldest session"
    SCHOOL_YEAR = "school year"
    TERM = "term"
    HALF_TERM = "half-term"
    UNTIL_CLEARED = "until cleared"


class Autonomy(StrEnum):
    """What may happen without a person."""

    SEND = "send"
    APPROVE = "approve"
    PROPOSE = "propose"


@dataclass(frozen=True, slots=True)
class Test:
    """One comparison of a clause: with a threshold by its name, or with a plain number (x 100)."""

    comparison: Comparison
    threshold: Threshold | int

    def needed(self, day: date) -> int | None:
        """The number compared with on a day, x 100."""
        return self.threshold if isinstance(self.threshold, int) else self.threshold.on(day)


@dataclass(frozen=True, slots=True)
class Clause:
    """One measure held against one or two thresholds."""

    measure: Measure
    asked: Asked
    tests: tuple[Test, ...]
    place: Place

    def in_force(self, day: date) -> bool:
        """Whether each threshold it names has a value on a day."""
        until = self.asked.until
        return (until is None or until.on(day) is not None) and all(
            test.needed(day) is not None for test in self.tests
        )


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions together: `kind` is all, any, not, or at_least: then `least` of the parts must hold."""

    kind: str
    parts: tuple[Condition, ...]
    least: int = 0


Condition = Clause | Group


@dataclass(frozen=True, slots=True)
class Meaning:
    """A condition under a name that rules use, so that a word means one thing in all of them."""

    name: str
    title: str
    subject: str
    when: Condition
    place: Place


def clauses(condition: Condition) -> Iterator[Clause]:
    """Every clause of a condition, in the order written."""
    if isinstance(condition, Clause):
        yield condition
    else:
        for part in condition.parts:
            yield from clauses(part)


Columns = tuple[tuple[str, tuple[str, ...]], ...]
"""Columns of pupils.csv, each with the values meant."""


@dataclass(frozen=True, slots=True)
class AppliesTo:
    """Whom a rule speaks of; an empty tuple is everybody.

    One of `flagged` is enough, one of `unless_flagged` too much; of `where` each column must say one of its
    values, of `where_not` none may.
    """

    years: tuple[str, ...] = ()
    phases: tuple[str, ...] = ()
    unless_flagged: tuple[str, ...] = ()
    flagged: tuple[str, ...] = ()
    where: Columns = ()
    where_not: Columns = ()


@dataclass(frozen=True, slots=True)
class Wave:
    """One wave of a rollout: from this day on a rule speaks of these years too, of everybody where empty."""

    since: date
    years: tuple[str, ...] = ()

    def reaches(self, year: str) -> bool:
        """Whether it is for a year group.

        >>> Wave(date(2026, 1, 12), ("9",)).reaches("8"), Wave(date(2026, 2, 23)).reaches("8")
        (False, True)
        """
        return not self.years or year in self.years


def reached_from(rollout: Iterable[Wave], year: str) -> date | None:
    """From which day on a rollout has reached a year group; None where it never will.

    >>> trial = (Wave(date(2026, 1, 12), ("9",)), Wave(date(2026, 2, 23), ("8", "9")))
    >>> reached_from(trial, "9"), reached_from(trial, "7")
    (datetime.date(2026, 1, 12), None)
    """
    return min((wave.since for wave in rollout if wave.reaches(year)), default=None)


@dataclass(frozen=True, slots=True)
class TaskStep:
    """Work for a person: what, by which role, by when, the words to start with, and how long it takes.

    `shared_among` are the roles that take what does not fit into its owner's time (time-anchored rules).
    """

    do: str
    by: str
    due: Due
    script: str = ""
    minutes: int = 10
    shared_among: tuple[str, ...] = ()


class OpenCases(StrEnum):
    """What becomes of a case that is open when the rules of its ladder change."""

    JUDGE_AGAIN = "judge again"
    FINISH = "finish under the old"
    NEVER_SKIP = "never skip a stage"


@dataclass(frozen=True, slots=True)
class Ladder:
    """What is said of a ladder as a whole."""

    name: str
    open_cases: OpenCases
    place: Place


@dataclass(frozen=True, slots=True)
class After:
    """What must have been done before: a lower `stage` of the case, `done_for` so long."""

    stage: int
    done_for: Span


@dataclass(frozen=True, slots=True)
class Triage:
    """One way a task can end: its `name` is the outcome recorded, its `task` the one that it opens.

    `note_required` where the outcome alone says too little ("nothing" needs its because); `decide` where the
    task is a decision that belongs to its role alone.
    """

    name: str
    title: str
    place: Place
    note_required: bool = False
    decide: bool = False
    task: TaskStep | None = None
    source: str = ""


class Naming(StrEnum):
    """Which pupils a duty names."""

    LOWEST = "lowest attendance"
    PLANS = "plans standing still"


@dataclass(frozen=True, slots=True)
class Duty:
    """Work that comes round by the calendar: its task is made once for each slot of `comes`.

    `missed_if_late`: once its due time has passed it is missed, and never done late. `phases` are the
    phases of the schools that have it; none is all. `names` says which pupils it is about, `measured_by`
    how many of them or how long; `each` is made for every one. `proposes` has the outcome that each kind
    of plan asks for.
    """

    name: str
    title: str
    comes: Cadence
    task: TaskStep
    place: Place
    missed_if_late: bool = False
    phases: tuple[str, ...] = ()
    source: str = ""
    names: Naming | None = None
    measured_by: Threshold | None = None
    each: TaskStep | None = None
    proposes: tuple[tuple[str, str], ...] = ()


class IfLate(StrEnum):
    """What becomes of a run whose time has passed before anybody could begin it."""

    RUN_LATEST = "run latest"
    RUN_EACH = "run each"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Schedule:
    """A time of day at which the rules are judged."""

    name: str
    comes: Cadence
    place: Place
    if_late: IfLate = IfLate.RUN_LATEST


@dataclass(frozen=True, slots=True)
class MessageStep:
    """A message to the family. `purpose` is what the contact must be willing to receive.

    `unless_last_mark` are codes that, standing at today's last closed session, stop the message: a
    child known to be on site is never reported missing. `good_for` are the hours within
    which it must leave: later it is dropped, never delayed.
    """

    template: str
    channel: str
    purpose: str
    urgent: bool = False
    unless_last_mark: frozenset[str] = frozenset()
    good_for: int | None = None


@dataclass(frozen=True, slots=True)
class Cap:
    """A rule's `at_most`: so many, or so many percent of the roll."""

    number: int
    percent_of_roll: bool = False

    def of(self, roll: int) -> int:
        """How many subjects that is.

        >>> Cap(5, percent_of_roll=True).of(1200)
        60
        """
        return self.number * roll // 100 if self.percent_of_roll else self.number


@dataclass(frozen=True, slots=True)
class Rule:
    """One declarative rule, as read.

    `rollout` are the waves in which it comes to its pupils, in order: it does not speak of a pupil before
    theirs. `after` is the lower stage that must be done first, `patience` what else it waits for though it
    holds; `review_after` is how long after it acted a
    person looks whether it helped. `beside` says that it names a ladder and no stage: it stands beside the
    others there, and neither keeps the other from acting. `time_anchored` work is missed when its due time
    has passed. `may_change` is what a layer below may say otherwise (None: see engine/rulebook/overrides.py),
    nothing at all where it is `locked`; `overrides` are the layers that did.
    """

    id: str
    title: str
    because: str
    place: Place
    when: Condition
    pack: str
    autonomy: Autonomy
    tasks: tuple[TaskStep, ...]
    message: MessageStep | None = None
    ladder: str = ""
    stage: int = 1
    episode: Episode = Episode.DAY
    subject: str = "pupil"
    beside: bool = False
    time_anchored: bool = False
    waits_for: str = ""
    clears_when: Condition | None = None
    after: After | None = None
    patience: Patience = field(default_factory=Patience)
    review_after: Span | None = None
    applies_to: AppliesTo = field(default_factory=AppliesTo)
    rollout: tuple[Wave, ...] = ()
    in_force_from: date | None = None
    in_force_until: date | None = None
    at_most: Cap | None = None
    source: str = ""
    layer: str = ""
    locked: bool = False
    may_change: tuple[str, ...] | None = None
    overrides: tuple[Override, ...] = ()

    @property
    def law(self) -> str:
        """The regulation that it is there for, where a national pack names one; else empty."""
        return self.source if self.layer == NATIONAL else ""

    @property
    def work(self) -> tuple[TaskStep, ...]:
        """Every task that it may make: of what it requires, then its own."""
        asked = (required.task for required in self.patience.requires)
        return (*filter(None, asked), *self.tasks)

    @property
    def on_ladder(self) -> str:
        """The ladder its cases stand on; a rule without one, or without a stage, is a ladder of its own."""
        return f"{self.ladder}/{self.id}" if self.beside else self.ladder or self.id

    def in_force(self, day: date) -> bool:
        """Whether the rule, and a value for each of its thresholds, is in force on a day."""
        if (self.in_force_from and day < self.in_force_from) or (
            self.in_force_until and day > self.in_force_until
        ):
            return False
        return all(clause.in_force(day) for clause in clauses(self.when))


def percent_or_number(scaled: int) -> float | int:
    """A scaled number as people write it.

    >>> percent_or_number(750), percent_or_number(1000)
    (7.5, 10)
    """
    return scaled // SCALE if scaled % SCALE == 0 else scaled / SCALE
