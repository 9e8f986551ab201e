"""Lists as files, read back by programs that we did not write."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from adapters.lists import FORMATS, pages
from engine.instants import read_instant
from tests.made import TASK
from workflows.tasks import Listed

AT = read_instant("2025-11-10T09:20")
FORMULA = '=HYPERLINK("http://x","call")'
MARKUP = "#panic() *bold* $x$ <label> @ref [O'Neil]"


def line(number: int, who: str = "Kit Kite", owner: str = "Asha Officer") -> Listed:
    """One line of a list."""
    task = replace(
        TASK,
        task_id=f"t-{number:016x}",
        step="call the family",
        due=AT,
        because="first day of absence",
        minutes=5,
    )
    return Listed(number, task, who, "8A", owner, overdue=number == 1, school=f"School {owner[0]}")


def test_a_spreadsheet_has_a_sheet_for_each_person_and_no_formula() -> None:
    """Two people whose names a sheet may not have as they are; whatever a field begins with is text."""
    long = "Someone with a name/as long as this: [and] longer"
    lines = [line(1, FORMULA, long), line(2, "+44", long.upper()), line(3, "@SUM(1)", "'")]
    book = load_workbook(io.BytesIO(FORMATS["xlsx"](pages(lines, AT, "person"))))
    assert book.sheetnames == [
        "Someone with a name as long",
        "SOMEONE WITH A NAME AS LONG 2",
        "Tasks",
    ]
    first = book.worksheets[0]
    assert [cell.value for cell in first[2]][:3] == ["rank", "due", "who"]
    assert [cell.value for cell in first[3]] == [
        "1",
        "09:20 overdue",
        long,
        f"{FORMULA} 8A",
        "call the family",
        "first day of absence",
        "5",
        "t-0000000000000001",
    ]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}


def test_paper_says_what_the_list_says() -> None:
    """Words are never markup; each school begins on a page of its own; a long table repeats its header."""
    lines = [line(1, MARKUP), *(line(number) for number in range(2, 60)), line(60, owner="Zoe Other")]
    paper = FORMATS["pdf"](pages(lines, AT, "school"))
    reader = PdfReader(io.BytesIO(paper))
    texts = [" ".join(page.extract_text().split()) for page in reader.pages]
    assert MARKUP in texts[0]
    assert all("pupil or class" in text and "Confidential" in text for text in texts)
    assert [number for number, text in enumerate(texts) if "School Z" in text] == [len(texts) - 1]
    assert sum(text.count("call the family") for text in texts) == len(lines)
    assert "/MarkInfo" in reader.root_object
    assert reader.metadata is not None
    assert reader.metadata.title == "Tasks, as of Monday 10 November 2025, 09:20"
    assert FORMATS["pdf"](pages(lines, AT, "school")) == paper, "the same list is the same file"


@pytest.mark.parametrize("form", FORMATS)
def test_an_empty_list_says_so(form: str) -> None:
    """A file that opens, with a heading and nothing below it."""
    made = FORMATS[form](pages([], AT))
    if form == "pdf":
        assert "Nothing is open." in PdfReader(io.BytesIO(made)).pages[0].extract_text()
    else:
        assert load_workbook(io.BytesIO(made)).active["A1"].value.startswith("Tasks, as of Monday")
