"""The week's pack: every band with who stands in it and who moved, and the week by group of pupils."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from engine.bands import NO_BAND, Banded, banded, counts
from engine.cohorts import Cell, tables
from engine.instants import Instants, local, local_instant
from engine.match import Judge
from engine.rulebook.cohorts import SMALLEST_COHORT, Cohort
from engine.rulebook.rulebook import Rulebook
from engine.snapshot import Snapshot
from engine.truth import SCALE
from workflows.library import Library
from workflows.ports import Store
from workflows.subjects import known_schools

_SMALLEST = 10


@dataclass(frozen=True, slots=True)
class InBand:
    """One pupil in a band: `band` and `week_ago` index BANDS, None where there was none then."""

    upn: str
    name: str
    form: str
    band: int
    week_ago: int | None
    absent: int
    possible: int
    doubtful: bool

    @property
    def moved(self) -> int:
        """By how many bands the absence rose in a week (negative: fell)."""
        return 0 if self.week_ago is None else self.band - self.week_ago


@dataclass(frozen=True, slots=True)
class WeekPack:
    """What a school's weekly meetings look at, as of `at`, by what was known at `known_at`.

    `pupils` are all with a band, by band and then by name; `in_band` and `in_band_week_ago` count them, and
    those who stood in a band then. `too_few` and `doubtful` are pupils on roll without enough sessions for
    a band, and those whose band hangs on marks not taken. `cohorts` leave out cells of fewer than
    `fewest` pupils, and what would give them away.
    """

    school_id: str
    school: str
    at: datetime
    known_at: datetime
    pupils: tuple[InBand, ...]
    in_band: tuple[int, ...]
    in_band_week_ago: tuple[int, ...]
    too_few: int
    doubtful: int
    fewest: int
    everybody: Cell
    cohorts: tuple[tuple[Cohort, tuple[Cell, ...]], ...]

    @property
    def risen(self) -> tuple[InBand, ...]:
        """Who stands in a higher band of absence than a week ago, the furthest first."""
        return tuple(sorted((each for each in self.pupils if each.moved > 0), key=lambda each: -each.moved))

    @property
    def fallen(self) -> tuple[InBand, ...]:
        """Who stands in a lower one, the furthest first."""
        return tuple(sorted((each for each in self.pupils if each.moved < 0), key=lambda each: each.moved))


def week_packs(
    store: Store, library: Library, at: datetime, known_at: datetime, schools: Sequence[str] = ()
) -> list[WeekPack]:
    """The pack of each school: the same instants give the same pack, whatever came in since."""
    with store.reading() as unit:
        there = unit.school_ids()
        return [
            week_pack(Snapshot.build(unit.facts(each, known_at)), library.for_school(each), at, known_at)
            for each in known_schools(schools, there) or there
        ]


def week_pack(snapshot: Snapshot, rulebook: Rulebook, at: datetime, known_at: datetime) -> WeekPack:
    """The pack of one school. A week ago is seven days before, by the clock on the wall."""
    then = local(at) - timedelta(days=7)
    judge = Judge(snapshot, Instants.of([at, local_instant(then.date(), then.time())]))
    found = banded(judge)
    fewest = smallest_cohort(rulebook, at)
    everybody, cohorts = tables(judge, rulebook.cohorts, fewest)
    now, ago = found.band[:, 0], found.band[:, 1]
    return WeekPack(
        school_id=snapshot.facts.school.school_id,
        school=snapshot.facts.school.name,
        at=at,
        known_at=known_at,
        pupils=_pupils(snapshot, found),
        in_band=tuple(counts(now).tolist()),
        in_band_week_ago=tuple(counts(ago).tolist()),
        too_few=int((judge.on_roll[:, 0] & (now == NO_BAND)).sum()),
        doubtful=int(found.doubtful[:, 0].sum()),
        fewest=fewest,
        everybody=everybody,
        cohorts=cohorts,
    )


def smallest_cohort(rulebook: Rulebook, at: datetime) -> int:
    """The fewest pupils of whom a group's figures are told; ten where no pack says."""
    found = next((each for each in rulebook.thresholds if each.name == SMALLEST_COHORT), None)
    value = found.on(local(at).date()) if found else None
    return _SMALLEST if value is None else -(-value // SCALE)


def _pupils(snapshot: Snapshot, found: Banded) -> tuple[InBand, ...]:
    rows = np.flatnonzero(found.band[:, 0] != NO_BAND)
    listed = []
    for row in rows.tolist():
        pupil, ago = snapshot.people[row], int(found.band[row, 1])
        listed.append(
            InBand(
                upn=pupil.upn,
                name=f"{pupil.first_name} {pupil.last_name}",
                form=pupil.form or f"year {pupil.year_group}",
                band=int(found.band[row, 0]),
                week_ago=None if ago == NO_BAND else ago,
                absent=int(found.absent[row, 0]),
                possible=int(found.possible[row, 0]),
                doubtful=bool(found.doubtful[row, 0]),
            )
        )
    return tuple(sorted(listed, key=lambda each: (each.band, each.name, each.upn)))
