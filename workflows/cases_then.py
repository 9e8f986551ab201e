"""What its cases say to a rule that holds, as of an instant: why it may not act yet though it does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from engine.decide import Standing
from engine.grounds import anchor, grounds_now
from engine.instants import local
from engine.match import Judge, Judgement
from engine.reasons import Result
from engine.rulebook.model import Rule
from engine.stages import Past
from workflows.ports import Unit
from workflows.standing import standing_of
from workflows.values import Case, Task, TaskState


@dataclass(frozen=True, slots=True)
class CasesThen:
    """The cases of a school as they stood at an instant, by subject; none where no rule looks at them."""

    standing: Mapping[str, Standing]

    @classmethod
    def of(cls, unit: Unit, school_id: str, rules: Iterable[Rule], as_of: datetime) -> CasesThen:
        """What stood then; the store is not asked where no rule comes `after` a stage or waits to `rearm`."""
        if not any(rule.after or rule.patience.rearm for rule in rules):
            return cls({})
        made = [*unit.tasks(school_id)]
        cases, tasks = [*_cases(unit.cases(school_id), made, as_of)], _tasks(made, as_of)
        return cls(standing_of(cases, tasks, (), as_of, closed=_closed(cases)))

    def sentences(self, judge: Judge, judgement: Judgement, row: int, name: str) -> tuple[str, ...]:
        """Why they keep a rule that holds for a subject from acting; nothing where they let it."""
        rule, stands = judgement.rule, self.standing.get(name, Standing())
        if judgement.result(row) is not Result.MATCHED:
            return ()
        (now,) = grounds_now(judge, judgement, [row])
        on = anchor(rule, now, {case.ladder: case.anchor for case in stands.cases if case.open})
        own = {
            case.ladder: case for case in stands.cases if (case.ladder, case.anchor) == (rule.on_ladder, on)
        }
        past = Past(own, dict(stands.closed), judge.snapshot.calendar, judge.days[0])
        return tuple(past.sentences(rule))


def _cases(cases: Iterable[Case], tasks: Iterable[Task], as_of: datetime) -> Iterator[Case]:
    """The cases opened by then: open if they closed later, on the stage whose work had been made by then."""
    stages: dict[str, list[tuple[datetime, int]]] = {}
    for task in tasks:
        stages.setdefault(task.case_id, []).append((task.made_as_of, task.stage))
    for case in cases:
        if case.opened_at > as_of:
            continue
        closed = None if case.closed_at is None or case.closed_at > as_of else case.closed_at
        own = stages.get(case.case_id, [])
        yet_to_come = {stage for made, stage in own if made > as_of}
        come = {stage for made, stage in own if made <= as_of}
        later = case.stage in yet_to_come - come  # a stage without work of its own leaves no trace of when
        yield replace(case, closed_at=closed, stage=max(come, default=0) if later else case.stage)


def _tasks(tasks: Iterable[Task], as_of: datetime) -> Iterator[Task]:
    for task in tasks:
        if task.made_as_of <= as_of:
            later = task.ended_at is not None and task.ended_at > as_of
            yield replace(task, state=TaskState.OPEN, ended_at=None) if later else task


def _closed(cases: Iterable[Case]) -> dict[tuple[str, str], date]:
    """The day on which the last case of each subject and ladder closed that had acted."""
    closed: dict[tuple[str, str], date] = {}
    for case in cases:
        if case.closed_at is not None and case.stage:
            key, day = (case.subject, case.ladder), local(case.closed_at).date()
            closed[key] = max(day, closed.get(key, day))
    return closed
