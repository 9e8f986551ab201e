"""The hour on paper: read back by a program that we did not write."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta

from pypdf import PdfReader

from adapters.lists import hour_pdf
from engine.instants import read_instant
from engine.records import Contact
from tests.made import TASK
from workflows.call_plan import Planned
from workflows.hour import Call, Caller
from workflows.tasks import Listed

AT = read_instant("2025-11-10T08:46")
MARKUP = "#panic() *bold* $x$ <label> @ref [O'Neil]"
RING = Contact("C1", "P1", MARKUP, "mother", phone="07700 900001")


def _call(number: int, over: int = 0) -> Call:
    task = replace(TASK, task_id=f"t-{number}", step="ring", minutes=4, expires_at=AT + timedelta(minutes=24))
    at = AT + timedelta(minutes=4 * number)
    return Call(
        Listed(1, task, "Kit Kite", "8A", "Asha", overdue=False, school="S", planned=Planned(at, over)), RING
    )


def test_paper_says_when_whom_and_what_does_not_fit() -> None:
    """Words are never markup; each person on a page of their own, where asked; a block is not torn apart."""
    mine = Caller("ao", "Asha", "Sample School", (_call(0), _call(6, over=4)), AT)
    without = replace(_call(1), ring=None)
    nobodys = replace(without, line=replace(without.line, planned=None, covering="Tom Tutor"))
    nobody = Caller("", "unassigned", "Sample School", (nobodys,), AT)
    reader = PdfReader(io.BytesIO(hour_pdf([mine, nobody], AT, apart=True)))
    first, second = (" ".join(page.extract_text().split()) for page in reader.pages)
    for words in (
        "08:46",
        "09:10 late",
        MARKUP,
        "07700 900001",
        "8 of 24 minutes, until 09:10",
        "Confidential",
    ):
        assert words in first
    assert "does not fit: 2 calls, 8 minutes short" in first
    for words in ("Nobody has these, Sample School", "covering for Tom Tutor", "no number: ask"):
        assert words in second
    assert len(PdfReader(io.BytesIO(hour_pdf([mine, nobody], AT))).pages) == 1
    assert reader.metadata is not None
    assert reader.metadata.title == "Calls before the register closes, Monday 10 November 2025, 08:46"


def test_an_hour_without_calls_says_so() -> None:
    """A file that opens, with a sentence in it."""
    made = PdfReader(io.BytesIO(hour_pdf([], AT)))
    assert "Nothing is tied to this hour." in made.pages[0].extract_text()
