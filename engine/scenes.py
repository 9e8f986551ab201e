"""A rule test as a scene: one pupil on one day, judged by the real path, and what each rule makes of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, time

from engine import sample
from engine.calendar import holds_session
from engine.decide import Decided, Decision, Standing, decide
from engine.explain import explain
from engine.grounds import OpenCase
from engine.inference.agree import Inference
from engine.inference.facts import Voice
from engine.instants import local, local_instant, read_instant
from engine.judged import Judged
from engine.reasons import Outcome, Reason
from engine.records import HALVES, Event, Pupil, SchoolDay
from engine.rulebook.calendars import TestCalendar
from engine.rulebook.model import Rule, TaskStep
from engine.rulebook.rulebook import Rulebook
from engine.rulebook.shapes import TestShape
from engine.snapshot import Snapshot

Marks = dict[tuple[date, int], str]
"""Codes by day and half: 0 the morning, 1 the afternoon; a mark not taken is empty."""
UPN = "TEST"
NONE = "none"
_DAY_ENDS = time(15, 30)
_SENT = {Voice.GO: "at once", Voice.ASK: "when approved"}
_MAKES = frozenset({Outcome.ACT, Outcome.PROPOSE})


@dataclass(frozen=True, slots=True)
class MadeTask:
    """A task as a rule makes it; `due` in local time, to the minute (2025-11-14T15:30)."""

    do: str
    by: str
    due: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What one rule says of the pupil of a scene, or of their class, and what it makes.

    `why` is the sentence for it, `short_by` what each failing comparison lacks; `outcome`, `message`, `sent`
    and `case` are `none`, `ground` and `tasks` empty, `stage` 0, where there is no such thing.
    """

    result: str
    why: str
    short_by: tuple[float, ...]
    outcome: str = NONE
    ground: str = ""
    stage: int = 0
    tasks: tuple[MadeTask, ...] = ()
    message: str = NONE
    sent: str = NONE
    case: str = NONE
    reasons: tuple[Reason, ...] = ()

    @property
    def makes_something(self) -> bool:
        """Whether a person gets work, or the family a message, now."""
        return self.outcome in _MAKES or bool(self.tasks)


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """One pupil on one day, judged by the rules of a rulebook; `shape` is the test that tells it."""

    shape: TestShape
    judged: Judged
    rules: Mapping[str, Rule]

    @classmethod
    def of(cls, shape: TestShape, calendar: TestCalendar, rulebook: Rulebook) -> Scene:
        """The scene that a test tells; a ValueError where its marks or its day cannot be read."""
        try:
            snapshot, as_of = _snapshot(shape, calendar), read_instant(shape.as_of)
        except OverflowError as wrong:  # days beyond the year 9999
            raise ValueError(str(wrong)) from wrong
        return cls(shape, Judged.of(snapshot, rulebook, as_of), {rule.id: rule for rule in rulebook.rules})

    def under(self, rules: Iterable[Rule]) -> Scene:
        """The same pupil and day with these rules in the place of those of their names."""
        changed = {rule.id: rule for rule in rules}
        again = self.judged.instead(changed.values())
        return replace(self, judged=again, rules=dict(self.rules) | changed)

    def seen(self, names: Iterable[str], inference: Inference) -> dict[str, Seen]:
        """What each of some rules says and makes, every rule deciding beside the others."""
        stands = Standing(self._cases(), closed=tuple(self.shape.closed.items()))
        decided = decide(self.judged, inference, {UPN: stands})
        return {name: self._seen(self.rules[name], decided) for name in names}

    def _seen(self, rule: Rule, decided: Decided) -> Seen:
        found = explain(self.judged.judge, self.judged.judgements[rule.id], 0)
        (subject,) = self.judged.subjects(rule.subject)
        short = tuple(float(str(line["by"])) for line in found.short_by if line["by"] is not None)
        seen = Seen(found.result.value, found.because, short, case=self._case(rule, decided))
        for decision in decided.decisions:
            if (decision.subject, decision.rule.id) == (subject, rule.id):
                return self._made(seen, decision)
        return seen

    def _made(self, seen: Seen, decision: Decision) -> Seen:
        seen = replace(seen, outcome=decision.outcome.value, ground=decision.anchor, reasons=decision.reasons)
        acts = decision.outcome in _MAKES
        seen = replace(seen, tasks=self._tasks(decision, decision.acts.tasks if acts else decision.opens))
        if not acts:
            return seen
        sent, message = _SENT.get(decision.voice, NONE), decision.acts.message
        told = message.template if message and sent != NONE else NONE
        return replace(seen, stage=decision.acts.stage, message=told, sent=sent)

    def _tasks(self, decision: Decision, steps: Iterable[TaskStep]) -> tuple[MadeTask, ...]:
        """Tasks as they are made by a decision, in their order."""
        calendar, as_of = self.judged.judge.snapshot.calendar, self.judged.judge.instants.moments[0]
        dues = ((step, local(step.due.at(calendar, as_of, decision.session, _DAY_ENDS))) for step in steps)
        return tuple(MadeTask(step.do, step.by, due.strftime("%Y-%m-%dT%H:%M")) for step, due in dues)

    def _case(self, rule: Rule, decided: Decided) -> str:
        if rule.on_ladder not in self.shape.done:
            return NONE
        over = {closing.case_id for closing in decided.closings}
        return "closes" if rule.on_ladder in over else "stays open"

    def _cases(self) -> tuple[OpenCase, ...]:
        """The pupil's open cases whose stages the test says are done, each on today's ground."""
        cases = []
        for ladder, stages in self.shape.done.items():
            held = [
                self.judged.held[name].get(0) for name, rule in self.rules.items() if rule.on_ladder == ladder
            ]
            on = next(filter(None, held), "")
            done = tuple(sorted(stages.items()))
            opened_at = local_instant(min(stages.values()), time())
            cases.append(OpenCase(ladder, ladder, on, max(stages), opened_at, open=True, done=done))
        return tuple(cases)


