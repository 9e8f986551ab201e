"""What a task was at any instant: lists and reports of the past tell what stood then, not what stands now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from workflows.values import Task, TaskState


@dataclass(frozen=True, slots=True)
class Life:
    """Everything that one task has been, in the order in which it was written, each from an instant on.

    The instants are those judged (`--as-of`), not those of the clock. What is written late for an earlier
    instant holds from that instant on, whatever was written before it.
    """

    stands: tuple[tuple[datetime, Task], ...]

    def at(self, instant: datetime) -> Task | None:
        """The task as it stood; None before it was made."""
        return next((task for since, task in reversed(self.stands) if since <= instant), None)

    def open_at(self, instant: datetime) -> Task | None:
        """The task as it stood; None where it was not open then."""
        task = self.at(instant)
        return task if task is not None and task.state is TaskState.OPEN else None
