"""`firstbell report`: a day or a week, in figures that add up."""

from __future__ import annotations

import typer

from adapters.cli.asked import AsOf, Json, KnownAt, School, instant, print_json, service

app = typer.Typer(help="Reports: the day, the week.", no_args_is_help=True, rich_markup_mode=None)


@app.command("day")
def day(as_of: AsOf = "", school: School = None, json: Json = False) -> None:
    """The day: tasks opened and what became of them, duties, every pupil absent without a reason.

    Ends with 1 where somebody absent without a reason has neither.
    """
    from adapters.cli.show_report import day_document, show_day
    from workflows.day_report import day_reports

    with service() as firstbell:
        reports = day_reports(firstbell.store, instant(as_of), tuple(school or ()))
    if json:
        print_json([day_document(report) for report in reports])
    else:
        show_day(reports)
    if any(report.unseen for report in reports):
        raise typer.Exit(1)


@app.command("week")
def week(as_of: AsOf = "", known_at: KnownAt = "", school: School = None, json: Json = False) -> None:
    """The week so far: tasks and duties by day, what came of calls; the week's pack of bands and groups."""
    from adapters.cli.show_pack import pack_document, show_packs
    from adapters.cli.show_report import show_week, week_document
    from workflows.week_pack import week_packs
    from workflows.week_report import week_reports

    at, known, schools = instant(as_of), instant(known_at), tuple(school or ())
    with service() as firstbell:
        reports = week_reports(firstbell.store, at, schools)
        packs = week_packs(firstbell.store, firstbell.library, at, known, schools)
    if json:
        print_json(
            [
                {**week_document(report), "pack": pack_document(pack)}
                for report, pack in zip(reports, packs, strict=True)
            ]
        )
    else:
        show_week(reports)
        show_packs(packs)
