"""What people do about their tasks: start, done, snooze, dismiss, hand over, reopen.

Each is done in a person's name, to all the tasks named or to none, and stands in the ledger. What a
person did is theirs: no run takes it back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from engine.instants import local
from engine.records import Staff
from workflows.following import is_reserved, next_task, outcome_of
from workflows.library import Library
from workflows.people import may_decide, near, person
from workflows.ports import Clock, Store, Unit
from workflows.settings import Settings
from workflows.values import Entry, Task, TaskState

LONGEST_SNOOZE = timedelta(days=28)


class CannotDo(Exception):  # noqa: N818 - a sentence for a person
    """Something that cannot be done to a task, and why not."""


@dataclass(frozen=True, slots=True)
class Acted:
    """The tasks as they stand now, and those that an outcome opened."""

    tasks: tuple[Task, ...]
    opened: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class _Turn:
    """One task in the hands of one person at one moment."""

    unit: Unit
    task: Task
    who: Staff
    at: datetime


@dataclass(frozen=True, slots=True)
class Acting:
    """What people do, with everything it needs; one method for each thing.

    `ids` are task ids, or beginnings of them that fit one task alone; `by` is a staff id, or a part of a
    name that fits one person of the task's school; `at` is when (default now). CannotDo says why not.
    """

    store: Store
    library: Library
    settings: Settings
    clock: Clock

    def start(self, ids: Sequence[str], by: str, at: datetime | None = None) -> Acted:
        """Say that somebody is on it, so that nobody else is."""

        def started(turn: _Turn) -> Task:
            task = _standing(turn, TaskState.OPEN)
            if task.started_at is not None:
                raise CannotDo(f"{task.task_id} was started at {local(task.started_at):%H:%M} by {task.by}")
            return replace(task, started_at=turn.at, snoozed_until=None)

        return self._each("start", ids, by, at, started)

    def done(
        self, ids: Sequence[str], by: str, outcome: str, note: str = "", at: datetime | None = None
    ) -> Acted:
        """Say what came of it; the outcome may open a next task, for the person whose it then is."""
        opened: list[Task] = []

        def ended(turn: _Turn) -> Task:
            task = self._theirs(turn)
            rulebook = self.library.for_school(task.school_id)
            found = outcome_of(rulebook, outcome)
            if found is None:
                names = ", ".join(each.name for each in rulebook.triage)
                raise CannotDo(f"{outcome!r} is no outcome; --outcome is one of: {names}")
            if found.note_required:
                _must_say(note, f"the outcome {found.name!r} needs a --note: what was found, and why")
            if found.task is not None:
                opened.append(next_task(turn.unit, task, found, turn.at, self.settings))
            return replace(
                _ended(task, TaskState.DONE, turn.at, found.title),
                outcome=found.name,
                note=note,
                started_at=task.started_at or turn.at,
            )

        return self._each("done", ids, by, at, ended, opened, outcome=outcome, note=note)

    def snooze(
        self, ids: Sequence[str], by: str, until: datetime, because: str, at: datetime | None = None
    ) -> Acted:
        """Put it out of sight until an instant; it comes back by itself."""

        def snoozed(turn: _Turn) -> Task:
            task = _standing(turn, TaskState.OPEN)
            if until <= turn.at:
                raise CannotDo(f"a snooze ends later than now: {local(until):%a %d %b %H:%M} is over")
            if until - turn.at > LONGEST_SNOOZE:
                raise CannotDo(f"a snooze ends within four weeks; dismiss {task.task_id} if it is not needed")
            if task.expires_at is not None and until >= task.expires_at:
                raise CannotDo(f"{task.task_id} is missed at {local(task.expires_at):%H:%M}: hand it over")
            if task.safeguarding and until > task.due:
                raise CannotDo(
                    f"{task.task_id} is about a child with a social worker or a safeguarding flag: it is not "
                    "put off beyond the time it is due; hand it over instead"
                )
            return replace(task, snoozed_until=until)

        _must_say(because, "--because says why it can wait")
        return self._each("snooze", ids, by, at, snoozed, until=until.isoformat(), because=because)

    def dismiss(self, ids: Sequence[str], by: str, because: str, at: datetime | None = None) -> Acted:
        """Say that it need not be done, and why."""
        _must_say(because, "--because says why it need not be done")
        return self._each(
            "dismiss",
            ids,
            by,
            at,
            lambda turn: _ended(self._theirs(turn), TaskState.DISMISSED, turn.at, because),
            because=because,
        )

    def hand_over(
        self, ids: Sequence[str], by: str, to: str, because: str = "", at: datetime | None = None
    ) -> Acted:
        """Give it to somebody else."""

        def handed(turn: _Turn) -> Task:
            task = _standing(turn, TaskState.OPEN)
            new = staff_member(turn.unit, task.school_id, to)
            if new.staff_id == task.assignee:
                raise CannotDo(f"{task.task_id} is {new.name}'s already")
            self._theirs(replace(turn, who=new))
            first = task.first_owner or task.assignee
            return replace(task, assignee=new.staff_id, first_owner=first, started_at=None, covering="")

        return self._each("hand over", ids, by, at, handed, to=to, because=because)

    def reopen(self, ids: Sequence[str], by: str, because: str, at: datetime | None = None) -> Acted:
        """Take back that it was done or dismissed; what its outcome opened stays open."""

        def reopened(turn: _Turn) -> Task:
            task = _standing(turn, TaskState.DONE, TaskState.DISMISSED)
            if task.expires_at is not None and task.expires_at <= turn.at:
                raise CannotDo(f"{task.task_id} ended at {local(task.expires_at):%H:%M}: its time is over")
            return replace(
                task,
                state=TaskState.OPEN,
                ended_at=None,
                ended_because="",
                outcome="",
                note="",
                started_at=None,
            )

        _must_say(because, "--because says why")
        return self._each("reopen", ids, by, at, reopened, because=because)

    def _each(
        self,
        action: str,
        ids: Sequence[str],
        by: str,
        at: datetime | None,
        change: Callable[[_Turn], Task],
        opened: Sequence[Task] = (),
        **said: str,
    ) -> Acted:
        """The same to every task in one commit, each with its line in the ledger."""
        if not ids:
            raise CannotDo("name the tasks: 'firstbell tasks' shows their ids")
        changed: list[Task] = []
        told: dict[str, list[Entry]] = defaultdict(list)
        with self.store.transaction() as unit:
            when = at or self.clock()
            for task in {found.task_id: found for found in (named_task(unit, each) for each in ids)}.values():
                who = staff_member(unit, task.school_id, by)
                changed.append(replace(change(_Turn(unit, task, who, when)), by=who.staff_id))
                new = [each for each in opened if each.follows == task.task_id]
                unit.add((), new, ())
                told[task.school_id].append(_entry(action, task, who, new, said))
            unit.update((), changed, (), when)
            for school_id, entries in told.items():
                unit.append(school_id, when, entries)
        return Acted(tuple(changed), tuple(opened))

    def _theirs(self, turn: _Turn) -> Task:
        """The open task, where this person may end it: what is reserved to a role is that role's."""
        task, who = _standing(turn, TaskState.OPEN), turn.who
        if is_reserved(task, self.library.for_school(task.school_id)) and not may_decide(
            who, task.role, task.assignee, turn.unit.staff(task.school_id)
        ):
            role = task.role.replace("_", " ")
            raise CannotDo(
                f"{task.task_id} is a decision of the {role}: {who.name} is none, nor the deputy of one"
            )
        return task


