"""What one run changes: new and updated values and ledger entries, gathered before anything is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from engine.cases import CaseState, Move, moved
from engine.reasons import Reason
from workflows.ports import Unit
from workflows.values import LEAVING, UNSENT, AnyTask, Case, Entry, Message, MessageState, Task, TaskState


@dataclass(slots=True)
class Change:
    """The cases, tasks and messages of one school that a run may touch, while it works on them.

    Values are replaced, never edited; a task that was there is held in brief. `episodes` is the latest
    episode of each subject and ladder. `write` hands the difference to the store in one go.
    """

    cases: dict[str, Case]
    tasks: dict[str, AnyTask]
    messages: dict[str, Message]
    episodes: dict[tuple[str, str], int] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    new: set[str] = field(default_factory=set)
    touched: set[str] = field(default_factory=set)
    reopened: set[str] = field(default_factory=set)
    _grounds: dict[tuple[str, str, str], str] = field(default_factory=dict)
    _items: dict[str, dict[str, None]] = field(default_factory=lambda: defaultdict(dict))

    @classmethod
    def of(
        cls,
        cases: Iterable[Case],
        tasks: Iterable[AnyTask],
        messages: Iterable[Message],
        episodes: Mapping[tuple[str, str], int] | None = None,
    ) -> Change:
        """A run's view of what stands."""
        change = cls({}, {}, {}, dict(episodes or {}))
        for case in cases:
            change._set_case(case)
        for task in tasks:
            change._set_task(task)
        for message in messages:
            change._set_message(message)
        return change

    def case_on(self, subject: str, ladder: str, anchor: str) -> Case | None:
        """The case of a subject on a ladder that stands on this ground."""
        found = self._grounds.get((subject, ladder, anchor))
        return self.cases[found] if found else None

    def look_at(self, messages: Iterable[Message]) -> None:
        """Take messages that are there among those that may be changed, as far as they are not among them."""
        for message in messages:
            if message.message_id not in self.messages:
                self._set_message(message)

    def put_case(self, case: Case) -> None:
        """Set a case's value; one not there before is new."""
        self._note(case.case_id, known=case.case_id in self.cases, same=self.cases.get(case.case_id) == case)
        self._set_case(case)

    def move_case(self, case: Case, move: Move, **now: object) -> None:
        """Move a case as the table of engine/cases.py says, with what else it is `now`.

        One not there before is new. A move that leaves it open ends that it was closed; ValueError for one
        that the table does not have.
        """
        before = self.cases[case.case_id].state if case.case_id in self.cases else CaseState.NONE
        after = moved(before, move)
        if after is CaseState.OPEN:
            now |= {"closed_at": None, "closed_because": ""}
        case = replace(case, **now)  # type: ignore[arg-type]
        if case.state is not after:
            raise ValueError(f"case {case.case_id} {move}, and would be {case.state}, not {after}")
        self.put_case(case)

    def put_task(self, task: AnyTask) -> None:
        """Set a task's value; one not there before is new."""
        self._note(task.task_id, known=task.task_id in self.tasks, same=self.tasks.get(task.task_id) == task)
        self._set_task(task)

    def put_message(self, message: Message) -> None:
        """Set a message's value; one not there before is new."""
        key = message.message_id
        self._note(key, known=key in self.messages, same=self.messages.get(key) == message)
        self._set_message(message)

    def end_task(self, task: AnyTask, state: TaskState, at: datetime, reason: Reason) -> None:
        """End an open task, with the reason that people read."""
        self.put_task(replace(task, state=state, ended_at=at, ended_because=reason.sentence))

    def end_message(self, message: Message, state: MessageState, at: datetime, reason: Reason) -> None:
        """End a message that has not left, with the reason that people read."""
        self.put_message(replace(message, state=state, ended_at=at, ended_because=reason.sentence))

    def items(self, subject: str) -> tuple[list[AnyTask], list[Message]]:
        """The tasks and messages of a subject, whatever became of them."""
        own = self._items[subject]
        return [self.tasks[key] for key in own if key in self.tasks], [
            self.messages[key] for key in own if key in self.messages
        ]

    def open_items(self, subject: str) -> tuple[list[AnyTask], list[Message]]:
        """The open tasks and unsent messages of a subject."""
        tasks, messages = self.items(subject)
        return [t for t in tasks if t.state is TaskState.OPEN], [m for m in messages if m.state in UNSENT]

    def unfinished(self) -> list[AnyTask | Message]:
        """Every open task and every message that has not left, tasks first."""
        tasks = [task for task in self.tasks.values() if task.state is TaskState.OPEN]
        return [*tasks, *(message for message in self.messages.values() if message.state in UNSENT)]

    def on_their_way(self) -> list[Message]:
        """Every message that a sender has taken on, or that may have left: it may come back unsent."""
        return [message for message in self.messages.values() if message.state in LEAVING]

    def open_again(self, key: str) -> None:
        """Count an existing task or message as made by this run: it was withdrawn and holds again."""
        self.reopened.add(key)

    def made_tasks(self) -> list[Task]:
        """The tasks this run made or opened again, by id."""
        made = (self.tasks.get(key) for key in sorted(self.new | self.reopened))
        return [task for task in made if isinstance(task, Task)]

    def made_messages(self) -> list[Message]:
        """The messages this run made or opened again, by id."""
        return [self.messages[key] for key in sorted(self.new | self.reopened) if key in self.messages]

    def write(self, unit: Unit, school_id: str, at: datetime, as_of: datetime) -> None:
        """Hand the difference to the store: what is new, what changed, what the ledger keeps.

        `at` is when it is written, `as_of` the instant from which on it is so.
        """
        unit.add(
            [case for key, case in self.cases.items() if key in self.new],
            [task for key, task in self.tasks.items() if key in self.new and isinstance(task, Task)],
            [message for key, message in self.messages.items() if key in self.new],
        )
        unit.update(
            [case for key, case in self.cases.items() if key in self.touched],
            [task for key, task in self.tasks.items() if key in self.touched],
            [message for key, message in self.messages.items() if key in self.touched],
            as_of,
        )
        unit.append(school_id, at, self.entries)

    def _note(self, key: str, *, known: bool, same: bool) -> None:
        if not known:
            self.new.add(key)
        elif not same and key not in self.new:
            self.touched.add(key)

    def _set_case(self, case: Case) -> None:
        self.cases[case.case_id] = case
        self._grounds[case.subject, case.ladder, case.anchor] = case.case_id
        on = (case.subject, case.ladder)
        self.episodes[on] = max(case.episode, self.episodes.get(on, 0))

    def _set_task(self, task: AnyTask) -> None:
        self.tasks[task.task_id] = task
        self._items[task.subject][task.task_id] = None

    def _set_message(self, message: Message) -> None:
        self.messages[message.message_id] = message
        self._items[message.subject][message.message_id] = None
