"""Task lists on paper and in a spreadsheet: each format is one file here and one line in FORMATS.

A format takes pages and gives back the bytes of a file. No field is a formula, whatever it begins with.
Reports on paper are beside them, in report.py.
"""

from __future__ import annotations

from adapters.lists.hour import hour_pdf
from adapters.lists.page import APART, Page, pages
from adapters.lists.pdf import pdf
from adapters.lists.xlsx import xlsx

FORMATS = {"pdf": pdf, "xlsx": xlsx}

__all__ = ["APART", "FORMATS", "Page", "hour_pdf", "pages"]
