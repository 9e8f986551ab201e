"""The use case "preview": what a changed rulebook would do with today's data, beside the one in force.

Both sides are the run itself, stopped before it is kept: what is shown is what the next run does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from engine.cases import CaseState
from engine.explain import explain
from engine.judged import Judged
from engine.reasons import Outcome
from engine.rulebook.rulebook import Rulebook
from engine.snapshot import Snapshot
from workflows.change import Change
from workflows.duties import DUTY
from workflows.library import Library, last_good
from workflows.ports import Store
from workflows.recheck import REQUIRED
from workflows.run_school import Asked, RunSchool, Work
from workflows.subjects import member
from workflows.tasks import named
from workflows.values import UNSENT, Message, Task, TaskState

_RUN = "preview"
_NO_RULE = "the rule is not in the changed rules"
_TO_DO = frozenset({Outcome.ACT, Outcome.PROPOSE})
_OUTCOMES = {outcome.value: outcome for outcome in Outcome}
_Key = tuple[str, str]
"""A subject, and the ladder (or the duty) that speaks of it."""


class Kind(StrEnum):
    """How a changed rulebook differs for one subject."""

    NEW = "new"
    GONE = "gone"
    MOVED = "moved"
    OTHERWISE = "otherwise"
    IN_DOUBT = "in doubt"


@dataclass(frozen=True, slots=True)
class Footing:
    """Where a subject stands by one rulebook, on one ladder, and what a run would make of it."""

    rule: str
    stage: int
    outcome: Outcome
    reasons: tuple[str, ...] = ()
    because: str = ""
    tasks: tuple[Task, ...] = ()
    messages: tuple[Message, ...] = ()

    @property
    def follows(self) -> tuple[object, ...]:
        """What people would notice: two footings alike in this are the same to them."""
        tasks = [(t.step, t.assignee, t.due, t.decide, t.script, t.minutes) for t in self.tasks]
        messages = [(m.contact_id, m.channel, m.text, m.state) for m in self.messages]
        return (self.outcome, self.reasons, tasks, messages)


@dataclass(frozen=True, slots=True)
class Difference:
    """One subject for whom the two rulebooks differ: where it stood, where it would stand, and why."""

    kind: Kind
    subject: str
    who: str
    form: str
    because: str
    was: Footing | None
    now: Footing | None

    @property
    def rule(self) -> str:
        """The rule it is shown under: the one that would speak, else the one that spoke."""
        footing = self.now or self.was
        return footing.rule if footing else ""


@dataclass(frozen=True, slots=True)
class Ending:
    """A case, task or message that only the changed rulebook would end."""

    what: str
    item_id: str
    who: str
    about: str
    because: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What a changed rulebook would do at one school.

    `matched` are each rule and how many it holds for, by both; `people` the names of the staff by their ids.
    """

    school_id: str
    known_at: datetime
    pupils: int
    before: Rulebook
    after: Rulebook
    matched: tuple[tuple[str, int, int], ...]
    differences: tuple[Difference, ...]
    endings: tuple[Ending, ...]
    fuses: tuple[str, ...]
    people: Mapping[str, str]

    def title(self, name: str) -> str:
        """What a rule or a duty is called, by the changed rulebook first; empty for a review."""
        titles: dict[str, str] = {}
        for rulebook in (self.before, self.after):
            titles |= {rule.id: rule.title for rule in rulebook.rules}
            titles |= {DUTY + duty.name: duty.title for duty in rulebook.duties}
        return titles.get(name, "")


def in_force(store: Store, library: Library, files: Collection[str] | None = None) -> Library:
    """The library as each school was judged by it last: of these files, or of all.

    A file changed where it stands is in force from the next run on; what it says until then is told by the
    rulebook of the last run. A school that was never judged goes by the files as they are.
    """
    instead = {}
    with store.reading() as unit:
        for school_id in unit.school_ids():
            good = last_good(unit, library, school_id)
            if good is None:
                continue
            then = {(each.layer, _own_name(each.file)): each for each in good.sources}
            present = library.for_school(school_id).sources
            wanted = [each.file for each in present] if files is None else files
            instead[school_id] = (
                good.sources
                if files is None
                else tuple(
                    then.get((each.layer, _own_name(each.file)), each) if each.file in wanted else each
                    for each in present
                )
            )
    return Library(library.files, instead)


def preview(
    school: RunSchool, changed: Library, school_id: str, as_of: datetime, believed: datetime | None = None
) -> Preview:
    """What a school's next run would do by the `changed` rules and not by its own; nothing is written.

    Raises Disagreement or DurableError as a run does.
    """
    asked = Asked(as_of, believed, _RUN, dry=True, in_full=True)
    with school.store.reading() as unit:
        known_at = believed or school.clock()
        snapshot = Snapshot.build(unit.facts(school_id, known_at))
        was = school.work_on(unit, snapshot, known_at, asked)
        now = replace(school, library=changed).work_on(unit, snapshot, known_at, asked)
    before, after = school.library.for_school(school_id), changed.for_school(school_id)
    rules = sorted({*was.done.matched, *now.done.matched})
    return Preview(
        school_id=school_id,
        known_at=known_at,
        pupils=now.done.pupils,
        before=before,
        after=after,
        matched=tuple((r, was.done.matched.get(r, 0), now.done.matched.get(r, 0)) for r in rules),
        differences=tuple(_differences(_footings(was, before), _footings(now, after), now.judged)),
        endings=tuple(_endings(snapshot, was.change, now.change)),
        fuses=now.done.fuses,
        people={person.staff_id: person.name for person in snapshot.facts.staff},
    )


