"""`firstbell report`: a day or a week, in figures that add up."""

from __future__ import annotations

from typing import Annotated

import typer

from adapters.cli.asked import AsOf, Json, School, instant, print_json, service, to_file

app = typer.Typer(help="Reports: the day, the week.", no_args_is_help=True, rich_markup_mode=None)
Pdf = Annotated[bool, typer.Option("--pdf", help="For paper: firstbell report day --pdf > day.pdf")]


@app.command("day")
def day(as_of: AsOf = "", school: School = None, json: Json = False, pdf: Pdf = False) -> None:
    """The day: tasks opened and what became of them, duties, every pupil absent without a reason.

    Ends with 1 where somebody absent without a reason has neither.
    """
    from adapters.cli.show_report import day_document, show_day
    from workflows.day_report import day_reports

    with service() as firstbell:
        reports = day_reports(firstbell.store, instant(as_of), tuple(school or ()))
    if json:
        print_json([day_document(report) for report in reports])
    elif pdf:
        from adapters.lists.report import day_pdf

        to_file("report day", "pdf", lambda: day_pdf(reports))
    else:
        show_day(reports)
    if any(report.unseen for report in reports):
        raise typer.Exit(1)


@app.command("week")
def week(as_of: AsOf = "", school: School = None, json: Json = False, pdf: Pdf = False) -> None:
    """The week so far: each day's tasks, duties by school, what came of calls, what was dismissed and why."""
    from adapters.cli.show_report import show_week, week_document
    from workflows.week_report import week_reports

    with service() as firstbell:
        reports = week_reports(firstbell.store, instant(as_of), tuple(school or ()))
    if json:
        print_json([week_document(report) for report in reports])
    elif pdf:
        from adapters.lists.report import week_pdf

        to_file("report week", "pdf", lambda: week_pdf(reports))
    else:
        show_week(reports)
