"""Reports on paper, read back by a program that we did not write."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

from pypdf import PdfReader

from adapters.lists.report import day_pdf, week_pdf
from adapters.report_words import NO_MARKS
from engine.instants import read_instant
from tests.made import TASK
from workflows.continuity import Continuity
from workflows.day_report import DayReport, Duties, Flow, Unseen
from workflows.told import Told
from workflows.week_report import Dismissal, WeekReport

AT = read_instant("2025-11-14T16:00")
FLOW = Flow(3, 1_234, 2, 1, 4, 0, 1_230)
DUTIES = Duties(5, 0, 6)
MARKUP = "#panic() *bold* $x$ <label> @ref [O'Neil]"
ABSENT = (
    Unseen("A1", MARKUP, "8A", ("AM", "PM"), ()),
    Unseen("A2", "Kit Kite", "8B", ("AM",), ("call the family: done, reached", "ask how things are: open")),
)
DAY = DayReport("S", "Sample School", date(2025, 11, 14), AT, FLOW, DUTIES, {MARKUP: 2, "reached": 1}, ABSENT)
GONE = Dismissal(replace(TASK, step="#emph[x]", ended_because="=1+1 // no"), "Kit Kite", "Asha \\Officer")
SAME = Continuity(18, 1, 3, 7)
DAYS = ((date(2025, 11, 14), FLOW, DUTIES),)
WEEK = WeekReport("S", "Sample School", AT, DAYS, FLOW, DUTIES, {}, (GONE,), SAME, Told(0, 0, 0, ()))


def read(paper: bytes) -> tuple[PdfReader, list[str]]:
    """The document, and the words of each page."""
    reader = PdfReader(io.BytesIO(paper))
    return reader, [" ".join(page.extract_text().split()) for page in reader.pages]


def test_a_day_on_paper_says_what_the_screen_says() -> None:
    """Figures, outcomes, who was absent and what was done; words are never markup; a page for each school."""
    many = tuple(replace(ABSENT[1], name=f"Kit Kite {number}") for number in range(60))
    other = replace(DAY, school="Other School", outcomes={}, without_reason=many)
    reader, texts = read(day_pdf([DAY, other]))
    assert "3 1,234 2 1 4 · 1,230 5 · 6" in texts[0]
    assert f"{MARKUP} 2, reached 1" in texts[0]
    assert f"{MARKUP} 8A AM PM NOTHING YET" in texts[0]
    assert "Kit Kite 8B AM call the family: done, reached; ask how things are: open" in texts[0]
    assert "2 absent without a reason; nothing was done about 1 of them" in texts[0]
    assert [number for number, text in enumerate(texts) if text.startswith("Other School")] == [1]
    assert len(texts) > 2
    assert all("Confidential: about children." in text for text in texts)
    assert all("what was done" in text for text in texts), "a long table repeats its header"
    assert "/MarkInfo" in reader.root_object
    assert reader.metadata is not None
    assert reader.metadata.title == "The day as of Friday 14 November 2025, 16:00"
    assert day_pdf([DAY, other]) == day_pdf([DAY, other]), "the same report is the same file"


def test_a_day_without_marks_says_so_on_paper() -> None:
    """Nobody is counted as absent, and nobody as present."""
    _, (text,) = read(day_pdf([replace(DAY, without_reason=(), marked=False)]))
    assert NO_MARKS in text
    assert "0 absent without a reason" not in text


def test_a_week_on_paper_has_a_line_a_day_and_their_sum() -> None:
    """And what was dismissed, with the names and the reason, or that nothing was."""
    reader, (text,) = read(week_pdf([WEEK]))
    assert "Friday 14 November 3 1,234 2 1 4 · 1,230 5 · 6 the week 3 1,234 2 1 4 · 1,230 5 · 6" in text
    assert "#emph[x] Kit Kite Asha \\Officer =1+1 // no" in text
    assert reader.metadata is not None
    assert reader.metadata.title == "The week to Friday 14 November 2025, 16:00"
    _, (text,) = read(week_pdf([replace(WEEK, dismissed=())]))
    assert "Nothing was dismissed." in text


def test_an_empty_store_is_said_on_paper_too() -> None:
    """A file that opens, with one sentence."""
    for paper in (day_pdf([]), week_pdf([])):
        _, (text,) = read(paper)
        assert text.startswith("There is no school in the store yet.")
