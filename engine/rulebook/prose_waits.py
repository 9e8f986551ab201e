"""What a rule waits for though it holds, in English sentences."""

from __future__ import annotations

from collections.abc import Iterator

from engine.rulebook.in_prose import condition
from engine.rulebook.patience import Patience
from engine.rulebook.prose_steps import task


def waiting(patience: Patience) -> Iterator[tuple[str, str]]:
    """A sentence for each thing that a rule waits for, each with the key that says it.

    >>> [said for _, said in waiting(Patience(hold_for=2, grace=5))]
    ['It acts once it has held for 2 school days.', 'Marks of the last 5 school days are not looked at yet.']
    """
    if patience.hold_for:
        yield "hold_for", f"It acts once it has held for {_days(patience.hold_for)}."
    if patience.rearm:
        yield "rearm", f"After a case has closed it opens no other for {patience.rearm.words}."
    if patience.grace:
        yield "grace", f"Marks of the last {_days(patience.grace)} are not looked at yet."
    for required in patience.requires:
        yield "requires", f"It waits until this is so: {required.title} ({condition(required.when)})."
        if required.task:
            yield "requires", f"While only such a thing is missing: {task(required.task)}"


def _days(count: int) -> str:
    return f"{count} school days" if count > 1 else "1 school day"
