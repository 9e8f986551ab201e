"""`firstbell staff`: who is out, who is back, who is there today."""

from __future__ import annotations

import sys
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from adapters.cli.asked import AsOf, Json, Misasked, School, instant, print_json, service
from engine.instants import local

if TYPE_CHECKING:
    from workflows.staffing import Said

Who = Annotated[str, typer.Argument(metavar="STAFF", help="A staff id, or part of a name.")]
By = Annotated[str, typer.Option("--by", metavar="STAFF", help="Who says so: a staff id, or part of a name.")]
Because = Annotated[
    str,
    typer.Option("--because", metavar="WORDS", help="Why, as far as others may read it."),
]
At = Annotated[str, typer.Option("--as-of", metavar="ISO", help="When it is said; default now.")]
app = typer.Typer(help="Who is out, who is back, who is there.", no_args_is_help=True, rich_markup_mode=None)


@app.command("out")
def out(
    who: Who,
    by: By,
    on: Annotated[str, typer.Option("--on", metavar="DATE", help="The first day; default today.")] = "",
    until: Annotated[str, typer.Option("--until", metavar="DATE", help="The last; default the first.")] = "",
    because: Because = "",
    school: School = None,
    as_of: At = "",
    json: Json = False,
) -> None:
    """Say that somebody is out: what they would have to do those days goes to who covers for them."""
    at = instant(as_of)
    first = _day(on, local(at).date())
    days = (first, _day(until, first))
    with service() as firstbell:
        said = firstbell.staffing.out(who, by, days, because, at if as_of else None, tuple(school or ()))
    last = said.said.last
    today = local(at).date()
    told = _words(first, today)
    told = f"on {told}" if last == first else f"from {told} to {_words(last, today)}"
    if last < today:
        _told(said, f"was out {told}: that is over, and nothing goes to others for it", json=json)
        return
    if not said.school_days:
        _told(
            said,
            f"is out {told}: nothing goes to others while the calendar has no school day then",
            json=json,
        )
        return
    if not said.to_come:
        over = "the school day is over, and what is open goes to others only if the rules run again today"
        _told(said, f"is out {told}: {over}", json=json)
        return
    due = {0: "what is due then", 1: "1 task due then"}.get(said.tasks, f"{said.tasks} tasks due then")
    _told(said, f"is out {told}; {due} will go to others, each in the first run of its day", json=json)


@app.command("back")
def back(
    who: Who,
    by: By,
    on: Annotated[str, typer.Option("--on", metavar="DATE", help="From when; default today.")] = "",
    because: Because = "",
    school: School = None,
    as_of: At = "",
    json: Json = False,
) -> None:
    """Say that somebody is back: new work is theirs again, what others have taken on stays with them."""
    at = instant(as_of)
    first = _day(on, local(at).date())
    with service() as firstbell:
        said = firstbell.staffing.back(who, by, first, because, at if as_of else None, tuple(school or ()))
    today = local(at).date()
    later = ", ".join(_words(day, today) for day in said.undone)
    too = f"; taken back too: out from {later}" if later else ""
    _told(said, f"is back from {_words(first, today)} on{too}", json=json)


@app.command("list")
def list_(as_of: AsOf = "", school: School = None, json: Json = False) -> None:
    """Everybody today: who is out, roles, deputies, and how many minutes of work are due."""
    from adapters.cli.show_staff import show_staff, staff_document

    at = instant(as_of)
    with service() as firstbell:
        found = firstbell.staffing.present(at, tuple(school or ()))
    if json:
        print_json(staff_document(found))
    else:
        show_staff(found, local(at).date())


def _told(said: Said, words: str, *, json: bool) -> None:
    if json:
        from adapters.cli.show_staff import said_document

        print_json(said_document(said))
    else:
        sys.stdout.write(f"{said.name} {words}\n")


def _day(words: str, otherwise: date) -> date:
    if not words:
        return otherwise
    try:
        return date.fromisoformat(words)
    except ValueError as wrong:
        raise Misasked(f"{words!r} is not a date: write it as 2025-11-14") from wrong


def _words(day: date, today: date) -> str:
    """A day as people say it, with its year where that is another: a slip in the year is seen."""
    return f"{day:%a} {day.day} {day:%b}" + (f" {day.year}" if day.year != today.year else "")