def marks_of(shape: TestShape) -> Marks:
    """The marks that a test gives, put right where it says that they were corrected.

    Raises:
        ValueError: a token is no day of marks.
    """
    marks: Marks = {}
    for lines in (shape.marks, shape.corrected):
        for first, line in lines.items():
            days = sample.tokens(line)
            for day, pair in zip(sample.weekdays(first, len(days)), days, strict=True):
                marks |= {(day, half): _as_taken(code, half) for half, code in enumerate(pair)}
    return marks


def _snapshot(shape: TestShape, calendar: TestCalendar) -> Snapshot:
    said, school = shape.pupil, calendar.school.school_id
    pupil = Pupil(
        UPN,
        school,
        "Tess",
        "Test",
        said.year_group,
        said.admitted_on,
        said.left_on,
        None if said.date_of_birth == "unknown" else said.date_of_birth,
        form=said.form,
        flags=tuple(said.flags),
        social_worker=said.social_worker,
        looked_after=said.looked_after,
        medical=said.medical,
        young_carer=said.young_carer,
        sex=said.sex,
        fsm=said.fsm,
        sen=said.sen,
        eal=said.eal,
        ethnicity=said.ethnicity,
    )
    events = [
        Event(UPN, school, e.kind, e.on, e.since, e.until, e.contact_id, e.outcome) for e in shape.history
    ]
    marks: Marks = {}
    if shape.present_otherwise:
        for row in calendar.days:
            marks |= _present(row)
    marks |= marks_of(shape)
    taken = sample.grid({UPN: marks})
    return Snapshot.build(
        sample.facts(calendar.school, calendar.days, calendar.terms, [pupil], taken, events)
    )


def _present(row: SchoolDay) -> Marks:
    return {(row.date, at): "/\\"[at] for at, half in enumerate(HALVES) if holds_session(row, half)}


def _as_taken(code: str, half: int) -> str:
    """`/` stands for present in either half of a compact line."""
    return "\\" if code == "/" and half else code
