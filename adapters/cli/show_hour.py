"""The hour before us as a screen: each person's calls, with the minute and the number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rich.table import Table
from rich.text import Text

from adapters.cli.screen import screen
from adapters.cli.show_tasks import SHOWN
from engine.instants import local
from workflows.hour import Call, Caller, lines_of
from workflows.tasks import short_words

_INDENT = (0, 2, 0, 0)


def show_hour(callers: Sequence[Caller], as_of: datetime) -> None:
    """A block a person; what fits nobody is said in the last line, and marked where it stands."""
    console = screen()
    if not callers:
        console.print("Nothing is tied to this hour.")
        return
    now, school = local(as_of), ""
    for caller in callers:
        if caller.school != school:
            school = caller.school
            console.print(Text(f"\n{school}, {now:%A} {now.day} {now:%B %Y}, {now:%H:%M}", style="bold"))
        console.print(_head(caller))
        table = Table.grid(padding=_INDENT, expand=True)
        for _ in range(2):
            table.add_column(no_wrap=True)
        for ratio in (4, 5, 9):
            table.add_column(ratio=ratio)
        for call in caller.calls:
            table.add_row(*_cells(call))
        console.print(table)
    console.print(_foot(callers))


def _head(caller: Caller) -> Text:
    several = "1 call" if len(caller.calls) == 1 else f"{len(caller.calls)} calls"
    if not caller.staff_id:
        return Text(f"\nNobody has these: {several}, {caller.minutes} minutes", style="bold red")
    until = f"{caller.left} minutes until {local(caller.ends):%H:%M}"
    head = Text("\n").append(caller.name, style="bold").append(f"  {several}, {caller.minutes} of {until}")
    if caller.covering:
        head.append(f"; covering for {', '.join(caller.covering)}", style="italic")
    return head


def _cells(call: Call) -> tuple[str | Text, ...]:
    line, task = call.line, call.line.task
    at = Text(f"  {local(line.planned.at):%H:%M}" if line.planned else "   --  ")
    if not line.fits:
        at.stylize("bold red")
    ring = f"{call.ring.name}, {call.ring.relationship}\n{call.ring.phone}" if call.ring else "no number: ask"
    told = f"{task.task_id[:SHOWN]}, decide" if task.decide else task.task_id[:SHOWN]
    return (
        at,
        f"{task.minutes} min",
        Text(f"{line.who} {line.form}".strip()).append(f"\n{told}", style="dim"),
        Text(ring),
        Text(f"{task.step}: {task.because}"),
    )


def _foot(callers: Sequence[Caller]) -> Text:
    made = sum(len(caller.calls) for caller in callers)
    people = sum(bool(caller.staff_id) for caller in callers)
    several = f"{made} call{'s' if made > 1 else ''} for {people} {'person' if people == 1 else 'people'}"
    if over := short_words(lines_of(callers)):
        return Text(f"\n{several}; ").append(over, style="bold red")
    return Text(f"\n{several}; all of them fit")