def named_task(unit: Unit, given: str) -> Task:
    """The task with an id, or with the only one that begins so; CannotDo where there is none, or several."""
    found = unit.tasks_like(given) if given else ()
    if len(found) == 1 or (found and found[0].task_id == given):
        return found[0]
    if found:
        raise CannotDo(f"{given} fits several tasks: {', '.join(task.task_id for task in found[:3])}, ...")
    raise CannotDo(f"there is no task {given!r}; 'firstbell tasks' shows the ids")


def staff_member(unit: Unit, school_id: str, named: str) -> Staff:
    """The person meant, of a school; CannotDo where it is nobody, or several."""
    staff = unit.staff(school_id)
    fits = person(named, staff)
    if len(fits) == 1:
        return fits[0]
    if fits:
        raise CannotDo(
            f"{named!r} fits several people: {', '.join(f'{p.name} ({p.staff_id})' for p in fits)}"
        )
    meant = near(named, staff) or "; give a staff id, or part of a name"
    raise CannotDo(f"there is nobody {named!r} on the staff of {school_id}{meant}")


def _standing(turn: _Turn, *states: TaskState) -> Task:
    task = turn.task
    if task.state not in states:
        because = f": {task.ended_because}" if task.ended_because else ""
        raise CannotDo(f"{task.task_id} is {task.state.value}{because}")
    return task


def _ended(task: Task, state: TaskState, at: datetime, because: str) -> Task:
    return replace(task, state=state, ended_at=at, ended_because=because, snoozed_until=None)


def _must_say(words: str, what: str) -> None:
    if not words.strip():
        raise CannotDo(what)


def _entry(action: str, task: Task, who: Staff, new: Sequence[Task], said: dict[str, str]) -> Entry:
    content: dict[str, object] = {"task": task.task_id, "action": action, "by": who.staff_id}
    content |= {key: words for key, words in said.items() if words}
    if new:
        content["opened"] = [each.task_id for each in new]
    return Entry("task", task.subject, content, task.rulebook)
