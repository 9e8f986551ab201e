"""The rulebook in plain English, for a school's policy: as text and as JSON."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import groupby
from textwrap import fill

from engine.rulebook.prose import Sentence

_WIDTH = 100
_TITLE = "title"


def show_prose(said: Sequence[Sentence]) -> None:
    """A heading for each ladder, then a paragraph a rule, which its title begins; Markdown, to be pasted."""
    for heading, of_ladder in groupby(said, key=lambda each: each.heading):
        sys.stdout.write(f"## {heading}\n\n")
        for rule, sentences in groupby(of_ladder, key=lambda each: each.rule):
            own = list(sentences)
            texts = (f"**{each.text}**" if each.about == _TITLE else each.text for each in own)
            paragraph = fill(" ".join(texts), _WIDTH, break_long_words=False, break_on_hyphens=False)
            sys.stdout.write(f"{paragraph}\n[{rule}, {own[0].place}]\n\n")


def prose_document(said: Sequence[Sentence]) -> list[dict[str, object]]:
    """Every sentence with its rule and the place in the file that it comes from."""
    return [
        {
            "heading": each.heading,
            "rule": each.rule,
            "about": each.about,
            "text": each.text,
            "file": each.place.file,
            "line": each.place.line,
            "column": each.place.column,
        }
        for each in said
    ]
