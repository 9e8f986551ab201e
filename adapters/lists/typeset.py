"""Words put on paper by one of the templates beside this file: PDF/UA-1, tagged for screen readers."""

from __future__ import annotations

import json
from pathlib import Path

import typst

_HERE = Path(__file__).parent


def typeset(template: str, said: dict[str, object]) -> bytes:
    """One document: the words go in as data and are never read as markup; the same words, the same bytes."""
    document: bytes = typst.compile(
        str(_HERE / template), sys_inputs={"said": json.dumps(said)}, format="pdf", pdf_standards=["ua-1"]
    )
    return document


def drawn(template: str, said: dict[str, object]) -> bytes:
    """One picture, as SVG: a single page as large as what stands on it."""
    picture: bytes = typst.compile(str(_HERE / template), sys_inputs={"said": json.dumps(said)}, format="svg")
    return picture
