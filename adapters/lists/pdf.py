"""A list on paper: one heading a page, a table that repeats its header, tagged for screen readers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from adapters.lists.page import HEADER, Page
from messaging.typeset import typeset

_TEMPLATE: Final = Path(__file__).with_name("list.typ")


def pdf(pages: Sequence[Page]) -> bytes:
    """The pages as one document."""
    said: dict[str, object] = {
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
    return typeset(_TEMPLATE, said)
