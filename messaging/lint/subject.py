"""One template under check: what it mentions, and its words in every case, made once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from messaging.languages import ENGLISH
from messaging.lint.tries import Tried, with_long_names, with_plain_names
from messaging.render import Used, used
from messaging.templates import Template

SENT: Final = ("sms", "email", "letter")
"""What families receive; of a call they receive what a person makes of it."""
_TAG: Final = re.compile(r"\{[{%].*?[%}]\}")


@dataclass(frozen=True)
class Subject:
    """A template, with the English that it translates, if it does."""

    template: Template
    english: Template | None = None

    @cached_property
    def used(self) -> Used:
        """What it mentions."""
        return used(self.template)

    @cached_property
    def long(self) -> tuple[Tried, ...]:
        """Its words with the longest names."""
        return tuple(with_long_names(self.template))

    @cached_property
    def plain(self) -> tuple[Tried, ...]:
        """Its words with short names."""
        return tuple(with_plain_names(self.template))

    @property
    def in_english(self) -> bool:
        """Whether English word lists and counts say anything about it."""
        return self.template.language == ENGLISH

    def at(self, phrase: re.Pattern[str], otherwise: int = 0) -> int:
        """The line of the file on which a phrase begins in the author's words.

        That of the title where it is only there; `otherwise`, else the first of the words, where it is in
        neither: it may go over the end of a line, or come from a value.
        """
        lines = [without_tags(line) for line in self.template.body.splitlines()]
        found = next((at for at, line in enumerate(lines) if phrase.search(line)), None)
        if found is not None:
            return self.template.starts + found
        if phrase.search(without_tags(self.template.title)):
            return dict(self.template.stands)["title"]
        return otherwise or self.template.starts


def without_tags(line: str) -> str:
    """The author's own words of a line.

    >>> without_tags("{% if days %}{{ days }} of school{% endif %}")
    '   of school '
    """
    return _TAG.sub(" ", line)


def in_case(each: Tried) -> str:
    """Which case it is, to end a sentence with; empty where nothing had to be decided."""
    return f" ({each.case})" if each.case else ""
