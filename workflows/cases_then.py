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
        cases = [*_cases(unit.cases(school_id), as_of)]
        tasks = _tasks(unit.tasks(school_id), as_of)
        return cls(standing_of(cases, tasks, (), as_of, closed=_closed(cases)))

    def sentences(self, judge: Judge, judgement: Judgement, row: int, name: str) -> tuple[str, ...]:
        """Why they keep a rule that holds for a subject from acting; nothing where they let it."""
        rule, stands = judgement.rule, self.standing.get(name, Standing())
        if judgement.result(row) is not Result.MATCHED:
            return ()
        (now,) = grounds_now(judge, judgement, [row])
        on = anchor(rule, now, stands.cases)
        own = {
            case.ladder: case for case in stands.cases if (case.ladder, case.anchor) == (rule.on_ladder, on)
        }
        past = Past(own, dict(stands.closed), judge.snapshot.calendar, judge.days[0])
        return tuple(past.sentences(rule))


def _cases(cases: Iterable[Case], as_of: datetime) -> Iterator[Case]:
    for case in cases:
        if case.opened_at <= as_of:
            later = case.closed_at is not None and case.closed_at > as_of
            yield replace(case, closed_at=None) if later else case


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
