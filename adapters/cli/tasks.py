"""`firstbell tasks`: the list, and what a person does about a task, in their name."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from adapters.cli.asked import (
    AsOf,
    ByTheirIds,
    Json,
    Misasked,
    School,
    instant,
    one_form,
    print_json,
    service,
    to_file,
)
from engine.instants import local

if TYPE_CHECKING:
    from workflows.acting import Acted, Acting
    from workflows.tasks import Listed

Ids = Annotated[list[str], typer.Argument(metavar="ID...", help="Task ids, or as much as tells them apart.")]
By = Annotated[str, typer.Option("--by", metavar="STAFF", help="Who: a staff id, or part of a name.")]
At = Annotated[str, typer.Option("--as-of", metavar="ISO", help="When; default now.")]
app = typer.Typer(
    cls=ByTheirIds,
    help="The list of tasks, and what you did about them.",
    invoke_without_command=True,
    rich_markup_mode=None,
)
Because = Annotated[str, typer.Option("--because", metavar="WORDS", help="Why, in a few words.")]


@app.callback()
def list_(
    called: typer.Context,
    as_of: AsOf = "",
    staff: Annotated[str, typer.Option("--for", metavar="STAFF", help="A staff id, or part of a name.")] = "",
    school: School = None,
    json: Json = False,
    csv: Annotated[bool, typer.Option("--csv", help="As CSV, safe to open in a spreadsheet.")] = False,
    xlsx: Annotated[
        bool, typer.Option("--xlsx", help="As a spreadsheet: firstbell tasks --xlsx > a.xlsx")
    ] = False,
    pdf: Annotated[bool, typer.Option("--pdf", help="For paper: firstbell tasks --pdf > a.pdf")] = False,
    by: Annotated[
        str, typer.Option("--by", metavar="person|school", help="Of --xlsx and --pdf: a page for each.")
    ] = "",
    now: Annotated[
        bool, typer.Option("--now", help="Only this hour: who rings whom, when, at which number.")
    ] = False,
    load: Annotated[bool, typer.Option("--load", help="Instead: who has how many minutes of work.")] = False,
) -> None:
    """The open tasks, most pressing first, siblings together."""
    if called.invoked_subcommand is not None:
        return
    from adapters.cli.show_tasks import show_tasks, tasks_csv, tasks_document
    from workflows.tasks import listed_and_put_off

    when = instant(as_of)
    if by and not (pdf or xlsx):
        raise Misasked("--by is for --pdf and --xlsx: name one of them; --for shows one person's list")
    one_form(json=json, csv=csv, xlsx=xlsx, pdf=pdf)
    if load and (csv or xlsx or pdf or now):
        raise Misasked("--load is for the screen and --json: leave out --csv, --xlsx, --pdf and --now")
    if load:
        _load(when, tuple(school or ()), json)
        return
    if now and (csv or xlsx):
        raise Misasked("--now is for the screen, --json and --pdf: leave out --csv and --xlsx")
    if now:
        _hour(when, staff, tuple(school or ()), json=json, pdf=pdf, by=by)
        return
    with service() as firstbell:
        lines, put_off = listed_and_put_off(firstbell.store, when, staff, tuple(school or ()))
    if json:
        print_json(tasks_document(lines))
    elif pdf or xlsx:
        _file("pdf" if pdf else "xlsx", lines, when, by)
    elif csv:
        sys.stdout.write(tasks_csv(lines))
    else:
        show_tasks(lines, when, put_off=put_off)


def _file(form: str, lines: list[Listed], when: datetime, by: str) -> None:
    """The list as a file, a page for each person or school if asked for."""
    from adapters.lists import FORMATS, pages

    _check_apart(by)
    to_file("tasks", form, lambda: FORMATS[form](pages(lines, when, by)))


def _check_apart(by: str) -> None:
    from adapters.lists import APART

    if by not in APART:
        raise Misasked(f"--by {by!r}: write --by person, or --by school")


def _hour(when: datetime, staff: str, schools: tuple[str, ...], *, json: bool, pdf: bool, by: str) -> None:
    """The hour before us on the screen, for other programs or on paper."""
    from adapters.cli.show_hour import show_hour
    from adapters.cli.show_tasks import tasks_document
    from workflows.hour import hour, lines_of

    with service() as firstbell:
        callers = hour(firstbell.store, when, staff, schools)
    if json:
        print_json(tasks_document(lines_of(callers)))
    elif pdf:
        from adapters.lists import hour_pdf

        _check_apart(by)
        to_file("tasks", "pdf", lambda: hour_pdf(callers, when, apart=by == "person"))
    else:
        show_hour(callers, when)


def _load(when: datetime, schools: tuple[str, ...], json: bool) -> None:  # noqa: FBT001
    from adapters.cli.show_load import load_document, show_load
    from workflows.workload import workload

    with service() as firstbell:
        loads = workload(firstbell.store, when, schools)
    if json:
        print_json(load_document(loads))
    else:
        show_load(loads)


@app.command("start")
def start(ids: Ids, by: By, as_of: At = "", json: Json = False) -> None:
    """Say that you are on it."""
    _did("started", as_of, json, lambda acting, at: acting.start(ids, by, at))


@app.command("done")
def done(
    ids: Ids,
    by: By,
    outcome: Annotated[
        str, typer.Option("--outcome", metavar="NAME", help="What came of it; 'rules show' lists the names.")
    ],
    note: Annotated[str, typer.Option("--note", metavar="WORDS", help="What was said or found.")] = "",
    as_of: At = "",
    json: Json = False,
) -> None:
    """Say what came of it; some outcomes open the next task."""
    _did("done", as_of, json, lambda acting, at: acting.done(ids, by, outcome, note, at))


@app.command("snooze")
def snooze(
    ids: Ids,
    by: By,
    until: Annotated[
        str, typer.Option("--until", metavar="ISO", help="When it is to be seen again; of a date, its end.")
    ],
    because: Because,
    as_of: At = "",
    json: Json = False,
) -> None:
    """Put it out of sight until then; it comes back by itself."""
    back = instant(until)
    words = f"put off until {local(back):%a} {local(back).day} {local(back):%b %H:%M}"
    _did(words, as_of, json, lambda acting, at: acting.snooze(ids, by, back, because, at))


@app.command("dismiss")
def dismiss(ids: Ids, by: By, because: Because, as_of: At = "", json: Json = False) -> None:
    """Say that it need not be done, and why."""
    _did("dismissed", as_of, json, lambda acting, at: acting.dismiss(ids, by, because, at))


@app.command("hand-over")
def hand_over(
    ids: Ids,
    by: By,
    to: Annotated[str, typer.Option("--to", metavar="STAFF", help="Whose it is now.")],
    because: Because = "",
    as_of: At = "",
    json: Json = False,
) -> None:
    """Give it to somebody else."""
    _did("handed over", as_of, json, lambda acting, at: acting.hand_over(ids, by, to, because, at))


@app.command("reopen")
def reopen(ids: Ids, by: By, because: Because, as_of: At = "", json: Json = False) -> None:
    """Take back that it was done or dismissed."""
    _did("open again", as_of, json, lambda acting, at: acting.reopen(ids, by, because, at))


@app.command("show")
def show(task_id: Annotated[str, typer.Argument(metavar="ID")], as_of: At = "", json: Json = False) -> None:
    """One task on one screen: why, what was counted, what to know, whom to ring, the words to start with."""
    from adapters.cli.show_task import show_task, task_document
    from workflows.task_in_full import in_full

    with service() as firstbell:
        found = in_full(firstbell.store, task_id, instant(as_of))
    if json:
        print_json(task_document(found))
    else:
        show_task(found)


def _did(what: str, as_of: str, json: bool, act: Callable[[Acting, datetime | None], Acted]) -> None:  # noqa: FBT001
    from adapters.cli.show_tasks import task_fields
    from workflows.tasks import due_words

    at = instant(as_of)
    with service() as firstbell:
        acted = act(firstbell.acting, at if as_of else None)
    if json:
        fields = {name: [task_fields(task) for task in getattr(acted, name)] for name in ("tasks", "opened")}
        print_json(fields)
        return
    for task in acted.tasks:
        sys.stdout.write(f"{what}: {task.step} ({task.task_id})\n")
    for task in acted.opened:
        who = task.assignee or "unassigned"
        sys.stdout.write(f"opened: {task.step}, {who}, due {due_words(task, at)} ({task.task_id})\n")
