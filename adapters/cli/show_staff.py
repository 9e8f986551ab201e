"""Who is there, as a screen and as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from rich import box
from rich.table import Table
from rich.text import Text

from adapters.cli.screen import screen
from engine.instants import local
from workflows.staffing import Present, Said


def show_staff(schools: Mapping[str, Sequence[Present]], today: date) -> None:
    """A table a school: those who are out first, with the day they are expected back."""
    console = screen()
    if not schools:
        console.print("There is no school in the store yet.")
    for school, people in schools.items():
        out = sum(each.out is not None for each in people)
        head = f"{school}, {today:%A} {today.day} {today:%B %Y}: {len(people) - out} there, {out} out"
        console.print(Text(head, style="bold"))
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        for name in ("who", "today", "roles", "deputy", "also covers for"):
            table.add_column(name)
        for name in ("due today", "minutes"):
            table.add_column(name, justify="right")
        for each in people:
            stands = Text("there")
            if each.out is not None:
                until = "today" if each.out == today else f"until {each.out:%a} {each.out.day} {each.out:%b}"
                stands = Text(f"out {until}", style="bold red")
            table.add_row(
                Text(f"{each.staff.name} ({each.staff.staff_id})"),
                stands,
                Text(", ".join(each.staff.roles).replace("_", " ")),
                Text(each.deputy),
                Text(", ".join(each.covering)),
                str(each.tasks or "·"),
                str(each.minutes or "·"),
            )
        console.print(table)


def staff_document(schools: Mapping[str, Sequence[Present]]) -> list[dict[str, object]]:
    """The same for other programs."""
    return [
        {
            "school_id": each.staff.school_id,
            "staff_id": each.staff.staff_id,
            "name": each.staff.name,
            "roles": list(each.staff.roles),
            "deputy": each.staff.deputy or None,
            "out_until": each.out.isoformat() if each.out else None,
            "covering": list(each.covering),
            "due_today": each.tasks,
            "minutes": each.minutes,
        }
        for people in schools.values()
        for each in people
    ]


def said_document(given: Said) -> dict[str, object]:
    """What was said, for other programs."""
    said = given.said
    return {
        "school_id": said.school_id,
        "staff_id": said.staff_id,
        "name": given.name,
        "action": "back" if said.back else "out",
        "from": said.first.isoformat(),
        "until": None if said.back else said.last.isoformat(),
        "by": said.by,
        "at": local(said.at).isoformat(),
        "because": said.because or None,
        "tasks": given.tasks,
        "school_days": given.school_days,
        "taken_back": [day.isoformat() for day in given.undone],
    }
