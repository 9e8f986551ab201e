"""Words put on paper by a template of Typst: PDF/UA-1, tagged for screen readers. The only user of typst.

The words go in as data and are never read as markup; the same words, the same bytes.
"""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import Any, Final

import typst

_FONTS: Final = ("fontpkg_noto_sans", "fontpkg_noto_sans_arabic")
_UNDRAWN: Final = re.compile(r"the text `\"(.+?)\"` could not be displayed")
_ESCAPE: Final = re.compile(r"\\u\{([0-9a-f]+)\}")
_OURS: Final = re.compile(r"^(?:panicked with|PDF/UA-1 error): ")


class NotTypeset(ValueError):  # noqa: N818 - a sentence for a person
    """The words cannot be put on paper so that everybody can read them; a sentence says why."""


def typeset(template: Path, said: dict[str, object]) -> bytes:
    """One document, in the fonts of Typst and of this machine."""
    document: bytes = typst.compile(
        str(template), sys_inputs={"said": json.dumps(said)}, format="pdf", pdf_standards=["ua-1"]
    )
    return document


def drawn(template: Path, said: dict[str, object]) -> bytes:
    """One picture, as SVG: a single page as large as what stands on it."""
    picture: bytes = typst.compile(str(template), sys_inputs={"said": json.dumps(said)}, format="svg")
    return picture


class Sheets:
    """Documents of one template in the fonts that come with us and no others: the same on every machine."""

    def __init__(self, template: Path) -> None:
        self._compiler = typst.Compiler(str(template), font_paths=_fonts())
        self._turn = Lock()

    def typeset(self, said: dict[str, object], label: str) -> tuple[bytes, Any]:
        """The document, and what the template tells about it under a label.

        Raises:
            NotTypeset: a character stands in none of the fonts, or the template or Typst refuses the words.
        """
        with self._turn:  # what is told is told of the document compiled last
            try:
                document: Any = self._compiler.compile(
                    sys_inputs={"said": json.dumps(said)}, format="pdf", pdf_standards=["ua-1"]
                )
                told = self._compiler.query(f"<{label}>", field="value", one=True)
            except typst.TypstError as error:
                raise NotTypeset(_sentence(error)) from error
        return document, json.loads(told)


@cache
def _fonts() -> typst.Fonts:
    """Latin, Cyrillic, Greek and Devanagari; Arabic, Persian and Urdu."""
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[Path(str(files(package) / "files")) for package in _FONTS],
    )


def _sentence(error: typst.TypstError) -> str:
    if undrawn := dict.fromkeys(_UNDRAWN.findall(error.diagnostic)):
        characters = ", ".join(
            _ESCAPE.sub(lambda code: f"U+{int(code[1], 16):04X}", each) for each in undrawn
        )
        return f"no font that comes with Firstbell can write {characters}: write it in other letters"
    return _OURS.sub("", error.message)
