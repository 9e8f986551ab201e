"""Who has how much to do, as a screen and as JSON."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.table import Table
from rich.text import Text

from adapters.cli.screen import screen
from workflows.workload import Load

_BAR, _WIDEST = "█", 20
_AN_HOUR = 60


def show_load(loads: Sequence[Load]) -> None:
    """A line a person: minutes overdue, today and on the days ahead, and a bar of it all.

    Where there are several schools, each one's people stand below its name.
    """
    console = screen()
    if not loads:
        console.print("Nothing is open.")
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    days = [f"{day:%a} {day.day}" for day in loads[0].days]
    table.add_column("who")
    for name in ("tasks", "overdue", *days):
        table.add_column(name, justify="right")
    table.add_column("")
    most = max(load.overdue + sum(load.minutes) for load in loads)
    several, school = len({load.school_id for load in loads}) > 1, ""
    for load in loads:
        if several and load.school_id != school:
            school = load.school_id
            table.add_row(Text(load.school, style="bold"))
        width = max(1, round(_WIDEST * (load.overdue + sum(load.minutes)) / most)) if most else 0
        late = round(width * load.overdue / (load.overdue + sum(load.minutes) or 1))
        bar = Text(_BAR * late, style="red").append(_BAR * (width - late), style="blue")
        who = Text(load.name or "unassigned", style="" if load.staff_id else "bold red")
        table.add_row(who, str(load.tasks), *map(_clock, (load.overdue, *load.minutes)), bar)
    console.print(table)
    console.print("hours and minutes of work by the day it is due; red is overdue")


def load_document(loads: Sequence[Load]) -> list[dict[str, object]]:
    """The same for other programs."""
    return [
        {
            "school_id": load.school_id,
            "staff_id": load.staff_id or None,
            "name": load.name,
            "tasks": load.tasks,
            "overdue_minutes": load.overdue,
            "days": [
                {"date": day.isoformat(), "minutes": minutes}
                for day, minutes in zip(load.days, load.minutes, strict=True)
            ],
        }
        for load in loads
    ]


def _clock(minutes: int) -> str:
    """Minutes as people say them: 0:50, 12:05, or a dot for none.

    >>> _clock(125), _clock(0)
    ('2:05', '·')
    """
    return f"{minutes // _AN_HOUR}:{minutes % _AN_HOUR:02}" if minutes else "·"
