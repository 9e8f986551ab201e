"""The calls of the golden hour: each family's with one adult, and no more for anybody than the hour holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from engine.instants import local
from engine.records import Pupil
from engine.rulebook.model import Autonomy, TaskStep
from engine.rulebook.rulebook import Rulebook
from engine.snapshot import Snapshot
from workflows.call_plan import Family, lay_out
from workflows.change import Change
from workflows.family_adult import REMEMBERS, Choice, Why, choose, known_best, siblings
from workflows.people import distance
from workflows.ports import Unit
from workflows.rota import Rota
from workflows.tasks import ranked
from workflows.values import AnyTask, Entry, TaskState


@dataclass(frozen=True, slots=True)
class Calls:
    """One run's look at the open calls of one school: the tasks of time-anchored rules about pupils.

    `family` maps a pupil to the family's key. What a rule only proposes is its role's, and what a person has
    done something about is theirs while its owner is in: both stay where they are.
    """

    change: Change
    rota: Rota
    snapshot: Snapshot
    family: Mapping[str, str]
    rulebook: Rulebook
    as_of: datetime
    run_id: str

    def share(self, unit: Unit, school_id: str) -> None:
        """Lay the calls onto the people who are there, each change of hands with a line in the ledger."""
        steps = {
            (rule.id, step.do): step
            for rule in self.rulebook.rules
            if rule.time_anchored and rule.subject == "pupil" and rule.autonomy is not Autonomy.PROPOSE
            for step in rule.tasks
        }
        today = local(self.as_of).date()
        out = self.rota.out(today)
        anchored = [task for task in self.change.tasks.values() if self._waits(task)]
        calls = [
            task
            for task in ranked(anchored)
            if (task.rule, task.step) in steps
            and task.subject in self.snapshot.rows
            and (not task.by or task.assignee in out)
        ]
        if not calls:
            return
        theirs: dict[str, list[AnyTask]] = defaultdict(list)
        for task in calls:
            theirs[self._key(task)].append(task)
        said = unit.spoken(school_id, self.as_of - REMEMBERS)
        known = known_best((each for each in said if each[2] <= self.as_of), self.family)
        laid_out = {task.task_id for task in calls}
        fixed = [task for task in anchored if task.task_id not in laid_out]
        brood = siblings(self.snapshot.people, self.family, today)
        choices, families = {}, []
        for key, own in theirs.items():
            step = steps[own[0].rule, own[0].step]
            also = [task for task in fixed if self._key(task) == key and task.by]
            choices[key] = self._choice(own, also, brood[key], step, known.get(key, ()), out)
            families.append(self._as_family(key, own, brood[key], step, choices[key].adult, out))
        latest = max(family.ends for family in families)
        busy: dict[str, int] = defaultdict(int)
        for task in fixed:
            if task.expires_at is not None and task.expires_at <= latest:
                busy[task.assignee] += task.minutes
        for key, laid in lay_out(families, busy, self.as_of).items():
            why = choices[key].why if laid.adult == choices[key].adult else Why.MINUTES
            for task in theirs[key]:
                self._give(task, laid.adult, choices[key].covering, why)

    def _waits(self, task: AnyTask) -> bool:
        return task.state is TaskState.OPEN and task.expires_at is not None and task.expires_at > self.as_of

    def _made_now(self, task: AnyTask) -> bool:
        return task.task_id in self.change.new or task.task_id in self.change.reopened

    def _key(self, task: AnyTask) -> str:
        return self.family.get(task.subject, task.subject)

    def _choice(
        self,
        own: Sequence[AnyTask],
        also: Sequence[AnyTask],
        children: Sequence[Pupil],
        step: TaskStep,
        known: Sequence[str],
        out: frozenset[str],
    ) -> Choice:
        """Who has the family this morning; a family that nobody has yet is chosen for."""
        standing = [*also, *(task for task in own if not self._made_now(task))]
        for task in standing:
            for who in (task.by if task.started_at else "", task.assignee):
                if who and who not in out:
                    return Choice(who, task.covering if who == task.assignee else task.assignee, Why.STANDS)
        callers = {each.staff_id for each in self.rota.staff if {step.by, *step.shared_among} & {*each.roles}}
        choice = choose(children, step.by, callers, known, self.rota.staff, out)
        left = next((task.assignee for task in standing if task.assignee), "")
        return replace(choice, covering=left or choice.covering)

    def _as_family(
        self,
        key: str,
        own: Sequence[AnyTask],
        children: Sequence[Pupil],
        step: TaskStep,
        adult: str,
        out: frozenset[str],
    ) -> Family:
        """A family as the plan sees it: who else may take it, those who look after one of them first."""
        callers = [
            each
            for role in step.shared_among
            for each in sorted(self.rota.staff, key=lambda person: person.staff_id)
            if role in each.roles and each.staff_id not in out
        ]
        near = {
            each.staff_id: None
            for each in callers
            if any(distance(each, child) is not None for child in children)
        }
        far = {each.staff_id: None for each in callers if each.staff_id not in near}
        ends = min(task.expires_at for task in own if task.expires_at is not None)
        return Family(key, sum(task.minutes for task in own), ends, adult, (tuple(near), tuple(far)))

    def _give(self, task: AnyTask, to: str, covering: str, why: Why) -> None:
        if to == task.assignee:
            if covering != task.covering:
                self.change.put_task(replace(task, covering=covering))
                self._tell(task, "cover", covering, to)
            return
        first = "" if self._made_now(task) else task.first_owner or task.assignee
        started = task.started_at if to == task.by else None
        self.change.put_task(
            replace(task, assignee=to, covering=covering, first_owner=first, started_at=started)
        )
        self._tell(task, "give", task.assignee, to, because=why.value)

    def _tell(self, task: AnyTask, action: str, whose: str, to: str, **why: str) -> None:
        content: dict[str, object] = {"task": task.task_id, "action": action, "from": whose, "to": to}
        content |= why | {"run_id": self.run_id}
        self.change.entries.append(Entry("task", task.subject, content, task.rulebook))
