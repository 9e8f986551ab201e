"""The use case "run": judge the schools as of an instant, and do what follows, once."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from workflows.run_school import Asked, RunSchool, SchoolRun, run_unless_taken
from workflows.subjects import NotKnown, known_schools
from workflows.values import DueSlot, derived_id

RUNS = "runs"
LOOKS_BACK = "--known-at leaves out what has been imported since, so nothing was written"
MANY = 8
"""From so many schools on it is worth the start of a second process."""
SideBySide = Callable[[Sequence[str], Asked], Iterable[SchoolRun | None]]
"""Judges many schools at once; what it did comes back in the order asked."""


@dataclass(frozen=True, slots=True)
class Run:
    """A whole run: the instant judged, the last instant believed, and what it did at each school."""

    run_id: str
    as_of: datetime
    known_at: datetime
    dry: bool
    schools: tuple[SchoolRun, ...]
    notes: tuple[str, ...] = field(default=())

    @property
    def rulebook(self) -> str:
        """The version of the rulebook judged with; of several schools' own, one hash over them."""
        versions = sorted({school.rulebook for school in self.schools})
        return versions[0] if len(versions) == 1 else hashlib.sha256("".join(versions).encode()).hexdigest()

    def counts(self) -> dict[str, int]:
        """Matches by rule, over all schools."""
        total: Counter[str] = Counter()
        for school in self.schools:
            total.update(school.matched)
        return dict(sorted(total.items()))


@dataclass(slots=True)
class RunDay:
    """The use case with everything it needs; call `run`."""

    school: RunSchool
    side_by_side: SideBySide | None = None

    def run(
        self,
        as_of: datetime,
        known_at: datetime | None = None,
        schools: Sequence[str] = (),
        *,
        dry: bool = False,
        release: Sequence[str] = (),
        in_full: bool = False,
        slot: DueSlot | None = None,
    ) -> Run:
        """Judge these schools (all, if none is named) and do what follows.

        A `known_at` that leaves out what has been imported since looks back: such a run is dry, because
        acting on what is known to be out of date would bring back what a correction took away.
        Without one, each school is judged on all that was taken in before its turn.
        Decisions (with sentence and evidence), tasks and messages come with it only where they are wanted
        `in_full`: they are much to hand from a worker to whoever asked.
        `slot` is the scheduled time that this run is for: a school whose run somebody else has done for it is
        left out of the answer. `release` names rules whose fuse a person has looked at. Raises NotKnown for
        a school or a rule that is nowhere, Disagreement or DurableError before anything of that school is
        written.
        """
        now = self.school.clock()
        with self.school.store.reading() as unit:
            there = unit.school_ids()
            wanted = known_schools(schools, there) or there
            looks_back = known_at is not None and any(
                (recorded := unit.last_import(each)) is not None and recorded > known_at for each in wanted
            )
        dry = dry or looks_back
        rules = {rule.id for each in wanted for rule in self.school.library.for_school(each).rules}
        if strangers := sorted(set(release) - rules):
            raise NotKnown(f"there is no rule {strangers[0]!r}; rules: {', '.join(sorted(rules))}")
        run_id = self._run_id(as_of, known_at or now, wanted, dry=dry)
        asked = Asked(as_of, known_at, run_id, dry, tuple(release), in_full, slot)
        if self.side_by_side and len(wanted) >= MANY:
            done = tuple(filter(None, self.side_by_side(wanted, asked)))
        else:
            done = tuple(filter(None, (run_unless_taken(self.school, each, asked) for each in wanted)))
        known_at = max((school.known_at for school in done), default=known_at or now)
        notes = tuple(filter(None, (self.school.inference.sole, LOOKS_BACK if looks_back else "")))
        return Run(run_id, as_of, known_at, dry, done, notes)

    def _run_id(self, as_of: datetime, known_at: datetime, schools: Sequence[str], *, dry: bool) -> str:
        """The id of a run: what it judges, and its number in this store (a dry run takes none)."""
        number = "dry"
        if not dry:
            with self.school.store.transaction() as unit:
                number = str(int(unit.note(RUNS) or 0) + 1)
                unit.set_note(RUNS, number)
        return derived_id("r", number, as_of.isoformat(), known_at.isoformat(), *schools)
