"""A list as a spreadsheet: a sheet a page, every cell text, the header in sight when scrolling."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence

import xlsxwriter

from adapters.lists.page import HEADER, Page

_WIDTHS = (5, 18, 22, 26, 34, 60, 8, 20)
_NOT_IN_A_SHEETS_NAME = re.compile(r"[\[\]:*?/\\]")
_LONGEST_NAME = 28  # 31 are allowed; three are kept for a number


def xlsx(pages: Sequence[Page]) -> bytes:
    """The pages as one workbook."""
    out = io.BytesIO()
    inert = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, inert) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        plain = book.add_format({"text_wrap": True, "valign": "top"})
        late = book.add_format({"text_wrap": True, "valign": "top", "font_color": "#b10e1e"})
        names: set[str] = set()
        for page in pages:
            sheet = book.add_worksheet(_name(page.title, names))
            sheet.write_string(0, 0, f"{page.title}, as of {page.as_of}", book.add_format({"bold": True}))
            for column, (title, width) in enumerate(zip(HEADER, _WIDTHS, strict=True)):
                sheet.set_column(column, column, width)
                sheet.write_string(1, column, title or "rank", bold)
            for number, row in enumerate(page.rows):
                for column, words in enumerate(row):
                    style = late if number in page.late else plain
                    sheet.write_string(number + 2, column, words, style)
            sheet.freeze_panes(2, 0)
            sheet.autofilter(1, 0, max(len(page.rows) + 1, 2), len(HEADER) - 1)
            sheet.set_landscape()
            sheet.fit_to_pages(1, 0)
            sheet.repeat_rows(0, 1)
    return out.getvalue()


def _name(title: str, taken: set[str]) -> str:
    """A name that a sheet may have and no other has: Excel compares them without regard to case."""
    plain = _NOT_IN_A_SHEETS_NAME.sub(" ", title).strip("' ")[:_LONGEST_NAME].strip() or "Tasks"
    name, number = plain, 1
    while name.casefold() in taken:
        number += 1
        name = f"{plain} {number}"
    taken.add(name.casefold())
    return name
