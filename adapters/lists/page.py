"""A list cut into pages: all of it, or one for each person or school."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.instants import local
from workflows.tasks import Listed, due_words

HEADER = ("", "due", "who", "pupil or class", "to do", "because", "minutes", "id")
APART: dict[str, Callable[[Listed], str]] = {
    "": lambda _: "",
    "person": lambda line: line.owner,
    "school": lambda line: line.school,
}
"""What a page is about, by the word of `--by`."""


@dataclass(frozen=True, slots=True)
class Page:
    """One heading and the lines below it, as text in the columns of HEADER; `late` are rows overdue."""

    title: str
    rows: tuple[tuple[str, ...], ...]
    late: frozenset[int]
    as_of: str


def pages(lines: Sequence[Listed], as_of: datetime, by: str = "") -> list[Page]:
    """The pages of a list, each in the list's own order; an empty list is one page that says so."""
    apart: dict[str, list[Listed]] = {}
    for line in lines:
        apart.setdefault(APART[by](line), []).append(line)
    stamp = f"{local(as_of):%A %d %B %Y, %H:%M}"
    return [
        Page(
            title or "Tasks",
            tuple(_row(line, as_of) for line in own),
            frozenset(number for number, line in enumerate(own) if line.overdue),
            stamp,
        )
        for title, own in (apart or {"": []}).items()
    ]


def _row(line: Listed, as_of: datetime) -> tuple[str, ...]:
    task = line.task
    return (
        str(line.rank),
        due_words(task, as_of) + (" overdue" if line.overdue else ""),
        line.owner,
        f"{line.who} {line.form}".strip(),
        ("decide: " if task.decide else "") + task.step,
        task.because,
        str(task.minutes),
        task.task_id,
    )
