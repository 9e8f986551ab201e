"""What one run changes: new and updated values and ledger entries, gathered before anything is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from engine.reasons import Reason
from workflows.ports import Unit
from workflows.values import UNSENT, Case, Entry, Message, MessageState, Task, TaskState


@dataclass(slots=True)
class Change:
    """The cases, tasks and messages of one school while a run works on them.

    Values are replaced, never edited. `write` hands the difference to the store in one go.
    """

    cases: dict[str, Case]
    tasks: dict[str, Task]
    messages: dict[str, Message]
    entries: list[Entry] = field(default_factory=list)
    new: set[str] = field(default_factory=set)
    touched: set[str] = field(default_factory=set)
    reopened: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, cases: Sequence[Case], tasks: Sequence[Task], messages: Sequence[Message]) -> Change:
        """A run's view of what stands."""
        return cls(
            {case.case_id: case for case in cases},
            {task.task_id: task for task in tasks},
            {message.message_id: message for message in messages},
        )

    def put_case(self, case: Case) -> None:
        """Set a case's value; one not there before is new."""
        self._note(case.case_id, known=case.case_id in self.cases, same=self.cases.get(case.case_id) == case)
        self.cases[case.case_id] = case

    def put_task(self, task: Task) -> None:
        """Set a task's value; one not there before is new."""
        self._note(task.task_id, known=task.task_id in self.tasks, same=self.tasks.get(task.task_id) == task)
        self.tasks[task.task_id] = task

    def put_message(self, message: Message) -> None:
        """Set a message's value; one not there before is new."""
        key = message.message_id
        self._note(key, known=key in self.messages, same=self.messages.get(key) == message)
        self.messages[key] = message

    def end_task(self, task: Task, state: TaskState, at: datetime, reason: Reason) -> None:
        """End an open task, with the reason that people read."""
        self.put_task(replace(task, state=state, ended_at=at, ended_because=reason.sentence))

    def end_message(self, message: Message, state: MessageState, at: datetime, reason: Reason) -> None:
        """End a message that has not left, with the reason that people read."""
        self.put_message(replace(message, state=state, ended_at=at, ended_because=reason.sentence))

    def open_items(self, subject: str) -> tuple[list[Task], list[Message]]:
        """The open tasks and unsent messages of a subject."""
        tasks = [t for t in self.tasks.values() if t.subject == subject and t.state is TaskState.OPEN]
        return tasks, [m for m in self.messages.values() if m.subject == subject and m.state in UNSENT]

    def open_again(self, key: str) -> None:
        """Count an existing task or message as made by this run: it was withdrawn and holds again."""
        self.reopened.add(key)

    def made_tasks(self) -> list[Task]:
        """The tasks this run made or opened again, by id."""
        return sorted(
            (t for key, t in self.tasks.items() if key in self.new | self.reopened), key=lambda t: t.task_id
        )

    def made_messages(self) -> list[Message]:
        """The messages this run made or opened again, by id."""
        made = (m for key, m in self.messages.items() if key in self.new | self.reopened)
        return sorted(made, key=lambda m: m.message_id)

    def write(self, unit: Unit, school_id: str, at: datetime) -> None:
        """Hand the difference to the store: what is new, what changed, what the ledger keeps."""
        unit.add(
            [case for key, case in self.cases.items() if key in self.new],
            [task for key, task in self.tasks.items() if key in self.new],
            [message for key, message in self.messages.items() if key in self.new],
        )
        unit.update(
            [case for key, case in self.cases.items() if key in self.touched],
            [task for key, task in self.tasks.items() if key in self.touched],
            [message for key, message in self.messages.items() if key in self.touched],
        )
        unit.append(school_id, at, self.entries)

    def _note(self, key: str, *, known: bool, same: bool) -> None:
        if not known:
            self.new.add(key)
        elif not same and key not in self.new:
            self.touched.add(key)
