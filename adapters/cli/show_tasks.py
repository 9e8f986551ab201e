"""Task lists as a screen, as JSON and as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime

from rich import box
from rich.table import Table
from rich.text import Text

from adapters.cli.screen import screen
from adapters.mis.quarantine import harmless
from engine.instants import local
from workflows.explaining import subject_fields
from workflows.tasks import Listed, due_words
from workflows.values import Task

_HEADER = ("rank", "due", "owner", "pupil", "form", "task", "why", "rule", "id")


def show_tasks(lines: Sequence[Listed], as_of: datetime, most: int | None = None) -> None:
    """The list as people read it; overdue ones say so."""
    console = screen()
    if not lines:
        console.print("Nothing is open.")
        return
    table = Table(box=box.SIMPLE_HEAD, expand=True, pad_edge=False)
    for name, options in (
        ("", {"justify": "right", "no_wrap": True}),
        ("due", {"no_wrap": True}),
        ("who", {"ratio": 3}),
        ("pupil or class", {"ratio": 3}),
        ("to do", {"ratio": 4}),
        ("because", {"ratio": 6}),
    ):
        table.add_column(name, **options)
    for line in lines[:most]:
        due = Text(due_words(line.task, as_of), style="bold red" if line.overdue else "")
        if line.overdue:
            due.append("\noverdue")
        do = ("decide: " if line.task.decide else "") + line.task.step
        who = Text(line.owner, style="bold red" if not line.task.assignee else "")
        table.add_row(
            str(line.rank),
            due,
            who,
            Text(f"{line.who} {line.form}".strip()),
            Text(do),
            Text(line.task.because),
        )
    console.print(table)
    more = len(lines) - len(lines[:most])
    overdue = sum(line.overdue for line in lines)
    tail = f", {overdue} overdue" if overdue else ""
    console.print(f"{len(lines)} open{tail}" + (f"; {more} more: firstbell tasks" if more else ""))


def tasks_document(lines: Sequence[Listed]) -> list[dict[str, object]]:
    """The list for other programs."""
    return [
        {"rank": line.rank, **task_fields(line.task), "pupil": line.who, "owner": line.owner}
        for line in lines
    ]


def task_fields(task: Task) -> dict[str, object]:
    """One task for other programs."""
    return {
        "id": task.task_id,
        **subject_fields(task.subject),
        "school_id": task.school_id,
        "rule": task.rule,
        "ladder": task.ladder,
        "stage": task.stage,
        "step": task.step,
        "assignee": task.assignee or None,
        "role": task.role,
        "due": local(task.due).isoformat(),
        "decide": task.decide,
        "state": task.state.value,
        "because": task.because,
        "script": task.script,
        "ended_because": task.ended_because,
    }


def tasks_csv(lines: Sequence[Listed]) -> str:
    """The list for a spreadsheet; a field that begins like a formula is made harmless."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_HEADER)
    for line in lines:
        task = line.task
        fields = (
            line.rank,
            f"{local(task.due):%Y-%m-%d %H:%M}",
            line.owner,
            line.who,
            line.form,
            task.step,
            task.because,
            task.rule,
            task.task_id,
        )
        writer.writerow([harmless(str(field)) for field in fields])
    return out.getvalue()
