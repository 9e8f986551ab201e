"""Reports as screens and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from rich import box
from rich.table import Table
from rich.text import Text

from adapters.cli.screen import screen
from adapters.cli.show_tasks import task_fields
from adapters.report_words import DUTIES, NO_MARKS, NOTHING_YET, TASKS, came_of_it, counts, how_many
from engine.instants import local
from workflows.continuity import Continuity
from workflows.day_report import DayReport, Duties, Flow
from workflows.told import Told
from workflows.week_report import WeekReport


def show_day(reports: Sequence[DayReport]) -> None:
    """One line a school, then every pupil absent without a reason and what was done about it."""
    console = screen()
    if not reports:
        console.print("There is no school in the store yet.")
        return
    console.print(Text(f"{reports[0].day:%A} {reports[0].day.day} {reports[0].day:%B %Y}", style="bold"))
    table = _table("school")
    for report in reports:
        table.add_row(Text(report.school), *_cells(report.tasks, report.duties))
    console.print(table)
    for report in reports:
        if report.outcomes:
            console.print(f"{report.school}: {came_of_it(report.outcomes)}")
    people = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("absent without a reason", "form", "session", "what was done"):
        people.add_column(name)
    listed = [each for report in reports for each in report.without_reason]
    for each in listed:
        done = Text("; ".join(each.actions) or NOTHING_YET, style="" if each.actions else "bold red")
        people.add_row(Text(each.name), Text(each.form), " ".join(each.sessions), done)
    if listed:
        console.print(people)
    for report in reports:
        if not report.marked:
            console.print(Text(f"{report.school}: {NO_MARKS}", style="bold red"))
    if any(report.marked for report in reports):
        console.print(how_many(len(listed), sum(len(report.unseen) for report in reports)))


def show_week(reports: Sequence[WeekReport]) -> None:
    """A block a school: a line a day, the week's sum, what came of calls, what was dismissed."""
    console = screen()
    for report in reports:
        console.print(Text(f"\n{report.school}, week to {local(report.at):%a %d %b %Y, %H:%M}", style="bold"))
        table = _table("day")
        for day, tasks, duties in report.days:
            table.add_row(f"{day:%a} {day.day} {day:%b}", *_cells(tasks, duties))
        table.add_row("the week", *_cells(report.tasks, report.duties), style="bold")
        console.print(table)
        if report.outcomes:
            console.print(f"came of it: {came_of_it(report.outcomes)}")
        console.print(_same_voice(report.continuity))
        console.print(_told(report.told))
        for message in report.told.waiting:
            console.print(Text(f"waits: {message.message_id}: {message.ended_because}"))
        for each in report.dismissed:
            why = each.task.ended_because
            console.print(Text(f"dismissed: {each.task.step} ({each.about}), by {each.by}: {why}"))


def day_document(report: DayReport) -> dict[str, object]:
    """A day for other programs."""
    return {
        "school_id": report.school_id,
        "day": report.day.isoformat(),
        "as_of": local(report.at).isoformat(),
        "tasks": asdict(report.tasks),
        "duties": asdict(report.duties),
        "outcomes": report.outcomes,
        "without_reason": [asdict(each) for each in report.without_reason],
        "marked": report.marked,
    }


def week_document(report: WeekReport) -> dict[str, object]:
    """A week for other programs."""
    return {
        "school_id": report.school_id,
        "as_of": local(report.at).isoformat(),
        "days": [
            {"day": day.isoformat(), "tasks": asdict(tasks), "duties": asdict(duties)}
            for day, tasks, duties in report.days
        ],
        "tasks": asdict(report.tasks),
        "duties": asdict(report.duties),
        "outcomes": report.outcomes,
        "dismissed": [task_fields(each.task) for each in report.dismissed],
        "same_adult": {**asdict(report.continuity), "percent": report.continuity.percent},
        "families_told": {
            "praise": report.told.praise,
            "concern": report.told.concern,
            "praise_per_concern": report.told.ratio,
            "together": report.told.together,
            "waiting": {message.message_id: message.ended_because for message in report.told.waiting},
        },
    }


def _same_voice(calls: Continuity) -> str:
    """How many families were called by the adult they know, in a line."""
    if calls.percent is None:
        return f"same adult for the same family: no call that tells; {calls.first} to new families"
    there = calls.same + calls.other
    beside = f"{calls.covered} while they were out, {calls.first} to families new to the list"
    return f"same adult for the same family: {calls.same} of {there} calls ({calls.percent} %); {beside}"


def _told(families: Told) -> str:
    """Praise beside concern, in a line."""
    together = f"; {families.together} more said together with a brother's or sister's"
    ratio = "" if families.ratio is None else f" ({families.ratio} of praise for each of concern)"
    said = f"families were told: {families.praise} of praise, {families.concern} of concern{ratio}"
    return said + (together if families.together else "")


def _table(first: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(first)
    for name in (*TASKS, *(f"duties {each}" for each in DUTIES)):
        table.add_column(name, justify="right")
    return table


def _cells(tasks: Flow, duties: Duties) -> list[Text]:
    return [Text(count) for count in counts(tasks, duties)]
