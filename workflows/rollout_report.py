"""A rule that comes to its pupils in waves: those it has reached beside those not yet, over the same days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from engine import codes
from engine.instants import Instants, local
from engine.match import Judge
from engine.register import looked_up
from engine.rulebook.model import Rule, reached_from
from engine.snapshot import Snapshot
from engine.trial import Compared, compare
from workflows.library import Library
from workflows.ports import Store
from workflows.subjects import NotKnown, known_schools


@dataclass(frozen=True, slots=True)
class RolloutReport:
    """One school's comparison from `first` to `last`, both inside: so many school `days`.

    `reached` and `waiting` name the years of each side; `between` are pupils whose wave came within these
    days: they are on neither. `before` is the first of as many school days before, None where the school year
    has not so many.
    """

    school_id: str
    school: str
    rule: str
    title: str
    first: date
    last: date
    days: int
    before: date | None
    reached: tuple[str, ...]
    waiting: tuple[str, ...]
    between: int
    compared: Compared


def rollout_reports(
    store: Store,
    library: Library,
    name: str,
    at: datetime,
    known_at: datetime,
    dates: tuple[date | None, date | None] = (None, None),
    schools: Sequence[str] = (),
) -> list[RolloutReport]:
    """The comparison at every school; NotKnown where a school has no such rule, or it has no rollout.

    Without dates: from the first wave to the day before the next one, or to the instant.
    """
    with store.reading() as unit:
        there = unit.school_ids()
        out = []
        for school_id in known_schools(schools, there) or there:
            rule = next((each for each in library.for_school(school_id).rules if each.id == name), None)
            if rule is None or not rule.rollout:
                having = sorted(each.id for each in library.for_school(school_id).rules if each.rollout)
                raise NotKnown(
                    f"no rule {name!r} has a rollout; rules that have: {', '.join(having) or 'none'}"
                )
            out.append(_report(Snapshot.build(unit.facts(school_id, known_at)), rule, at, dates))
    return out


def span_of(rule: Rule, at: datetime, dates: tuple[date | None, date | None]) -> tuple[date, date]:
    """The first and the last day compared: as asked, else the first wave; NotKnown without one."""
    first = dates[0] or rule.rollout[0].since
    ends = [wave.since - timedelta(days=1) for wave in rule.rollout if wave.since > first]
    last = dates[1] or min([local(at).date(), *ends])
    if last < first:
        raise NotKnown(
            f"from {first} to {last} there is no day; the first wave came on {rule.rollout[0].since}"
        )
    return first, last


def _report(
    snapshot: Snapshot, rule: Rule, at: datetime, dates: tuple[date | None, date | None]
) -> RolloutReport:
    first, last = span_of(rule, at, dates)
    judge = Judge(snapshot, Instants.of([at]))
    calendar, years = snapshot.calendar, snapshot.year_groups
    since = {year: reached_from(rule.rollout, year) for year in sorted(set(years.tolist()))}
    reached = [year for year, day in since.items() if day is not None and day <= first]
    waiting = [year for year, day in since.items() if day is None or day > last]
    closed = int(calendar.closed(judge.instants)[0])
    begins = int(np.searchsorted(calendar.day, first.toordinal(), side="left"))
    ends = min(int(np.searchsorted(calendar.day, last.toordinal(), side="right")), closed)
    days = len(np.unique(calendar.day_no[begins:ends]))
    before = _days_before(snapshot, begins, days)
    counted = (
        _counted(snapshot, begins, ends),
        _counted(snapshot, begins if before is None else before, begins),
    )
    sums = np.hstack(counted)
    here = judge.on_roll[:, 0] & judge.meant(rule) & (sums[:, 1] > 0)
    sides = [here & np.isin(years, own) for own in (reached, waiting)]
    return RolloutReport(
        school_id=snapshot.facts.school.school_id,
        school=snapshot.facts.school.name,
        rule=rule.id,
        title=rule.title,
        first=first,
        last=last,
        days=days,
        before=None if before is None else date.fromordinal(int(calendar.day[before])),
        reached=tuple(reached),
        waiting=tuple(waiting),
        between=int((here & ~sides[0] & ~sides[1]).sum()),
        compared=compare(sums[sides[0]], sums[sides[1]]),
    )


def _days_before(snapshot: Snapshot, begins: int, days: int) -> int | None:
    """The session with which as many school days begin before it, where the same school year has them."""
    calendar = snapshot.calendar
    if not days:
        return None
    number = int(calendar.day_no[begins]) - days
    if number < 0:
        return None
    session = int(np.searchsorted(calendar.day_no, number, side="left"))
    return session if calendar.year_no[session] == calendar.year_no[begins] else None


def _counted(snapshot: Snapshot, begins: int, ends: int) -> NDArray[np.int64]:
    """Absent and possible sessions of every pupil between two sessions (P x 2)."""
    marks = snapshot.register.marks[:, begins : max(begins, ends)]
    flags = (codes.absent_marks(), codes.possible_marks())
    return np.stack([looked_up(each, marks).sum(axis=1, dtype=np.int64) for each in flags], axis=1)
