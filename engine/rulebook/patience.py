"""What a rule waits for though it holds, as read: how long, since when, and what must be so before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.rulebook.model import Condition, TaskStep
    from engine.spans import Span


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing that must be so before a rule acts, by the words people know it by.

    `task` is the work that is made of it where nothing else keeps the rule from acting.
    """

    title: str
    when: Condition
    task: TaskStep | None = None

    @property
    def line(self) -> str:
        """What is required, and whose work it is while it is missing."""
        task = self.task
        return f"{self.title} (else {task.do}: {task.by}, {task.due.words})" if task else self.title


@dataclass(frozen=True, slots=True)
class Patience:
    """What keeps a rule from acting, or from looking, at once; as shipped nothing does.

    It must have held at the close of each of `hold_for` school days before, and all that it `requires`
    must be so; after a case on its ladder closed it acts on none but that one until `rearm` is over. The
    marks of the last school days of `grace` it does not look at.

    >>> Patience(hold_for=2).words
    ('held for 2 school days',)
    """

    hold_for: int = 0
    rearm: Span | None = None
    grace: int = 0
    requires: tuple[Requirement, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """Each part that is there, as people read it after the title of the rule."""
        said = [f"held for {_days(self.hold_for)}"] if self.hold_for else []
        said += [f"{self.rearm.words} after the last case"] if self.rearm else []
        said += [f"without the last {_days(self.grace)}"] if self.grace else []
        return (*said, *(f"requires: {each.line}" for each in self.requires))

    def each(self, turned: Callable[[Requirement], Requirement]) -> Patience:
        """The same, each of its requirements turned into another."""
        return replace(self, requires=tuple(map(turned, self.requires)))


def _days(count: int) -> str:
    return f"{count} school day{'s' if count > 1 else ''}"
