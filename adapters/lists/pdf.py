"""A list on paper: one heading a page, a table that repeats its header, tagged for screen readers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import typst

from adapters.lists.page import HEADER, Page

_TEMPLATE = Path(__file__).with_name("list.typ")


def pdf(pages: Sequence[Page]) -> bytes:
    """The pages as one document (PDF/UA-1); the words go in as data and are never read as markup."""
    said = {
        "header": list(HEADER[:-2]),
        "pages": [
            {
                "title": page.title,
                "as_of": page.as_of,
                "rows": [
                    {"cells": list(row[:-2]), "late": number in page.late}
                    for number, row in enumerate(page.rows)
                ],
            }
            for page in pages
        ],
    }
    document: bytes = typst.compile(
        str(_TEMPLATE), sys_inputs={"said": json.dumps(said)}, format="pdf", pdf_standards=["ua-1"]
    )
    return document
