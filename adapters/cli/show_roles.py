"""Who does what, as a screen to be gone through at the start of term, and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from rich import box
from rich.table import Table
from rich.text import Text

from adapters.cli.screen import screen
from engine.records import Staff
from workflows.roles import RoleHeld, gaps

_MOST = 6


def show_roles(roles: Sequence[RoleHeld]) -> None:
    """A table a school: each role, who holds it, who deputises, what it does; then what is missing."""
    console = screen()
    if not roles:
        console.print("There is no school in the store yet.")
    for school, own in groupby(roles, key=lambda held: held.school):
        console.print(Text(f"\n{school}: who does what", style="bold"))
        table = Table("role", "held by", "deputy", "does", box=box.SIMPLE_HEAD, pad_edge=False, expand=True)
        missing = []
        for held in own:
            missing += [*gaps(held)]
            people = [Text(_person(person)) for person in held.holders[:_MOST]]
            if held.holders[_MOST:]:
                people.append(Text(f"and {len(held.holders) - _MOST} more"))
            table.add_row(
                held.role.replace("_", " "),
                Text("\n").join(people) if people else Text("NOBODY", style="bold red"),
                Text(", ".join(held.deputies[:_MOST]) or "none", style="" if held.deputies else "yellow"),
                Text("; ".join(dict.fromkeys(work.do for work in held.work))),
            )
            table.add_section()
        console.print(table)
        for problem in missing:
            console.print(Text(f"{problem.what}; {problem.do}", style="red"))


def roles_document(roles: Sequence[RoleHeld]) -> list[dict[str, object]]:
    """The same for other programs."""
    return [
        {
            "school_id": held.school_id,
            "role": held.role,
            "held_by": [
                {"staff_id": person.staff_id, "name": person.name, "covers": list(person.covers)}
                for person in held.holders
            ],
            "deputies": list(held.deputies),
            "uncovered": list(held.uncovered),
            "instead": held.instead or None,
            "does": [
                {"kind": work.kind, "name": work.name, "do": work.do, "place": str(work.place)}
                for work in held.work
            ],
            "missing": [problem.what for problem in gaps(held)],
        }
        for held in roles
    ]


def _person(person: Staff) -> str:
    return f"{person.name} ({', '.join(person.covers)})" if person.covers else person.name
