"""One task as a screen and as JSON."""

from __future__ import annotations

from itertools import groupby

from rich.table import Table
from rich.text import Text

from adapters.cli.screen import screen
from adapters.cli.show_tasks import task_fields
from engine.instants import local
from workflows.naming import Named
from workflows.task_in_full import Json, TaskInFull

_MOST_DAYS = 12


def show_task(found: TaskInFull) -> None:
    """What to do and why, what to know, whom to ring, and the words to start with."""
    task, pupil = found.task, found.pupil
    who = f"{pupil.first_name} {pupil.last_name}, {pupil.form or f'year {pupil.year_group}'}" if pupil else ""
    lines: list[tuple[str, str]] = [
        ("to do", ("decide: " if task.decide else "") + task.step),
        ("about", who or found.about),
        ("who", (found.owner or task.assignee or "unassigned") + _covering(found)),
        ("due", f"{local(task.due):%a %d %b %H:%M}"),
        ("stands", _stands(found)),
        ("because", task.because),
        ("know", "\n".join(found.needs)),
        *(("counted", line) for line in (_counted(part) for part in found.evidence[:1]) if line),
        ("ring", "\n".join(f"{c.name}, {c.relationship}: {c.phone}" for c in found.contacts)),
        ("named", _named(found.named)),
        ("left out", _named(found.left_out)),
        ("last", "\n".join(f"{local(s.at):%a %d %b %H:%M}  {s.how}. {s.came_of_it}" for s in found.spoken)),
        ("script", task.script),
        ("id", task.task_id),
    ]
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True, style="bold")
    table.add_column()
    for name, words in lines:
        if words:
            table.add_row(name, Text(words))
    screen().print(table)


def task_document(found: TaskInFull) -> Json:
    """The same for other programs."""
    return {
        **task_fields(found.task),
        "owner": found.owner or None,
        "know": list(found.needs),
        "contacts": [
            {"contact_id": c.contact_id, "name": c.name, "relationship": c.relationship, "phone": c.phone}
            for c in found.contacts
        ],
        "evidence": list(found.evidence),
        "named": [{"upn": each.upn, "because": each.because} for each, _ in found.named],
        "left_out": [{"upn": each.upn, "because": each.because} for each, _ in found.left_out],
        "spoken": [
            {"at": local(each.at).isoformat(), "how": each.how, "came_of_it": each.came_of_it}
            for each in found.spoken
        ],
    }


def _named(pupils: tuple[tuple[Named, str], ...]) -> str:
    """The pupils of a duty, a line each, in its order."""
    return "\n".join(f"{number}. {who}: {each.because}" for number, (each, who) in enumerate(pupils, start=1))


def _covering(found: TaskInFull) -> str:
    return f", covering for {found.covering}" if found.covering else ""


def _stands(found: TaskInFull) -> str:
    task = found.task
    said = [task.state.value]
    if task.started_at and not task.ended_at:
        said.append(f"started {local(task.started_at):%a %d %b %H:%M} by {found.by}")
    if task.snoozed_until:
        said.append(f"put off until {local(task.snoozed_until):%a %d %b %H:%M}")
    if task.overdue_at:
        said.append(f"not done in time by {found.first_owner or 'anybody'}")
    if task.ended_at:
        said.append(f"{local(task.ended_at):%a %d %b %H:%M}: {task.ended_because}")
    if task.note:
        said.append(task.note)
    return "; ".join(said)


def _counted(part: Json) -> str:
    """The sessions that the rule counted, a day a piece: `Mon 3 Nov II`, the latest days last."""
    sessions = part["sessions"]
    if not isinstance(sessions, list):
        return ""
    days = [
        f"{day} {'/'.join(session['code'] for session in own)}"
        for day, own in ((d, list(o)) for d, o in groupby(sessions, key=lambda session: session["date"]))
    ]
    more = f"{len(days) - _MOST_DAYS} days before, then " if len(days) > _MOST_DAYS else ""
    return more + ", ".join(days[-_MOST_DAYS:])
