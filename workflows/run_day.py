"""The use case "run": judge a school as of an instant, and do what follows, once.

Load, judge again what stands, decide, carry out, commit: one transaction for each school, so that two
runs of one school follow each other. A dry run is the same path with one early return.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from statistics import median

from engine.decide import decide
from engine.inference.agree import Inference
from engine.instants import local, local_instant
from engine.judged import Judged
from engine.reasons import Outcome
from engine.rulebook.problems import Problem
from engine.rulebook.rulebook import Rulebook
from engine.snapshot import Snapshot
from workflows.carry_out import WITHDRAWN, Carrying, Json
from workflows.change import Change
from workflows.drafting import Templates
from workflows.judged_again import changed_since, note_judged
from workflows.library import Kept, Library, text_of
from workflows.missed import miss
from workflows.ports import Clock, Store, Unit
from workflows.recheck import withdraw
from workflows.settings import Settings
from workflows.standing import standing_of
from workflows.subjects import NotKnown, known_schools
from workflows.values import Entry, Message, RunRecord, Task, derived_id

RUNS = "runs"
LOOKS_BACK = "--known-at leaves out what has been imported since, so nothing was written"


@dataclass(frozen=True, slots=True)
class SchoolRun:
    """What a run did at one school."""

    school_id: str
    known_at: datetime
    pupils: int
    decisions: tuple[Json, ...]
    tasks: tuple[Task, ...]
    messages: tuple[Message, ...]
    matched: dict[str, int]
    fuses: tuple[str, ...]
    rulebook: str
    problems: tuple[Problem, ...]


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

    store: Store
    library: Library
    inference: Inference
    templates: Templates
    settings: Settings
    clock: Clock

    def run(
        self,
        as_of: datetime,
        known_at: datetime | None = None,
        schools: Sequence[str] = (),
        *,
        dry: bool = False,
        release: Sequence[str] = (),
        in_full: bool = False,
    ) -> Run:
        """Judge these schools (all, if none is named) and do what follows.

        A `known_at` that leaves out what has been imported since looks back: such a run is dry, because
        acting on what is known to be out of date would bring back what a correction took away.
        Without one, each school is judged on all that was taken in before its turn.
        The decisions that are no news have sentence and evidence only where everything is wanted `in_full`.
        `release` names rules whose fuse a person has looked at. Raises NotKnown for a school or a rule
        that is nowhere, Disagreement or DurableError before anything of that school is written.
        """
        now = self.clock()
        with self.store.reading() as unit:
            there = unit.school_ids()
            wanted = known_schools(schools, there) or there
            latest = [recorded for each in wanted if (recorded := unit.last_import(each)) is not None]
        looks_back = known_at is not None and any(recorded > known_at for recorded in latest)
        dry = dry or looks_back
        rules = {rule.id for each in wanted for rule in self.library.for_school(each).rules}
        if strangers := sorted(set(release) - rules):
            raise NotKnown(f"there is no rule {strangers[0]!r}; rules: {', '.join(sorted(rules))}")
        run_id = self._run_id(as_of, known_at or now, wanted, dry=dry)
        done = tuple(self._school(each, as_of, known_at, run_id, dry, release, in_full) for each in wanted)
        known_at = max((school.known_at for school in done), default=known_at or now)
        notes = tuple(filter(None, (self.inference.sole, LOOKS_BACK if looks_back else "")))
        return Run(run_id, as_of, known_at, dry, done, notes)

    def _school(
        self,
        school_id: str,
        as_of: datetime,
        believed: datetime | None,
        run_id: str,
        dry: bool,  # noqa: FBT001 - passed on from the keyword above
        release: Sequence[str],
        in_full: bool,  # noqa: FBT001 - passed on from the keyword above
    ) -> SchoolRun:
        rulebook = self.library.for_school(school_id)
        with self.store.reading() if dry else self.store.transaction() as unit:
            now = self.clock()  # read under the lock: while we waited for it, a correction may have come in
            known_at = believed or now
            snapshot = Snapshot.build(unit.facts(school_id, known_at))
            judged = Judged.of(snapshot, rulebook, as_of)
            midnight = local_instant(local(as_of).date(), time())
            at_stake = unit.at_stake(school_id, judged.grounds, midnight)
            change = Change.of(*at_stake, unit.episodes(school_id))
            changed = changed_since(unit, school_id, known_at)
            kept = Kept(unit, self.library, rulebook)
            withdrawn = withdraw(snapshot, change, as_of, run_id, kept, changed)
            miss(change, as_of, run_id)
            on_roll = int(judged.judge.on_roll.sum())
            caps = self._caps(unit, school_id, rulebook, as_of, on_roll, release)
            stands = standing_of(
                change.cases.values(), change.tasks.values(), change.messages.values(), as_of
            )
            decided = decide(judged, self.inference, stands, caps)
            work = Carrying(snapshot, change, self.templates, self.settings, as_of, run_id, rulebook.version)
            taken_back = {(str(line["subject"]), str(line["rule"])): WITHDRAWN for line in withdrawn}
            lines, digests = work.carry_out(decided, unit.decided(school_id) | taken_back, in_full=in_full)
            done = SchoolRun(
                school_id,
                known_at,
                on_roll,
                (*withdrawn, *lines),
                tuple(change.made_tasks()),
                tuple(change.made_messages()),
                decided.matched,
                decided.blown,
                rulebook.version,
                rulebook.problems,
            )
            if dry:
                return done
            unit.keep_rulebook(rulebook.version, text_of(rulebook.sources))
            change.entries.insert(
                0, Entry("run", "", _summary(done, as_of, known_at, run_id), rulebook.version)
            )
            change.write(unit, school_id, now)
            note_judged(unit, school_id, known_at, changed, change, as_of)
            unit.record_run(
                RunRecord(run_id, school_id, as_of, known_at, now, rulebook.version, decided.matched),
                taken_back | digests,
            )
            return done

    def _run_id(self, as_of: datetime, known_at: datetime, schools: Sequence[str], *, dry: bool) -> str:
        """The id of a run: what it judges, and its number in this store (a dry run takes none)."""
        number = "dry"
        if not dry:
            with self.store.transaction() as unit:
                number = str(int(unit.note(RUNS) or 0) + 1)
                unit.set_note(RUNS, number)
        return derived_id("r", number, as_of.isoformat(), known_at.isoformat(), *schools)

    def _caps(
        self,
        unit: Unit,
        school_id: str,
        rulebook: Rulebook,
        as_of: datetime,
        roll: int,
        release: Sequence[str],
    ) -> dict[str, int]:
        """The most subjects each rule may match before it stops (semantics 22).

        Its `at_most`, or three times the median of its last 20 runs on that weekday, from five runs
        on; never below a floor, so that a quiet rule's first few matches do not blow it.
        """
        caps: dict[str, int] = {}
        before = unit.matched_before(school_id, local(as_of).weekday(), self.settings.fuse_last_runs)
        for rule in rulebook.rules:
            if rule.id in release:
                continue
            own = [rule.at_most.of(roll)] if rule.at_most else []
            runs = before.get(rule.id, [])
            if len(runs) >= self.settings.fuse_after_runs:
                norm = int(self.settings.fuse_times_norm * median(runs))
                own.append(max(norm, self.settings.fuse_floor))
            if own:
                caps[rule.id] = min(own)
        return caps


def _summary(done: SchoolRun, as_of: datetime, known_at: datetime, run_id: str) -> Json:
    outcomes = Counter(str(line["outcome"]) for line in done.decisions)
    return {
        "run_id": run_id,
        "as_of": as_of.isoformat(),
        "known_at": known_at.isoformat(),
        "pupils": done.pupils,
        "matched": done.matched,
        "outcomes": {outcome.value: outcomes.get(outcome.value, 0) for outcome in Outcome},
        "fuses": list(done.fuses),
        "broken_rules": sorted({problem.rule for problem in done.problems if problem.rule}),
        "tasks": [task.task_id for task in done.tasks],
        "messages": [message.message_id for message in done.messages],
    }
