"""Lists as CSV: safe to open in a spreadsheet, whatever a name begins with."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from adapters.cli.show_tasks import show_tasks, tasks_csv, tasks_document
from engine.instants import read_instant
from tests.made import TASK
from workflows.tasks import Listed

DUE = datetime(2025, 7, 1, 8, 20, tzinfo=UTC)


def _line(who: str, assignee: str = "ao") -> Listed:
    task = replace(TASK, assignee=assignee, due=DUE, decide=True)
    return Listed(
        1, task, who, "8A", "Asha" if assignee else "unassigned", overdue=True, school="Sample School"
    )


def test_a_name_never_becomes_a_formula() -> None:
    """A field that begins like a formula is made harmless; quotes and commas survive."""
    table = tasks_csv([_line('=HYPERLINK("http://x","y")'), _line('O"Neil, Zoë')])
    header, first, second = list(csv.reader(io.StringIO(table)))
    assert not first[header.index("pupil")].startswith("=")
    assert second[header.index("pupil")] == 'O"Neil, Zoë'
    assert first[header.index("due")] == "2025-07-01 09:20", "as clocks in England show it, in summer too"


def test_a_document_for_other_programs_says_null_for_nobody() -> None:
    """Unassigned is null, never an empty name; the due time carries its offset."""
    (line,) = tasks_document([_line("Noor Ash", assignee="")])
    assert (line["assignee"], line["due"], line["decide"]) == (None, "2025-07-01T09:20:00+01:00", True)


def test_the_screen_takes_names_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    """Square brackets are no colours here, and what is late is counted."""
    show_tasks([_line("[/red] Noor [bold]Ash")], read_instant("2025-07-01T10:00"))
    told = " ".join(capsys.readouterr().out.split())
    assert "[/red] Noor" in told
    assert "1 open, 1 overdue" in told
