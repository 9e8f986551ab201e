"""What is known while an import goes on: the store's facts and what this same import has brought."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import numpy as np

from engine.records import AM, PM, Pupil, School, SchoolDay, SchoolFacts, Staff
from workflows.ports import Record, Store

ALL_OF_TIME = datetime.max.replace(tzinfo=UTC)


def _nothing(_school_id: str) -> Iterable[Record]:
    return ()


@dataclass(slots=True)
class Known:
    """Small lookups of schools, enrolments, calendars and staff.

    `stays` holds, for each pupil, the last day of every enrolment by (school, first day). A school's
    calendar and staff are read when they are first asked about: one school's marks need no other's.
    """

    schools: set[str] = field(default_factory=set)
    stays: dict[str, dict[tuple[str, date], date]] = field(default_factory=dict)
    _read_days: Callable[[str], Iterable[Record]] = _nothing
    _read_staff: Callable[[str], Iterable[Record]] = _nothing
    _days: dict[str, dict[date, SchoolDay]] = field(default_factory=dict)
    _staff: dict[str, set[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, store: Store) -> Known:
        """What the store knows."""

        def read_days(school_id: str) -> Iterable[Record]:
            with store.reading() as unit:
                return unit.days(school_id)

        def read_staff(school_id: str) -> Iterable[Record]:
            with store.reading() as unit:
                return unit.staff(school_id)

        known = cls(_read_days=read_days, _read_staff=read_staff)
        with store.reading() as unit:
            known.schools.update(unit.school_ids())
            for upn, school_id, first, last in unit.stays():
                known._stay(upn, school_id, first, last)
        return known

    def days(self, school_id: str) -> dict[date, SchoolDay]:
        """The calendar of a school."""
        if school_id not in self._days:
            self._days[school_id] = {}
            self.learn(self._read_days(school_id))
        return self._days[school_id]

    def staff(self, school_id: str) -> set[str]:
        """The ids of the staff of a school."""
        if school_id not in self._staff:
            self._staff[school_id] = set()
            self.learn(self._read_staff(school_id))
        return self._staff[school_id]

    def learn(self, records: Iterable[Record]) -> None:
        """Add records that have been taken; other kinds need no lookup."""
        for record in records:
            match record:
                case School():
                    self.schools.add(record.school_id)
                case SchoolDay():
                    self.days(record.school_id)[record.date] = record
                case Staff():
                    self.staff(record.school_id).add(record.staff_id)
                case Pupil():
                    self._stay(record.upn, record.school_id, record.admitted_on, record.left_on)
                case _:
                    return

    def _stay(self, upn: str, school_id: str, first: date, last: date | None) -> None:
        self.stays.setdefault(upn, {})[school_id, first] = last or date.max

    def on_roll(self, upn: str, on: date) -> tuple[str, ...]:
        """The schools whose roll a pupil is on that day, sorted."""
        stays = self.stays.get(upn, {})
        return tuple(sorted({school for (school, first), last in stays.items() if first <= on <= last}))

    def homes(self, upn: str, today: date) -> tuple[str, ...]:
        """The schools that keep a pupil's contacts: all not left by today, else the one left last."""
        stays = self.stays.get(upn, {})
        if not stays:
            return ()
        latest = max(stays.values())
        return tuple(sorted({school for (school, _), last in stays.items() if last >= min(today, latest)}))


def stranded(facts: SchoolFacts, removed: Iterable[tuple[date, str]]) -> int:
    """How many marks of a school stand on sessions that its calendar no longer holds."""
    week_of = {int(week): index for index, week in enumerate(facts.marks.weeks)}
    count = 0
    for day, half in removed:
        week = week_of.get(day.toordinal() - day.weekday())
        if week is not None:
            slot = week * 14 + day.weekday() * 2 + (half == PM)
            count += int(np.count_nonzero(facts.marks.cells[:, slot] != b""))
    return count


def taken_away(before: SchoolDay | None, now: SchoolDay) -> list[tuple[date, str]]:
    """The sessions that a day held before and no longer holds."""
    if before is None:
        return []
    lost = ((AM, before.am and not now.am), (PM, before.pm and not now.pm))
    return [(now.date, half) for half, gone in lost if gone]
