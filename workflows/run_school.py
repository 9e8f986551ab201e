"""One school's part of a run: judge it as of an instant, and do what follows, in one commit.

Load, judge again what stands, decide, carry out, commit. All but the commit is done on a view for reading,
so that schools are judged side by side and no import waits for them; where somebody else wrote about the
school meanwhile it is judged once more, then under the write lock. A dry run is the same path with one
early return.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, time
from functools import partial
from statistics import median

from engine.decide import decide
from engine.inference.agree import Inference
from engine.instants import local, local_instant
from engine.judged import Judged
from engine.reasons import Outcome
from engine.records import SCHOOL
from engine.rulebook.problems import Problem
from engine.rulebook.rulebook import Rulebook
from engine.snapshot import Snapshot
from messaging.layers import left_out_at, of_school
from workflows.approving import approved_versions
from workflows.calls import Calls
from workflows.carry_out import Carrying, Json
from workflows.change import Change
from workflows.cover import cover
from workflows.drafting import Templates, Words
from workflows.duties import Round
from workflows.judged_again import changed_since, note_judged
from workflows.library import Kept, Library, text_of
from workflows.missed import miss
from workflows.news import WITHDRAWN, wait_no_more
from workflows.open_cases import Ruled
from workflows.overdue import pass_on
from workflows.ports import Changed, Clock, Store, Unit
from workflows.rearm import closed_lately
from workflows.recall import Recall, note_recall
from workflows.recheck import withdraw
from workflows.reviews import Reviews
from workflows.rota import Rota
from workflows.settings import Settings
from workflows.standing import standing_of
from workflows.unreachable import Unreachable, reach_of
from workflows.values import DueSlot, Entry, Message, RunRecord, Task, TaskState


class SlotTaken(Exception):  # noqa: N818 - nothing went wrong
    """Somebody else has done this scheduled run of a school: nothing is left to do."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a run asks of every school.

    `believed` is the last instant believed, None for all that was taken in before a school's turn;
    `release` names rules whose fuse a person has looked at; `in_full` asks for every decision with its
    sentence and evidence, every task and message, and not for the tally alone. `slot` is the scheduled time
    that this run is for, claimed in the commit of each school, so that no other run is for it; None for a
    run by hand.
    """

    as_of: datetime
    believed: datetime | None
    run_id: str
    dry: bool = False
    release: tuple[str, ...] = ()
    in_full: bool = False
    slot: DueSlot | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """How much a run did at one school: decisions by rule and outcome, tasks and messages by rule."""

    decisions: Counter[tuple[str, str]]
    tasks: Counter[str]
    messages: Counter[str]


@dataclass(frozen=True, slots=True)
class SchoolRun:
    """What a run did at one school; what its `tally` counts is there only where it was asked `in_full`."""

    school_id: str
    known_at: datetime
    pupils: int
    decisions: tuple[Json, ...]
    tasks: tuple[Task, ...]
    messages: tuple[Message, ...]
    tally: Tally
    matched: dict[str, int]
    fuses: tuple[str, ...]
    rulebook: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Work:
    """What was done, on what it rests, and what is to be kept of it."""

    done: SchoolRun
    judged: Judged
    change: Change
    ruled: Ruled
    words: Words
    changed: Changed
    digests: dict[tuple[str, str], str]
    recalled: Changed | None = None


@dataclass(frozen=True, slots=True)
class RunSchool:
    """One school's part with everything it needs; call `run`."""

    store: Store
    library: Library
    inference: Inference
    templates: Templates
    settings: Settings
    clock: Clock

    def run(self, school_id: str, asked: Asked) -> SchoolRun:
        """Judge one school and do what follows, once.

        Raises Disagreement or DurableError before anything is written, SlotTaken where another process has
        done this run.
        """
        with self.store.reading() as unit:
            if asked.slot and unit.slot_taken(school_id, asked.slot, self.clock()):
                raise SlotTaken
            seen = unit.version(school_id)
            work = self._work(unit, school_id, asked)
        if not asked.dry:
            with self.store.transaction() as unit:
                if unit.version(school_id) != seen:
                    work = self._work(unit, school_id, asked)
                self._keep(unit, work, asked)
        return work.done if asked.in_full else replace(work.done, decisions=(), tasks=(), messages=())

    def _work(self, unit: Unit, school_id: str, asked: Asked) -> Work:
        known_at = asked.believed or self.clock()  # read after the view was opened: all in it is known
        snapshot = Snapshot.build(unit.facts(school_id, known_at))
        work = self.work_on(unit, snapshot, known_at, asked)
        recall = Recall(unit, snapshot, work.change, work.ruled, work.words, known_at, asked.run_id)
        recalled = recall.look(work.changed)
        messages = tuple(work.change.made_messages())
        tally = replace(work.done.tally, messages=_by_rule(messages))
        return replace(work, done=replace(work.done, messages=messages, tally=tally), recalled=recalled)

    def work_on(self, unit: Unit, snapshot: Snapshot, known_at: datetime, asked: Asked) -> Work:
        """What a run does on a view of a school for its rules' sake, all but keeping it."""
        as_of, run_id, school_id = asked.as_of, asked.run_id, snapshot.facts.school.school_id
        rulebook = self.library.for_school(school_id)
        judged = Judged.of(snapshot, rulebook, as_of)
        midnight = local_instant(local(as_of).date(), time())
        today = local(as_of).date()
        ruled = Ruled(rulebook, Kept(unit, self.library, rulebook))
        at_stake = unit.at_stake(school_id, judged.grounds, midnight)
        if formers := ruled.formers(at_stake[0], today):
            grounds = judged.grounds | judged.beside(formers).grounds
            at_stake = unit.at_stake(school_id, grounds, midnight)
        change = Change.of(*at_stake, unit.episodes(school_id, closed=True))
        changed = changed_since(unit, school_id, known_at)
        withdrawn = withdraw(snapshot, change, as_of, run_id, ruled, changed)
        miss(change, as_of, run_id)
        rota = Rota.of(unit, school_id, known_at, snapshot.facts.staff)
        pass_on(change, rota.staff, rulebook, as_of, run_id, rota.out(local(as_of).date()))
        on_roll = int(judged.judge.on_roll.sum())
        caps = self._caps(unit, school_id, rulebook, asked, on_roll)
        cases = change.cases.values()
        stepwise = ruled.stepwise(cases, today)
        closed = closed_lately(unit, school_id, rulebook, snapshot.calendar, today)
        stands = standing_of(cases, change.tasks.values(), change.messages.values(), as_of, stepwise, closed)
        decided = decide(judged.beside(ruled.formers(cases, today)), self.inference, stands, caps)
        reach = reach_of(unit, school_id, known_at)
        words = Words(of_school(self.templates, school_id), approved_versions(unit), reach)
        carrying = Carrying(
            snapshot,
            change,
            words,
            self.settings,
            as_of,
            run_id,
            rulebook.version,
            rota,
        )
        taken_back = {(str(line["subject"]), str(line["rule"])): WITHDRAWN for line in withdrawn}
        done_tasks = partial(unit.tasks, school_id, (TaskState.DONE,))
        duties = Round(
            judged.judge, change, rulebook, self.settings, as_of, run_id, done_tasks, rota, carrying.family
        )
        duties.make(unit.grounds_of(school_id, SCHOOL + school_id), unit.first_judged(school_id))
        before = unit.decided(school_id) | taken_back
        lines, digests = carrying.carry_out(decided, before, in_full=asked.in_full)
        Reviews(snapshot, change, ruled, self.settings, as_of, run_id, rota).make()
        about = partial(unit.about, school_id)
        judge, version = judged.judge, rulebook.version
        Unreachable(judge, change, self.settings, as_of, run_id, version, rota, reach, about).make()
        calls = Calls(change, rota, snapshot, carrying.family, rulebook, as_of, run_id)
        calls.share(unit, school_id)
        cover(change, rota, snapshot, rulebook, as_of, run_id)
        wrong = left_out_at(self.templates, school_id)
        left_out = [Problem(str(each.source), each.line, 1, each.sentence) for each in wrong]
        outcomes = Counter((str(line["rule"]), str(line["outcome"])) for line in withdrawn)
        outcomes.update((each.rule.id, each.outcome) for each in decided.decisions)
        tasks, messages = tuple(change.made_tasks()), tuple(change.made_messages())
        done = SchoolRun(
            school_id,
            known_at,
            on_roll,
            (*withdrawn, *lines),
            tasks,
            messages,
            Tally(outcomes, _by_rule(tasks), _by_rule(messages)),
            decided.matched,
            decided.blown,
            rulebook.version,
            (*rulebook.problems, *left_out),
        )
        over = wait_no_more(decided, before, rulebook.rules)
        return Work(done, judged, change, ruled, words, changed, over | taken_back | digests)

    def _keep(self, unit: Unit, work: Work, asked: Asked) -> None:
        """Write it all. The time is read under the write lock: times follow each other as commits do."""
        done, at = work.done, self.clock()
        if asked.slot and not unit.claim_slot(done.school_id, asked.slot, at):
            raise SlotTaken
        unit.keep_rulebook(done.rulebook, text_of(self.library.for_school(done.school_id).sources))
        work.change.entries.insert(0, Entry("run", "", _summary(done, asked), done.rulebook))
        work.change.write(unit, done.school_id, at, asked.as_of)
        note_recall(unit, done.school_id, work.recalled)
        note_judged(unit, done.school_id, done.known_at, work.changed, work.change, asked.as_of)
        unit.record_run(
            RunRecord(
                asked.run_id,
                done.school_id,
                asked.as_of,
                done.known_at,
                at,
                done.rulebook,
                done.matched,
                asked.slot.schedule if asked.slot else "",
            ),
            work.digests,
        )

    def _caps(
        self, unit: Unit, school_id: str, rulebook: Rulebook, asked: Asked, roll: int
    ) -> dict[str, int]:
        """The most subjects each rule may match before it stops (semantics 22).

        Its `at_most`, or three times the median of its last 20 runs on that weekday, from five runs
        on; never below a floor, so that a quiet rule's first few matches do not blow it.
        """
        caps: dict[str, int] = {}
        before = unit.matched_before(school_id, local(asked.as_of).weekday(), self.settings.fuse_last_runs)
        for rule in rulebook.rules:
            if rule.id in asked.release:
                continue
            own = [rule.at_most.of(roll)] if rule.at_most else []
            runs = before.get(rule.id, [])
            if len(runs) >= self.settings.fuse_after_runs:
                norm = int(self.settings.fuse_times_norm * median(runs))
                own.append(max(norm, self.settings.fuse_floor))
            if own:
                caps[rule.id] = min(own)
        return caps


def run_unless_taken(school: RunSchool, school_id: str, asked: Asked) -> SchoolRun | None:
    """What a run did at a school; None where somebody else has done it."""
    try:
        return school.run(school_id, asked)
    except SlotTaken:
        return None


def _by_rule(made: Iterable[Task | Message]) -> Counter[str]:
    return Counter(each.rule for each in made)


def _summary(done: SchoolRun, asked: Asked) -> Json:
    outcomes: Counter[str] = Counter()
    for (_, outcome), count in done.tally.decisions.items():
        outcomes[outcome] += count
    return {
        "run_id": asked.run_id,
        "as_of": asked.as_of.isoformat(),
        "known_at": done.known_at.isoformat(),
        "pupils": done.pupils,
        "matched": done.matched,
        "outcomes": {outcome.value: outcomes[outcome] for outcome in Outcome},
        "fuses": list(done.fuses),
        "broken_rules": sorted({problem.rule for problem in done.problems if problem.rule}),
        "tasks": [task.task_id for task in done.tasks],
        "messages": [message.message_id for message in done.messages],
    }
