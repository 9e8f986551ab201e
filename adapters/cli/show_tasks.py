"""Task lists as a screen, as JSON and as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime

from rich.text import Text

from adapters.cli.listing import Column, Listing
from adapters.cli.screen import screen
from adapters.mis.quarantine import harmless
from engine.instants import local
from workflows.subjects import subject_fields
from workflows.tasks import Listed, due_words, short_words
from workflows.values import Task

_HEADER = ("rank", "due", "owner", "pupil", "form", "task", "why", "rule", "id")
SHOWN = 10  # as much of an id as tells tasks apart: `t-` and eight digits
_COLUMNS = (
    Column("", right=True),
    Column("due"),
    Column("who", share=3),
    Column("pupil or class", share=3),
    Column("to do", share=4),
    Column("because", share=6),
)


def show_tasks(lines: Sequence[Listed], as_of: datetime, most: int | None = None, put_off: int = 0) -> None:
    """The list as people read it; overdue ones say so, and how many are `put_off` is said below."""
    console = screen()
    hidden = f", {put_off} put off" if put_off else ""
    if not lines:
        console.print(f"Nothing is open{hidden}.")
        return
    rows = [_cells(line, as_of) for line in lines[:most]]
    console.print(Listing(_COLUMNS, rows))
    more = len(lines) - len(lines[:most])
    overdue = sum(line.overdue for line in lines)
    tail = f", {overdue} overdue" if overdue else ""
    if over := short_words(lines):
        console.print(Text(f"{over}; firstbell tasks --now shows whose", style="bold red"))
    console.print(f"{len(lines)} open{tail}{hidden}" + (f"; {more} more: firstbell tasks" if more else ""))


def _cells(line: Listed, as_of: datetime) -> tuple[str | Text, ...]:
    words, task_id = due_words(line.task, as_of), line.task.task_id[:SHOWN]
    due = Text(f"{words}\noverdue ", style="bold red") if line.overdue else Text(f"{words}\n")
    due.append(task_id, style="not bold default")
    owner = f"{line.owner}\ncovering for {line.covering}" if line.covering else line.owner
    who = owner if line.task.assignee else Text(owner, style="bold red")
    do = ("decide: " if line.task.decide else "") + line.task.step
    return (str(line.rank), due, who, f"{line.who} {line.form}".strip(), do, line.task.because)


def tasks_document(lines: Sequence[Listed]) -> list[dict[str, object]]:
    """The list for other programs."""
    return [
        {
            "rank": line.rank,
            **task_fields(line.task),
            "pupil": line.who,
            "owner": line.owner,
            "planned": _when(line.planned.at) if line.planned else None,
            "fits": line.fits,
        }
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
        "minutes": task.minutes,
        "follows": task.follows or None,
        "started": _when(task.started_at),
        "put_off_until": _when(task.snoozed_until),
        "overdue_since": _when(task.overdue_at),
        "first_owner": task.first_owner or None,
        "covering": task.covering or None,
        "by": task.by or None,
        "outcome": task.outcome or None,
        "note": task.note,
        "ended": _when(task.ended_at),
        "ended_because": task.ended_because,
    }


def _when(at: datetime | None) -> str | None:
    return local(at).isoformat() if at else None


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
