"""`firstbell report`: a day or a week, in figures that add up."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from adapters.cli.asked import AsOf, Json, KnownAt, School, instant, one_form, print_json, service, to_file

Since = Annotated[
    datetime | None,
    typer.Option(
        "--from", metavar="DATE", formats=["%Y-%m-%d"], help="The first day; default the first wave."
    ),
]
Until = Annotated[
    datetime | None,
    typer.Option(
        "--to", metavar="DATE", formats=["%Y-%m-%d"], help="The last; default before the next wave."
    ),
]
app = typer.Typer(help="Reports: the day, the week, a rollout.", no_args_is_help=True, rich_markup_mode=None)
Pdf = Annotated[bool, typer.Option("--pdf", help="For paper: firstbell report day --pdf > day.pdf")]


@app.command("day")
def day(as_of: AsOf = "", school: School = None, json: Json = False, pdf: Pdf = False) -> None:
    """The day: tasks opened and what became of them, duties, every pupil absent without a reason.

    Ends with 1 where somebody absent without a reason has neither.
    """
    from adapters.cli.show_report import day_document, show_day
    from workflows.day_report import day_reports

    one_form(json=json, pdf=pdf)
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
def week(
    as_of: AsOf = "", known_at: KnownAt = "", school: School = None, json: Json = False, pdf: Pdf = False
) -> None:
    """The week so far: tasks and duties by day, what came of calls; the week's pack of bands and groups."""
    from adapters.cli.show_pack import pack_document, show_packs
    from adapters.cli.show_report import show_week, week_document
    from workflows.week_pack import week_packs
    from workflows.week_report import week_reports

    one_form(json=json, pdf=pdf)
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
    elif pdf:
        from adapters.lists.report import week_pdf

        to_file("report week", "pdf", lambda: week_pdf(reports))
    else:
        show_week(reports)
        show_packs(packs)


@app.command("rollout")
def rollout(
    rule: Annotated[str, typer.Argument(metavar="RULE", help="A rule that comes to its pupils in waves.")],
    since: Since = None,
    until: Until = None,
    as_of: AsOf = "",
    known_at: KnownAt = "",
    school: School = None,
    json: Json = False,
) -> None:
    """Absence of the years that a rule has reached beside those not yet: an interval, or `cannot tell`."""
    from adapters.cli.show_rollout import rollout_document, show_rollouts
    from workflows.rollout_report import rollout_reports

    dates = tuple(each.date() if each else None for each in (since, until))
    with service() as firstbell:
        reports = rollout_reports(
            firstbell.store,
            firstbell.library,
            rule,
            instant(as_of),
            instant(known_at),
            (dates[0], dates[1]),
            tuple(school or ()),
        )
    if json:
        print_json([rollout_document(report) for report in reports])
    else:
        show_rollouts(reports)
