"""What comes round by the calendar becomes a task, once for each time that it comes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from engine.cadence import Slot
from engine.instants import local, local_instant
from engine.reasons import Reason
from engine.records import SCHOOL
from engine.rulebook.model import Duty
from engine.rulebook.rulebook import Rulebook
from engine.snapshot import Snapshot
from workflows.change import Change
from workflows.rota import Rota
from workflows.settings import Settings
from workflows.values import Case, Entry, Task, TaskState, derived_id

LOOKS_BACK = timedelta(days=28)
DUTY = "duty/"


@dataclass(frozen=True, slots=True)
class Round:
    """One run's look at the duties of one school."""

    snapshot: Snapshot
    change: Change
    rulebook: Rulebook
    settings: Settings
    as_of: datetime
    run_id: str
    rota: Rota

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
        school_id, step = self.snapshot.facts.school.school_id, duty.task
        subject, ladder = SCHOOL + school_id, DUTY + duty.name
        due = step.due.at(self.snapshot.calendar, slot.at, None, self.settings.school_day_ends)
        assignee, covering = self.rota.owner(step.by, None, self.as_of, due, key_adult=False, reserved=False)
        missed = duty.missed_if_late and due <= self.as_of
        episode = self.change.episodes.get((subject, ladder), 0) + 1
        case = Case(
            case_id=derived_id("c", school_id, subject, ladder, slot.anchor),
            school_id=school_id,
            subject=subject,
            ladder=ladder,
            episode=episode,
            anchor=slot.anchor,
            stage=1,
            opened_at=self.as_of,
            closed_at=self.as_of,
            closed_because="a duty is over with its task",
        )
        task = Task(
            task_id=derived_id("t", case.case_id, 1, step.do),
            case_id=case.case_id,
            school_id=school_id,
            subject=subject,
            rule=DUTY + duty.name,
            ladder=ladder,
            stage=1,
            step=step.do,
            role=step.by,
            assignee=assignee,
            due=due,
            decide=False,
            because=duty.title,
            script=step.script,
            evidence="[]",
            made_as_of=self.as_of,
            run_id=self.run_id,
            rulebook=self.rulebook.version,
            family=f"{subject} {duty.name}",  # siblings stand together on the list, duties do not
            state=TaskState.EXPIRED if missed else TaskState.OPEN,
            ended_at=self.as_of if missed else None,
            ended_because=Reason.MISSED.sentence if missed else "",
            expires_at=due if duty.missed_if_late else None,
            minutes=step.minutes,
            covering=covering,
        )
        self.change.put_case(case)
        self.change.put_task(task)
        made: dict[str, object] = {
            "duty": duty.name,
            "came": slot.at.isoformat(),
            "case": case.case_id,
            "task": task.task_id,
            "run_id": self.run_id,
        }
        self.change.entries.append(Entry("duty", subject, made, task.rulebook))
        if missed:
            content: dict[str, object] = {
                "task": task.task_id,
                "rule": task.rule,
                "because": Reason.MISSED.sentence,
                "run_id": self.run_id,
            }
            self.change.entries.append(Entry("missed", subject, content, task.rulebook))
