"""What comes round by the calendar becomes a task, once for each time that it comes."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, time, timedelta

from engine.cadence import Slot
from engine.instants import local, local_instant
from engine.match import Judge
from engine.reasons import Reason
from engine.records import SCHOOL, Pupil
from engine.rulebook.model import Duty, TaskStep
from engine.rulebook.rulebook import Rulebook
from engine.snapshot import Snapshot
from workflows.as_json import as_json
from workflows.change import Change
from workflows.naming import Named, Names, names_of
from workflows.people import safeguarding
from workflows.rota import Rota
from workflows.settings import Settings
from workflows.values import Case, Entry, Task, TaskState, derived_id

LOOKS_BACK = timedelta(days=28)
DUTY, LISTED = "duty/", "listed/"
"""What the rule of a duty's task begins with, and that of the task for each pupil whom it names."""
_EVIDENCE = "named"


@dataclass(frozen=True, slots=True)
class Round:
    """One run's look at the duties of one school.

    `done` gives the tasks that were ever done there, `family` is the key of each pupil's family.
    """

    judge: Judge
    change: Change
    rulebook: Rulebook
    settings: Settings
    as_of: datetime
    run_id: str
    done: Callable[[], Sequence[Task]]
    rota: Rota
    family: Mapping[str, str]

    @property
    def snapshot(self) -> Snapshot:
        """The school as it is believed."""
        return self.judge.snapshot

    def make(self, there: Collection[tuple[str, str]], first_run: datetime | None) -> None:
        """Make the task of every slot that has come since the school's first run and has none yet.

        `there` are the (ladder, anchor) that stand already. A slot whose time was over before anybody
        looked is kept as missed where the duty says so, and is done late where not; four weeks back and
        no further.
        """
        since = local_instant(local(first_run or self.as_of).date(), time())
        since = max(since, self.as_of - LOOKS_BACK) - timedelta(microseconds=1)
        school = self.snapshot.facts.school
        for duty in self.rulebook.duties:
            if duty.phases and school.phase not in duty.phases:
                continue
            slots = duty.comes.slots(self.snapshot.calendar, self.snapshot.facts.terms, since, self.as_of)
            for slot in slots:
                if (DUTY + duty.name, slot.anchor) not in there:
                    self._make(duty, slot)

    def _make(self, duty: Duty, slot: Slot) -> None:
        subject = SCHOOL + self.snapshot.facts.school.school_id
        case = self._case(subject, DUTY + duty.name, slot)
        task = self._task(case, duty.task, slot.at, None)
        missed = duty.missed_if_late and task.due <= self.as_of
        names = Names() if missed else names_of(duty, self.judge, self.done)
        task = replace(
            task,
            because=_because(duty, names),
            evidence=as_json(_evidence(duty, names)),
            family=f"{subject} {duty.name}",  # siblings stand together on the list, duties do not
            expires_at=task.due if duty.missed_if_late else None,
        )
        told = {"came": slot.at.isoformat()} | (asdict(names) if duty.names else {})
        if missed:
            said = Reason.MISSED.sentence
            task = replace(task, state=TaskState.EXPIRED, ended_at=self.as_of, ended_because=said)
        self._put(duty, case, task, told)
        if missed:
            content: dict[str, object] = {
                "task": task.task_id,
                "rule": task.rule,
                "because": Reason.MISSED.sentence,
                "run_id": self.run_id,
            }
            self.change.entries.append(Entry("missed", subject, content, task.rulebook))
        if duty.each:
            self._make_each(duty, duty.each, slot, names, task.task_id)

    def _make_each(self, duty: Duty, step: TaskStep, slot: Slot, names: Names, follows: str) -> None:
        """A task about each pupil named; none where that of an earlier time is still open."""
        rule = LISTED + duty.name
        for named in names.named:
            if any(task.rule == rule for task in self.change.open_items(named.upn)[0]):
                continue
            pupil = self.snapshot.people[self.snapshot.row(named.upn)]
            case = self._case(named.upn, rule, slot)
            task = replace(
                self._task(case, step, self.as_of, pupil),
                because=named.because,
                family=self.family.get(named.upn, named.upn),
                safeguarding=safeguarding(pupil),
                follows=follows,
            )
            self._put(duty, case, task, {"because": named.because})

    def _put(self, duty: Duty, case: Case, task: Task, told: dict[str, object]) -> None:
        self.change.put_case(case)
        self.change.put_task(task)
        made: dict[str, object] = {
            "duty": duty.name,
            **told,
            "case": case.case_id,
            "task": task.task_id,
            "run_id": self.run_id,
        }
        self.change.entries.append(Entry("duty", task.subject, made, task.rulebook))

    def _case(self, subject: str, ladder: str, slot: Slot) -> Case:
        school_id = self.snapshot.facts.school.school_id
        return Case(
            case_id=derived_id("c", school_id, subject, ladder, slot.anchor),
            school_id=school_id,
            subject=subject,
            ladder=ladder,
            episode=self.change.episodes.get((subject, ladder), 0) + 1,
            anchor=slot.anchor,
            stage=1,
            opened_at=self.as_of,
            closed_at=self.as_of,
            closed_because="a duty is over with its task",
        )

    def _task(self, case: Case, step: TaskStep, since: datetime, pupil: Pupil | None) -> Task:
        due = step.due.at(self.snapshot.calendar, since, None, self.settings.school_day_ends)
        whose, covering = self.rota.owner(step.by, pupil, self.as_of, due, key_adult=False, reserved=False)
        return Task(
            task_id=derived_id("t", case.case_id, 1, step.do),
            case_id=case.case_id,
            school_id=case.school_id,
            subject=case.subject,
            rule=case.ladder,
            ladder=case.ladder,
            stage=1,
            step=step.do,
            role=step.by,
            assignee=whose,
            due=due,
            decide=False,
            because="",
            script=step.script,
            evidence="[]",
            made_as_of=self.as_of,
            run_id=self.run_id,
            rulebook=self.rulebook.version,
            minutes=step.minutes,
            covering=covering,
        )


def names_on(task: Task) -> Names:
    """The pupils whom a duty's task names and leaves out, as they were when it was made."""
    for part in json.loads(task.evidence):
        if part.get("measure") == _EVIDENCE:
            return Names(
                tuple(Named(**each) for each in part["named"]),
                tuple(Named(**each) for each in part["left_out"]),
            )
    return Names()


def _evidence(duty: Duty, names: Names) -> list[dict[str, object]]:
    return [{"measure": _EVIDENCE, "sessions": [], **asdict(names)}] if duty.names else []


def _because(duty: Duty, names: Names) -> str:
    if not duty.names:
        return duty.title
    left_out = f", {len(names.left_out)} left out for a person to decide" if names.left_out else ""
    return f"{duty.title}: {len(names.named)} named{left_out}"
