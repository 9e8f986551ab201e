"""What each rule says of each subject at each instant, with the trace that explains it.

Everything here is arrays: R subjects x T instants. A result is 0 not matched, 1 unknown, 2 matched (as
in engine/truth.py) or 3 not applicable.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from engine.instants import Instants
from engine.measures import Asked, Measure, Measured
from engine.patience import Precondition, preconditions
from engine.reasons import Result
from engine.records import Event
from engine.rulebook.model import Clause, Condition, Group, Rule, Test
from engine.snapshot import Snapshot
from engine.truth import FALSE, TRUE, UNKNOWN, truth

NOT_APPLICABLE = 3
RESULTS = (Result.NOT_MATCHED, Result.UNKNOWN, Result.MATCHED, Result.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True, eq=False)
class Weighed:
    """One clause as it turned out: its number, its truth (R x T), and what each of its tests needed.

    `needed` has for each test the value in force at each instant (x 100). `alike` keeps what the evidence
    says of everybody alike, by instant.
    """

    clause: Clause
    measured: Measured
    truth: NDArray[np.int8]
    needed: tuple[tuple[int, ...], ...]
    alike: dict[int, dict[str, object]] = field(default_factory=dict)

    def events(self, snapshot: Snapshot, row: int, number: int) -> list[Event]:
        """The lines of history that the number rests on, by day; none where it rests on marks."""
        if self.measured.events is None:
            return []
        return [snapshot.facts.events[place] for place in self.measured.events(row, number).tolist()]

    def needed_at(self, number: int) -> Iterator[tuple[Test, int]]:
        """Each test of the clause with what it needed at one instant (x 100)."""
        return zip(self.clause.tests, (values[number] for values in self.needed), strict=True)


@dataclass(frozen=True, slots=True, eq=False)
class Judgement:
    """One rule over all its subjects: `results` (R x T of 0-3) and the clauses of its trace.

    `before` is what must be so before it acts where it holds.
    """

    rule: Rule
    results: NDArray[np.int8]
    weighed: tuple[Weighed, ...]
    before: tuple[Precondition, ...] = ()

    def result(self, row: int, number: int = 0) -> Result:
        """What the rule says of one subject at one instant."""
        return RESULTS[self.results.item(row, number)]


@dataclass(slots=True)
class Judge:
    """Judges rules over one snapshot at some instants; measures that rules share are taken once."""

    snapshot: Snapshot
    instants: Instants
    on_roll: NDArray[np.bool_] = field(init=False)
    days: tuple[date, ...] = field(init=False)
    _measured: dict[tuple[str, Asked], Measured] = field(default_factory=dict)
    _cleared: dict[tuple[str, Condition | None], NDArray[np.bool_]] = field(default_factory=dict)
    _at: dict[tuple[datetime, ...], Judge] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.on_roll = self.snapshot.on_roll(self.instants)
        self.days = tuple(date.fromordinal(day) for day in self.instants.days.tolist())

    def judge(self, rule: Rule) -> Judgement:
        """What a rule says of every subject at every instant, and what must be so before it acts."""
        results, weighed = self.said(rule)
        return Judgement(rule, results, weighed, preconditions(self, rule) if weighed else ())

    def at(self, instants: Instants) -> Judge:
        """A judge of the same snapshot at other instants, the same one whenever those are asked for."""
        if instants.moments not in self._at:
            self._at[instants.moments] = Judge(self.snapshot, instants)
        return self._at[instants.moments]

    def said(self, rule: Rule) -> tuple[NDArray[np.int8], tuple[Weighed, ...]]:
        """The results of a rule (R x T of 0-3) and the clauses of its trace, whatever it may wait for.

        A rule that is not in force at an instant is not applicable there; a threshold's value is the
        one of the instant's own day.
        """
        shape = (self.snapshot.subjects(rule.subject), self.instants.days.size)
        in_force = np.array([rule.in_force(day) for day in self.days], dtype=np.bool_)
        if not in_force.any():
            return np.full(shape, NOT_APPLICABLE, dtype=np.int8), ()
        weighed: list[Weighed] = []
        held = self.hold(rule.when, weighed)
        if not self.snapshot.calendar.day.size:
            held = np.full_like(held, UNKNOWN)  # no calendar: nothing can be told (semantics 5)
        speaks = self._applies(rule) & in_force
        return np.where(speaks, held, NOT_APPLICABLE).astype(np.int8), tuple(weighed)

    def hold(self, condition: Condition, trace: list[Weighed]) -> NDArray[np.int8]:
        """Whether a condition holds (R x T of 0, 1, 2); its clauses are added to the trace."""
        if isinstance(condition, Clause):
            weighed = self._weigh(condition)
            trace.append(weighed)
            return weighed.truth
        held = [self.hold(part, trace) for part in condition.parts]
        return _together(condition, held)

    def cleared(self, rule: Rule) -> NDArray[np.bool_]:
        """Whether the rule's clear line is certainly reached (R x T); never, where it has none."""
        line = rule.clears_when
        key = (rule.subject, line)
        if key not in self._cleared:
            shape = (self.snapshot.subjects(rule.subject), self.instants.days.size)
            reached = np.zeros(shape, dtype=np.bool_) if line is None else self.hold(line, []) == TRUE
            self._cleared[key] = reached
        return self._cleared[key]

    def measure(self, measure: Measure, asked: Asked) -> Measured:
        """A measure over all subjects, taken once however many rules ask."""
        key = (measure.name, asked)
        if key not in self._measured:
            self._measured[key] = measure.of(self.snapshot, self.instants, asked)
        return self._measured[key]

    def _weigh(self, clause: Clause) -> Weighed:
        measured = self.measure(clause.measure, clause.asked)
        needed = tuple(tuple(test.needed(day) or 0 for day in self.days) for test in clause.tests)
        truths = [
            truth(measured, test.comparison, np.array(values), in_percent=clause.measure.in_percent)
            for test, values in zip(clause.tests, needed, strict=True)
        ]
        held = reduce(np.minimum, truths)
        told = self.told(clause)
        if not told.all():
            held = np.where(told, held, np.int8(UNKNOWN))
        return Weighed(clause, measured, held, needed)

    def told(self, clause: Clause) -> NDArray[np.bool_]:
        """Whether the school's terms say which days the window of a clause holds, by instant (T)."""
        return clause.asked.over.told(self.snapshot.calendar, self.instants)

    def meant(self, rule: Rule) -> NDArray[np.bool_]:
        """Of whom a rule about pupils is meant to speak by its applies_to, whenever it comes to them (P)."""
        to, snapshot = rule.applies_to, self.snapshot
        speaks = np.full(self.on_roll.shape[0], self._at_school(rule), dtype=np.bool_)
        if to.years:
            speaks &= np.isin(snapshot.year_groups, to.years)
        if to.flagged:
            speaks &= self._flagged(to.flagged)
        if to.unless_flagged:
            speaks &= ~self._flagged(to.unless_flagged)
        for column, values in to.where:
            speaks &= np.isin(snapshot.column(column), values)
        for column, values in to.where_not:
            speaks &= ~np.isin(snapshot.column(column), values)
        return speaks

    def _at_school(self, rule: Rule) -> bool:
        phases = rule.applies_to.phases
        return not phases or self.snapshot.facts.school.phase in phases

    def _flagged(self, flags: Iterable[str]) -> NDArray[np.bool_]:
        """Who has one of some flags (P)."""
        nobody = np.zeros_like(self.on_roll[:, 0])
        has: NDArray[np.bool_] = np.logical_or.reduce(
            [self.snapshot.flagged.get(flag, nobody) for flag in flags]
        )
        return has

    def _applies(self, rule: Rule) -> NDArray[np.bool_]:
        if rule.subject == "school":
            return np.full((1, self.instants.days.size), self._at_school(rule), dtype=np.bool_)
        if rule.subject == "class":
            counted = np.zeros((len(self.snapshot.classes), self.instants.days.size), dtype=np.int64)
            np.add.at(counted, self.snapshot.class_no, self.on_roll.astype(np.int64))
            return (counted > 0) & self._at_school(rule)
        speaks: NDArray[np.bool_] = self.on_roll & self.meant(rule)[:, None]
        return speaks & self._reached(rule) if rule.rollout else speaks

    def _reached(self, rule: Rule) -> NDArray[np.bool_]:
        """Whom the rollout of a rule has reached at each instant (P x T)."""
        reached = np.zeros_like(self.on_roll)
        for wave in rule.rollout:
            begun = self.instants.days >= wave.since.toordinal()
            years = np.isin(self.snapshot.year_groups, wave.years) | (not wave.years)
            reached |= years[:, None] & begun
        return reached


def _together(group: Group, held: list[NDArray[np.int8]]) -> NDArray[np.int8]:
    """Strong Kleene: all is the least, any the greatest, at least n the nth greatest, not the mirror."""
    whole: NDArray[np.int8]
    if group.kind == "not":
        whole = (TRUE - held[0]).astype(np.int8)
    elif group.kind == "at_least":
        whole = np.sort(np.stack(held), axis=0)[-group.least]
    else:
        whole = (np.minimum if group.kind == "all" else np.maximum).reduce(held)
    return whole


__all__ = ["FALSE", "NOT_APPLICABLE", "RESULTS", "TRUE", "UNKNOWN", "Judge", "Judgement", "Weighed"]
