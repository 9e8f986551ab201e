"""What is believed of one school, ready to be measured: calendar, register, people, history."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from engine.calendar import Calendar
from engine.history import History
from engine.instants import Instants
from engine.notices import Notices
from engine.records import CLASS, SCHOOL, Pupil, SchoolFacts, value_of
from engine.register import Register
from engine.school_age import compulsory_from, compulsory_until


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """One school as of some known-at. Rows of every array follow `register.upns`; `rows` finds them.

    `classes` are the names of its classes (form, or year group where there is no form), `class_no` the
    class of each pupil; `flagged` maps each flag to who has it (P); `of_age` says for each session whether
    the pupil is of compulsory school age (P x S), `age_known` whether the date of birth is there to say so.
    """

    facts: SchoolFacts
    calendar: Calendar
    register: Register
    notices: Notices
    history: History
    people: tuple[Pupil, ...]
    rows: dict[str, int]
    classes: tuple[str, ...]
    class_no: NDArray[np.int64]
    year_groups: NDArray[np.str_]
    flagged: dict[str, NDArray[np.bool_]]
    of_age: NDArray[np.bool_]
    age_known: NDArray[np.bool_]
    _columns: dict[str, NDArray[np.str_]] = field(default_factory=dict)

    @classmethod
    def build(cls, facts: SchoolFacts) -> Snapshot:
        """The snapshot of a school from its rows."""
        calendar = Calendar.build(facts.school, facts.days, facts.terms)
        stays = ((pupil.upn, pupil.admitted_on, pupil.left_on) for pupil in facts.pupils)
        register = Register.build(calendar, stays, facts.marks)
        rows = {upn: row for row, upn in enumerate(register.upns)}
        latest = {pupil.upn: pupil for pupil in sorted(facts.pupils, key=lambda pupil: pupil.admitted_on)}
        people = tuple(latest[upn] for upn in register.upns)
        names = [class_of(pupil) for pupil in people]
        classes = tuple(sorted(set(names)))
        place = {name: number for number, name in enumerate(classes)}
        flags = {flag for pupil in people for flag in pupil.flags}
        born = [pupil.date_of_birth for pupil in people]
        return cls(
            facts=facts,
            calendar=calendar,
            register=register,
            notices=Notices.build(calendar, facts.events, register.upns),
            history=History.build(facts.events, rows),
            people=people,
            rows=rows,
            classes=classes,
            class_no=np.array([place[name] for name in names], dtype=np.int64),
            year_groups=np.array([pupil.year_group for pupil in people], dtype=np.str_),
            flagged={flag: np.array([flag in pupil.flags for pupil in people]) for flag in flags},
            of_age=_of_age(calendar.day, born),
            age_known=np.array([birth is not None for birth in born], dtype=np.bool_),
        )

    def only(self, upns: Collection[str]) -> Snapshot:
        """The same school with some of its pupils: a rule about a pupil says what it says of them anyway.

        Its classes and the school as a whole are not to be judged on it.

        >>> from engine.sample import school
        >>> school("//", "II", "UU").only({"P3", "P1", "nobody"}).register.upns
        ('P1', 'P3')
        """
        rows = [row for row, upn in enumerate(self.register.upns) if upn in upns]
        register = self.register.only(rows)
        place = {upn: row for row, upn in enumerate(register.upns)}
        return replace(
            self,
            register=register,
            notices=Notices.build(self.calendar, self.facts.events, register.upns),
            history=History.build(self.facts.events, place),
            people=tuple(self.people[row] for row in rows),
            rows=place,
            class_no=self.class_no[rows],
            year_groups=self.year_groups[rows],
            flagged={flag: who[rows] for flag, who in self.flagged.items()},
            of_age=self.of_age[rows],
            age_known=self.age_known[rows],
            _columns={},
        )

    def row(self, upn: str) -> int:
        """The row of a pupil; KeyError where the school has no such pupil."""
        return self.rows[upn]

    def subjects(self, kind: str) -> int:
        """How many subjects of a kind there are: pupils, classes, or the one school."""
        return {"pupil": len(self.people), "class": len(self.classes)}.get(kind, 1)

    def names(self, kind: str) -> tuple[str, ...]:
        """The names of the subjects of a kind, in the order of their rows.

        >>> from engine.sample import school
        >>> [school("//").names(kind) for kind in ("pupil", "class", "school")]
        [('P1',), ('class:8A',), ('school:S',)]
        """
        if kind == "pupil":
            return self.register.upns
        if kind == "class":
            return tuple(CLASS + name for name in self.classes)
        return (SCHOOL + self.facts.school.school_id,)

    def column(self, by: str) -> NDArray[np.str_]:
        """What a column of pupils.csv says of each pupil (P), as packs write it.

        >>> from engine.sample import school
        >>> school("//").column("fsm").tolist()
        ['no']
        """
        if by not in self._columns:
            said = [value_of(pupil, by) for pupil in self.people]
            self._columns[by] = np.array(said, dtype=np.str_)
        return self._columns[by]

    def on_roll(self, instants: Instants) -> NDArray[np.bool_]:
        """Whether each pupil is on roll at each instant (P x T)."""
        return self.register.on_roll(instants.days)


def class_of(pupil: Pupil) -> str:
    """The class a pupil is registered in: the form, or the year group where the form is empty.

    >>> class_of(Pupil("u", "s", "A", "B", "8", date(2025, 9, 1)))
    '8'
    """
    return pupil.form or pupil.year_group


def _of_age(days: NDArray[np.int32], born: list[date | None]) -> NDArray[np.bool_]:
    """Of compulsory school age, by pupil and session; an unknown birthday counts as of age."""
    within = np.ones((len(born), days.size), dtype=np.bool_)
    if within.size:
        first, last = np.array([_span(birth) for birth in born], dtype=np.int32).T
        partly = np.flatnonzero((days[0] < first) | (last < days[-1]))
        within[partly] = (days >= first[partly, None]) & (days <= last[partly, None])
    return within


@lru_cache(maxsize=10_000)
def _span(born: date | None) -> tuple[int, int]:
    """The first and the last day of compulsory school age, as ordinals; of an unknown birthday every day."""
    if born is None:
        return 0, 2**31 - 1
    return compulsory_from(born).toordinal(), compulsory_until(born).toordinal()