def _footings(work: Work, rulebook: Rulebook) -> dict[_Key, Footing]:
    """Where every subject stands; of several stages of a ladder that speak, the highest."""
    ladder_of = {rule.id: rule.on_ladder for rule in rulebook.rules}
    tasks: dict[_Key, list[Task]] = defaultdict(list)
    messages: dict[_Key, list[Message]] = defaultdict(list)
    for task in work.done.tasks:
        rule = task.rule.removeprefix(REQUIRED)
        tasks[task.subject, ladder_of.get(rule, rule)].append(task)
    for message in work.done.messages:
        messages[message.subject, ladder_of.get(message.rule, message.rule)].append(message)
    said: dict[_Key, Footing] = {}
    for line in work.done.decisions:
        outcome = _OUTCOMES[str(line["outcome"])]
        rule, reasons = str(line["rule"]), line["reasons"]
        key = (str(line["subject"]), ladder_of.get(rule, rule))
        footing = Footing(
            rule,
            int(str(line["stage"])),
            outcome,
            tuple(map(str, reasons if isinstance(reasons, list) else ())),
            str(line["because"]),
        )
        if outcome is not Outcome.WITHDRAW and (key not in said or _speaks(said[key]) < _speaks(footing)):
            said[key] = footing
    for key in {*tasks, *messages} - said.keys():
        first = (tasks[key] or messages[key])[0]
        said[key] = Footing(first.rule, first.stage, Outcome.ACT, because=first.because)
    return {
        key: replace(each, tasks=tuple(tasks.get(key, ())), messages=tuple(messages.get(key, ())))
        for key, each in said.items()
    }


def _speaks(footing: Footing) -> tuple[bool, int, bool, str]:
    """Which of two rules of a ladder says where a subject stands: a sure one, then the higher stage."""
    known = footing.outcome is not Outcome.UNKNOWN
    return (known, footing.stage, footing.outcome in _TO_DO, footing.rule)


def _differences(
    before: Mapping[_Key, Footing], after: Mapping[_Key, Footing], judged: Judged
) -> Iterator[Difference]:
    """Each subject for whom two rulebooks differ, in a fixed order; `judged` is by the changed one."""
    for key in sorted({*before, *after}):
        was, now = before.get(key), after.get(key)
        kind = _kind(was, now)
        if kind is None:
            continue
        because = now.because if now else ""
        if was and not now:
            because = _why_not(judged, was.rule, key[0])
        who, form = _named(judged.judge.snapshot, key[0])
        yield Difference(kind, key[0], who, form, because, was, now)


def _kind(was: Footing | None, now: Footing | None) -> Kind | None:
    """How two footings differ; None where people would notice nothing."""
    doubtful = [each is not None and each.outcome is Outcome.UNKNOWN for each in (was, now)]
    if all(doubtful):
        return None
    if now is None:
        return Kind.GONE
    if doubtful[1]:
        return Kind.IN_DOUBT
    if was is None or doubtful[0]:
        return Kind.NEW
    if (was.rule, was.stage) != (now.rule, now.stage):
        return Kind.MOVED
    return None if was.follows == now.follows else Kind.OTHERWISE


def _why_not(judged: Judged, rule: str, subject: str) -> str:
    """Why a rule does not speak of a subject any more."""
    judgement = judged.judgements.get(rule)
    if judgement is None:
        return _NO_RULE
    row = judged.subjects(judgement.rule.subject).index(subject)
    return explain(judged.judge, judgement, row, in_full=False).because


def _endings(snapshot: Snapshot, was: Change, now: Change) -> Iterator[Ending]:
    """What the changed rulebook would end, and the one in force would not."""
    ended = _ended(was)
    for key, ending in _ended(now).items():
        if key not in ended:
            yield replace(ending, who=_named(snapshot, ending.who)[0])


def _ended(change: Change) -> dict[str, Ending]:
    """The cases, tasks and messages that a run ends, by id; `who` is the subject yet."""
    out = {}
    for key in sorted(change.touched):
        if (case := change.cases.get(key)) and case.state is not CaseState.OPEN:
            out[key] = Ending("case", key, case.subject, case.ladder, case.closed_because)
        elif (task := change.tasks.get(key)) and task.state is not TaskState.OPEN:
            out[key] = Ending("task", key, task.subject, task.step, task.ended_because)
        elif (message := change.messages.get(key)) and message.state not in UNSENT:
            out[key] = Ending("message", key, message.subject, message.template, message.ended_because)
    return out


def _named(snapshot: Snapshot, subject: str) -> tuple[str, str]:
    """A subject as people know it, and a pupil's form."""
    if subject in snapshot.rows and (pupil := member(snapshot, subject)):
        return f"{pupil.first_name} {pupil.last_name}", pupil.form or f"year {pupil.year_group}"
    return named(subject, snapshot.facts.school.name), ""


def _own_name(file: str) -> str:
    return file.rsplit("/", 1)[-1]
