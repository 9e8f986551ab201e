"""The day's and the week's reports on paper: a page for each school."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from adapters.report_words import DUTIES, NO_MARKS, NOTHING_YET, TASKS, came_of_it, counts, how_many
from engine.instants import local
from messaging.typeset import typeset
from workflows.day_report import DayReport
from workflows.week_report import WeekReport

_TEMPLATE = Path(__file__).with_name("report.typ")
_FIGURES = (*TASKS, *(f"duties {each}" for each in DUTIES))
_ABSENT = ("pupil", "form", "session", "what was done")
_DISMISSED = ("task", "about", "by", "because")
PLAIN, ALARM, SUM = "plain", "alarm", "sum"
Said = dict[str, object]
Row = tuple[str, Sequence[str]]
"""How a row looks, and its cells."""


def day_pdf(reports: Sequence[DayReport]) -> bytes:
    """The day as one document: the figures, then every pupil absent without a reason."""
    return _document([_page(each, f"The day as of {_time(each.at)}", _day_parts(each)) for each in reports])


def week_pdf(reports: Sequence[WeekReport]) -> bytes:
    """The week as one document: a line a day and their sum, what came of calls, what was dismissed."""
    return _document([_page(each, f"The week to {_time(each.at)}", _week_parts(each)) for each in reports])


def _day_parts(report: DayReport) -> list[Said]:
    absent = [
        (
            PLAIN if each.actions else ALARM,
            (each.name, each.form, " ".join(each.sessions), "; ".join(each.actions) or NOTHING_YET),
        )
        for each in report.without_reason
    ]
    said = how_many(len(absent), len(report.unseen)) if report.marked else NO_MARKS
    return [
        _part("Tasks and duties", _FIGURES, [(PLAIN, counts(report.tasks, report.duties))], numbers_from=0),
        *_outcomes(report.outcomes),
        _part("Absent without a reason", _ABSENT, absent, said),
    ]


def _week_parts(report: WeekReport) -> list[Said]:
    days: list[Row] = [
        (PLAIN, (f"{day:%A} {day.day} {day:%B}", *counts(tasks, duties)))
        for day, tasks, duties in report.days
    ]
    days.append((SUM, ("the week", *counts(report.tasks, report.duties))))
    gone = [
        (PLAIN, (each.task.step, each.about, each.by, each.task.ended_because)) for each in report.dismissed
    ]
    return [
        _part("Tasks and duties", ("day", *_FIGURES), days, numbers_from=1),
        *_outcomes(report.outcomes),
        _part("Dismissed", _DISMISSED, gone, "" if gone else "Nothing was dismissed."),
    ]


def _outcomes(outcomes: dict[str, int]) -> list[Said]:
    return [_part("What came of it", (), [], came_of_it(outcomes))] if outcomes else []


def _part(
    title: str, columns: Sequence[str], rows: Sequence[Row], said: str = "", numbers_from: int | None = None
) -> Said:
    """A table under a heading, and a sentence below it; its last column is wide, or all that hold numbers."""
    first = len(columns) if numbers_from is None else numbers_from
    return {
        "title": title,
        "columns": [
            {"name": name, "number": at >= first, "wide": at >= min(first, len(columns) - 1)}
            for at, name in enumerate(columns)
        ],
        "rows": [{"look": look, "cells": list(cells)} for look, cells in rows],
        "said": said,
    }


def _page(report: DayReport | WeekReport, about: str, parts: list[Said]) -> Said:
    return {"title": report.school, "about": about, "parts": parts}


def _document(pages: list[Said]) -> bytes:
    none: Said = {"title": "There is no school in the store yet.", "about": "A report", "parts": []}
    pages = pages or [none]
    return typeset(_TEMPLATE, {"title": pages[0]["about"], "pages": pages})


def _time(at: datetime) -> str:
    return f"{local(at):%A} {local(at).day} {local(at):%B %Y, %H:%M}"
